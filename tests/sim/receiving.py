"""How the simulated phone takes what comes down: each page with its cursor in one transaction."""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from sync.limits import PAGE_STATES_MAX
from sync.page import Page, entries_of
from sync.record import State, decode_state, fold, join
from tests.sim.phone import Kept, Phone
from tests.sim.ports import Feed


def take_page(phone: Phone, feed: Feed, page: Page) -> None:
    """Join what a page brings, and note where to go on reading."""
    for entry in split_entries(entries_of(page)):
        version, record = read_mark(entry)
        if version == 0:
            release(phone, feed, record, phone.unsent_records())
        else:
            take_state(phone, feed, decode_state(entry))
    if phone.cursors.get(feed) != page.cursor:
        phone.disk.put("cursors", feed, page.cursor)


def take_state(phone: Phone, feed: Feed, theirs: State) -> None:
    """Join the office's state, and apply again what was written here and it lacks."""
    kept = phone.records.get(theirs.record)
    joined = join(kept.state, theirs) if kept else theirs
    if kept is None and any(True for _ in phone.own_changes(theirs.record)):
        phone.note("record-comes-back")
    state, _ = fold(joined, phone.own_changes(theirs.record))
    feeds = (kept.feeds if kept else frozenset()) | {feed}
    if kept is None or kept.state != state or kept.feeds != feeds:
        phone.disk.put("records", theirs.record, Kept(state, feeds))


def drop_area(phone: Phone, feed: Feed) -> None:
    """Forget an area that a seat has lost, and what was held only for it."""
    phone.disk.drop("cursors", feed)
    unsent = phone.unsent_records()
    for record in list(phone.records):
        release(phone, feed, record, unsent)
    row = phone.seats[feed.seat]
    phone.change_areas(feed.seat, tuple(area for area in row.areas if area != feed.area))


def release(phone: Phone, feed: Feed, record: bytes, unsent: set[bytes]) -> None:
    """Let a record leave the phone, if no feed is left and nothing of it is unsent."""
    kept = phone.records.get(record)
    if kept is None or feed not in kept.feeds:
        return
    feeds = kept.feeds - {feed}
    if feeds or record in unsent:
        phone.note("record-stays")
        phone.disk.put("records", record, Kept(kept.state, feeds, has_left=not feeds))
    else:
        phone.note("record-leaves")
        phone.disk.drop("records", record)


def sweep(phone: Phone) -> None:
    """Let go what had to stay only until it was sent."""
    leaving = [record for record, kept in phone.records.items() if kept.has_left]
    if leaving:
        unsent = phone.unsent_records()
        for record in leaving:
            if record not in unsent:
                phone.disk.drop("records", record)


def split_entries(entries: bytes) -> Iterator[bytes]:
    """Give the values that stand one after the other in a page.

    A reader that takes one value at a time is what the field app has. Here the number of values
    is found by trying, behind the header of an array that says it: most pages have few.
    """
    return iter(_split(entries))


@lru_cache(maxsize=256)
def _split(entries: bytes) -> list[bytes]:
    if not entries:
        return []
    low, high, count = 1, PAGE_STATES_MAX, 1
    while low <= high:
        try:
            found = _entries.decode(b"\xdc" + count.to_bytes(2, "big") + entries)
        except msgspec.DecodeError as refused:
            if "truncated" in str(refused):
                high = count - 1
            else:
                low = count + 1
            count = min(2 * low - 1, (low + high) // 2)
        else:
            return [bytes(one) for one in found]
    raise AssertionError("a page is not a row of values")


class Mark(msgspec.Struct, array_like=True):
    """How an entry begins. What follows is not looked at."""

    version: int
    record: bytes


def read_mark(entry: bytes) -> tuple[int, bytes]:
    """Read the first two places of an entry: its version, 0 for a mark, and the record."""
    place = _place.decode(entry)
    return place.version, place.record


_entries = msgspec.msgpack.Decoder(list[msgspec.Raw])
_place = msgspec.msgpack.Decoder(Mark)
