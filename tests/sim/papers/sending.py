"""The phone's papers: kept with the change that names them, sent piece by piece behind the text.

1. A paper is on the disk in the transaction of its change, and is gone from it only where a
   verified backup of the office covers it, or where it was erased by law.
2. A paper goes only when the office has the change that names it, for the person who named it.
3. What the office had in an earlier epoch, and the phone still has, is sent again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

from sync.bundle import CarriedAttachment
from sync.change import Dot
from sync.exchange import ExchangeResponse
from sync.papers import Erasure
from sync.receipt import Receipt
from tests.sim.disk import DiskFull
from tests.sim.model import ERASED
from tests.sim.papers.door import (
    BAD_TOKEN,
    CREATED,
    DOOR,
    FIELD,
    GONE,
    MISMATCH,
    NO_CONTENT,
    OK,
    PIECE_BYTES,
    REFUSED_CONTENT,
    TYPE,
    UNKNOWN,
    WRONG_HASH,
    DoorAnswer,
    DoorRequest,
    PaperName,
    request_of,
)
from tests.sim.phone import Paper, Phone

PIECE_TYPE = "application/offset+octet-stream"
BUSY = (429, 503)


class Asked(NamedTuple):
    """What is on its way, for which paper, and what the phone took for the epoch then."""

    request: DoorRequest
    name: PaperName
    epoch: int


class Sending:
    """What sends papers. See `PaperSender` for what its deeds mean."""

    sends_by_itself = False

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.asked: Asked | None = None
        self.token = ""
        # Whom the token speaks for; 0 where the phone itself hands in.
        self.reader = 0
        # Left for the next exchange, because the office does not take them now.
        self._passed: set[PaperName] = set()
        # Whose end at the office was heard since it last may have moved unheard.
        self._known: set[PaperName] = set()

    def take_exchange(
        self, seat: int | None, response: ExchangeResponse, receipts: Sequence[Receipt]
    ) -> None:
        """Note what an answer gives: a token, and what is safe by now."""
        self._passed.clear()
        if response.token:
            self.token = response.token
            self.reader = 0 if response.order is not None else seat or 0
        for receipt in receipts:
            drop_safe(self.phone, receipt)

    def due(self) -> Iterator[Paper]:
        """Give what can go: of the person at work; a phone that hands in speaks for all."""
        phone = self.phone
        unsent = {(one.change.seat, one.change.seq) for one in phone.unsent()}
        for row in phone.papers.values():
            is_own = self.reader in (0, self.person_of(row))
            if is_own and is_wanted(phone, row) and (row.seat, row.seq) not in unsent:
                yield row

    def person_of(self, row: Paper) -> int:
        return self.phone.newest(row.seat).seat

    def ask(self) -> DoorRequest | None:
        if not self.token or self.asked is not None:
            return None
        ready = [row for row in self.due() if row.name not in self._passed]
        for row in sorted(ready, key=lambda row: (not row.address, row.seat, row.seq)):
            assert row.data is not None
            if sha256(row.data).digest() != row.name.digest:
                self.phone.note("paper:damaged-here")
                self._put(row._replace(stage="refused"))
                continue
            request = self._request_for(row, row.data)
            self.asked = Asked(request, row.name, self.phone.row.epoch)
            return request
        return None

    def _request_for(self, row: Paper, data: bytes) -> DoorRequest:
        if not row.address:
            told = {"upload-length": str(len(data)), "upload-metadata": row.name.metadata}
            return request_of("POST", DOOR, self.token, told)
        if row.name not in self._known:
            return request_of("HEAD", row.address, self.token, {})
        piece = data[row.offset : row.offset + PIECE_BYTES]
        told = {"upload-offset": str(row.offset), "content-type": PIECE_TYPE}
        return request_of("PATCH", row.address, self.token, told, piece)

    def sets_out(self, request: DoorRequest) -> None:
        assert self.asked is not None
        assert self.asked.request is request

    def take(self, request: DoorRequest, answer: DoorAnswer | None) -> Sequence[bytes]:
        self._take(request, answer)
        return ()

    def _take(self, request: DoorRequest, answer: DoorAnswer | None) -> None:
        if self.asked is None or self.asked.request is not request:
            return
        asked, self.asked = self.asked, None
        row = self.phone.papers.get(asked.name)
        if row is None or row.data is None:
            return
        if answer is None or not answer.is_ours:
            self._known.discard(row.name)
        elif answer.status in (CREATED, OK, NO_CONTENT):
            self._go_on(row, asked, answer)
        else:
            self._give_way(row, request.method, answer.status)

    def _go_on(self, row: Paper, asked: Asked, answer: DoorAnswer) -> None:
        assert row.data is not None
        assert answer.offset is not None
        if answer.offset == len(row.data):
            self.phone.note("paper:held")
            last = self.phone.seats[row.seat].last
            held = row._replace(stage="held", address="", held_epoch=asked.epoch, held_last=last)
            self._put(held)
            return
        address = answer.headers["location"] if answer.status == CREATED else row.address
        self._known.add(row.name)
        self._put(row._replace(address=address, offset=answer.offset))

    def _give_way(self, row: Paper, method: str, status: int) -> None:
        self.phone.note(f"paper:{status}")
        self._known.discard(row.name)
        if status == BAD_TOKEN:
            self.token = ""
        elif status == REFUSED_CONTENT:
            self._put(row._replace(stage="refused", address=""))
        elif method == "POST" or status in BUSY:
            self._passed.add(row.name)
        elif status in (UNKNOWN, GONE, WRONG_HASH):
            self._put(row._replace(address="", offset=0))
        else:
            # It ends elsewhere, or something broke: the next request asks where.
            assert status in (MISMATCH, 499, 500), status

    def give_up(self) -> None:
        if self.asked is not None:
            self.take(self.asked.request, None)
        self._passed.clear()

    def spoil(self, place: int) -> PaperName | None:
        rows = [row for row in self.phone.papers.values() if row.data is not None]
        if not rows:
            return None
        row = rows[place % len(rows)]
        assert row.data is not None
        worn = row._replace(data=row.data[:-1] + bytes([row.data[-1] ^ 1]))
        self.phone.disk.put("papers", row.name, worn)
        self.phone.disk.rot()
        return row.name

    def _put(self, row: Paper) -> None:
        with suppress(DiskFull):
            self.phone.disk.put("papers", row.name, row)
            self.phone.disk.commit(strict=False)


def is_wanted(phone: Phone, row: Paper) -> bool:
    """Tell whether the office is to be sent this, as far as the phone knows."""
    is_waiting = row.stage == "named" or is_lost_again(phone, row)
    return row.data is not None and is_waiting


def is_lost_again(phone: Phone, row: Paper) -> bool:
    """Tell whether the office has gone back, perhaps to before it had this."""
    return row.stage == "held" and row.held_epoch != phone.row.epoch


def keep_paper(phone: Phone, record: bytes, seat: int, data: bytes) -> None:
    """Keep a paper in the open transaction, which has just written the change that names it."""
    name = PaperName(record, sha256(data).digest())
    dot = phone.log[seat, phone.seats[seat].last].change.dot
    phone.disk.put("papers", name, Paper(name, seat, dot.seq, data, tag=dot.tag))


def drop_safe(phone: Phone, receipt: Receipt) -> None:
    """Let go of what a verified backup covers: it covers a change made after the paper was held."""
    for row in list(phone.papers.values()):
        is_covered = row.held_epoch == receipt.epoch and receipt.safe > row.held_last
        if row.stage == "held" and row.seat == receipt.seat and row.data and is_covered:
            phone.note("paper:dropped")
            phone.disk.put("papers", row.name, row._replace(data=None))


def papers_to_carry(phone: Phone) -> list[CarriedAttachment]:
    """Give what a rescue file takes along: what the office waits for, or no backup covers."""
    return [
        CarriedAttachment(row.name.record, TYPE, row.data)
        for row in phone.papers.values()
        if row.data and row.stage != "refused" and sha256(row.data).digest() == row.name.digest
    ]


def erase_papers(phone: Phone, entries: Iterable[Erasure]) -> None:
    """Drop, in the open transaction, what a listed change named, or of which a state says so.

    Not where the own log has another change in that place, as a copy's has.
    """
    named = {one.named for one in entries}
    for name, row in list(phone.papers.items()):
        said = [dot for dot in _erased_in_state(phone, name) if not _is_another(phone, dot)]
        if said or Dot(row.seat, row.seq, row.tag) in named:
            phone.note("paper:erased-here")
            phone.disk.drop("papers", name)


def _is_another(phone: Phone, dot: Dot) -> bool:
    entry = phone.log.get((dot.seat, dot.seq))
    return entry is not None and entry.change.dot != dot


def _erased_in_state(phone: Phone, name: PaperName) -> list[Dot]:
    kept = phone.records.get(name.record)
    register = kept.state.registers.get(name.field) if kept else None
    heads = register.heads if register else ()
    return [head.dot for head in heads if bytes(head.value) == ERASED]


def said_of(data: bytes) -> dict[str, object]:
    """Give what a change says of a paper."""
    return {"document": "form", "size": len(data), "type": TYPE, "taken": "2027-01-15T09:00+07:00"}


def field_of(data: bytes) -> str:
    """Give the field that names a paper."""
    return f"{FIELD}{sha256(data).hexdigest()}"
