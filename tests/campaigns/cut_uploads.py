"""Photos come in over a line that is cut again and again: little is sent twice, and no wrong byte.

The phone asks how far it came (HEAD) after every cut and goes on there; sometimes the line also
doubles a piece: FAULT-12, FAULT-55.
"""

import random
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx

from tests.campaigns.fleet import open_fleet
from tests.campaigns.part import Chunk
from tests.campaigns.rough_line import Asked, open_rough_line
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.trouble import NONE, Trouble
from tests.stories.office import OfficeProcess
from tests.support.tus import Uploader, attach, digest_of, photo_of, uploader

CUTS: Final = 20

PHOTO_SIDE: Final = 1_400
"""Pixels: a photo of about 1 MB, as a phone makes after shrinking it."""

PIECE_BYTES: Final = 256 * 1024

BACK_SECONDS: Final = 0.2
"""Two round trips of a mobile line: no phone is back sooner after a cut."""

RESENT_SHARE_MAX: Final = 0.05


class _CutLine:
    """Cuts so many pieces somewhere, doubles a few others, and lets the rest pass."""

    def __init__(self, seed: int, cut_after_bytes: int, bytes_per_second: int | None) -> None:
        self.chance = random.Random(seed)
        self.cut_after_bytes = cut_after_bytes
        self.bytes_per_second = bytes_per_second
        self.cuts_left = CUTS
        self.doubled = 0

    def plan(self, asked: Asked) -> Trouble:
        """Say what happens to a request."""
        if asked.method != "PATCH":
            return NONE
        rate = self.bytes_per_second
        if self.cuts_left:
            self.cuts_left -= 1
            place = self.chance.randrange(1, min(asked.body_bytes, self.cut_after_bytes) + 1)
            return Trouble(cut_up_at=min(place, asked.body_bytes - 1), bytes_per_second=rate)
        self.doubled += 1
        return Trouble(is_doubled=self.doubled == 1, bytes_per_second=rate)


def upload_across_cuts(
    folder: Path, database: str, photos: int, seed: int, bytes_per_second: int | None = None
) -> tuple[Tally, float]:
    """Send photos, each across 20 cuts; gives also the share of bytes that were sent twice."""
    more = {"LUUDONG_BACKUP_HOUR": "off"}
    office = OfficeProcess(folder / "office", database, more=more)
    office.start()
    try:
        sent = needed = 0
        with ExitStack() as stack:
            fleet = stack.enter_context(open_fleet(office, 1, seed))
            working = fleet.phones[0]
            for turn in range(photos):
                photo = photo_of(seed * 1000 + turn, PHOTO_SIDE)
                working.write()
                record = working.records[-1]
                attach(working.phone, working.seat, record, photo)
                working.hand_in()
                token = uploader(working.phone, working.seat).token
                cuts = _CutLine(seed + turn, 2 * len(photo) // CUTS, bytes_per_second)
                line = stack.enter_context(open_rough_line(office.port, cuts.plan))
                address = f"http://127.0.0.1:{line.port}"
                http = stack.enter_context(httpx.Client(base_url=address, timeout=60))
                sending = Uploader(http, token)
                _send(sending, str(sending.create(record, photo).headers["location"]), photo)
                if cuts.cuts_left:
                    raise PromiseBroken(f"only {CUTS - cuts.cuts_left} cuts were met")
                if sending.read(record, digest_of(photo)).content != photo:
                    raise PromiseBroken("a photo came in as another")
                sent += line.body_bytes_up
                needed += len(photo)
        tally = Tally(rounds=photos, steps=photos * CUTS, kills=photos * CUTS)
        return tally, (sent - needed) / needed
    finally:
        office.kill()


def across_cuts(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign."""
    database = f"sqlite:///{chunk.folder / 'office.sqlite3'}"
    tally, resent = upload_across_cuts(chunk.folder, database, chunk.rounds, chunk.seed)
    if resent > RESENT_SHARE_MAX:
        raise PromiseBroken(f"{resent:.1%} of the bytes were sent twice")
    return tally


def _send(sending: Uploader, address: str, photo: bytes) -> None:
    """Send piece by piece, and ask after each cut; a piece that came twice is asked about too."""
    offset = 0
    while offset < len(photo):
        try:
            answer = sending.patch(address, offset, photo[offset : offset + PIECE_BYTES])
        except httpx.TransportError:
            time.sleep(BACK_SECONDS)
            answer = sending.head(address)
        if answer.status_code == 409:
            answer = sending.head(address)
        if not answer.is_success:
            raise PromiseBroken(f"a piece is answered {answer.status_code}")
        offset = int(answer.headers["upload-offset"])
