"""The short form of the campaign: 20 kills of a busy office on each kind of database."""

from pathlib import Path

from tests.campaigns.server_kills import kill_under_load

KILLS = 20


def test_nothing_is_lost_or_there_twice_when_a_busy_office_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    """FAULT-3, FAULT-4, FAULT-23, FAULT-32."""
    tally = kill_under_load(tmp_path, database_url, KILLS, seed=7)

    print(tally)
    assert tally.require_kept().kills == KILLS
    assert tally.in_flight >= KILLS // 2, "kills must fall into exchanges, or show nothing"
    assert tally.unread, "at least one kill must fall between the commit and the answer read"
