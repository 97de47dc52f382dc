"""A phone that runs the field app's own engine, behind `DeviceEngine`.

It is driven by what a person and a browser do: taps, timers, answers, tabs. Everything else, when
to ask and what to say, the engine decides.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self
from zlib import crc32

import msgspec

from sync import signature
from sync.change import LinkedChange, read_skeleton, split
from sync.exchange import ExchangeRequest, ExchangeResponse, read_envelope, read_message
from sync.record import State, conflicts, decode_state
from sync.refusals import Refusal
from tests.sim.engine import doors
from tests.sim.engine.stage import Stage
from tests.sim.office import read_request
from tests.sim.ports import OK, DeviceDump, Edit, Feed, Grant, Reply, Written
from tests.sim.receiving import read_mark, split_entries
from tests.sim.registry import DeviceFacts
from tests.sim.signing import KeyPair

if TYPE_CHECKING:
    from tests.sim.world import World

MESSAGE = "application/vnd.msgpack"
SEED = 2**31
# In so many steps a change is written (half of them need 13 or 28), and an answer is taken (49 for
# nine of ten). Whoever dies, or does something else, in the middle does so within them.
STEPS = 30
ANSWER_STEPS = 80
AREA = "answers.name"


@dataclass
class Waiting:
    """A request that the engine has an open connection for."""

    id: int
    request: ExchangeRequest


@dataclass
class Sight:
    """What was last shown of a phone, until something happens on it."""

    shown: dict[str, Any]
    states: dict[bytes, State] = field(default_factory=dict)


class EngineDevice:
    """One phone. See `DeviceEngine` for what its deeds mean."""

    def __init__(self, world: "World", stage: Stage, facts: DeviceFacts, profile: str) -> None:
        self.world, self.stage, self.facts, self.profile = world, stage, facts, profile
        self.number = facts.number
        self.is_fresh = False
        self._wall, self._mono = 0, 0
        self._tabs: list[str] = []
        self._opened = 0
        self._at_work: int | None = None
        self._waiting: dict[int, Waiting] = {}
        self._asked: list[bytes] = []
        self._sent: list[bytes] = []
        self._written: list[dict[str, Any]] = []
        self._own_writings: list[dict[str, Any]] = []
        self._outcomes: list[dict[str, Any]] = []
        self._grant: Grant | None = None
        self._replaced: dict[int, int] = {}
        self._late: tuple[int, dict[str, Any]] | None = None
        self._pending = 0
        self._is_idle = True
        self._sight = Sight({"device": None, "seats": [], "records": [], "cursors": []})
        self._is_seen = False

    @classmethod
    def enrolled(cls, world: "World", stage: Stage, facts: DeviceFacts) -> Self:
        """Give a new phone that has joined the office."""
        is_indexed = bool(world.chance.happens(stage.troubles.indexed))
        device = cls(world, stage, facts, f"phone-{facts.number}")
        device._wall = device._mono = world.now
        device.stage.host.ask({"do": "new", "profile": device.profile, "isIndexed": is_indexed})
        world.note("engine:indexed" if is_indexed else "engine:power-disk")
        device._open_tab()
        device._do("enrol", tab=device._tabs[0], key=device._given(facts.key))
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
        deed = self._deed(edit)
        if len(self._tabs) > 1 and self.world.chance.below(2):
            self.world.note("engine:both-tabs")
            self._do(**deed, tab=self._tabs[1], steps=self.world.chance.below(STEPS))
        if edit.is_torn:
            deed["steps"] = self.world.chance.below(STEPS)
        self._do(**deed, tab=self._tabs[0])
        outcomes = [one["kind"] for one in self._outcomes if one["deed"] == deed["what"]]
        for outcome in outcomes:
            self.world.note(f"engine:{outcome}")
        kept = [one for one in self._written if one["isKept"] or edit.is_torn]
        self._written.clear()
        # What its sender has carried over meanwhile is among it.
        assert edit.is_torn or len(kept) >= outcomes.count("sealed"), "what is sealed is kept"
        return sorted(map(written_of, kept), key=lambda one: one.change.seq)

    def _deed(self, edit: Edit) -> dict[str, Any]:
        if edit.record in self._glance().states:
            record, fields = edit.record.hex(), dict(edit.values)
            return {"what": "revise", "record": record, "fields": fields}
        fields = {name: value for name, value in edit.values.items() if "." in name}
        return {"what": "take", "area": edit.values["area"], "fields": fields}

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
                # What it has lost, it hears from the office.
                areas = [*dict.fromkeys([*row["areas"], *grant.areas])]
                self._do("allow", tab=self._tabs[0], seat=grant.seat, areas=areas)
                return
        self._grant = grant
        facts = self.world.registry.seats[grant.seat]
        self._do(
            "sign-in", tab=self._tabs[0], staff=f"staff-{facts.staff}", key=self._given(grant.key)
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
        self.is_fresh = response.epoch == asked.epoch and has_pages
        entries = [
            read_mark(entry)[0]
            for page in response.pages.values()
            for entry in split_entries(page.entries)
        ]
        for kind, happened in (
            ("no-pages", not has_pages),
            ("new-epoch", response.epoch != asked.epoch),
            ("dropped", response.dropped),
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
        # It goes on from what its author saw in another log.
        return [(replace(written_of(one), saw={}), one["isKept"]) for one in wrote]

    def hand_over(self) -> Sequence[bytes]:
        """Give what the engine sent last: a van listens, and carries it by another road."""
        return self._sent

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
            untold={row["seat"] for row in rows if row["trouble"] and not row["isClosed"]},
            kept={(row["seat"], seq) for row in rows for seq, _ in row["log"]},
        )

    @property
    def moves(self) -> int:
        shown = self._look().shown
        parts = [shown[name] for name in ("seats", "records", "cursors")]
        # A phone that was wiped is nobody's any more.
        epoch = shown["device"]["epoch"] if shown["device"] else 0
        return crc32(msgspec.json.encode([*parts, epoch]))

    # ---- the process -------------------------------------------------------------------------

    def _do(self, what: str, **given: Any) -> dict[str, Any]:
        self._is_seen = False
        return self._take(
            self.stage.host.ask(
                {
                    "do": what,
                    "profile": self.profile,
                    "wall": self._wall,
                    "mono": self._mono,
                    **given,
                }
            )
        )

    def _take(self, effects: dict[str, Any]) -> dict[str, Any]:
        self._pending, self._is_idle = effects["pending"], effects["isIdle"]
        self.world.mix(f"{self.profile}{effects['steps']}{effects['nextAt']}")
        for kind in effects["reached"]:
            self.world.note(f"engine:{kind}")
        self._outcomes += effects["outcomes"]
        self._written += effects["written"]
        for asked in effects["requests"]:
            self._ask_office(asked["id"], asked["path"], b64decode(asked["body"]))
        return effects

    def _ask_office(self, asked: int, path: str, body: bytes) -> None:
        world = self.world
        if path == "/sync/exchange":
            request = read_request(body)
            self._waiting[asked] = Waiting(asked, request)
            self._sent = [bytes(raw) for raw in request.batches] or self._sent
            self._asked.append(body)
            return
        if path == "/sync/enrolment":
            answer = doors.enrolment(world.registry, self.facts, world.office.epoch, world.now)
        elif path == "/sync/seats":
            assert self._grant is not None
            answer = doors.signing_in(
                world.registry, self._grant, body, world.office.epoch, world.now
            )
        else:
            answer = doors.reference(world.registry)
        self._do("deliver", id=asked, answer=answer_of(Reply(OK, answer)))

    def _leaving(self) -> list[bytes]:
        leaving, self._asked = self._asked, []
        return leaving

    def _answered(self, response: ExchangeResponse | None) -> Waiting | None:
        """Say which open connection something comes back on; None where it was given up."""
        if not self._waiting:
            return None
        newest = self._waiting[max(self._waiting)]
        if response is None or response.number == newest.request.number:
            return newest
        for one in self._waiting.values():
            if one.request.number == response.number:
                return one
        # An answer to another request: a connection that was given up, or a proxy that kept it.
        if self.world.is_healing or not self.world.chance.below(2):
            return None
        self.world.note("engine:foreign-answer")
        return newest

    def _open_tab(self) -> None:
        self._opened += 1
        tab = f"tab-{self._opened}"
        self._tabs.append(tab)
        self._do("open", tab=tab, seed=self.world.chance.below(SEED))

    def _pick_tab(self) -> str:
        return self.world.chance.pick(self._tabs) if len(self._tabs) > 1 else self._tabs[0]

    def _perhaps_change_tabs(self) -> None:
        world = self.world
        if world.is_healing or not world.chance.happens(self.stage.troubles.tabs):
            return
        if len(self._tabs) == 1:
            world.note("engine:second-tab")
            self._open_tab()
        else:
            world.note("engine:tab-closed")
            self._do("close", tab=self._tabs.pop(world.chance.below(2)))

    def _begin_anew(self) -> None:
        self._tabs, self._waiting, self._asked = [], {}, []
        self._own_writings += self._written
        self._written, self._outcomes = [], []
        self._at_work, self._is_idle, self._late = None, True, None

    def _turn_clock(self, now: int) -> None:
        self._wall, self._mono = now, self.world.now

    def _pass_time(self) -> None:
        self._wall += self.world.now - self._mono
        self._mono = self.world.now

    def _given(self, key: KeyPair) -> dict[str, str | None]:
        """Give a key to make: a secret only where signatures are real."""
        secret = None
        if self.stage.is_real:
            number = key.private.private_numbers().private_value
            secret = b64encode(number.to_bytes(32, "big")).decode()
        return {"point": b64encode(key.public).decode(), "secret": secret}

    def _rest(self) -> None:
        if not self._is_idle:
            self._do("rest")

    def _look(self) -> Sight:
        self._rest()
        if not self._is_seen:
            shown = self._do("show")["shown"]
            states = {
                bytes.fromhex(one["id"]): decode_state(b64decode(one["state"]))
                for one in shown["records"]
            }
            self._sight = Sight(shown, states)
            self._is_seen = True
        return self._sight

    def _glance(self) -> Sight:
        """Give what is on the screen, where the engine is in the middle of something."""
        return self._look() if self._is_idle else self._sight

    def _outcome(self, deeds: Sequence[str]) -> str:
        for one in self._outcomes:
            if one["deed"] in deeds:
                self._outcomes.clear()
                return str(one["kind"])
        return "nothing"

    def _work_out(self, wanted: str) -> None:
        kinds = [one["kind"] for one in self._outcomes]
        assert wanted in kinds, f"{kinds} instead of {wanted}"
        self._outcomes.clear()


def written_of(one: dict[str, Any]) -> Written:
    """Give a change as an engine handed it to its store, with what its author saw."""
    skeleton_bytes, body_bytes = split(b64decode(one["change"]))
    change = LinkedChange(
        one["seat"],
        one["seq"],
        b64decode(one["head"]),
        skeleton_bytes,
        body_bytes,
        read_skeleton(skeleton_bytes),
    )
    if one["before"] is None:
        return Written(change, {}, 0)
    before = decode_state(b64decode(one["before"]))
    assert change.skeleton is not None
    saw = {
        name: [(head.dot, bytes(head.value)) for head in before.registers[name].heads]
        for name in change.skeleton.fields
        if name in before.registers
    }
    return Written(change, saw, before.seen.get(change.seat, 0))


def response_of(reply: Reply, office_key: bytes) -> ExchangeResponse | None:
    """Read an answer that came whole."""
    if reply.status != OK:
        return None
    try:
        envelope = read_envelope(reply.body)
        signature.verify(office_key, signature.RESPONSE, envelope.message, envelope.signature)
        return read_message(envelope, ExchangeResponse)
    except Refusal:
        return None


def answer_of(reply: Reply) -> dict[str, Any]:
    """Give an answer as HTTP would bring it."""
    body, kind = reply.body, MESSAGE
    if reply.status != OK:
        code = body.decode(errors="replace")
        body = msgspec.msgpack.encode({"status": reply.status, "code": code})
    elif body.startswith(b"<"):
        kind = "text/html"
    return {"status": reply.status, "contentType": kind, "body": b64encode(body).decode()}


def feed_of(text: str) -> Feed:
    """Read how the engine names a feed."""
    seat, area = text.split("/", 1)
    return Feed(int(seat), area)
