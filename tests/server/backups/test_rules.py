"""When a backup is due, and which stay: by arithmetic, without a clock."""

from datetime import UTC, datetime, timedelta

from server.backups.rules import DAY_MS, HOUR_MS, is_due, is_worry, kept, last_turn


def at(text: str) -> int:
    """Read a time of Hanoi."""
    return int(datetime.fromisoformat(f"{text}+07:00").timestamp() * 1000)


def test_the_hour_is_that_of_the_office() -> None:
    assert last_turn(at("2026-11-22T02:00"), 2) == at("2026-11-22T02:00")
    assert last_turn(at("2026-11-22T01:59"), 2) == at("2026-11-21T02:00")
    assert last_turn(at("2026-11-22T23:59"), 2) == at("2026-11-22T02:00")
    assert last_turn(at("2026-11-22T23:59"), 0) == at("2026-11-22T00:00")
    assert last_turn(at("2026-11-22T22:59"), 23) == at("2026-11-21T23:00")


def test_the_first_is_due_at_once() -> None:
    assert is_due(None, None, at("2026-11-22T15:00"), 2)


def test_one_a_night_is_enough() -> None:
    made = at("2026-11-22T02:00")

    assert not is_due(made, made, at("2026-11-22T02:30"), 2)
    assert not is_due(made, made, at("2026-11-23T01:59"), 2)
    assert is_due(made, made, at("2026-11-23T02:00"), 2)


def test_a_night_that_was_slept_through_is_made_up_for() -> None:
    assert is_due(at("2026-11-20T02:00"), None, at("2026-11-22T14:00"), 2)
    assert not is_due(at("2026-11-22T14:00"), None, at("2026-11-22T20:00"), 2)


def test_after_a_failure_it_waits_a_quarter_of_an_hour() -> None:
    failed = at("2026-11-22T02:00")

    assert not is_due(None, failed, failed + 14 * 60_000, 2)
    assert is_due(None, failed, failed + 15 * 60_000, 2)


def test_a_clock_that_was_wrong_stops_nothing() -> None:
    now = at("2026-11-22T02:00")

    assert is_due(now + 3 * 365 * DAY_MS, None, now, 2)
    assert is_due(None, now + 3 * 365 * DAY_MS, now, 2)


def test_it_is_a_worry_from_a_day_and_a_half_on() -> None:
    now = at("2026-11-22T14:00")

    assert is_worry(None, now)
    assert not is_worry(now - 36 * HOUR_MS, now)
    assert is_worry(now - 36 * HOUR_MS - 1, now)


def test_seven_days_and_four_weeks_stay() -> None:
    first = datetime(2026, 9, 1, 19, tzinfo=UTC)
    nights = [int((first + timedelta(days=n)).timestamp() * 1000) for n in range(80)]

    stays = sorted(kept(nights))

    assert stays[-7:] == nights[-7:]
    assert 9 <= len(stays) <= 10  # the newest weeks end within the seven days
    older = stays[:-7]
    assert all(datetime.fromtimestamp(ms / 1000 + 7 * 3600, UTC).weekday() == 6 for ms in older)


def test_of_one_day_the_newest_stays() -> None:
    morning, evening = at("2026-11-22T08:00"), at("2026-11-22T20:00")

    assert kept([evening, morning]) == {evening}
    assert kept([]) == set()
