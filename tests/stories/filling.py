"""Fills a form through the screens, the whole-section layout, by the names of its inputs.

On every section it first compares what the screen asks with what the catalogue says it must ask.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import expect

from tests.stories.branches import Answers, Form
from tests.stories.device import Device

SHOWN_NAMES: Final = """(prefix) => [...document.querySelectorAll(`main [name^="${prefix}"]`)]
  .map((element) => element.getAttribute('name'))"""

ROW: Final = re.compile(r"^[^.]+\.[0-9a-f-]{36}\.")
PART: Final = re.compile(r"\.(day|month|year|count)$")

APPEARS_SECONDS_MAX: Final = 20


@dataclass
class Filling:
    """A draft while it is filled: what it has been told so far, by field id."""

    device: Device
    form: Form
    draft: str
    told: Answers = field(default_factory=dict)
    marked: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    """The row of each repeated group: its uuid."""

    visited: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    taps: int = 0
    typed: list[str] = field(default_factory=list)
    """What a hand does on the way: taps on choices, and fields that are typed in."""

    def __post_init__(self) -> None:
        for group in self.form.groups:
            if not group.get("repeat"):
                self._tell_presets(group["id"])

    def fill(self, wanted: Answers) -> set[str]:
        """Give these answers, section by section; answers the branches that were seen."""
        seen: set[str] = set()
        while stale := [g for g in self.form.shown_groups(self.told) if self._is_stale(g, wanted)]:
            for group in stale:
                if group in self.form.shown_groups(self.told):
                    seen |= self._fill_section(group, wanted)
        return seen | self._mark_papers()

    def visible_answers(self) -> Answers:
        """Give what the office has to hold of the answers: those that are asked for, by name."""
        return {
            self.name(name): answer
            for name, answer in self.told.items()
            if self.form.shows(name, self.told)
        } | {f"answers.{group}.{row}.at": 0 for group, row in self.rows.items()}

    def name(self, field_id: str) -> str:
        """Give the whole name of a field."""
        group = self.form.fields[field_id]["group"]
        row = f"{group}.{self.rows[group]}." if group in self.rows else ""
        return f"answers.{row}{field_id}"

    def _is_stale(self, group: dict[str, Any], wanted: Answers) -> bool:
        return self.visited.get(group["id"]) != self._sight(group, wanted)

    def _sight(self, group: dict[str, Any], wanted: Answers) -> tuple[Any, ...]:
        """Give what a section shows and is to be told: if that changes, it is opened again."""
        shown = sorted(self.form.shown(group["id"], self.told))
        return tuple((name, repr(wanted.get(name))) for name in shown)

    def _fill_section(self, group: dict[str, Any], wanted: Answers) -> set[str]:
        self.device.go(f"#/draft/{self.draft}/section/{group['id']}")
        expect(self.device.screen("section")).to_be_visible()
        if group.get("repeat") and group["id"] not in self.rows:
            self._add_row(group)
        return self.answer_section(group, wanted)

    def answer_section(self, group: dict[str, Any], wanted: Answers) -> set[str]:
        """Answer what the open section asks; gives the branches that were seen."""
        seen: set[str] = set()
        while True:
            shown = self._expect_questions(group["id"])
            seen |= shown & self.form.branches()
            left = [name for name in shown if self._is_untold(name, wanted)]
            if not left:
                break
            for name in left:
                # An earlier answer of this round may have taken the question away.
                if self.form.shows(name, self.told):
                    self._answer(name, wanted[name])
        for name in shown:
            if self.form.fields[name].get("computed_from") in self.told:
                self._take_computed(name)
        expect(self.device.page.locator('[data-saved="saved"]').first).to_be_visible()
        self.visited[group["id"]] = self._sight(group, wanted)
        return seen

    def _add_row(self, group: dict[str, Any]) -> None:
        """Add a row, and another that is taken out again: of that nothing may remain."""
        page, rows = self.device.page, self.device.page.locator("fieldset[data-row]")
        if group.get("min"):
            expect(rows).to_have_count(1)
        for count in range(rows.count() + 1, 3):
            page.get_by_role("button", name=re.compile("^Thêm")).click()
            expect(rows).to_have_count(count)
        page.get_by_role("button", name=re.compile("^Bỏ .* 2$")).click()
        expect(rows).to_have_count(1)
        self.take_row(group)

    def take_row(self, group: dict[str, Any]) -> None:
        """Note the one row that a repeated section has."""
        row = self.device.page.locator("fieldset[data-row]").get_attribute("data-row")
        assert row
        self.rows[group["id"]] = row
        self._tell_presets(group["id"])

    def _expect_questions(self, group: str) -> set[str]:
        expected = self.form.shown(group, self.told)
        deadline = time.monotonic() + APPEARS_SECONDS_MAX
        while (shown := self._names("answers.")) != expected and time.monotonic() < deadline:
            time.sleep(0.02)
        assert shown == expected, f"{self.form.code}, section {group}"
        return shown

    def _names(self, prefix: str) -> set[str]:
        names: list[str] = self.device.page.evaluate(SHOWN_NAMES, prefix)
        short = (PART.sub("", name.removeprefix(prefix)) for name in names)
        return {ROW.sub("", name) for name in short}

    def _answer(self, name: str, value: Any) -> None:
        question, input_name = self.form.fields[name], self.name(name)
        page = self.device.page
        if question["type"] in ("choice", "boolean"):
            for each in value if isinstance(value, list) else [value]:
                word = str(each).lower() if isinstance(each, bool) else each
                page.locator(f'[name="{input_name}"][value="{word}"]').check()
                self.taps += 1
        elif question["type"] == "date":
            for part, digits in zip(("year", "month", "day"), value.split("-"), strict=False):
                page.locator(f'[name="{input_name}.{part}"]').fill(digits)
        else:
            typed = str(value).replace(".", ",") if question["type"] == "number" else str(value)
            page.locator(f'[name="{input_name}"]').fill(typed)
        if question["type"] not in ("choice", "boolean"):
            self.typed.append(name)
        self.told[name] = value

    def _is_untold(self, name: str, wanted: Answers) -> bool:
        if self.form.fields[name].get("computed_from") or name not in wanted:
            return False
        return bool(self.told.get(name) != wanted[name])

    def _take_computed(self, name: str) -> None:
        """Note what follows from another answer, as the screen says it."""
        computed = self.device.page.locator(f'[name="{self.name(name)}"]')
        expect(computed).not_to_be_empty()
        self.told[name] = computed.inner_text().strip()

    def _mark_papers(self) -> set[str]:
        """Say of every paper that is asked for that it is there."""
        self.device.go(f"#/draft/{self.draft}/papers")
        shown = self.expect_papers()
        for name in shown - self.marked.keys():
            self.mark_paper(name)
        return {f"papers.{name}" for name in shown} & self.form.branches()

    def expect_papers(self) -> set[str]:
        """Wait until the screen of papers asks for those that the catalogue says; name them."""
        expect(self.device.screen("papers")).to_be_visible()
        expected = self.form.shown_papers(self.told)
        deadline = time.monotonic() + APPEARS_SECONDS_MAX
        while (shown := self._names("papers.")) != expected and time.monotonic() < deadline:
            time.sleep(0.02)
        assert shown == expected, f"{self.form.code}, papers"
        return shown

    def mark_paper(self, name: str) -> None:
        """Say of a paper on the open page that it is there."""
        check_only = self.form.papers[name]["form"] == "check-only"
        self.marked[name] = "checked" if check_only else "handed_in"
        self.device.page.locator(f'[name="papers.{name}"][value="{self.marked[name]}"]').check()

    def _tell_presets(self, group: str) -> None:
        for name in self.form.questions(group):
            preset = self.form.fields[name].get("default")
            if preset is not None:
                self.told[name] = preset
