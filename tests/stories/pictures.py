"""Keeps pictures of the screens in the folder that LUUDONG_PICTURES names, if it names one."""

import os
from pathlib import Path

from playwright.sync_api import Page


def are_pictures_wanted() -> bool:
    """Whether a folder for them is named."""
    return bool(os.environ.get("LUUDONG_PICTURES"))


def take_picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page; the newest of a name stays."""
    folder = os.environ.get("LUUDONG_PICTURES")
    if not folder:
        return
    size = page.viewport_size
    assert size
    Path(folder).mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=Path(folder) / f"{name}-{size['width']}x{size['height']}.png")
