"""Reads the catalogue anew, apart from the app: what a form must show, and how to see all of it.

Written from the catalogue's description, not from the app's code, so that the two check each
other. Answers are kept by field id; a repeated group has one row.

1. A question that is hidden, or has no answer, satisfies no condition.
2. Every field, paper and group with a condition is a branch: some pass must show it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.stories.office import REPOSITORY

CATALOGUE: Final[Path] = REPOSITORY / "server" / "procedures" / "catalogue.json"

Answers = dict[str, Any]
Condition = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """One procedure's questions and papers, with those that every dossier has."""

    code: str
    groups: list[dict[str, Any]]
    fields: dict[str, dict[str, Any]]
    papers: dict[str, dict[str, Any]]

    def questions(self, group: str) -> list[str]:
        """Name the fields of a group, shown or not."""
        return [name for name, field in self.fields.items() if field["group"] == group]

    def shows(self, name: str, answers: Answers) -> bool:
        """Tell whether a field is asked for, given the answers."""
        field = self.fields[name]
        group = next(group for group in self.groups if group["id"] == field["group"])
        return self._holds(group.get("show_if"), answers) and self._holds(field["show_if"], answers)

    def shown(self, group: str, answers: Answers) -> set[str]:
        """Name the fields of a group that are asked for."""
        return {name for name in self.questions(group) if self.shows(name, answers)}

    def shown_papers(self, answers: Answers) -> set[str]:
        """Name the papers that are asked for."""
        return {
            name for name, paper in self.papers.items() if self._holds(paper["show_if"], answers)
        }

    def shown_groups(self, answers: Answers) -> list[dict[str, Any]]:
        """Give the sections that have something to ask."""
        return [group for group in self.groups if self.shown(group["id"], answers)]

    def branches(self) -> set[str]:
        """Name everything that is only shown under a condition."""
        conditional = {group["id"] for group in self.groups if group.get("show_if")}
        return {
            name
            for name, field in self.fields.items()
            if field["show_if"] or field["group"] in conditional
        } | {f"papers.{name}" for name, paper in self.papers.items() if paper["show_if"]}

    def visible_branches(self, answers: Answers) -> set[str]:
        """Name the branches that these answers show."""
        shown = {name for name in self.fields if self.shows(name, answers)}
        shown |= {f"papers.{name}" for name in self.shown_papers(answers)}
        return shown & self.branches()

    def complete(self, wishes: Answers) -> Answers:
        """Answer every question that is asked for, plausibly where nothing is wished."""
        answers: Answers = {}
        while missing := [
            name for name in self.fields if name not in answers and self.shows(name, answers)
        ]:
            for name in missing:
                answers[name] = wishes.get(name, plausible(self.fields[name]))
        return {name: answer for name, answer in answers.items() if self.shows(name, answers)}

    def passes(self) -> list[Answers]:
        """Give few sets of answers that together show every branch."""
        left = self.branches()
        found: list[Answers] = []
        while left:
            wishes: Answers = {}
            for branch in sorted(left):
                for way in self._ways_to_show(branch):
                    if all(wishes.get(name, value) == value for name, value in way.items()):
                        wishes |= way
                        break
            answers = self.complete(wishes)
            seen = self.visible_branches(answers) & left
            assert seen, f"{self.code}: nothing shows {sorted(left)}"
            left -= seen
            found.append(answers)
        return found or [self.complete({})]

    def _holds(self, condition: Condition | None, answers: Answers) -> bool:
        if condition is None:
            return True
        if "all" in condition:
            return all(self._holds(each, answers) for each in condition["all"])
        if "any" in condition:
            return any(self._holds(each, answers) for each in condition["any"])
        name = condition["field"]
        if answers.get(name) is None or not self.shows(name, answers):
            return False
        given = answers[name] if isinstance(answers[name], list) else [answers[name]]
        if "equals" in condition:
            return condition["equals"] in given
        if "in" in condition:
            return any(value in condition["in"] for value in given)
        if "not_in" in condition:
            return not any(value in condition["not_in"] for value in given)
        return bool(given[0] > condition["gt"])

    def _ways_to_show(self, branch: str) -> Iterator[Answers]:
        """Give answers under which a branch is shown, one way after the other."""
        if branch.startswith("papers."):
            yield from self._ways_to_hold(self.papers[branch.removeprefix("papers.")]["show_if"])
            return
        field = self.fields[branch]
        group = next(group for group in self.groups if group["id"] == field["group"])
        for outer in self._ways_to_hold(group.get("show_if")):
            for inner in self._ways_to_hold(field["show_if"]):
                yield outer | inner

    def _ways_to_hold(self, condition: Condition | None) -> Iterator[Answers]:
        if condition is None:
            yield {}
        elif "all" in condition:
            way: Answers = {}
            for each in condition["all"]:
                way |= next(self._ways_to_hold(each))
            yield way
        elif "any" in condition:
            for each in condition["any"]:
                yield from self._ways_to_hold(each)
        else:
            name = condition["field"]
            for value in wanted_values(condition, self.fields[name]):
                for way in self._ways_to_show(name):
                    yield way | {name: value}


def read_forms() -> dict[str, Form]:
    """Read every procedure of the catalogue, by its code."""
    catalogue = json.loads(CATALOGUE.read_text("utf-8"))
    common = catalogue["common_groups"]
    forms = {}
    for procedure in catalogue["procedures"]:
        fields = [*procedure["form_fields"], *(f for group in common for f in group["fields"])]
        forms[procedure["code"]] = Form(
            code=procedure["code"],
            groups=[*(group["group"] for group in common), *procedure["groups"]],
            fields={field["id"]: field for field in fields},
            papers={paper["id"]: paper for paper in procedure["documents"]},
        )
    return forms


def wanted_values(condition: Condition, field: Mapping[str, Any]) -> list[Any]:
    """Give answers to a field that satisfy a simple condition on it."""
    if "equals" in condition:
        return [condition["equals"]]
    if "in" in condition:
        return list(condition["in"])
    if "gt" in condition:
        return [condition["gt"] + 1]
    return [
        choice["value"] for choice in field["choices"] if choice["value"] not in condition["not_in"]
    ]


PLAUSIBLE: Final = {
    "cccd": "001058012345",
    "phone": "0912345678",
    "address": "Số 7, thôn Đồng Chiêm, xã Mỹ Đức, thành phố Hà Nội",
    "boolean": True,
    "date": "2026-03-05",
}

NAME: Final = "Quách Thị Mẫu Ưởng"
"""Part of every text that nobody chose; the office's log must not know it."""

BY_FORMAT: Final = {"HH:mm": "09:07", "email": "an.nguyen@thu.example.vn"}


def plausible(field: Mapping[str, Any]) -> Any:
    """Give an answer that the field takes, in the form in which it is kept."""
    kind = field["type"]
    if kind == "choice":
        values = [choice["value"] for choice in field["choices"]]
        return values[:2] if field.get("multi") else field.get("default") or values[0]
    if kind == "number":
        return "85.5" if field.get("decimals") else int(field.get("min") or 1)
    if kind == "date" and field.get("partial_date"):
        return "1958"
    if kind == "text":
        if field.get("pattern") == "^[0-9]{10}$":
            return "0112345678"
        if field.get("format"):
            return BY_FORMAT[field["format"]]
        if field.get("suggestions") or field.get("default"):
            return field.get("suggestions", [field.get("default")])[-1]
        # Names of people are written in capitals on paper; other texts say what they stand for.
        return NAME if field.get("uppercase") else f"{NAME}, {field['label_vi'].lower()}"
    return PLAUSIBLE[kind]
