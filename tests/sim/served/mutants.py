"""Bugs on purpose in the real office. Each is a mistake that somebody could make there."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from server import office as offices
from server.backups import restoring
from server.devices.tables import seats
from server.exchange import answering, exchange, feed_page, merging, opening, taking
from server.exchange.authors import Writer
from server.exchange.merging import Merging
from server.exchange.opening import Opened
from server.office import Office
from server.records import feeds, folding
from server.records.changes import QUARANTINED
from server.staff.tables import staff
from sync import log as core_log
from sync.batch import Batch, link_changes
from sync.change import LinkedChange
from sync.exchange import Page
from sync.log import Held
from sync.receipt import Receipt
from sync.record import State
from tests.sim.level import Planted

_hand_in, _sealed_answer = exchange._hand_in, exchange._sealed_answer
_waiting: set["asyncio.Task[Any]"] = set()


async def _acknowledge_before_commit(office: Office, body: bytes, now: int) -> bytes:
    """Answer by what will be there, and let a task beside the request write it."""
    opened = await office.database.read(
        lambda connection: opening.open_exchange(connection, office.settings.office, body)
    )
    exchange.require_confirmed(opened.request.device, opened.status)
    writing = partial(_hand_in, office=office, opened=opened, now=now)

    def foresee(connection: sa.Connection) -> bytes:
        trying = connection.begin_nested()
        handed = writing(connection)
        answer = _sealed_answer(connection, office=office, opened=opened, handed=handed, now=now)
        trying.rollback()
        return answer

    answer = await office.database.write(foresee)
    task = asyncio.create_task(office.database.write(writing))
    _waiting.add(task)
    task.add_done_callback(_waiting.discard)
    return answer


def _accept_gap(batch: Batch, *, held: Held, **given: Any) -> Sequence[LinkedChange]:
    if batch.first > held.last + 1:
        return link_changes(batch.seat, batch.first, batch.changes, held.head)
    return core_log.take_batch(batch, held=held, **given)


def _append_duplicate(batch: Batch, *, held: Held, **given: Any) -> Sequence[LinkedChange]:
    new = core_log.take_batch(batch, held=held, **given)
    return new or link_changes(batch.seat, held.last + 1, batch.changes, held.head)


def _skip_chain_check(batch: Batch, linked: Sequence[LinkedChange]) -> None:
    del batch, linked


_merge = Merging.merge


def _quarantine_is_not_merged(self: Merging, writer: Writer, change: LinkedChange) -> None:
    skeleton = change.skeleton
    if skeleton is not None and writer.rights.is_revoked:
        self._ends[change.seat] = (change.seq, change.head)
        self._keep(change, QUARANTINED, 0)
        return
    _merge(self, writer, change)


def _put_nothing_back(before: State, quarantined: LinkedChange) -> list[Any]:
    del before, quarantined
    return []


def _silence(*_given: Any) -> dict[str, Any]:
    return {}


def _keep_no_branch(*_given: Any) -> None:
    return None


_settle_epoch = restoring.settle_epoch


def _keep_desk_seats(connection: sa.Connection, *given: Any, **named: Any) -> int:
    epoch = _settle_epoch(connection, *given, **named)
    own = seats.c.private_key_sealed.is_not(None)
    connection.execute(sa.update(seats).where(own).values(retired_at=None))
    return epoch


_receipts = answering._receipts


def _receipt_without_epoch(*given: Any) -> list[Receipt]:
    return [_signed_for_the_first(given[1], receipt) for receipt in _receipts(*given)]


def _signed_for_the_first(office: Office, receipt: Receipt) -> Receipt:
    first = Receipt(
        receipt.office, receipt.key, 1, receipt.seat, receipt.held, receipt.safe, receipt.head,
        receipt.time, b"",
    )  # fmt: skip
    return answering.sign_receipt(office.keys.private_key, first)


def _stay_in_the_epoch(
    connection: sa.Connection, path: Any, now: int, *, is_behind: bool = False
) -> int:
    del is_behind
    _settle_epoch(connection, path, now)
    path.write_text("1", "ascii")
    feeds_epoch = sa.text("UPDATE office_facts SET value = '1' WHERE name = 'epoch'")
    connection.execute(feeds_epoch)
    return 1


def _all_held_is_safe(*given: Any) -> list[Receipt]:
    office: Office = given[1]
    return [
        answering.sign_receipt(
            office.keys.private_key,
            Receipt(
                one.office, one.key, one.epoch, one.seat, one.held, one.held, one.head, one.time,
                b"",
            ),  # fmt: skip
        )
        for one in _receipts(*given)
    ]


_behind = feed_page._behind


def _hold_all(*given: Any) -> Any:
    # The last two conditions are who holds it, and that it is not hidden.
    selected = _behind(*given)
    kept = [one for one in selected._where_criteria if "EXISTS" not in str(one)]
    selected = selected._generate()
    selected._where_criteria = tuple(kept)
    return selected


def _people_never_leave(connection: sa.Connection, staff_id: int) -> Any:
    found = sa.select(staff.c.id, staff.c.sign_in, staff.c.name, staff.c.role, staff.c.team)
    row = connection.execute(found.where(staff.c.id == staff_id)).first()
    return opening.Person(*row) if row else None


_read_page = feed_page._read_page


def _cursor_beyond_its_page(connection: sa.Connection, *given: Any) -> Page:
    page = _read_page(connection, *given)
    if not page.more:
        return page
    counted = sa.select(feeds.area_counters.c.number)
    newest = connection.execute(counted.where(feeds.area_counters.c.area == given[1])).scalar_one()
    return Page(page.entries, newest, more=False)


_reserved: dict[tuple[int, int], int] = {}
_open_exchange = opening.open_exchange
_current: list[int] = []


def _take_number_at_the_door(connection: sa.Connection, office: str, body: bytes) -> Opened:
    opened = _open_exchange(connection, office, body)
    newest = connection.execute(sa.select(sa.func.max(feeds.area_counters.c.number))).scalar() or 0
    taken = max(newest, *_reserved.values(), 0) + 100
    _reserved[opened.request.device, opened.request.number] = taken
    return opened


def _hand_in_under_it(connection: sa.Connection, *, opened: Opened, **given: Any) -> Any:
    _current[:] = [_reserved[opened.request.device, opened.request.number]]
    try:
        return _hand_in(connection, opened=opened, **given)
    finally:
        _current.clear()


_take_numbers = feeds._take_numbers


def _numbers_from_the_door(connection: sa.Connection, area: str, count: int) -> int:
    if not _current:
        return _take_numbers(connection, area, count)
    first, newest = _current[0], _take_numbers(connection, area, count) + count - 1
    this = feeds.area_counters.c.area == area
    at_least = max(first + count - 1, newest)
    connection.execute(sa.update(feeds.area_counters).where(this).values(number=at_least))
    _current[0] += count
    return first


_row_of = folding.row_of


def _never_hidden(*given: Any) -> Any:
    row = list(_row_of(*given))
    row[folding.COLUMNS.index("hidden")] = False
    return tuple(row)


def _no_left_mark(self: Merging) -> None:
    entries: dict[str, list[tuple[bytes, bool]]] = {}
    for folded in self._touched_folded():
        if folded.area and not folded.is_hidden:
            entries.setdefault(folded.area, []).append((folded.state.record, False))
    feeds.number_feeds(self._connection, entries)


MUTANTS: Mapping[str, Sequence[Planted]] = {
    "acknowledge before commit": [
        (exchange, "exchange", _acknowledge_before_commit),
    ],
    "accept gap": [(taking, "take_batch", _accept_gap)],
    "append duplicate": [(taking, "take_batch", _append_duplicate)],
    "skip chain check": [(core_log, "require_head", _skip_chain_check)],
    "a fork is not kept": [(taking, "_keep_branch", _keep_no_branch)],
    "quarantine is not merged": [(Merging, "merge", _quarantine_is_not_merged)],
    "nothing is put back": [(merging, "put_back", _put_nothing_back)],
    "no late put-back": [(merging, "silenced_sets", _silence)],
    "cursor by sequence": [
        (exchange, "open_exchange", _take_number_at_the_door),
        (exchange, "_hand_in", _hand_in_under_it),
        (feeds, "_take_numbers", _numbers_from_the_door),
    ],
    "cursor beyond its page": [(feed_page, "_read_page", _cursor_beyond_its_page)],
    "no left mark": [(Merging, "_number", _no_left_mark)],
    "holdings are ignored": [(feed_page, "_behind", _hold_all)],
    "people never leave": [(opening, "find_person", _people_never_leave)],
    "receipt without epoch": [(answering, "_receipts", _receipt_without_epoch)],
    "a restore stays in its epoch": [
        (restoring, "settle_epoch", _stay_in_the_epoch),
        (offices, "settle_epoch", _stay_in_the_epoch),
    ],
    "a restore keeps desk seats": [
        (restoring, "settle_epoch", _keep_desk_seats),
        (offices, "settle_epoch", _keep_desk_seats),
    ],
    "all that is held is safe": [(answering, "_receipts", _all_held_is_safe)],
    "nothing is hidden": [(folding, "row_of", _never_hidden)],
}
