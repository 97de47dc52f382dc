"""Bugs on purpose in the real office. Each is a mistake that somebody could make there."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from msgspec.structs import replace

from server import office as offices
from server.backups import restoring
from server.epoch import settle_epoch
from server.erasures import erasure
from server.erasures.dropping import Gone
from server.exchange import (
    answering,
    bundles,
    exchange,
    feed_page,
    handing_in,
    known,
    merging,
    taking,
)
from server.exchange.authors import Writer
from server.exchange.exchange import Answer
from server.exchange.merging import Merging
from server.exchange.opening import Opened
from server.office import Office
from server.records import feeds, folding
from server.records.changes import QUARANTINED
from sync import log as core_log
from sync.batch import Batch, link_changes
from sync.change import LinkedChange
from sync.log import Held
from sync.page import Page
from sync.receipt import Receipt, sign_receipt
from sync.record import State
from tests.sim.level import Planted
from tests.sim.served.database import HeldDatabase
from tests.sim.served.folder import PEOPLE_EACH, TEAMS, person_number
from tests.sim.served.paper_mutants import PAPERS

_hand_in, _sealed_answer = handing_in.hand_in, exchange._sealed_answer


_foreseen: dict[int, Answer] = {}
_waiting: list[Any] = []


def _write_later(
    connection: sa.Connection, *, office: Office, opened: Opened, now: int, **given: Any
) -> Any:
    """Say what will be there, and let a task beside the request write it."""
    trying = connection.begin_nested()
    handed = _hand_in(connection, office=office, opened=opened, now=now, **given)
    _foreseen[id(handed.opened)] = _sealed_answer(
        connection, office=office, opened=handed.opened, handed=handed, now=now
    )
    trying.rollback()
    stepping = cast("HeldDatabase", office.database).stepping
    again = partial(_hand_in, office=office, opened=opened, now=now, **given)
    _waiting.append(stepping.loop.create_task(stepping.wait("write", again)))
    return handed


def _answer_as_foreseen(connection: sa.Connection, *, opened: Opened, **given: Any) -> Answer:
    del connection, given
    return _foreseen.pop(id(opened))


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


def _keep_no_branch(*_given: Any) -> None:
    return None


_settle_epoch = settle_epoch
_receipts = answering._receipts


def _receipts_of_one_epoch(office: Office, *given: Any) -> list[Receipt]:
    return [
        sign_receipt(office.keys.private_key, replace(receipt, epoch=1))
        for receipt in _receipts(office, *given)
    ]


def _all_held_is_safe(office: Office, *given: Any) -> list[Receipt]:
    return [
        sign_receipt(office.keys.private_key, replace(receipt, safe=receipt.held))
        for receipt in _receipts(office, *given)
    ]


def _stay_in_the_epoch(
    connection: sa.Connection, path: Any, now: int, *, is_behind: bool = False
) -> int:
    del is_behind
    _settle_epoch(connection, path, now)
    path.write_text("1", "ascii")
    feeds_epoch = sa.text("UPDATE office_facts SET value = '1' WHERE name = 'epoch'")
    connection.execute(feeds_epoch)
    return 1


def _hold_all(*_given: Any) -> list[str]:
    teams = range(1, len(TEAMS) + 1)
    people = [
        person_number(place, team, is_helper=is_helper)
        for team in teams
        for place in range(1, PEOPLE_EACH + 1)
        for is_helper in (True, False)
    ]
    return [*(f"team:{team}" for team in teams), *(f"staff:{person}" for person in people)]


def _everybody_sits(*_given: Any) -> bool:
    return True


_read_page = feed_page._read_page


def _cursor_beyond_its_page(*given: Any) -> Page:
    page = _read_page(*given)
    newest = max(span[1] for span in given if isinstance(span, tuple))
    return replace(page, cursor=newest, more=False) if page.more else page


_row_of = folding.row_of


def _never_hidden(*given: Any) -> Any:
    row = list(_row_of(*given))
    row[folding.COLUMNS.index("hidden")] = False
    return tuple(row)


def _all_is_held(refusals: Any) -> str:
    del refusals
    return ""


def _no_left_mark(self: Merging) -> None:
    entries: dict[str, list[tuple[bytes, bool]]] = {}
    for folded in self._touched_folded():
        if folded.area and not folded.is_hidden:
            entries.setdefault(folded.area, []).append((folded.state.record, False))
    feeds.number_feeds(self._connection, entries, self.touched)


def _forget_the_list(*_given: Any) -> Gone:
    return Gone()


def _take_it_whole(change: LinkedChange) -> LinkedChange:
    return change


def _tell_no_feed(*_given: Any) -> None:
    return


MUTANTS: Mapping[str, Sequence[Planted]] = {
    "acknowledge before commit": [
        (handing_in, "hand_in", _write_later),
        (handing_in.HandIn, "may_join", lambda _self, _others: False),
        (exchange, "_sealed_answer", _answer_as_foreseen),
    ],
    "accept gap": [(taking, "take_batch", _accept_gap)],
    "append duplicate": [(taking, "take_batch", _append_duplicate)],
    "skip chain check": [(core_log, "require_head", _skip_chain_check)],
    "a fork is not kept": [(taking, "_keep_branch", _keep_no_branch)],
    "quarantine is not merged": [(Merging, "merge", _quarantine_is_not_merged)],
    "nothing is put back": [(merging, "put_back", _put_nothing_back)],
    "cursor beyond its page": [(feed_page, "_read_page", _cursor_beyond_its_page)],
    "no left mark": [(Merging, "_number", _no_left_mark)],
    "holdings are ignored": [(feed_page, "_holders_of", _hold_all)],
    "people never leave": [(known, "_sits", _everybody_sits)],
    "receipt without epoch": [(answering, "_receipts", _receipts_of_one_epoch)],
    "a restore stays in its epoch": [
        (restoring, "settle_epoch", _stay_in_the_epoch),
        (offices, "settle_epoch", _stay_in_the_epoch),
    ],
    "all that is held is safe": [(answering, "_receipts", _all_held_is_safe)],
    "a bundle is held whatever was in it": [(bundles, "_code_of", _all_is_held)],
    "a restore undoes an erasure": [(offices, "run_again", _forget_the_list)],
    "an erased change comes back whole": [(taking, "_without_body", _take_it_whole)],
    "what was erased leaves no feed": [(erasure, "number_feeds", _tell_no_feed)],
    "nothing is hidden": [(folding, "row_of", _never_hidden)],
    **PAPERS,
}

# Worlds that caught them when they were planted: tried first, so that they cost little.
CAUGHT_IN: dict[str, int] = {
    "a bundle is held whatever was in it": 22,
    "a foreign paper is readable": 2,
    "a fork is not kept": 6,
    "a restore undoes an erasure": 4,
    "accept gap": 22,
    "an erased change comes back whole": 22,
    "no left mark": 3,
    "nothing is hidden": 13,
    "papers in a bundle are passed over": 6,
    "people never leave": 2,
    "quarantine is not merged": 6,
    "skip chain check": 6,
    "what was erased leaves no feed": 4,
    "young orphans are swept": 18,
}
