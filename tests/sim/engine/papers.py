"""The engine's phone at the door of the attachments: what it asks is handed on, and what is said.

When it sends, and what, the engine decides by itself: photos after text, in rounds of its own.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.sim.papers.door import DoorAnswer, DoorRequest, PaperName
from tests.sim.phone import Paper

if TYPE_CHECKING:
    from tests.sim.engine.browser import Browser

# In so many steps an answer about a paper is taken, and what follows it is asked.
STEPS = 12
# One line in so many does not break, but hangs until the phone's own patience is over.
HANGS_EVERY = 4
# What leads to no paper: its photo is in a draft, or was left beside a dossier.
LOOSE = frozenset({"raw", "unreadable", "prepared"})


class EnginePapers:
    """See `PaperSender` for what its deeds mean."""

    sends_by_itself = True

    def __init__(self, device: "Browser") -> None:
        self._device = device
        self.token, self.reader = "", 0
        self._waiting: dict[DoorRequest, int] = {}
        self._unsent: dict[DoorRequest, None] = {}

    def forget(self) -> None:
        """Be as after a crash: nobody waits for anything."""
        self.token, self.reader = "", 0
        self._waiting, self._unsent = {}, {}

    def asks(self, asked: Mapping[str, Any]) -> None:
        """Hear what the engine asks for."""
        headers = {name.lower(): text for name, text in asked["headers"].items()}
        body = b64decode(asked["body"])
        request = DoorRequest(asked["method"], asked["path"], headers, body)
        self._waiting[request] = asked["id"]
        self._unsent[request] = None
        self._device.world.papers.wants(self._device, request)

    def ask(self) -> DoorRequest | None:
        return next(iter(self._unsent), None)

    def sets_out(self, request: DoorRequest) -> None:
        self._unsent.pop(request, None)

    def take(self, request: DoorRequest, answer: DoorAnswer | None) -> Sequence[bytes]:
        self._unsent.pop(request, None)
        device, world = self._device, self._device.world
        if request not in self._waiting:
            return ()
        if answer is None and not world.is_healing and not world.papers.chance.below(HANGS_EVERY):
            world.note("engine:door-hangs")
            return ()
        asked = self._waiting.pop(request)
        if answer is None:
            return device.hears_of_paper("break", id=asked)
        if answer.is_ours:
            world.note(f"paper:{answer.status}")
        given: dict[str, Any] = {"id": asked, "answer": _told(answer)}
        chance, mid_air = world.papers.chance, device.stage.troubles.mid_air
        if not world.is_healing and chance.happens(mid_air):
            given["steps"] = chance.below(STEPS)
            world.note("engine:paper-in-mid-air")
        return device.hears_of_paper("deliver", **given)

    def give_up(self) -> None:
        for request in list(self._waiting):
            self.take(request, None)

    def spoil(self, place: int) -> PaperName | None:
        spoilt = self._device.spoil_paper(place)
        return _name_of(spoilt) if spoilt is not None else None

    def person_of(self, row: Paper) -> int:
        return self._device.newest(row.seat)


def papers_in(shown: Sequence[Mapping[str, Any]]) -> dict[PaperName, Paper]:
    """Give the papers on a phone. Two tabs may have taken one: what can be sent counts."""
    papers: dict[PaperName, Paper] = {}
    for one in shown:
        if one["stage"] in LOOSE:
            continue
        name, known = _name_of(one), papers.get(_name_of(one))
        data = None if one["data"] is None else b64decode(one["data"])
        if known is None or known.data is None or known.stage == "refused":
            papers[name] = Paper(name, one["seat"], one["seq"], data, one["stage"])
    return papers


def _name_of(one: Mapping[str, Any]) -> PaperName:
    return PaperName(bytes.fromhex(one["record"]), bytes.fromhex(one["digest"]))


def _told(answer: DoorAnswer) -> dict[str, Any]:
    body = b64encode(answer.body).decode()
    headers = dict(answer.headers)
    return {"status": answer.status, "contentType": "", "headers": headers, "body": body}
