"""What a device shows of the office's own signatures, weighed against what the office holds.

1. A receipt of this epoch and of today's key for more than is held, or for another head, and a
   paper for a number of this epoch that nobody has, say one thing: this database is an older copy
   of itself and nobody noticed. A new epoch begins, before anything else is done, once.
2. A receipt of an earlier epoch tells how far a log had come; of a retired key it is something for
   people to look at, and sets nothing going.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from server.devices.returning import Papers
from server.devices.tables import devices, seats
from server.dossiers.findings import Raised, write_findings
from server.dossiers.tables import findings
from server.epoch import begin_epoch, lock_epoch
from server.facts import current_epoch, first_number
from server.office import Office
from server.records.tables import changes, epoch_ends, logs
from server.statements import Among, Statement
from sync.receipt import Receipt, verify_receipt
from sync.refusals import BadSignature

OLD_KEY: Final = "receipt-of-old-key"


def find_unmet(
    connection: sa.Connection, office: Office, shown: Sequence[Receipt]
) -> list[Receipt]:
    """Give the receipts that the office really signed and that its logs do not bear out."""
    return [one for one in _differing(connection, office, shown) if _holds(office, one)]


def begin_epoch_if_put_back(
    connection: sa.Connection, office: Office, unmet: Sequence[Receipt], papers: Papers, now: int
) -> bool:
    """Begin a new epoch if the office was put back without noticing; tell whether it did."""
    if not _is_put_back(connection, office, unmet, papers):
        return False
    # Should another have begun it meanwhile, this evidence is of a lost epoch by now.
    lock_epoch(connection)
    if not _is_put_back(connection, office, unmet, papers):
        return False
    begin_epoch(connection, office.epoch_path, now)
    return True


def note_expected(connection: sa.Connection, office: Office, unmet: Sequence[Receipt]) -> None:
    """Note how far a log is known to have come, so that people can be told what is missing."""
    for one in unmet:
        if one.key != office.keys.name:
            continue
        is_more = (epoch_ends.c.seat == one.seat) & (epoch_ends.c.expected < one.held)
        connection.execute(sa.update(epoch_ends).where(is_more).values(expected=one.held))


def tell_of_old_keys(
    connection: sa.Connection, office: Office, unmet: Sequence[Receipt], now: int
) -> None:
    """Raise a finding, once, for what a retired key signed and the office does not hold."""
    for one in unmet:
        retired = office.keys.retired.get(one.key)
        if retired is None or one.key == office.keys.name:
            continue
        told = sa.select(findings.c.id).where(
            findings.c.kind == OLD_KEY, findings.c.seat == one.seat, findings.c.seq == one.held
        )
        if connection.execute(told).first() is None:
            # Signed after the key was retired: whoever has the key now is not the office.
            detail = {"epoch": one.epoch, "late": int(one.time > retired.retired_at)}
            raised = Raised(OLD_KEY, None, one.seat, one.held, None, now, detail)
            write_findings(connection, [raised])


def _is_put_back(
    connection: sa.Connection, office: Office, unmet: Sequence[Receipt], papers: Papers
) -> bool:
    epoch = current_epoch(connection)
    if any(one.epoch == epoch and one.key == office.keys.name for one in unmet):
        return True
    numbers = [paper.device for paper in papers.enrolments]
    if _are_lost(connection, devices.c.number, numbers, epoch):
        return True
    return _are_lost(
        connection, seats.c.number, [paper.seat for paper in papers.certificates], epoch
    )


def _are_lost(
    connection: sa.Connection, column: "sa.Column[int]", numbers: Iterable[int], epoch: int
) -> bool:
    """Tell whether this epoch gave out a number that nobody has."""
    given = {number for number in numbers if number >= first_number(epoch)}
    known = set(connection.execute(sa.select(column).where(column.in_(sorted(given)))).scalars())
    return bool(given - known)


def _differing(
    connection: sa.Connection, office: Office, shown: Sequence[Receipt]
) -> list[Receipt]:
    ours = [one for one in shown if one.office == office.settings.office and one.held > 0]
    if not ours:
        return []
    found = _ends.rows(connection, seats=sorted({one.seat for one in ours}))
    ends = {seat: (last, head) for seat, last, head in found}
    return [
        one
        for one in ours
        if ends.get(one.seat) != (one.held, one.head) and not _is_within(connection, one, ends)
    ]


def _is_within(
    connection: sa.Connection, receipt: Receipt, ends: dict[int, tuple[int, bytes]]
) -> bool:
    last, _ = ends.get(receipt.seat, (0, b""))
    if receipt.held > last:
        return False
    found = sa.select(changes.c.head).where(
        changes.c.seat == receipt.seat, changes.c.seq == receipt.held
    )
    return connection.execute(found).scalar() == receipt.head


def _holds(office: Office, receipt: Receipt) -> bool:
    retired = office.keys.retired.get(receipt.key)
    if receipt.key != office.keys.name and retired is None:
        return False
    key = retired.public_key if retired else office.keys.public_key
    try:
        verify_receipt(receipt, key)
    except BadSignature:
        return False
    return True


_ends = Statement(
    sa.select(logs.c.seat, logs.c.last, logs.c.head).where(Among(logs.c.seat, "seats"))
)
