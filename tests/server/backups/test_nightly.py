"""The server makes backups by itself, at its hour, under a clock that the test turns."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from server.backups.nightly import FIRST_SECONDS, LOOK_SECONDS, environ_of, keep_backups
from server.settings import Settings, SettingsRefused, read_settings

HANOI = timezone(timedelta(hours=7))


class World:
    """A clock, and backups that come out as told."""

    def __init__(self, start: str, days: int) -> None:
        self.now = int(datetime.fromisoformat(f"{start}+07:00").timestamp() * 1000)
        self.end = self.now + days * 86_400_000
        self.made: list[int] = []
        self.tried: list[int] = []
        self.works = True

    def clock(self) -> int:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += int(seconds * 1000)
        if self.now > self.end:
            raise asyncio.CancelledError

    def find(self) -> int | None:
        return self.made[-1] if self.made else None

    async def make(self) -> bool:
        self.tried.append(self.now)
        if self.works:
            self.made.append(self.now)
        return self.works

    async def run(self, hour: int) -> None:
        with pytest.raises(asyncio.CancelledError):
            await keep_backups(
                hour, clock=self.clock, pause=self.pause, find_made_at=self.find, make=self.make
            )


async def test_the_first_comes_soon_after_the_start_and_then_one_a_night() -> None:
    world = World("2026-11-22T14:00", days=4)
    start = world.now

    await world.run(2)

    assert world.made[0] - start == FIRST_SECONDS * 1000
    nights = [datetime.fromtimestamp(ms / 1000, HANOI) for ms in world.made[1:]]
    assert [night.day for night in nights] == [23, 24, 25, 26]
    assert all(night.hour == 2 and night.minute <= LOOK_SECONDS // 60 for night in nights)


async def test_what_fails_is_tried_again_and_not_all_the_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World("2026-11-22T14:00", days=1)
    world.works = False

    await world.run(2)

    assert 80 <= len(world.tried) <= 96
    assert "failed" in caplog.text


def test_the_hour_is_a_setting() -> None:
    demo = {"LUUDONG_MODE": "demo"}

    assert read_settings(demo).backup_hour == 2
    assert read_settings({**demo, "LUUDONG_BACKUP_HOUR": "23"}).backup_hour == 23
    assert read_settings({**demo, "LUUDONG_BACKUP_HOUR": "off"}).backup_hour is None
    for wrong in ("24", "-1", "two", ""):
        with pytest.raises(SettingsRefused):
            read_settings({**demo, "LUUDONG_BACKUP_HOUR": wrong})


def test_a_process_of_its_own_reads_the_same_office(settings: Settings) -> None:
    again = read_settings(environ_of(settings))

    assert (again.data, again.database, again.secret) == (
        settings.data,
        settings.database,
        settings.secret,
    )
    assert again.backups_folder == settings.backups_folder
    assert (again.office, again.office_name) == (settings.office, settings.office_name)
