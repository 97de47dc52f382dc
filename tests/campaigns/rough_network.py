"""Phones work over lines that delay, cut, shorten, spoil, double, and answer in the office's place.

Whatever a line does, nothing is lost and nothing is there twice, and a phone believes only what the
office has signed: FAULT-23, FAULT-25 to FAULT-29.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.campaigns.audit import audit
from tests.campaigns.fleet import open_fleet
from tests.campaigns.part import Chunk
from tests.campaigns.rough_line import Asked, RoughLine, open_rough_line
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.trouble import NONE, Trouble, any_trouble
from tests.stories.line import Line
from tests.stories.office import OfficeProcess

PHONES: Final = 3

SECONDS_A_TROUBLE_MAX: Final = 2.0


class _Fate:
    """What happens on all lines: nothing until it is let loose."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.is_rough = False
        self.lines: list[RoughLine] = []

    @contextmanager
    def lay(self, port: int) -> Iterator[Line]:
        """Lay one line."""
        with open_rough_line(port, self.plan) as line:
            self.lines.append(line)
            yield line

    def plan(self, asked: Asked) -> Trouble:
        """Say what happens to a request."""
        return any_trouble(self.chance, asked.body_bytes) if self.is_rough else NONE

    @property
    def met(self) -> "Counter[str]":
        """Count what has happened, apart from nothing."""
        return sum((Counter(dict(line.met)) for line in self.lines), Counter()) - Counter(
            {"none": 10**9}
        )


def trouble_phones(folder: Path, troubles: int, seed: int) -> tuple[Tally, "Counter[str]"]:
    """Let phones work until so many troubles were met; gives also which. Raises PromiseBroken."""
    more = {"LUUDONG_BACKUP_HOUR": "off"}
    office = OfficeProcess(folder / "office", f"sqlite:///{folder / 'office.sqlite3'}", more=more)
    office.start()
    try:
        fate = _Fate(seed)
        with open_fleet(office, PHONES, seed, fate.lay) as fleet:
            for phone in fleet.phones:
                phone.is_rough = True
            with fleet.at_work():
                fate.is_rough = True
                deadline = time.monotonic() + troubles * SECONDS_A_TROUBLE_MAX
                while fate.met.total() < troubles:
                    if time.monotonic() > deadline:
                        raise PromiseBroken("phones no longer get through")
                    time.sleep(0.05)
                fate.is_rough = False
            office.stop()
            tally = Tally(rounds=troubles, steps=fleet.answered(200))
            return tally + audit(fleet), fate.met
    finally:
        office.kill()


def over_rough_lines(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign."""
    return trouble_phones(chunk.folder, chunk.rounds, chunk.seed)[0]
