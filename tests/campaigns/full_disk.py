"""Fills the disk under a busy office, at one place after the other, and frees it again.

What cannot be kept is answered 503 or 507 with `Retry-After`; what is only read goes on; and when
there is room again the same process goes on, with nothing lost: FAULT-34.
"""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import httpx

from tests.campaigns.audit import audit
from tests.campaigns.fleet import Fleet, open_fleet, wait_until_heard
from tests.campaigns.part import Chunk
from tests.campaigns.small_disk import IS_ROOT, SizeLimit, SmallDisk, mounted
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.working import HONEST
from tests.stories.office import OfficeProcess
from tests.support.desk import Desk
from tests.support.tus import Uploader, attach, digest_of, photo_of, uploader

PHONES: Final = 2

FULL_SECONDS_MAX: Final = 1.0
"""So long the disk stays full, at most; a refused write ends it sooner."""

LEFT_BYTES: Final = (0, 0, 8_192, 200_000, 2_000_000)
"""Room that is left: none, or so little that something is cut in the middle."""

READS: Final = ("/health", "/sync/reference", "/desk", "/desk/devices")


def fill_under_load(folder: Path, rounds: int, seed: int) -> Tally:
    """Fill and free so often, and compare; raises PromiseBroken."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        office, disks = stack.enter_context(_office_on_small_disks(folder))
        fleet = stack.enter_context(open_fleet(office, PHONES, seed))
        client = httpx.Client(base_url=office.address, timeout=30, trust_env=False)
        http = stack.enter_context(client)
        desk = Desk(http)
        assert desk.sign_in("chi").status_code == 303
        tally = Tally()
        for turn in range(rounds):
            place = sorted(disks)[turn % len(disks)]
            photo = photo_of(turn, 500)
            sending = _name_photo(fleet, photo)
            with fleet.at_work():
                disks[place].fill(chance.choice(LEFT_BYTES))
                refused = _while_full(fleet, desk, sending, photo)
                disks[place].free()
                wait_until_heard(fleet)
            _finish(fleet, sending, photo)
            tally += Tally(rounds=1, in_flight=int(refused))
        office.stop()
        return tally + audit(fleet)


def on_small_disks(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign."""
    return fill_under_load(chunk.folder, chunk.rounds, chunk.seed)


@contextmanager
def _office_on_small_disks(
    folder: Path,
) -> Iterator[tuple[OfficeProcess, Mapping[str, SmallDisk]]]:
    """Run an office whose every place to write is a disk of its own, where we may mount one."""
    data = folder / "office" / "data"
    places = {
        "attachments": data / "attachments",
        "database": folder / "database",
        "temp": folder / "temp",
        "uploads": data / "uploads",
    }
    more = {"LUUDONG_BACKUP_HOUR": "off", "TMPDIR": str(places["temp"])}
    with ExitStack() as stack:
        disks: dict[str, SmallDisk] = {}
        for place, where in places.items():
            where.mkdir(parents=True)
            if IS_ROOT:
                disks[place] = stack.enter_context(mounted(where))
        database = f"sqlite:///{places['database'] / 'office.sqlite3'}"
        office = OfficeProcess(folder / "office", database, more=more)
        office.start()
        stack.callback(office.kill)
        yield office, disks or {"everywhere": SizeLimit(office)}


def _name_photo(fleet: Fleet, photo: bytes) -> Uploader:
    """Let the first phone say that a photo belongs to its first dossier."""
    first = fleet.phones[0]
    if not first.own_states():
        first.write()
    attach(first.phone, first.seat, first.records[0], photo)
    first.hand_in()
    return uploader(first.phone, first.seat)


def _while_full(fleet: Fleet, desk: Desk, sending: Uploader, photo: bytes) -> bool:
    """Read and write until something is refused; tells whether anything was."""
    before = fleet.answered(503) + fleet.answered(507)
    deadline = time.monotonic() + FULL_SECONDS_MAX
    refused = False
    while time.monotonic() < deadline and not refused:
        for path in READS:
            status = desk.get(path).status_code
            if status != 200:
                raise PromiseBroken(f"with the disk full, {path} is answered {status}")
        refused = not _send(sending, fleet, photo)
        refused = refused or fleet.answered(503) + fleet.answered(507) > before
    return refused


def _send(sending: Uploader, fleet: Fleet, photo: bytes) -> bool:
    """Try to send the photo; tells whether it is at the office. Raises PromiseBroken."""
    created = sending.create(fleet.phones[0].records[0], photo)
    answers = [created]
    if created.status_code == 201 and created.headers["upload-offset"] != str(len(photo)):
        answers.append(sending.patch(created.headers["location"], 0, photo))
    for answer in answers:
        if answer.status_code >= 500 and answer.status_code not in HONEST:
            raise PromiseBroken(f"with the disk full, an upload is answered {answer.status_code}")
        if answer.status_code in HONEST and not answer.headers.get("retry-after"):
            raise PromiseBroken(f"{answer.status_code} without Retry-After")
    return answers[-1].is_success


def _finish(fleet: Fleet, sending: Uploader, photo: bytes) -> None:
    """With room again: the photo comes through, whole."""
    record = fleet.phones[0].records[0]
    if not _send(sending, fleet, photo):
        raise PromiseBroken("with room again, an upload is refused")
    if sending.read(record, digest_of(photo)).content != photo:
        raise PromiseBroken("a photo came back as another")
