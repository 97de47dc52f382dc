"""An officer gives a dossier to somebody, or takes it away: a change in the officer's own log.

It replaces exactly what the officer saw. Where another officer was faster, nothing is written and
the officer is told: of two silent choices one would win that nobody can explain.
"""

from uuid import UUID

import sqlalchemy as sa

from server.dossiers.colleagues import colleagues_in
from server.dossiers.seen import tokens_of
from server.exchange.desk_deed import do_and_announce, write_at_desk
from server.exchange.own_log import Sets
from server.office import Office
from server.staff.person import Person
from sync.reconcile import ASSIGNEE
from sync.record import State, dots, heads, shown
from sync.refusals import Refusal
from sync.register import open_value


class AssignedMeanwhile(Refusal):
    """The assignment is not as the officer saw it any more."""

    code = "assigned-meanwhile"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("somebody else has assigned this by now")


class NoSuchColleague(Refusal):
    """Nobody of this number may be given a dossier of this area."""

    code = "no-such-colleague"

    def __init__(self, staff: int) -> None:
        """Build the sentence."""
        super().__init__(f"staff {staff} may not be given this dossier")
        self.staff = staff


async def assign_and_announce(
    office: Office, person: Person, record: UUID, staff: int | None, seen: str
) -> None:
    """Assign and, after the commit, tell the open pages; raises as `assign` does."""
    await do_and_announce(
        office,
        record,
        lambda connection, now: assign(connection, office, person, record, staff, seen, now),
    )


def assign(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    staff: int | None,
    seen: str,
    now: int,
) -> None:
    """Give a dossier to one of the staff, to nobody if `staff` is None.

    `seen` is what the page said of the assignment that it showed. What stands as wanted already
    is not written again. Raises AssignedMeanwhile, NoSuchColleague or UnknownRecord.
    """

    def decide(state: State) -> Sets:
        values = [open_value(head) for head in heads(state, ASSIGNEE)]
        if all(value == staff for value in values) and (values or staff is None):
            return {}
        if tokens_of(state, ASSIGNEE) != seen:
            raise AssignedMeanwhile
        if staff is not None:
            area = shown(state, "area")
            if staff not in {one.number for one in colleagues_in(connection, area)}:
                raise NoSuchColleague(staff)
        return {ASSIGNEE: (dots(state, ASSIGNEE), staff)}

    write_at_desk(connection, office, person, record, decide, now)
