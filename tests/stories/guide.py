"""Makes the pictures of the guide for staff: the stories take them, the guide says which.

    python -m tests.stories.guide

Each is named like the screen that a story keeps; all people in them are invented.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from tests.stories.office import REPOSITORY

GUIDE: Final = REPOSITORY / "docs" / "vi" / "README.md"
STORIES: Final = REPOSITORY / "tests" / "stories"

COLOURS: Final = 48
"""A screen has few; a picture weighs a quarter of what it would."""


def named() -> list[str]:
    """Name the pictures that the guide shows, in its order."""
    return re.findall(r"\(pictures/([a-z-]+)\.png\)", GUIDE.read_text("utf-8"))


def story_of(name: str) -> Path | None:
    """Find the story that keeps a picture of this name."""
    for story in sorted(STORIES.glob("*.py")):
        if f'.picture("{name}")' in story.read_text("utf-8"):
            return story
    return None


def make(taken: Path) -> None:
    """Run the stories, and keep what the guide shows."""
    found = {story_of(name) for name in named()}
    stories = sorted(str(story) for story in found if story and story.name.startswith("test_"))
    environment = os.environ | {"LUUDONG_PICTURES": str(taken)}
    command = [sys.executable, "-m", "pytest", "-q", "-k", "not postgresql", *stories]
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)
    kept = GUIDE.parent / "pictures"
    kept.mkdir(exist_ok=True)
    for name in named():
        with Image.open(taken / f"field-{name}-390x844.png") as picture:
            few = picture.convert("RGB").quantize(COLOURS)
            few.save(kept / f"{name}.png", optimize=True)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        make(Path(folder))
    sys.stdout.write(f"{GUIDE}\n")
