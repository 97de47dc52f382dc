"""The short form of the campaign: every place that an office writes to is full once or twice."""

from pathlib import Path

from tests.campaigns.full_disk import fill_under_load

ROUNDS = 8


def test_with_a_full_disk_reads_go_on_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """FAULT-34."""
    tally = fill_under_load(tmp_path, ROUNDS, seed=5)

    print(tally)
    assert tally.require_kept().rounds == ROUNDS
    assert tally.in_flight, "a disk that never refuses proves nothing"
