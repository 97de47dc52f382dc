"""The short form of the campaign: a photo across twenty cuts, on each kind of database."""

from pathlib import Path

from tests.campaigns.cut_uploads import CUTS, RESENT_SHARE_MAX, upload_across_cuts


def test_a_photo_comes_in_across_twenty_cuts_and_little_is_sent_twice(
    database_url: str, tmp_path: Path
) -> None:
    """FAULT-12, FAULT-55."""
    tally, resent = upload_across_cuts(tmp_path, database_url, photos=1, seed=4)

    print(f"{resent:.2%} of the bytes were sent twice")
    assert tally.steps == CUTS
    assert resent < RESENT_SHARE_MAX
