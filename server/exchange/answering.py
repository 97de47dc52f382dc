"""What the office answers to an exchange, after what was handed in is committed."""

from collections.abc import Sequence

import sqlalchemy as sa

from server.codes.leasing import as_lease
from server.codes.rules import Standing
from server.devices.orders import may_hand_in, signed_order
from server.devices.papers import certificates_of, confirmed_enrolment
from server.devices.returning import read_papers
from server.devices.tables import devices, seats
from server.exchange.feed_page import Giving, added_areas, dropped_areas, read_pages
from server.exchange.known import KnownDevice
from server.exchange.opening import Opened
from server.exchange.outcomes import outcomes_for
from server.lists.issuing import newer_lists
from server.office import Office
from server.staff.tables import staff
from server.statements import Statement
from server.tokens import HANDS_IN, Claim, make_token
from sync.app_version import is_too_old
from sync.exchange import (
    BatchRefusal,
    BundleOutcome,
    DirectoryEntry,
    ExchangeResponse,
    Finding,
    Lease,
    Shown,
    SignedBytes,
)
from sync.page import Page
from sync.receipt import Receipt, sign_receipt

PACKED_SINCE = 2
"""The version of the protocol in which pages come packed."""

ADDED_SINCE = 3
"""The version of the protocol in which a device hears of areas that it did not ask for."""

DIRECTORY_SEATS_MAX = 500
"""Seats named in one answer; the device asks on from the last that it knows."""


def answer(
    connection: sa.Connection,
    office: Office,
    opened: Opened,
    refusals: Sequence[BatchRefusal],
    outcomes: Sequence[BundleOutcome],
    standing: Sequence[Standing],
    *,
    is_fresh: bool,
    now: int,
) -> ExchangeResponse:
    """Give the answer; `is_fresh` is false for a number that was seen before: receipts only.

    What is known of the device is of this very snapshot: a new epoch may have begun since.
    """
    request, known = opened.request, opened.known
    assert known is not None, "who is answered is known"
    epoch = known.epoch
    # A device whose own is lower was put back to a backup of its own: it goes on from there.
    last = max(known.last_number, request.number if is_fresh else 0)
    least = office.settings.app_version_min
    reader = opened.reader if is_fresh else None
    pages: dict[str, Page] = {}
    dropped: list[str] = []
    added: list[str] = []
    directory: list[DirectoryEntry] = []
    token: str | None = None
    order: SignedBytes | None = None
    findings: list[Finding] = []
    leases: list[Lease] = []
    # A device that has not heard of this epoch holds cursors of a lost one: it hears of it first,
    # and asks again from the start.
    if reader is not None and request.epoch == epoch:
        if not is_too_old(request.app_version, least):
            is_packed = request.protocol >= PACKED_SINCE
            giving = Giving(connection, office.keys, office.runs, reader, is_packed)
            pages = read_pages(giving, request.cursors, request.want)
            dropped = dropped_areas(reader, request.cursors)
            if request.protocol >= ADDED_SINCE:
                added = added_areas(reader, request.cursors)
            directory = _directory(connection, known, request.directory)
            findings = outcomes_for(connection, reader, now)
            # Those that the device has not: also what an answer gave that was lost.
            named = {one.lease for one in request.leases}
            leases = [as_lease(reader.seat, one) for one in standing if one.lease not in named]
        # Also for an app that is too old: its photos are handing in.
        token = make_token(office.keys.sealing_key, Claim(request.device, reader.seat), now)
    elif opened.status == "revoked":
        order = signed_order(connection, office.keys, request.office, request.device, now)
        if may_hand_in(connection, request.device):
            token = make_token(office.keys.sealing_key, Claim(request.device, HANDS_IN), now)
    elif opened.is_dismissed and is_fresh and request.epoch == epoch:
        dropped = sorted(request.cursors)
    return ExchangeResponse(
        protocol=request.protocol,
        office=office.settings.office,
        device=request.device,
        number=request.number,
        epoch=epoch,
        time=now,
        receipts=_receipts(office, opened, known, now),
        refusals=[*opened.refusals, *refusals],
        pages=pages,
        dropped=dropped,
        directory=directory,
        findings=findings,
        leases=leases,
        reference=office.reference.etag,
        min_version=least,
        token=token,
        opened=list(outcomes),
        order=order,
        shown=_shown(connection, office, opened, epoch),
        last_number=0 if last == request.number else last,
        added=added,
    )


def _receipts(office: Office, opened: Opened, known: KnownDevice, now: int) -> list[Receipt]:
    """Sign for every seat of this device that the request spoke of, and that has not our word."""
    named = {end.seat for end in opened.request.logs} | {batch.seat for batch in opened.batches}
    unsigned = [
        Receipt(
            office=office.settings.office,
            key=office.keys.name,
            epoch=known.epoch,
            seat=seat.number,
            held=seat.held,
            safe=seat.safe,
            head=seat.head,
            time=now,
            signature=b"",
        )
        for seat in known.seats.values()
        if seat.number in named
    ]
    told = _known_already(opened)
    return [
        sign_receipt(office.keys.private_key, one)
        for one in unsigned
        if (one.seat, one.epoch, one.key, one.held, one.safe, one.head) not in told
    ]


def _known_already(opened: Opened) -> set[tuple[int, int, str, int, int, bytes]]:
    """Give what the device has receipts for, of logs of which it has neither more nor others.

    A log that has parted from its receipt, or goes on behind it, always gets our word anew.
    """
    request = opened.request
    ends = {(end.seat, end.last, end.head) for end in request.logs}
    sent = {batch.seat for batch in opened.batches}
    return {
        (one.seat, one.epoch, one.key, one.held, one.safe, one.head)
        for one in request.receipts
        if (one.seat, one.held, one.head) in ends and one.seat not in sent
    }


def _shown(connection: sa.Connection, office: Office, opened: Opened, epoch: int) -> list[Shown]:
    """Give the papers that this device should have, and has not."""
    request = opened.request
    if request.protocol == 1 or request.epoch != epoch or opened.status == "revoked":
        # A device that has not heard of this epoch shows first what it has of the lost one; a
        # revoked one gets no papers.
        return []
    shown = newer_lists(connection, request.lists)
    papers = read_papers(request.shown, office.settings.office, office.keys, request.device)
    if not any(one.status == "" for one in papers.enrolments):
        return shown
    # It has only the paper of one who waits: from before it was confirmed, or from version 1.
    name, keys = office.settings.office, office.keys
    confirmed = confirmed_enrolment(connection, keys, name, request.device)
    wanted = {end.seat for end in request.logs}
    seated = certificates_of(connection, keys, name, request.device, wanted)
    return [*shown, *([confirmed] if confirmed else []), *seated]


def _directory(connection: sa.Connection, known: KnownDevice, after: int) -> list[DirectoryEntry]:
    if after >= known.newest_seat:
        return []
    return [DirectoryEntry(*row) for row in _names.rows(connection, after=after)]


_names = Statement(
    sa.select(
        seats.c.number,
        sa.func.coalesce(staff.c.name, devices.c.label),
        sa.func.coalesce(staff.c.role, "office"),
        devices.c.label,
    )
    .join(devices, devices.c.number == seats.c.device)
    .outerjoin(staff, staff.c.id == seats.c.staff)
    .where(seats.c.number > sa.bindparam("after"))
    .order_by(seats.c.number)
    .limit(DIRECTORY_SEATS_MAX)
)
