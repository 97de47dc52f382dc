"""Offices of the tests are forked: one that ends is noticed, and what it said is in its log."""

import os
import signal
from pathlib import Path

import pytest

from tests.stories.office import OfficeDidNotStart, OfficeProcess


def make_office(folder: Path, **more: str) -> OfficeProcess:
    return OfficeProcess(folder / "office", f"sqlite:///{folder / 'office.sqlite3'}", more=more)


def test_an_office_that_does_not_start_says_why(tmp_path: Path) -> None:
    office = make_office(tmp_path, LUUDONG_MODE="nonsense")
    with pytest.raises(OfficeDidNotStart, match="LUUDONG_MODE"):
        office.start()


def test_offices_are_apart_and_each_that_ends_is_noticed(tmp_path: Path) -> None:
    one, other = make_office(tmp_path / "one"), make_office(tmp_path / "other")
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one.start()
    other.start()
    assert one.process
    assert other.process
    assert os.getsid(one.process.pid) == one.process.pid != other.process.pid

    os.kill(one.process.pid, signal.SIGKILL)
    one.process.wait(10)
    assert one.process.poll() is not None
    assert not one.answers()
    assert other.process.poll() is None
    assert other.answers()
    other.stop()
    assert not other.answers()
    one.start()
    assert one.answers()
    one.kill()
