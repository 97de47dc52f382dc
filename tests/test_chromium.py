"""The browser of the stories is started with all that its driver asks for, and our words beside."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.stories.device import browser_processes
from tests.support.chromium import HIDDEN_PAGES, launch_options

SWITCH = "--disable-features="


def test_our_list_of_features_takes_nothing_from_the_driver_s(
    playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    with playwright.chromium.launch_persistent_context(tmp_path, **launch_options(chromium)):
        words = [
            (Path("/proc") / str(process) / "cmdline").read_text().split("\0")
            for process in browser_processes(tmp_path)
        ]
    whole = next(line for line in words if not any(word.startswith("--type=") for word in line))
    *others, heeded = (
        set(word.removeprefix(SWITCH).split(",")) for word in whole if word.startswith(SWITCH)
    )

    assert others, "the driver has no list any more: ours need not repeat it"
    assert set().union(*others) | set(HIDDEN_PAGES) == heeded
