"""When a backup is due, which old ones stay, and when its age is a worry. Pure.

Times are Unix milliseconds; days begin at midnight of Vietnamese civil time, which has no summer
time.
"""

from collections.abc import Iterable

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
CIVIL_MS = 7 * HOUR_MS

AGE_WORRY_MS = 36 * HOUR_MS
"""A nightly backup that is older was missed at least once."""

RETRY_MS = HOUR_MS // 4
"""After one that failed: the disk may be full for a while, and a person has to see it."""

DAYS_KEPT = 7
WEEKS_KEPT = 4

_MONDAY = 3
"""Days from a Monday to the first day that is counted, a Thursday."""


def last_turn(now: int, hour: int) -> int:
    """Give the latest moment up to now at which the office's clocks showed this full hour."""
    shift = hour * HOUR_MS - CIVIL_MS
    return (now - shift) // DAY_MS * DAY_MS + shift


def is_due(newest: int | None, tried: int | None, now: int, hour: int) -> bool:
    """Tell whether to make one now: at the hour, or soon after a start that missed it.

    `newest` is when the newest verified backup of this epoch was made, `tried` the last attempt.
    """
    if tried is not None and abs(now - tried) < RETRY_MS:
        return False
    if newest is None or newest > now + HOUR_MS:  # a clock that was wrong must not stop backups
        return True
    return newest < last_turn(now, hour)


def is_worry(newest: int | None, now: int) -> bool:
    """Tell whether people at the desk should be told to look after the backups."""
    return newest is None or now - newest > AGE_WORRY_MS


def kept(made: Iterable[int]) -> set[int]:
    """Choose what stays: the newest of each of the last days, and of the last weeks, that had one.

    Days without a backup are not counted: an office that was closed for a month keeps as many.
    """
    newest_by_day: dict[int, int] = {}
    newest_by_week: dict[int, int] = {}
    for one in sorted(made):
        day = (one + CIVIL_MS) // DAY_MS
        newest_by_day[day] = one
        newest_by_week[(day + _MONDAY) // 7] = one
    days = list(newest_by_day.values())[-DAYS_KEPT:]
    weeks = list(newest_by_week.values())[-WEEKS_KEPT:]
    return {*days, *weeks}
