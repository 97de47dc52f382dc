"""The real office behind `OfficeEngine`: its application, its database, its backups.

1. A request goes through the whole application; nothing of the server is replaced but the driver
   of its database's jobs, so that the world says which of them goes when, and which never.
2. A killed office starts again from the bytes that its files had at that moment.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any, Final, TypeVar, cast
from unittest.mock import patch
from uuid import UUID

from litestar import Litestar

from server.assignment.assignment import AssignedMeanwhile, NoSuchColleague, assign_and_announce
from server.backups import restoring
from server.backups.backup import drop_old, make_backup
from server.backups.covering import cover
from server.backups.manifest import find_newest
from server.backups.placing import put_in
from server.conflicts.settlement import Choice, NotInConflict, settle_and_announce
from server.database import Busy, Job
from server.dossiers.rebuild import rebuild
from server.erasures import clearing
from server.erasures.erasure import Deed, NothingToErase
from server.erasures.pages import erase_and_announce
from server.exchange.importing import import_file
from server.staff.person import Person, find_person
from sync.exchange import BatchRefusal
from sync.papers import Erasure
from sync.refusals import Fork
from tests.sim.chance import Chance
from tests.sim.ports import OK, Arrival, OfficeDied, OfficeDump, OfficeRow, Reply
from tests.sim.served.application import Mistakes, is_migrated, serve
from tests.sim.served.database import HeldDatabase, Killed, is_locked
from tests.sim.served.desk import assignment_of, choices_of, form_of
from tests.sim.served.door import exchange
from tests.sim.served.folder import OFFICER, Folder
from tests.sim.served.ledger import Ledger
from tests.sim.served.papers import ServedPapers
from tests.sim.served.staffing import Staffing
from tests.sim.served.stepping import Call, Gate, Stepping
from tests.sim.served.troubles import GROUPED, Troubles
from tests.sim.signing import Keys
from tests.sim.wire import read_batch, read_request, read_response
from tests.sim.witness import Violated

T = TypeVar("T")

CLIENT_GONE = Reply(499, b"")
BUSY = 503
INTERNAL = 500
STATEMENTS_MAX = 25
"""More than most transactions have: a trouble drawn beyond the last one never comes."""


@dataclass(frozen=True)
class Place:
    """Where the data of an office lie, and what cannot befall it there."""

    folder: type[Folder]
    held: type[HeldDatabase]
    has_standby: bool

    def troubles(self, drawn: Troubles) -> Troubles:
        """Leave out what cannot be."""
        return drawn if self.has_standby else replace(drawn, standby=0)


IN_A_FILE: Final = Place(Folder, HeldDatabase, has_standby=True)


class ServedOffice:
    """One office. See `OfficeEngine` for what its deeds mean."""

    def __init__(
        self,
        chance: Chance,
        keys: Keys,
        now: Callable[[], int],
        note: Callable[[str], None],
        place: Place,
    ) -> None:
        self.chance, self.now, self.note = chance, now, note
        self.troubles = place.troubles(Troubles.drawn(chance))
        self.folder, self._held = place.folder(), place.held
        self.folder.begin()
        self._stepping = Stepping()
        self._calls: dict[int, Call[Reply]] = {}
        self._tickets = 0
        self._forms: dict[bytes, list[Choice]] = {}
        self._epoch: int | None = None
        self._mistakes = Mistakes()
        logging.getLogger("luudong").addHandler(self._mistakes)
        self._open()
        self.staffing = Staffing(keys, self.office.keys, self.run, now)
        self.ledger = Ledger(self.run, self.look, self.staffing.public_key_of)
        self.papers = ServedPapers(self)
        self._standby: tuple[dict[str, bytes], int, int] | None = None

    def _open(self) -> None:
        self.office, self._app = serve(self.folder.settings, self._stepping, self._held)
        self._database = cast("HeldDatabase", self.office.database)

    @property
    def epoch(self) -> int:
        # A file says it, and is asked after every step.
        if self._epoch is None:
            self._epoch = self.office.epoch
        return self._epoch

    @property
    def moves(self) -> int:
        return self.ledger.progress()

    def _look_again(self, *, from_the_start: bool = False) -> None:
        """Forget what a commit may have changed, or all that was read of the office."""
        self._epoch = None
        self.ledger.look_again(from_the_start=from_the_start)

    def run(self, job: Job[Any]) -> Any:
        """Do something in the database at once."""
        return self._database.run(job)

    def look(self, job: Job[Any]) -> Any:
        """Read something by one statement that goes to the driver itself."""
        return self._database.look(job)

    async def aside(self, work: Callable[[], T]) -> T:
        """Let work wait at a gate that is not for the database."""
        return await self._stepping.wait("aside", work)

    def begin(self, deed: Callable[[Litestar], Coroutine[Any, Any, T]]) -> Call[T]:
        """Let a request into the application, up to where it first waits."""
        return self._stepping.begin(deed(self._app))

    def arrive(self, body: bytes) -> Arrival:
        self._tickets += 1
        call = self.begin(lambda app: exchange(app, body))
        self._calls[self._tickets] = call
        return Arrival(body, self._tickets, self.staffing.rights())

    def proceed(self, arrival: Arrival, _now: int) -> Reply | None:
        assert arrival.ticket is not None
        call = self._calls[arrival.ticket]
        if not call.is_over and self.chance.happens(self.troubles.client_gone):
            self.note("client-gone")
            self._stepping.leave(call)
            del self._calls[arrival.ticket]
            return CLIENT_GONE
        if not call.is_over:
            self.step(call)
        if not call.is_over:
            return None
        del self._calls[arrival.ticket]
        return self._looked_at(arrival.body, call.task.result())

    def _looked_at(self, body: bytes, reply: Reply) -> Reply:
        self.require_no_mistake(reply.status)
        if reply.status == OK:
            for one in read_response(reply.body).refusals:
                self.note(f"refused:{one.code}")
                if one.code == Fork.code:
                    self._require_branch(body, one)
        return reply

    def require_no_mistake(self, status: int) -> None:
        """See that an answer is none of the office's own mistakes."""
        if status >= INTERNAL and status != BUSY:
            raise Violated("500", self._mistakes.last)

    def _require_branch(self, body: bytes, refusal: BatchRefusal) -> None:
        """See that what parted from a log is kept beside it, as the office says by refusing it."""
        sent = read_request(body).batches
        handed_in = [read_batch(raw) for raw in sent]
        parted = {
            one.head for one in handed_in if (one.seat, one.first) == (refusal.seat, refusal.first)
        }
        if parted and not parted & self.ledger.branches_of(refusal.seat):
            raise Violated("I3", f"a branch of {refusal.seat} at {refusal.first} is not kept")

    def step(self, call: Call[Any]) -> None:
        """Let a call go on to where it waits next."""
        gate = call.gate
        assert gate is not None or call.is_parked
        if gate is None:
            pass  # another one's turn
        elif gate.kind != "write":
            self._database.let_go(gate)
        else:
            self._commit([gate, *self._companions(gate)])
        self._stepping.settle()

    def _companions(self, gate: Gate) -> list[Gate]:
        """Choose who is committed with it; whoever has nobody to wait for goes at once."""
        others = [one for one in self._stepping.gates if one.kind == "write" and one is not gate]
        chosen = [one for one in others if self.chance.happens(GROUPED)]
        if chosen:
            self.note("group-commit")
        return chosen

    def _commit(self, gates: Sequence[Gate]) -> None:
        is_killed = self.chance.happens(self.troubles.kill)
        is_busy = not is_killed and self.chance.happens(self.troubles.busy)
        if is_killed or is_busy:
            trouble = self._die if is_killed else is_locked
            self._database.fail_after(self.chance.below(STATEMENTS_MAX), trouble)
        try:
            self._database.commit(gates)
        except Killed:
            raise OfficeDied from None
        finally:
            if self._database.end_trouble() and is_busy:
                self.note("database-busy")
            self._look_again()

    def _die(self) -> Killed:
        self._left_behind = self.folder.disk()
        return Killed()

    _left_behind: dict[str, bytes] | None = None

    def settle(self, record: bytes, _now: int) -> bool:
        form = self._forms.get(record)
        if form is None or not self.chance.happens(self.troubles.stale_form):
            form = self.run(partial(form_of, record=record))
            self._forms[record] = form
        else:
            self.note("stale-form")
        return bool(form) and self._decide(record, form)

    def desk_edit(self, record: bytes, values: Mapping[str, Any], _now: int) -> bool:
        choices = self.run(partial(choices_of, record=record, values=values))
        return bool(choices) and self._decide(record, choices)

    def assign(self, record: bytes, person: int | None) -> bool:
        """Let the desk give a dossier to somebody, or take it away; false if it could not."""
        seen = self.run(partial(assignment_of, record=record))
        number = UUID(bytes=record)
        return self._at_desk(assign_and_announce(self.office, self._officer, number, person, seen))

    def _decide(self, record: bytes, choices: Sequence[Choice]) -> bool:
        number, reason = UUID(bytes=record), "simulated"
        return self._at_desk(
            settle_and_announce(self.office, self._officer, number, choices, reason)
        )

    @property
    def _officer(self) -> Person:
        found = self.run(partial(find_person, staff_id=OFFICER))
        assert found is not None
        return cast("Person", found)

    def carry_out(self, deed: Coroutine[Any, Any, T]) -> T:
        """Do something to its end."""
        call = self._stepping.begin(deed)
        while not call.is_over:
            self.step(call)
        return call.task.result()

    def _at_desk(self, deed: Coroutine[Any, Any, None]) -> bool:
        try:
            self.carry_out(deed)
        except (NotInConflict, AssignedMeanwhile):
            self.note("settled-by-another")
            return False
        except (Busy, NoSuchColleague):
            return False
        return True

    def erase(self, record: bytes, now: int) -> bool:
        deed = Deed(OFFICER, "the law, as simulated", now)
        with patch.object(clearing, "aside", self._database.aside):
            try:
                self.carry_out(erase_and_announce(self.office, UUID(bytes=record), deed))
            except (Busy, NothingToErase):
                return False
            finally:
                self._look_again(from_the_start=True)
        return True

    def listed(self) -> AbstractSet[Erasure]:
        return self.ledger.listed()

    def import_file(self, file: bytes, now: int) -> Mapping[bytes, str]:
        try:
            imported = self.carry_out(import_file(self.office, BytesIO(file), now))
        except Busy:
            return {}  # the desk tries again another time
        return {one.digest: one.code for one in imported.bundles}

    def visible(self) -> Sequence[bytes]:
        return self.ledger.shown()

    def crash(self, _keep: Callable[[int], int]) -> None:
        files, self._left_behind = self._left_behind or self.folder.disk(), None
        self._die_out()
        self.folder.put_disk(files)
        self._open()

    def _die_out(self) -> None:
        self._stepping.kill()
        self._calls.clear()
        self.papers.forget()
        self._forms.clear()
        self._database.close()
        self.folder.let_go()
        self._look_again(from_the_start=True)

    def back_up(self) -> None:
        # A standby older than what is safe by now is no case for it, but for a restore.
        self._standby = None
        made = make_backup(self.folder.settings, self.office.keys, self.now())
        self.run(lambda connection: cover(connection, made.manifest))
        drop_old(self.folder.settings.backups_folder)

    def rebuild(self) -> None:
        """Fold everything anew, as after a new version that reads records otherwise."""
        self.run(rebuild)
        self._look_again()

    def fall_behind(self) -> None:
        """Let the standby have what is committed now, and for a while nothing more."""
        self._standby = self.folder.disk(), len(self.staffing.devices), len(self.staffing.seats)

    def fail_over(self) -> bool:
        """Let the standby take over, just after the nightly backup.

        Its office has to see by itself that it lacks something. Not where somebody has joined
        since: then it would not know their keys.
        """
        if self._standby is None:
            return False
        (files, *known), self._standby = self._standby, None
        if known != [len(self.staffing.devices), len(self.staffing.seats)]:
            return False
        make_backup(self.folder.settings, self.office.keys, self.now())
        self._die_out()
        self.folder.put_disk(files)
        self._open()
        self.staffing.look_again()
        return True

    def restore(self) -> None:
        newest = find_newest(self.folder.settings.backups_folder)
        assert newest is not None, "one is made when the world begins"
        self._die_out()
        is_burnt, self.papers.is_burnt = self.papers.is_burnt, False
        is_killed = not is_burnt and self.chance.happens(self.troubles.kill_restore)
        place = self.chance.pick(RESTORE_STEPS) if is_killed else None
        try:
            with (
                patch.object(restoring, "migrate", is_migrated),
                patch.object(restoring, place or "put_in", _killed if place else put_in),
            ):
                restoring.restore(self.folder.settings, self.office.keys, newest, self.now())
        except Killed:
            self.note("restore-killed")
        self._open()
        self._require_kept(self.staffing.look_again())

    def _require_kept(self, returned: list[str]) -> None:
        if returned:
            raise Violated("I5", f"a restore gives back what was taken away: {returned}")

    def last(self, seat: int) -> int:
        return self.ledger.ends().get(seat, 0)

    def row(self, seat: int, seq: int) -> OfficeRow | None:
        return self.ledger.row(seat, seq)

    def seats(self) -> Sequence[int]:
        return list(self.ledger.ends())

    def calm(self) -> None:
        """Whoever was under way is gone; what they had queued is written."""
        self.troubles = Troubles.none()
        under_way: list[Call[Any]] = [*self._calls.values(), *self.papers.forget()]
        for call in under_way:
            if not call.is_over:
                self._stepping.leave(call)
        self._calls.clear()
        waiting = [gate for gate in self._stepping.gates if gate.kind == "write"]
        if waiting:
            self._commit(waiting)
        self._stepping.gates.clear()

    def dump(self) -> OfficeDump:
        return self.ledger.dump()

    def close(self) -> None:
        self._stepping.close()
        self._database.close()
        logging.getLogger("luudong").removeHandler(self._mistakes)


RESTORE_STEPS = ("_raise_epoch", "put_in")
"""Where a restore may be killed: at the beginning of each of these."""


def _killed(*_given: Any, **_named: Any) -> Any:
    raise Killed
