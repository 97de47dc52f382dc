"""What is done first with a request: heed what it shows of the office's past, and take that back.

1. Before any batch is taken and any number given: a new epoch closes the old one's books.
2. Idempotent: what is here already is not taken twice, however often it is shown.
3. What is shown is nearly always held; to see that costs no statement.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from server.devices.returning import Papers, read_papers, take_back
from server.exchange.evidence import (
    begin_epoch_if_put_back,
    find_unmet,
    note_expected,
    tell_of_old_keys,
)
from server.exchange.known import KnownDevice
from server.exchange.opening import Opened
from server.facts import current_epoch
from server.office import Office
from server.records.rows import insert_rows
from server.records.tables import epoch_ends, returns
from sync.papers import CONFIRMED, Enrolment

RETURN_COLUMNS = ("epoch", "kind", "device", "number", "at")


def welcome(connection: sa.Connection, office: Office, opened: Opened, now: int) -> bool:
    """Heed receipts and papers; tell whether the request has to be opened anew."""
    request = opened.request
    if not request.receipts and not request.shown:
        return False
    papers = _papers_of(office, opened)
    unmet = find_unmet(connection, office, request.receipts)
    if not unmet and _are_held(papers, opened.known):
        return False
    began = begin_epoch_if_put_back(connection, office, unmet, papers, now)
    came = take_back(connection, office.keys, office.settings.office, papers, now)
    epoch = current_epoch(connection)
    rows = [(epoch, kind, request.device, number, now) for kind, number in came]
    insert_rows(connection, returns, RETURN_COLUMNS, rows)
    ends = [(number, 0, 0) for kind, number in came if kind == "seat"]
    insert_rows(connection, epoch_ends, ("seat", "last", "expected"), ends, "DO NOTHING")
    note_expected(connection, office, unmet)
    tell_of_old_keys(connection, office, unmet, now)
    return began or bool(came)


def shows_news(connection: sa.Connection, office: Office, opened: Sequence[Opened]) -> bool:
    """Tell whether any of several requests shows what is not held: one statement for them all."""
    receipts = [receipt for one in opened for receipt in one.request.receipts]
    return bool(find_unmet(connection, office, receipts)) or not all(
        _are_held(_papers_of(office, one), one.known) for one in opened
    )


def _papers_of(office: Office, opened: Opened) -> Papers:
    request = opened.request
    return read_papers(request.shown, office.settings.office, office.keys, request.device)


def _are_held(papers: Papers, known: KnownDevice | None) -> bool:
    """Tell whether all that these papers of a device say is known of it: nobody forgets it again.

    A list is weighed against the tables: it speaks of others.
    """
    if known is None:
        return not (papers.enrolments or papers.certificates or papers.revocations)
    return (
        not papers.revocations
        and all(_is_held(paper, known) for paper in papers.enrolments)
        and all(paper.seat in known.seats for paper in papers.certificates)
    )


def _is_held(paper: Enrolment, known: KnownDevice) -> bool:
    says_more = known.status == "pending" and paper.status == CONFIRMED
    return paper.public_key == known.public_key and not says_more
