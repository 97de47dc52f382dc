"""Cuts the power of a busy office's server at many moments, from one recording of its writes.

Phones hand in work while `strace` records what the office writes and syncs. For each moment files
are made as a disk may have them after power went just then (`cut_disk.py`), and opened by the
office's own code: whatever a receipt covered that a phone had read by then must be there, and the
office's own walk must find nothing. At the end the power goes for good: the office begins again
with what was left, and its phones go on. The same recording with its syncs left out has to lose
something that was acknowledged, or the check would see nothing. FAULT-33.
"""

import random
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Final

from tests.campaigns.audit import audit
from tests.campaigns.cut_disk import Disk, draw_fate
from tests.campaigns.disk_trace import Operation, read_trace
from tests.campaigns.fleet import Fleet, open_fleet
from tests.campaigns.part import Chunk
from tests.campaigns.promises import (
    NAME,
    NotHonoured,
    Promise,
    Witness,
    open_and_check,
    witness_of,
)
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.traced_office import cut_power, start_recorded
from tests.stories.office import OfficeProcess

PHONES: Final = 3

WORK_SECONDS: Final = 3.0
"""So long the phones work before and after SQLite first brings its log into its file."""

CHECKPOINT_SECONDS_MAX: Final = 120

CONTROLS: Final = 10
"""Moments at which the recording without its syncs is cut."""


@dataclass(frozen=True)
class Recording:
    """What happened to the files of an office, and what its phones were promised meanwhile."""

    before: Mapping[str, bytes]
    done: Sequence[Operation]
    """In the order in which it ended; what was under way at the end comes last."""

    promises: Sequence[Promise]

    @property
    def finished(self) -> Sequence[Operation]:
        """What had ended before the office did."""
        return [one for one in self.done if one.ended < inf]

    def promised_by(self, moment: float) -> Sequence[Promise]:
        """Give the receipts that had been read by then."""
        return self.promises[: bisect_right(self.promises, moment, key=lambda one: one.read_at)]

    def disk_at(self, moment: float) -> tuple[Disk, list[Operation]]:
        """Give the disk at that moment, and the calls that had begun and not returned."""
        disk = Disk(self.before)
        fed = bisect_right(self.done, moment, key=lambda one: one.ended)
        for one in self.done[:fed]:
            disk.note(one)
        return disk, [one for one in self.done[fed:] if one.begun <= moment]

    def without_syncs(self) -> "Recording":
        """Give what an office would have left to the operating system."""
        return replace(self, done=[one for one in self.done if one.kind != "sync"])


def cut_many_times(chunk: Chunk) -> Tally:
    """Record an office once, and cut it off at so many moments; raises PromiseBroken."""
    folder = chunk.folder / "database"
    office = OfficeProcess(
        chunk.folder / "office",
        f"sqlite:///{folder / NAME}",
        more={"LUUDONG_BACKUP_HOUR": "off"},
    )
    office.start()
    try:
        with open_fleet(office, PHONES, chunk.seed) as joined:
            witnesses = [witness_of(phone) for phone in joined.phones]
            fleet = Fleet(office, [*witnesses])
            office.stop()  # what it has written so far is no part of this, and on the disk
            recording = _record(office, witnesses, folder, chunk.folder / "trace")
            _require_whole(recording, folder)
            tally = Tally(steps=len(recording.done))
            for number, moment in enumerate(_moments(chunk, recording)):
                seed = chunk.seed * 10_000 + number
                tally += _cut(recording, moment, seed, chunk.folder, fleet)
            _require_control(chunk, recording.without_syncs(), fleet)
            return tally + _go_on(chunk, recording, fleet, folder)
    except PromiseBroken:
        print(office.last_words())
        raise
    finally:
        office.kill()


def _record(
    office: OfficeProcess, phones: Sequence[Witness], folder: Path, trace: Path
) -> Recording:
    """Let the phones work for a while, and end the office in the middle of it."""
    before = _files_in(folder)
    start_recorded(office, folder / NAME, trace)
    for phone in phones:
        phone.start()
    time.sleep(WORK_SECONDS)
    deadline = time.monotonic() + CHECKPOINT_SECONDS_MAX
    while (folder / NAME).stat().st_size == len(before[NAME]):
        if time.monotonic() > deadline:
            raise PromiseBroken("SQLite has never brought its log into its file")
        time.sleep(0.1)
    time.sleep(WORK_SECONDS)
    cut_power(office, trace)
    for phone in phones:
        phone.stop()
    with trace.open(encoding="ascii") as lines:
        done = read_trace(lines, folder)
    promises = [promise for phone in phones for promise in phone.promises]
    return Recording(before, done, sorted(promises, key=lambda one: one.read_at))


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }


def _require_whole(recording: Recording, folder: Path) -> None:
    """Pass if the recording gives the very files that are there: nothing was left out of it."""
    disk, left = recording.disk_at(time.time())
    # What was under way as the office ended was written, or not.
    there = _files_in(folder)
    while disk.files() != there:
        if not left:
            raise PromiseBroken("the recording does not give the files that are there")
        disk.note(left.pop(0))


def _moments(chunk: Chunk, recording: Recording) -> list[float]:
    """Choose when the power goes: as a receipt was read, within a call, or at any time."""
    chance = random.Random(chunk.seed)
    calls = recording.finished
    into_file = [one for one in calls if one.name == NAME and one.kind in {"write", "sync"}]
    if not recording.promises or not into_file:
        raise PromiseBroken("the phones were promised nothing, or nothing came into the file")
    moments = []
    for number in range(chunk.rounds):
        within = chance.choice(into_file if number % 8 < 4 else calls)
        match number % 4:
            case 0 | 1:
                moments.append(chance.choice(recording.promises).read_at)
            case 2:
                moments.append(chance.uniform(within.begun, within.ended))
            case _:
                moments.append(chance.uniform(calls[0].begun, calls[-1].ended))
    return moments


def _cut(recording: Recording, moment: float, seed: int, folder: Path, fleet: Fleet) -> Tally:
    """Cut the power at a moment, and hold what is left against the receipts."""
    disk, under_way = recording.disk_at(moment)
    left = disk.after_cut(draw_fate(random.Random(seed)), under_way)
    try:
        more = open_and_check(folder / f"cut-{seed}", left, recording.promised_by(moment), fleet)
    except PromiseBroken as broken:
        raise type(broken)(f"cut {seed}: {broken}") from broken
    is_busy = bool(under_way) or not disk.is_settled
    return Tally(rounds=1, kills=1, in_flight=int(is_busy), unread=int(more))


def _require_control(chunk: Chunk, unsynced: Recording, fleet: Fleet) -> None:
    """Pass if the check sees the loss where the office syncs nothing."""
    for number, moment in enumerate(_moments(replace(chunk, rounds=CONTROLS), unsynced)):
        try:
            _cut(unsynced, moment, -chunk.seed * CONTROLS - number, chunk.folder, fleet)
        except NotHonoured:
            return
        except PromiseBroken:
            continue  # not even a database; that shows less
    raise PromiseBroken("without any sync nothing was lost: the check sees nothing")


def _go_on(chunk: Chunk, recording: Recording, fleet: Fleet, folder: Path) -> Tally:
    """Begin again with what the last cut left; the phones hand in the rest, and all is compared."""
    disk, under_way = recording.disk_at(time.time())
    left = disk.after_cut(draw_fate(random.Random(chunk.seed)), under_way)
    for path in folder.iterdir():
        path.unlink()
    for name, data in left.items():
        (folder / name).write_bytes(data)
    fleet.office.start()
    for phone in fleet.phones:
        phone.hand_in()
    fleet.office.stop()
    return audit(fleet)
