"""One phone's browser in the engine's process: its tabs, its clock, its open connections."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sync.exchange import ExchangeRequest, ExchangeResponse
from sync.record import State, decode_state
from tests.sim.engine import doors
from tests.sim.engine.papers import EnginePapers, papers_in
from tests.sim.engine.stage import Stage
from tests.sim.engine.translating import answer_of
from tests.sim.papers.door import DOOR, PaperName
from tests.sim.phone import Paper
from tests.sim.ports import OK, Grant, Reply
from tests.sim.registry import DeviceFacts
from tests.sim.wire import read_request

if TYPE_CHECKING:
    from tests.sim.world import World

SEED = 2**31


@lru_cache(maxsize=512)
def _state(shown: str) -> State:
    """Give a state that is shown; most are as they were when they were shown before."""
    return decode_state(b64decode(shown))


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


class Browser:
    """Says what happens, and keeps what came of it until somebody asks."""

    def __init__(self, world: "World", stage: Stage, facts: DeviceFacts, profile: str) -> None:
        self.world, self.stage, self.facts, self.profile = world, stage, facts, profile
        self.number = facts.number
        self.is_fresh = False
        self._wall, self._mono = 0, 0
        self._tabs: list[str] = []
        self._opened = 0
        self._at_work: int | None = None
        # Whom the world wants to be at work; the app may be busy when it says so.
        self._meant: int | None = None
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
        self._sight = Sight(
            {"device": None, "seats": [], "records": [], "cursors": [], "bundles": []}
        )
        self._is_seen = False
        self._papers_seen: dict[PaperName, Paper] | None = None
        self.papers = EnginePapers(self)

    def _do(self, what: str, **given: Any) -> dict[str, Any]:
        self._is_seen, self._papers_seen = False, None
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
            if asked["path"].startswith(DOOR):
                self.papers.asks(asked)
            else:
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
        self.papers.forget()

    def _turn_clock(self, now: int) -> None:
        self._wall, self._mono = now, self.world.now

    def _pass_time(self) -> None:
        self._wall += self.world.now - self._mono
        self._mono = self.world.now

    def _rest(self) -> None:
        if not self._is_idle:
            self._do("rest")

    def _look(self) -> Sight:
        self._rest()
        if not self._is_seen:
            shown = self._do("show")["shown"]
            states = {bytes.fromhex(one["id"]): _state(one["state"]) for one in shown["records"]}
            self._sight = Sight(shown, states)
            self._is_seen = True
        return self._sight

    def _look_at_papers(self) -> dict[PaperName, Paper]:
        """Look where there may be some: elsewhere nothing is to go otherwise because of that."""
        if not self.world.papers.is_there:
            return {}
        self._rest()
        if self._papers_seen is None:
            is_seen = self._is_seen
            shown = self._do("papers")["papers"]
            self._is_seen, self._papers_seen = is_seen, papers_in(shown)
        return self._papers_seen

    def hears_of_paper(self, what: str, **given: Any) -> Sequence[bytes]:
        """Take what became of a request at the door; give what it asks in text because of that."""
        self._pass_time()
        self._do(what, **given)
        return self._leaving()

    def spoil_paper(self, place: int) -> dict[str, Any] | None:
        """Let the disk turn a bit in one of its papers."""
        self._rest()
        spoilt: dict[str, Any] | None = self._do("spoil", count=place)["spoilt"]
        return spoilt

    def newest(self, seat: int) -> int:
        """Give the last of the seats that go on from one."""
        following = self._replaced.get(seat)
        return seat if following is None else self.newest(following)

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
