"""Reads a dossier as people do: the catalogue's sections, its labels, values written out.

Pure. It must never lose an answer: what the catalogue does not know is shown last, under its path.
Where the catalogue has no English, its Vietnamese is given and marked as such.
"""

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from server.desk.words import Language, say
from server.desk.writing import civil
from server.dossiers.wording import Text, words_of, write_out
from server.procedures.areas import area_names
from server.procedures.catalogue import Catalogue, catalogue
from sync.codes import OFFICIAL, OTHERS, PROVISIONAL
from sync.reconcile import ASSIGNEE
from sync.value import ERASED

ANSWER: Final = "answers."
PAPER: Final = "papers."
_LAST: Final = 9_999  # after everything that has a place
_ROW_KEPT: Final = frozenset({"at", "removed"})
_NAMED: Final = frozenset(
    {
        *("status", "sealed_at", "procedure", "area", "catalogue_version"),
        *(ASSIGNEE, OFFICIAL, PROVISIONAL),
    }
)
_ATTESTED: Final = {"papers.signature": "picture", "intake.passed": "passed"}
_WORK_STATES: Final = frozenset({"sealed", "more_needed", "done", "returned"})
_PAPER_STATES: Final = frozenset({"handed_in", "checked", "missing", "not_needed"})


@dataclass(frozen=True)
class Line:
    """One answer: its path, its question, the answer written out."""

    path: str
    label: Text
    answer: Text
    in_conflict: bool = False


@dataclass
class Section:
    """A group of the form; a repeated one has rows of lines instead of lines."""

    id: str
    label: Text
    lines: list[Line] = dataclasses.field(default_factory=list)
    rows: list[list[Line]] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """One paper of the dossier: which, in what state, how many."""

    path: str
    label: Text
    state: str
    state_text: str
    count: int
    in_conflict: bool


class Reader:
    """Knows one procedure's form in one language."""

    def __init__(self, catalogue: Catalogue, procedure: str | None, language: Language) -> None:
        """Lay out the common groups first, then the procedure's own."""
        self._language = language
        self._names: Mapping[int, str] = {}
        self._procedure = catalogue.procedure(procedure)
        self.procedure_name = self._name_of_procedure(procedure)
        own = self._procedure or {"groups": [], "form_fields": [], "documents": []}
        common = catalogue.raw["common_groups"]
        self._groups = [*own["groups"], *(entry["group"] for entry in common)]
        fields = [*own["form_fields"], *(f for entry in common for f in entry["fields"])]
        self._fields: dict[str, Mapping[str, Any]] = {f["id"]: f for f in fields}
        self._places = {name: place for place, name in enumerate(self._fields)}
        self._documents: dict[str, Mapping[str, Any]] = {d["id"]: d for d in own["documents"]}

    def knowing(self, names: Mapping[int, str]) -> "Reader":
        """Give a reader that also knows the staff by their numbers."""
        known = copy.copy(self)
        known._names = names  # noqa: SLF001 -- our own, of a copy
        return known

    def label(self, path: str) -> Text:
        """Name a field of the record as its question does."""
        if path.startswith(ANSWER):
            name = path.rpartition(".")[2]
            if name in self._fields:
                return self._label_of(self._fields[name])
            if name in _ROW_KEPT:
                return Text(say(self._language, f"desk.field.row_{name}"), self._language)
        if path.startswith(PAPER):
            known = self._documents.get(path.removeprefix(PAPER))
            if known:
                return self._label_of(known, "name")
        if path in _NAMED:
            return Text(say(self._language, f"desk.field.{path}"), self._language)
        if path.startswith(OTHERS):
            return Text(say(self._language, "desk.field.other_code"), self._language)
        if path in _ATTESTED:
            return Text(say(self._language, f"desk.attest.{_ATTESTED[path]}"), self._language)
        if path.startswith("notes."):
            return Text(say(self._language, "desk.field.note"), self._language)
        return Text(path, self._language)

    def field(self, path: str) -> Mapping[str, Any] | None:
        """Find what the catalogue says of the field behind an answer's path."""
        if not path.startswith(ANSWER):
            return None
        return self._fields.get(path.rpartition(".")[2])

    def place(self, path: str) -> tuple[int, str]:
        """Say where a field stands in the form, to sort by."""
        return (self._places.get(path.rpartition(".")[2], _LAST), path)

    def answer(self, path: str, value: object) -> Text:
        """Write a value out as its field wants it."""
        if value is None and path != ASSIGNEE:
            return write_out({}, None, self._language)
        if path == "area" and isinstance(value, str) and value in area_names():
            return Text(area_names()[value], "vi")
        if path == "sealed_at":
            return Text(civil(str(value)), self._language)
        if value == ERASED:
            return Text(say(self._language, "desk.answer.erased"), self._language)
        if path == "procedure":
            return self.procedure_name
        if path.startswith(OTHERS):
            return Text(path.removeprefix(OTHERS), self._language)
        if path.startswith(PAPER) and isinstance(value, dict):
            return Text(self._paper_state(str(value.get("state", ""))), self._language)
        if path == ASSIGNEE:
            return Text(self._colleague(value), self._language)
        if path == "status":
            return Text(self.work_state(value), self._language)
        return write_out(self.field(path) or {}, value, self._language)

    def sections(self, values: Mapping[str, object], conflicts: Iterable[str]) -> list[Section]:
        """Give the sections that have answers, in the order of the form."""
        disputed = frozenset(conflicts)
        sections = {
            group["id"]: Section(group["id"], self._label_of(group)) for group in self._groups
        }
        rest = Section("other", Text(say(self._language, "desk.dossier.other"), self._language))
        rows: dict[str, dict[str, list[Line]]] = {}
        for path in self._in_order(values):
            value = values[path]
            if value is None and path not in disputed:
                continue
            group, row, name = self._place(path)
            if name in _ROW_KEPT and row:
                continue
            line = Line(path, self.label(path), self.answer(path, value), path in disputed)
            if row:
                rows.setdefault(group, {}).setdefault(row, []).append(line)
            else:
                sections.get(group, rest).lines.append(line)
        for group, lines_by_row in rows.items():
            kept = [row for row in lines_by_row if not _is_removed(values, group, row)]
            kept.sort(key=lambda row: _row_place(values, group, row))
            sections.get(group, rest).rows.extend(lines_by_row[row] for row in kept)
        return [s for s in (*sections.values(), rest) if s.lines or s.rows]

    def papers(self, values: Mapping[str, object], conflicts: Iterable[str]) -> list[Paper]:
        """Give what was noted of each paper, in the order of the catalogue."""
        disputed = frozenset(conflicts)
        order = {f"{PAPER}{name}": place for place, name in enumerate(self._documents)}
        noted = [path for path in values if path.startswith(PAPER)]
        papers = []
        for path in sorted(noted, key=lambda path: (order.get(path, len(order)), path)):
            value = values[path]
            if not isinstance(value, dict) or value == ERASED:
                continue
            state, count = str(value.get("state", "")), value.get("count", 0)
            papers.append(
                Paper(
                    path,
                    self.label(path),
                    state,
                    self._paper_state(state),
                    count if isinstance(count, int) else 0,
                    path in disputed,
                )
            )
        return papers

    def work_state(self, status: object) -> str:
        """Say what the office has done with it so far."""
        # A phone may send anything: a list is in no set, and asking for it fails.
        known = status if isinstance(status, str) and status in _WORK_STATES else "other"
        return say(self._language, f"desk.work.{known}", status=status or "?")

    def _colleague(self, value: object) -> str:
        if value is None:
            return say(self._language, "desk.assign.nobody")
        name = self._names.get(value) if isinstance(value, int) else None
        return name or say(self._language, "desk.assign.number", number=value)

    def _paper_state(self, state: str) -> str:
        known = state if state in _PAPER_STATES else "other"
        return say(self._language, f"desk.paper.{known}", state=state)

    def _name_of_procedure(self, code: str | None) -> Text:
        if self._procedure is None:
            return Text(code or say(self._language, "desk.dossier.no_procedure"), self._language)
        if self._language == "en" and self._procedure.get("name_en"):
            return Text(str(self._procedure["name_en"]), "en")
        return Text(str(self._procedure["short_name_vi"]), "vi")

    def _label_of(self, entry: Mapping[str, Any], what: str = "label") -> Text:
        return words_of(entry, what, self._language)

    def _in_order(self, values: Mapping[str, object]) -> list[str]:
        return sorted((path for path in values if path.startswith(ANSWER)), key=self.place)

    def _place(self, path: str) -> tuple[str, str | None, str]:
        parts = path.removeprefix(ANSWER).split(".")
        if len(parts) == 3:  # noqa: PLR2004 -- group, row, field
            return parts[0], parts[1], parts[2]
        known = self._fields.get(parts[0])
        return (str(known["group"]) if known and len(parts) == 1 else "other"), None, parts[-1]


def _is_removed(values: Mapping[str, object], group: str, row: str) -> bool:
    return values.get(f"{ANSWER}{group}.{row}.removed") is True


def _row_place(values: Mapping[str, object], group: str, row: str) -> tuple[int, str]:
    at = values.get(f"{ANSWER}{group}.{row}.at")
    return (at if isinstance(at, int) else _LAST, row)


@lru_cache(maxsize=128)
def reader_of(procedure: str | None, language: Language) -> Reader:
    """Give the reader for a procedure; the few that there are stay laid out."""
    return Reader(catalogue(), procedure, language)
