"""The short form of the campaign: a busy office loses its PostgreSQL again and again."""

from pathlib import Path

from tests.campaigns.database_cuts import cut_under_load
from tests.support.postgres import Postgres

CUTS = 10


def test_nothing_is_lost_or_there_twice_when_the_database_goes_away(
    durable_postgres: Postgres, tmp_path: Path
) -> None:
    """FAULT-36."""
    tally = cut_under_load(tmp_path, durable_postgres, CUTS, seed=11)

    print(tally)
    assert tally.require_kept().kills == CUTS
    assert tally.in_flight >= CUTS // 2
