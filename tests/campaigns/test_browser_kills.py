"""The short form of the campaign: a browser that is killed ten times while it saves."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.campaigns.browser_kills import kill_while_saving

KILLS = 10


def test_what_the_screen_called_saved_is_there_after_the_browser_was_killed(
    playwright: Playwright, tmp_path: Path
) -> None:
    """FAULT-1, FAULT-2, FAULT-5."""
    tally = kill_while_saving(playwright, tmp_path, KILLS, seed=3)

    print(tally)
    assert tally.require_kept().kills == KILLS
    assert tally.acknowledged >= KILLS
    assert tally.in_flight, "some kills must fall into a write"
