"""The browser of the stories is started with all that its driver asks for, and our words beside."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.stories.device import browser_processes
from tests.support.chromium import HIDDEN_PAGES, find_engine, launch_options

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


@pytest.mark.parametrize(("version", "is_taken"), [("150.0.1.2", True), ("149.0.1.2", False)])
def test_the_engine_alone_is_taken_only_where_it_is_the_browser_s(
    version: str, is_taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = install(tmp_path, "chromium", "Chromium 150.0.1.2 built on Debian 12")
    engine = install(tmp_path, "chromium-headless-shell", f"Chromium {version}")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_engine(browser) == (engine if is_taken else browser)


def test_without_an_engine_alone_the_browser_has_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = install(tmp_path, "chromium", "Chromium 150.0.1.2")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_engine(browser) == browser


def install(folder: Path, name: str, says: str) -> str:
    """Put a program there that says of which version it is."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n", "utf-8")
    program.chmod(0o755)
    return str(program)
