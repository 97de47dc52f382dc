"""How dates, numbers and identities are written for people in Vietnam (UX-83, UX-84).

Times come as Unix milliseconds and are written in Vietnamese civil time, which has no summer time.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

CIVIL: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_PARTIAL_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_MOBILE: Final = re.compile(r"0\d{9}")
_PERSONAL_ID: Final = re.compile(r"\d{12}")
_WHOLE: Final = re.compile(r"-?\d{1,100}")  # Python reads no whole number of thousands of digits


def instant(ms: int) -> datetime:
    """Give a time of the database in civil time; an absurd clock gives the end of time."""
    try:
        return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(CIVIL)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=CIVIL)


def day(ms: int) -> str:
    """05/11/2026."""
    return instant(ms).strftime("%d/%m/%Y")


def day_of(text: str | None) -> str:
    """2026-11-05 as 05/11/2026; nothing as nothing."""
    return partial_date(text or "")


def clock(ms: int) -> str:
    """09:07."""
    return instant(ms).strftime("%H:%M")


def moment(ms: int) -> str:
    """09:07 05/11/2026: the hour first, as people say it."""
    return instant(ms).strftime("%H:%M %d/%m/%Y")


def iso(ms: int) -> str:
    """Give what `<time datetime>` wants."""
    return instant(ms).isoformat(timespec="seconds")


def civil(text: str) -> str:
    """Write an ISO time with zone, such as `sealed_at`, like `moment`; anything else as it is."""
    try:
        return datetime.fromisoformat(text).strftime("%H:%M %d/%m/%Y")
    except ValueError:
        return text


def partial_date(text: str) -> str:
    """Write 1950-03-02, 1950-03 or 1950 as 02/03/1950, 03/1950 or 1950."""
    found = _PARTIAL_DATE.fullmatch(text)
    if found is None:
        return text
    return "/".join(part for part in reversed(found.groups()) if part)


def number(value: int | str) -> str:
    """8525 and "85.3" as 8.525 and 85,3."""
    text = str(value)
    whole, _, decimals = text.partition(".")
    if not _WHOLE.fullmatch(whole):
        return text
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{decimals}" if decimals else grouped


def phone(text: str) -> str:
    """0912345678 as 0912 345 678."""
    return f"{text[:4]} {text[4:7]} {text[7:]}" if _MOBILE.fullmatch(text) else text


def personal_id(text: str) -> str:
    """Write the twelve digits in groups of three."""
    if not _PERSONAL_ID.fullmatch(text):
        return text
    return " ".join(text[place : place + 3] for place in range(0, 12, 3))
