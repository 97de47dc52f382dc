"""Counts what a hand does for a dossier, from Today to the receipt, and writes it down.

    python -m tests.stories.taps

The story of every procedure takes the shortest way through each: all that is required, nothing
else, by the buttons of the screens. It compares what it counts with docs/field-app.md.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import expect

from tests.stories.branches import CATALOGUE, Answers, Form
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "field-app.md"
HEAD: Final = (
    "| procedure | screens | taps | typed | by the card |\n| --- | --- | --- | --- | --- |\n"
)
NOTED: Final = "LUUDONG_TAPS"
"""Names the folder where counts are kept instead of compared."""

SEAL_AND_RECEIPT: Final = 2
"""Taps after the check, each with a screen of its own."""


@dataclass(frozen=True)
class Effort:
    """What one procedure takes, with nothing said that need not be."""

    code: str
    screens: int
    taps: int
    typed: int
    by_card: int
    """Of the typed fields, those that the code of a person's card fills in."""

    def row(self) -> str:
        """Write it as a row of the page."""
        names = {
            each["code"]: each["short_name_vi"]
            for each in json.loads(CATALOGUE.read_text())["procedures"]
        }
        counts = (self.screens, self.taps, self.typed, self.by_card)
        return f"| {names[self.code]} | {' | '.join(map(str, counts))} |\n"


def walk(
    device: Device, form: Form, area: str, wishes: Answers | None = None
) -> tuple[Filling, Effort]:
    """Go from Today to a dossier that can be sealed, as a person would who knows what is asked."""
    page = device.page
    device.go("#/")
    page.locator("a.fresh").click()
    # Kept from dossier to dossier: nobody chooses it each time.
    page.locator('select[name="area"]').select_option(area)
    page.locator(f'button[data-procedure="{form.code}"]').click()
    expect(device.screen("draft")).to_be_visible()
    filling = Filling(device, form, page.url.rsplit("#/draft/", 1)[1])
    page.locator("[data-task]").first.click()
    screens, taps = 3, 3
    expect(device.screen("section")).to_be_visible()
    device.wait_until_loaded()
    while section := re.search(r"/section/(\w+)$", page.url):
        _answer_required(filling, section[1], wishes or {})
        page.get_by_role("button", name="Tiếp tục").click()
        expect(page).not_to_have_url(re.compile(rf"/section/{section[1]}$"))
        device.wait_until_loaded()
        screens, taps = screens + 1, taps + 1
    # Slots are counted: the screen, whose script may still be on its way, has to stand first.
    filling.expect_papers()
    taps += _mark_needed(filling)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(device.screen("check")).to_be_visible()
    device.go(f"#/draft/{filling.draft}")
    expect(page.locator('[data-left="0"]')).to_be_visible()
    # Whoever fills on looks at every section again.
    filling.visited.clear()
    cards = {name for group in form.groups for name in group.get("id_qr", {}).values()}
    return filling, Effort(
        form.code,
        # The papers and the check are screens too.
        screens + 2 + SEAL_AND_RECEIPT,
        taps + filling.taps + 1 + SEAL_AND_RECEIPT,
        len(filling.typed),
        len(cards.intersection(filling.typed)),
    )


def _answer_required(filling: Filling, section: str, wishes: Answers) -> None:
    form = filling.form
    group = next(each for each in form.groups if each["id"] == section)
    if group.get("repeat"):
        if not group.get("min"):
            return
        filling.take_row(group)
    whole = form.complete(wishes)
    wanted = {name: whole[name] for name in whole if form.fields[name]["required"]}
    filling.answer_section(group, wanted)


def _mark_needed(filling: Filling) -> int:
    """Say of each paper that is needed that it is there, of alternatives the first."""
    page, alternatives = filling.device.page, set[str]()
    needed = page.locator("section").filter(has=page.get_by_role("heading", name="Cần có"))
    slots = needed.locator("[data-paper]")
    for index in range(slots.count()):
        name = slots.nth(index).get_attribute("data-paper")
        assert name
        paper = filling.form.papers[name]
        if paper.get("one_of") and paper["one_of"] in alternatives:
            continue
        alternatives.add(paper.get("one_of") or name)
        filling.mark_paper(name)
    return len(alternatives)


def keep_or_compare(effort: Effort) -> None:
    """Hold the page to what was counted, or note it where the page is being written."""
    if folder := os.environ.get(NOTED):
        (Path(folder) / effort.code).write_text(effort.row(), "utf-8")
        return
    assert effort.row() in PAGE.read_text("utf-8"), "python -m tests.stories.taps"


def main() -> None:
    """Run the story on one database, and write the table anew."""
    with TemporaryDirectory() as folder:
        story = str(Path(__file__).with_name("test_every_procedure.py"))
        command = [sys.executable, "-m", "pytest", "-q", "-k", "not postgresql", story]
        subprocess.run(command, cwd=REPOSITORY, env=os.environ | {NOTED: folder}, check=True)
        rows = "".join(path.read_text("utf-8") for path in sorted(Path(folder).iterdir()))
    before, _, rest = PAGE.read_text("utf-8").partition(HEAD)
    after = rest[rest.index("\n\n") + 1 :] if "\n\n" in rest else ""
    PAGE.write_text(f"{before}{HEAD}{rows}{after}", "utf-8")


if __name__ == "__main__":
    main()
