"""An officer asks for what a dossier lacks, or notes that it has come: changes in their own log.

A request is one notice of everything that is missing. While one waits there is no second, so that
nobody is sent home twice; where the law knows a single notice, there never is.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa

from server.codes.paper_numbers import take_number
from server.deadlines.supplements import ASKED, GIVEN
from server.dossiers.supplements import items_of, supplements_of, trouble_of
from server.exchange.desk_deed import do_and_announce, write_at_desk
from server.exchange.own_log import Sets
from server.office import Office
from server.staff.person import Person
from sync.record import State, shown, shown_values
from sync.refusals import Refusal

FORM: Final = "PBS"
"""What stands behind the number of its paper (M02)."""


class NotAskable(Refusal):
    """Nothing may be asked for now, or not this: `trouble` says why."""

    code = "not-askable"

    def __init__(self, trouble: str) -> None:
        """Build the sentence."""
        super().__init__(f"a supplement cannot be asked for: {trouble}")
        self.trouble = trouble


async def ask_and_announce(
    office: Office, person: Person, record: UUID, items: Collection[str], more: str, reason: str
) -> None:
    """Ask and, after the commit, tell the open pages; raises as `ask` does."""
    await do_and_announce(
        office,
        record,
        lambda connection, now: ask(connection, office, person, record, items, more, reason, now),
    )


async def note_given_and_announce(
    office: Office, person: Person, record: UUID, number: str
) -> None:
    """Note it and, after the commit, tell the open pages; raises as `note_given` does."""
    await do_and_announce(
        office,
        record,
        lambda connection, now: note_given(connection, office, person, record, number, now),
    )


def ask(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    items: Collection[str],
    more: str,
    reason: str,
    now: int,
) -> None:
    """Ask for papers and answers by their fields, and for `more` in words.

    Raises NotAskable or UnknownRecord; Malformed where the words break a bound.
    """

    def decide(state: State) -> Sets:
        trouble = trouble_of(shown_values(state), supplements_of(state))
        if trouble is not None:
            raise NotAskable(trouble)
        papers, answers = items_of(shown(state, "procedure"))
        if not set(items) <= {*papers, *answers}:
            raise NotAskable("unknown")
        named = [path for path in (*papers, *answers) if path in items]
        number = take_number(connection, FORM, now)
        request = {"items": named, "more": more, "reason": reason, "number": number}
        return {f"{ASKED}{uuid4()}": ([], request)}

    write_at_desk(connection, office, person, record, decide, now)


def note_given(
    connection: sa.Connection, office: Office, person: Person, record: UUID, number: str, now: int
) -> None:
    """Note that everything has come, by whatever way; what is noted already is not written again.

    Raises NotAskable where there is no such request, or UnknownRecord.
    """

    def decide(state: State) -> Sets:
        found = next((one for one in supplements_of(state) if one.id == number), None)
        if found is None:
            raise NotAskable("unknown")
        return {} if found.given else {f"{GIVEN}{number}": ([], True)}

    write_at_desk(connection, office, person, record, decide, now)
