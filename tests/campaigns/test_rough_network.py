"""The short form of the campaign: phones over lines that do what lines do."""

from pathlib import Path

from tests.campaigns.rough_network import trouble_phones

TROUBLES = 120

KINDS = {
    *("delay_seconds", "cut_up_at", "cut_down_at", "shortened_to", "corrupt_up_at"),
    *("corrupt_down_at", "is_doubled", "portal page", "portal redirect", "portal 511"),
}


def test_whatever_a_line_does_nothing_is_lost_or_there_twice(tmp_path: Path) -> None:
    """FAULT-23, FAULT-25, FAULT-26, FAULT-27, FAULT-28, FAULT-29."""
    tally, met = trouble_phones(tmp_path, TROUBLES, seed=2)

    print(tally, met)
    assert tally.require_kept().rounds == TROUBLES
    assert met.keys() == KINDS, "each kind of trouble has to be met"
