"""A phone that runs the field app's own engine, behind `DeviceEngine`.

It is driven by what a person and a browser do: taps, timers, answers, tabs. Everything else, when
to ask and what to say, the engine decides.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import ANY
from zlib import crc32

import msgspec

from sync.bundle import write_file
from sync.exchange import ExchangeRequest, ExchangeResponse
from sync.page import entries_of
from sync.record import conflicts
from tests.sim.bundles import Sealing, bundles_of
from tests.sim.engine.browser import Browser
from tests.sim.engine.stage import Stage
from tests.sim.engine.translating import answer_of, as_by, feed_of, key_of, response_of, written_of
from tests.sim.papers.sending import field_of
from tests.sim.ports import DeviceDump, Edit, Grant, Reply, Written
from tests.sim.receiving import read_mark, split_entries
from tests.sim.registry import DeviceFacts

if TYPE_CHECKING:
    from tests.sim.world import World

# In so many steps a change is written (half of them need 13 or 28), and an answer is taken (49 for
# nine of ten). Whoever dies, or does something else, in the middle does so within them.
STEPS = 30
PHOTO_STEPS = 90
ANSWER_STEPS = 80


class EngineDevice(Browser):
    """One phone. See `DeviceEngine` for what its deeds mean."""

    @classmethod
    def enrolled(cls, world: "World", stage: Stage, facts: DeviceFacts) -> Self:
        """Give a new phone that has joined the office."""
        is_indexed = bool(world.chance.happens(stage.troubles.indexed))
        device = cls(world, stage, facts, f"phone-{facts.number}")
        device._wall = device._mono = world.now
        kind = {"isIndexed": is_indexed, "hasPapers": world.papers.is_there}
        device.stage.host.ask({"do": "new", "profile": device.profile, **kind})
        world.note("engine:indexed" if is_indexed else "engine:power-disk")
        device._open_tab()
        device._do("enrol", tab=device._tabs[0], key=key_of(facts.key, is_real=stage.is_real))
        device._work_out("enrolled")
        return device

    # ---- what a person does ------------------------------------------------------------------

    def edit(self, edit: Edit, now: int) -> Sequence[Written]:
        self._turn_clock(now)
        if not self._works_as(edit.seat):
            return ()
        self._take_late()
        self._own_writings += self._written
        self._written.clear()
        self._outcomes.clear()
        deed, sets = self._deed(edit)
        most = STEPS if edit.photo is None else PHOTO_STEPS
        if len(self._tabs) > 1 and self.world.chance.below(2):
            self.world.note("engine:both-tabs")
            self._do(**deed, tab=self._tabs[1], steps=self.world.chance.below(most))
        if edit.is_torn:
            deed["steps"] = self.world.chance.below(most)
        self._do(**deed, tab=self._tabs[0])
        outcomes = [one["kind"] for one in self._outcomes if one["deed"] == deed["what"]]
        for outcome in outcomes:
            self.world.note(f"engine:{outcome}")
        kept = [one for one in self._written if one["isKept"] or edit.is_torn]
        self._written.clear()
        # What its sender has carried over meanwhile is among it.
        assert edit.is_torn or len(kept) >= outcomes.count("sealed"), "what is sealed is kept"
        written = (as_by(sets, written_of(one)) for one in kept)
        return sorted(written, key=lambda one: one.change.seq)

    def _deed(self, edit: Edit) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """Give what a person does, and what their change sets."""
        # One that a page has taken away since it was chosen is revised in vain, as a person would.
        if edit.record in self._glance().states or "area" not in edit.values:
            deed = {"what": "revise", "record": edit.record.hex(), "fields": dict(edit.values)}
            sets = edit.values
            if edit.photo is not None:
                # Brought later: that is a deed of its own, and all that it does.
                deed["what"], sets = "supplement", {}
        else:
            sets = {name: value for name, value in edit.values.items() if "." in name}
            deed = {"what": "take", "area": edit.values["area"], "fields": dict(sets)}
        if edit.photo is not None:
            deed["photo"] = b64encode(edit.photo).decode()
            sets = {**sets, field_of(edit.photo): ANY}
        return deed, sets

    def editable(self, seat: int) -> Sequence[bytes]:
        sight = self._glance()
        is_well = any(row["seat"] == seat and not row["trouble"] for row in sight.shown["seats"])
        return sorted(sight.states) if is_well else []

    def in_conflict(self, record: bytes) -> Sequence[str]:
        state = self._glance().states.get(record)
        return conflicts(state) if state else []

    def work_as(self, seat: int) -> None:
        self._works_as(seat)

    def _works_as(self, seat: int) -> bool:
        self._meant = seat
        if seat != self._at_work:
            self._rest()
            self._outcomes.clear()
            self._do("work-as", tab=self._tabs[0], seat=seat)
            if self._outcome(("work-as",)) == "done":
                self._at_work = seat
        return seat == self._at_work

    def own_time(self, now: int) -> int:
        device = self._glance().shown["device"]
        return now + int(device["skewMs"] if device else 0)

    def grant(self, grant: Grant) -> None:
        for row in self._look().shown["seats"]:
            if row["seat"] == grant.seat:
                return  # of other areas it hears from the office
        self._grant = grant
        facts = self.world.registry.seats[grant.seat]
        self._do(
            "sign-in",
            tab=self._tabs[0],
            staff=f"staff-{facts.staff}",
            key=key_of(grant.key, is_real=self.stage.is_real),
        )
        self._work_out("signed-in")
        self._at_work = grant.seat

    # ---- the network -------------------------------------------------------------------------

    def ask(self, now: int) -> Sequence[bytes]:
        self._turn_clock(now)
        self._perhaps_change_tabs()
        self._take_late()
        self._do("tick")
        if self.world.is_healing:
            self.is_fresh = False
            self._do("button", tab=self._tabs[0])
        else:
            self._do("wake", tab=self._pick_tab())
        return self._leaving()

    def deliver(self, reply: Reply, *, is_torn: bool = False) -> Sequence[bytes]:
        self._pass_time()
        response = response_of(reply, self.world.registry.office_key().public)
        waiting = self._answered(response)
        if waiting is None:
            return self._leaving()
        del self._waiting[waiting.id]
        self._take_late()
        if response is not None and response.number == waiting.request.number:
            self._note_answer(waiting.request, response)
        chance, troubles = self.world.chance, self.stage.troubles
        if is_torn or (not self.world.is_healing and chance.happens(troubles.mid_air)):
            self._late = (waiting.id, answer_of(reply))
            if not is_torn and chance.happens(troubles.torn_answer):
                self._die_over_answer()
        else:
            self._do("deliver", id=waiting.id, answer=answer_of(reply))
        return self._leaving()

    def _die_over_answer(self) -> None:
        seat = self._at_work
        lost = self.crash(self.world.keep_some)
        if seat is not None:
            self.work_as(seat)
        self.world.tell(f"{self.profile} dies over an answer, {lost} transactions lost")

    def _take_late(self) -> None:
        """Begin with an answer that has come; the next deed finds the engine at it."""
        if self._late is None:
            return
        (asked, answer), self._late = self._late, None
        self._do("deliver", id=asked, answer=answer, steps=self.world.chance.below(ANSWER_STEPS))
        if not self._is_idle:
            self.world.note("engine:mid-air")

    def _note_answer(self, asked: ExchangeRequest, response: ExchangeResponse) -> None:
        has_pages = all(
            area in response.pages or area in response.dropped for area in asked.cursors
        )
        # It may still have asked for another than the world means by now.
        is_meant = asked.seat is None or asked.seat == self._meant
        is_all = response.epoch == asked.epoch and has_pages and not response.added
        self.is_fresh = is_all and is_meant
        if response.token:
            self.papers.token = response.token
            self.papers.reader = 0 if response.order is not None else asked.seat or 0
        entries = [
            read_mark(entry)[0]
            for page in response.pages.values()
            for entry in split_entries(entries_of(page))
        ]
        for kind, happened in (
            ("no-pages", not has_pages),
            ("new-epoch", response.epoch != asked.epoch),
            ("dropped", response.dropped),
            ("added", response.added),
            ("more", any(page.more for page in response.pages.values())),
            ("state", any(entries)),
            ("left", 0 in entries),
        ):
            if happened:
                self.world.note(f"engine:{kind}")
        for refusal in response.refusals:
            self.world.note(f"engine:refused:{refusal.code}")

    def wrote(self) -> Sequence[tuple[Written, bool]]:
        wrote = [*self._own_writings, *self._written]
        self._own_writings, self._written = [], []
        return [(as_by({}, written_of(one)), one["isKept"]) for one in wrote]

    def hand_over(self) -> Sequence[bytes]:
        """Give what the engine sent last: a van listens, and carries it by another road."""
        return self._sent

    # ---- what is carried by hand --------------------------------------------------------------

    def seal(self, sealing: Sealing, now: int) -> Sequence[bytes]:
        """Give its bundles; or let it seal them away for itself, as it does when it is locked."""
        del sealing
        self._turn_clock(now)
        self._rest()
        self._outcomes.clear()
        if self._at_work is not None and self.world.chance.below(2):
            self._do("seal-away", tab=self._tabs[0], seat=self._at_work)
            self.world.note(f"engine:away:{self._outcome(('seal-away',))}")
            return ()
        self._do("export", tab=self._tabs[0])
        files = [one["file"] for one in self._outcomes if one["kind"] == "exported"]
        self._outcomes.clear()
        return [raw for file in files for raw in bundles_of(b64decode(file))]

    def carry(self, bundles: Sequence[bytes]) -> bool:
        self._rest()
        self._outcomes.clear()
        file = b64encode(write_file(bundles)).decode()
        self._do("import", tab=self._tabs[0], file=file)
        added = [int(one["added"]) for one in self._outcomes if one["kind"] == "imported"]
        self._outcomes.clear()
        return sum(added) > 0

    # ---- what befalls it ---------------------------------------------------------------------

    def troubled(self) -> Sequence[int]:
        rows = self._look().shown["seats"]
        return [
            row["seat"]
            for row in rows
            if row["trouble"] in ("log-forked", "log-old") and row["seat"] not in self._replaced
        ]

    def replace_seat(self, old: int, grant: Grant, now: int) -> Sequence[Written]:
        self._turn_clock(now)
        self.grant(grant)
        self._replaced[old] = grant.seat
        return ()

    def carry_owed(self, now: int) -> Sequence[Written]:
        del now  # It does so by itself.
        return ()

    def crash(self, keep: Callable[[int], int]) -> int:
        self._pass_time()
        self._take_late()
        pending = self._pending
        kept = keep(pending) if pending else 0
        if not self._is_idle:
            self.world.note("engine:dies-in-mid-air")
        self._begin_anew()
        self._do("crash", keep=kept)
        self._open_tab()
        return pending - kept

    def fill_disk(self, *, is_full: bool) -> None:
        self._do("fill", isFull=is_full)

    def copy(self) -> Self:
        self._rest()
        self.stage.copies += 1
        name = f"{self.profile.split('+')[0]}+{self.stage.copies}"
        twin = type(self)(self.world, self.stage, self.facts, name)
        twin._replaced = dict(self._replaced)
        twin._wall, twin._mono = self._wall, self._mono
        self._do("copy", **{"as": twin.profile})
        twin._open_tab()
        return twin

    # ---- what checks look at -----------------------------------------------------------------

    def dump(self) -> DeviceDump:
        sight = self._look()
        rows = sight.shown["seats"]
        replaced = self._replaced
        well = [row for row in rows if not row["trouble"]]
        return DeviceDump(
            states={
                bytes.fromhex(one["id"]): b64decode(one["state"]) for one in sight.shown["records"]
            },
            feeds={
                bytes.fromhex(one["id"]): frozenset(map(feed_of, one["feeds"]))
                for one in sight.shown["records"]
            },
            last={row["seat"]: row["last"] for row in well},
            held={row["seat"]: row["held"] for row in well},
            areas={row["seat"]: tuple(row["areas"]) for row in rows},
            replaced={
                row["seat"]: replaced[row["seat"]] for row in rows if row["seat"] in replaced
            },
            retold={row["seat"] for row in rows if row["isClosed"]},
            untold={
                row["seat"]: row["held"] for row in rows if row["trouble"] and not row["isClosed"]
            },
            kept={(row["seat"], seq) for row in rows for seq, *_ in row["log"]},
            with_body={
                b64decode(head)
                for row in rows
                for _, head, is_erased in row["log"]
                if not is_erased
            },
            bundles={
                bytes.fromhex(digest): (sight.shown["device"]["epoch"] if is_held else None, code)
                for digest, is_held, code in sight.shown["bundles"]
            },
            papers=self._look_at_papers(),
        )

    def content(self) -> Sequence[bytes]:
        self._rest()
        return [b64decode(one) for one in self._do("bytes")["content"]]

    @property
    def moves(self) -> int:
        shown = self._look().shown
        parts = [shown[name] for name in ("seats", "records", "cursors")]
        # A phone that was wiped is nobody's any more.
        epoch = shown["device"]["epoch"] if shown["device"] else 0
        parts.append([told for _, *told in shown["bundles"]])
        return crc32(msgspec.json.encode([*parts, epoch]))
