"""A campaign goes on where it was interrupted, and keeps one line of each part."""

import csv
from pathlib import Path

import pytest

from tests.campaigns.campaign import KEPT, run_part
from tests.campaigns.journal import Journal
from tests.campaigns.part import Chunk, Part
from tests.campaigns.tally import Tally

COMMAND = "python -m tests.campaigns"


class PowerCut(BaseException):
    """Not an error of a part: the campaign itself ends."""


def journal_in(folder: Path) -> Journal:
    return Journal("kills", folder / "state", folder / "docs" / "log.csv")


def lines_of(journal: Journal) -> list[dict[str, str]]:
    with journal.log.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_goes_on_after_the_last_finished_chunk(tmp_path: Path) -> None:
    seeds: list[int] = []

    def run(chunk: Chunk) -> Tally:
        seeds.append(chunk.seed)
        if seeds == [1, 2, 3]:
            raise PowerCut
        return Tally(rounds=chunk.rounds, kills=chunk.rounds, acknowledged=10)

    part, journal = Part("kills", "kill", 10, 4, run), journal_in(tmp_path)
    with pytest.raises(PowerCut):
        run_part(part, journal, part.whole, 1, COMMAND)

    assert run_part(part, journal, part.whole, 1, COMMAND) == KEPT
    assert seeds == [1, 2, 3, 3], "the chunk that was cut off, and no other, is run again"
    (line,) = lines_of(journal)
    assert (line["rounds"], line["kills"], line["acknowledged"]) == ("10", "10", "30")
    assert not journal.finished(), "the next campaign begins anew"


def test_a_broken_promise_ends_the_part_and_stands_in_the_log(tmp_path: Path) -> None:
    def run(chunk: Chunk) -> Tally:
        return Tally(rounds=chunk.rounds, lost=chunk.seed // 8)

    part, journal = Part("kills", "kill", 10, 5, run), journal_in(tmp_path)

    assert run_part(part, journal, part.whole, 7, COMMAND) == "BROKEN by seed 8: 1 lost"
    (line,) = lines_of(journal)
    assert (line["rounds"], line["outcome"]) == ("5", "BROKEN by seed 8: 1 lost")
