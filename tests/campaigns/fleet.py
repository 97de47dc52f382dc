"""Several phones at one office, each behind a line of its own, that keep it busy together."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import httpx

from server.clock import now_ms
from server.devices.confirmation import confirm
from server.devices.links import make_link
from tests.campaigns.tally import PromiseBroken
from tests.campaigns.working import WorkingPhone
from tests.stories.citizens import birth_dossiers
from tests.stories.line import Line, open_line
from tests.stories.office import OfficeProcess
from tests.stories.records import connected
from tests.support.phone import Phone

PEOPLE: Final = ("an", "binh")
"""Of one team: their pages carry each other's dossiers."""

TIMEOUT_SECONDS: Final = 30

HEARD_SECONDS_MAX: Final = 3 * TIMEOUT_SECONDS
"""Also a request that got lost with the office is given up by then, and asked again."""

Lay = Callable[[int], AbstractContextManager[Line]]


@dataclass(frozen=True)
class Fleet:
    """The phones, and their office."""

    office: OfficeProcess
    phones: list[WorkingPhone]

    @property
    def broken(self) -> list[str]:
        """What must never be and was seen, in sentences."""
        return [sentence for phone in self.phones for sentence in phone.broken]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep every phone busy meanwhile; afterwards nothing is left unsent."""
        for phone in self.phones:
            phone.start()
        try:
            yield
        finally:
            for phone in self.phones:
                phone.stop()
        for phone in self.phones:
            phone.hand_in()

    def in_flight(self) -> int:
        """Count the phones with a request on its way."""
        return sum(phone.is_in_flight for phone in self.phones)

    def answered(self, status: int) -> int:
        """Count the exchanges that were answered so."""
        return sum(phone.answers[status] for phone in self.phones)


@contextmanager
def open_fleet(
    office: OfficeProcess, count: int, seed: int, lay: Lay = open_line
) -> Iterator[Fleet]:
    """Let so many phones join; the same seed writes the same dossiers. `lay` makes their lines."""
    with ExitStack() as stack:
        phones = []
        for turn, person in zip(range(count), cycle(PEOPLE), strict=False):
            line = stack.enter_context(lay(office.port))
            address = f"http://127.0.0.1:{line.port}"
            client = httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS, trust_env=False)
            phone = Phone(stack.enter_context(client), f"Máy bảng {turn + 1}")
            _join(phone, office)
            seat = phone.sign_in(person)
            chance = random.Random(seed * 1000 + turn)
            citizens = birth_dossiers(seed * 1000 + turn)
            phones.append(WorkingPhone(phone, seat, line, chance, citizens))
        yield Fleet(office, phones)


def wait_until_heard(fleet: Fleet) -> None:
    """Return when every phone has had an answer from now on."""
    before = {id(phone): phone.answers.copy() for phone in fleet.phones}
    deadline = time.monotonic() + HEARD_SECONDS_MAX
    while waiting := [one for one in fleet.phones if one.answers[200] == before[id(one)][200]]:
        if time.monotonic() > deadline:
            told = [dict(one.answers - before[id(one)]) for one in waiting]
            under_way = [one.is_waiting for one in waiting]
            raise PromiseBroken(
                f"{len(waiting)} are not answered any more: {told}, waiting {under_way}, "
                f"{fleet.broken}"
            )
        time.sleep(0.005)


def _join(phone: Phone, office: OfficeProcess) -> None:
    with connected(office.database) as connection, connection.begin():
        code = make_link(connection, None, now_ms())
    phone.enrol(code)
    with connected(office.database) as connection, connection.begin():
        confirm(connection, phone.device, 1, now_ms())
