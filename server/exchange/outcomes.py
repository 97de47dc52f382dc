"""What a person is told of the findings that their own changes led to: codes, words are the app's.

The field app is told the outcome, never asked to decide while people wait (UX-54).
"""

from typing import Final

import sqlalchemy as sa

from server.dossiers import findings
from server.exchange.opening import Reader
from sync.exchange import Finding

TOLD_MAX: Final = 200
"""Findings in one answer, the newest first; a device shows what it was last told."""

CLOSED_FOR_MS: Final = 30 * 24 * 60 * 60 * 1000
"""So long an outcome is told: whoever was away on a trip still hears it."""


def outcomes_for(connection: sa.Connection, reader: Reader, now: int) -> list[Finding]:
    """List what is open, or was decided lately, of what this person handed in from any device."""
    since = now - CLOSED_FOR_MS
    found = findings.findings_of_person(connection, reader.person.id, since, TOLD_MAX)
    return [_told(one) for one in found]


def _told(one: findings.Finding) -> Finding:
    outcome = str(one.detail.get("outcome", ""))
    if not outcome and one.closed is not None:
        outcome = "settled"
    return Finding(
        finding=one.id,
        kind=one.kind,
        record=one.record.bytes if one.record else None,
        seat=one.seat or 0,
        seq=one.seq or 0,
        field=one.field,
        reason=str(one.detail.get("reason", "")),
        raised=one.created,
        closed=one.closed,
        outcome=outcome,
    )
