"""Writes server/deadlines/vectors.json: `python -m tests.server.deadlines.write_vectors`.

The file holds the field app's twin to the Python rules: the worked cases of the trade, and a few
hundred receptions across weekends, swapped days and the Tết of two years. A change of a rule shows
as a change of a vector.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from server.deadlines.calendar import SHIPPED, read_calendar
from server.deadlines.days import Calendar, OutsideCalendar
from server.deadlines.limits import channel_of, limits_of, unit_of
from server.deadlines.rules import Pause, promise
from server.deadlines.supplements import pauses_of, supplements_in, waiting
from server.procedures.catalogue import catalogue
from server.procedures.fees import fee_due, fee_per_copy

FILE = Path(__file__).parents[3] / "server" / "deadlines" / "vectors.json"

Case = dict[str, Any]
Answers = Mapping[str, object]

_COPIES = "2.000815"
_DEATH_BUNDLE = "2.002913"
_LAND = "1.013980"
_DAYS = (
    # Before, in and after both Tết; around 30 April, 2 September and swapped days; the year's ends.
    *(f"2026-01-{day:02}" for day in (1, 2, 9, 10, 11, 31)),
    *(f"2026-02-{day:02}" for day in range(11, 25)),
    *(f"2026-04-{day:02}" for day in (20, 24, 25, 26, 27, 29, 30)),
    *(f"2026-08-{day:02}" for day in (20, 21, 22, 23, 28, 29, 30, 31)),
    *(f"2026-11-{day:02}" for day in (14, 15, 16, 20, 21, 22, 23)),
    *(f"2026-12-{day:02}" for day in (14, 15, 16, 31)),
    *(f"2027-02-{day:02}" for day in range(1, 13)),
    *(f"2027-12-{day:02}" for day in (1, 15, 27, 30, 31)),
)
_HOURS = ("07:40", "15:00", "15:01", "16:59", "19:30")


def case(  # noqa: PLR0913 -- a case is all of this
    name: str,
    code: str,
    received: str,
    *,
    flags: Sequence[str] = (),
    answers: Answers | None = None,
    pauses: Sequence[Pause] = (),
    readings: Mapping[str, str] | None = None,
    limit: Mapping[str, Any] | None = None,
    channel: str | None = None,
) -> Case:
    """Work one case out; `limit` stands in for what the catalogue says."""
    procedure = dict(catalogue().procedures[code])
    if limit is not None:
        procedure["time_limit"] = {**procedure["time_limit"], **limit}
    given = {
        "procedure": code,
        "received_at": received,
        "channel": channel or channel_of(procedure),
        "flags": list(flags),
        "answers": dict(answers or {}),
        "pauses": [msgspec.to_builtins(pause) for pause in pauses],
        "readings": dict(readings or {}),
        "limit": dict(limit or {}),
    }
    told = _told(procedure, given, pauses)
    return {"name": name, **given, **told}


def write_all() -> dict[str, Any]:
    """Give the file's content."""
    return {
        "calendar": msgspec.to_builtins(_calendar({})),
        "working_days": _working_days(),
        "cases": [*_worked(), *_more(), *_swept()],
        "fees": _fees(),
        "supplements": _supplements(),
    }


def content() -> str:
    """Give the file as it is written: a line a case."""
    told = write_all()
    parts = [f'"calendar": {_line(told["calendar"])}']
    for name in ("working_days", "cases", "fees", "supplements"):
        lines = ",\n  ".join(_line(one) for one in told[name])
        parts.append(f'"{name}": [\n  {lines}\n]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _worked() -> list[Case]:
    """Give the worked cases of the trade, by their numbers; G11 is no count but a warning."""
    waited = [Pause("2026-11-03T10:00", "2026-11-09T09:00")]
    strict, other = {"day_off": "as_received"}, {"day_off": "next_working_day"}
    anew, paused = {"supplement": "anew"}, {"supplement": "paused"}
    return [
        case("G1 before the cut-off", "1.001193", "2026-10-15T14:59"),
        case("G2 after 15:00", "1.001193", "2026-10-15T15:01"),
        case("G3 same day, Saturday trip", "1.001193", "2026-11-21T09:00"),
        case("G4 Saturday, stricter reading", "1.004873", "2026-11-21T09:00", readings=strict),
        case("G4 Saturday, other reading", "1.004873", "2026-11-21T09:00", readings=other),
        case("G5 swapped Saturday", "1.004222", "2026-08-21T10:00"),
        case("G6 across 27/4, 30/4, 1/5", "1.014027", "2026-04-20T09:00"),
        case("G7 across Tết", "1.004873", "2026-02-12T15:00"),
        case("G8 land", _LAND, "2026-10-15T09:00"),
        case("G8 difficult commune", _LAND, "2026-10-15T09:00", flags=["difficult_commune"]),
        case("G9 in this batch", "1.011607", "2026-11-12T09:00"),
        case("G9 in the next batch", "1.011607", "2026-11-16T09:00"),
        case("G10 anew", "1.004873", "2026-11-02T09:00", pauses=waited, readings=anew),
        case("G10 paused", "1.004873", "2026-11-02T09:00", pauses=waited, readings=paused),
        case("G11 the van's Tuesday", "1.001193", "2026-11-17T14:30"),
        case("G11 its mobile variant", "1.003583", "2026-11-17T14:30"),
    ]


def _more() -> list[Case]:
    """Give what the worked cases leave out."""
    hours = {"rule": "count", "number": 4, "unit": "hours"}
    days = {"rule": "count", "number": 10, "unit": "days"}
    one, two = (
        Pause("2026-11-03T10:00", "2026-11-05T16:00"),
        Pause("2026-11-06T09:00", "2026-11-10T09:00"),
    )
    paused = {"supplement": "paused"}
    bundle: list[tuple[str, Answers]] = [
        ("nothing chosen", {}),
        ("residence removed", {"answers.remove_residence": True}),
        ("social insurance", {"answers.benefit_scheme": "social_insurance"}),
        ("social protection", {"answers.benefit_scheme": "social_protection"}),
        ("merit", {"answers.benefit_scheme": "merit"}),
    ]
    return [
        *(
            case(f"bundle, {name}", _DEATH_BUNDLE, "2026-11-17T09:00", answers=answers)
            for name, answers in bundle
        ),
        case("bundle after its cut-off", "3.000722", "2026-11-17T15:01"),
        case("land online", _LAND, "2026-10-15T09:00", channel="online"),
        case("hours on one day", "1.004873", "2026-11-17T09:10", limit=hours),
        case("hours past closing", "1.004873", "2026-11-17T14:10", limit=hours),
        case("hours into a weekend", "1.004873", "2026-11-20T16:30", limit=hours),
        case("hours from the small hours", "1.004873", "2026-11-17T01:00", limit=hours),
        case("hours, paused", "1.004873", "2026-11-03T09:00", limit=hours, pauses=[one],
             readings=paused),
        case("plain days ending on Sunday", "1.004873", "2026-11-12T09:00", limit=days),
        case("plain days ending in Tết", "1.004873", "2027-01-28T09:00", limit=days),
        case("plain days, paused", "1.004873", "2026-11-02T09:00", limit=days, pauses=[one, two],
             readings=paused),
        case("paused twice", "1.014027", "2026-11-02T09:00", pauses=[one, two], readings=paused),
        case("the procedure's own reading", "1.004873", "2026-11-02T09:00",
             limit={"supplement": "paused"}, pauses=[one]),
        case("same day, completed later", "1.001193", "2026-11-03T09:00", pauses=[one],
             readings=paused),
        case("before the calendar", "1.001193", "2024-12-31T09:00"),
        case("after the calendar", "1.001193", "2028-01-03T09:00"),
        case("a batch begins outside", "1.011607", "2027-12-20T09:00"),
    ]  # fmt: skip


def _swept() -> list[Case]:
    """Give every rule on every awkward day."""
    cases = []
    for code in ("1.001193", "1.004873", "3.000722", "1.001776", "1.011607", "1.004222"):
        for index, day in enumerate(_DAYS):
            hour = _HOURS[index % len(_HOURS)]
            cases.append(case(f"{code} {day}", code, f"{day}T{hour}"))
            other = {"day_off": "next_working_day"}
            if index % 3 == 0:
                cases.append(case(f"{code} {day}", code, f"{day}T{hour}", readings=other))
    return cases


def _working_days() -> list[Case]:
    calendar = _calendar({})
    days = [day for day in _DAYS if day < "2027-12-31"]
    return [
        {
            "day": day,
            "working": calendar.is_working(_date(day)),
            "next": calendar.next_working(_date(day)).isoformat(),
        }
        for day in days
    ]


def _fees() -> list[Case]:
    def copies(*rows: tuple[int, int]) -> Answers:
        answers: dict[str, object] = {}
        for number, (pages, wanted) in enumerate(rows):
            row = f"answers.originals.00000000-0000-7000-8000-00000000000{number}"
            answers |= {f"{row}.original_page_count": pages, f"{row}.certified_copy_count": wanted}
        return answers

    removed: Answers = {
        **copies((5, 3), (2, 1)),
        "answers.originals.00000000-0000-7000-8000-000000000001.removed": True,
    }
    told: list[tuple[str, str, Answers]] = [
        ("G12 five pages, three copies", _COPIES, copies((5, 3))),
        ("G12 300 pages are capped", _COPIES, copies((300, 1))),
        ("two originals", _COPIES, copies((1, 1), (2, 2))),
        ("a row that was taken out", _COPIES, removed),
        ("extracts", "2.000635", {"answers.copy_count": 3}),
        ("extracts, not yet said how many", "2.000635", {}),
        ("extracts, in figures", "2.000635", {"answers.copy_count": "12"}),
        ("extracts, more figures than any count has", "2.000635", {"answers.copy_count": "9" * 10}),
        ("a signature", "2.000884", {}),
        ("free", "1.001193", {}),
        ("residence", "1.004222", {}),
        ("the council sets it", _LAND, {}),
    ]
    procedures = catalogue().procedures
    formula = procedures[_COPIES]["fee_formula"]
    return [
        *(
            {"name": name, "procedure": code, "answers": dict(answers),
             "fee": fee_due(procedures[code], answers)}
            for name, code, answers in told
        ),
        *(
            {"name": f"a copy of {pages}", "procedure": _COPIES, "pages": pages,
             "fee": fee_per_copy(formula, pages)}
            for pages in (1, 2, 3, 5, 198, 199, 300)
        ),
    ]  # fmt: skip


def _supplements() -> list[Case]:
    def at(text: str) -> int:
        return int(datetime.fromisoformat(f"{text}+07:00").timestamp() * 1000)

    asked = {"items": ["papers.birth_certificate", 7], "more": "", "reason": "Thiếu trang hai"}
    other = {"items": [], "more": "Giấy uỷ quyền", "reason": "Người nộp không phải cha mẹ"}
    other["number"] = "12/PBS"
    first = {"supplements.a": (asked, at("2026-11-03T10:00:59"))}
    second = {"supplements.b": (other, at("2026-11-06T23:59:00"))}
    answered = {"supplied.a": (True, at("2026-11-09T09:00:00"))}
    told: list[tuple[str, dict[str, tuple[Any, int]]]] = [
        ("nothing was asked for", {"status": ("sealed", at("2026-11-03T10:00:00"))}),
        ("one that waits", first),
        ("one that was answered", {**first, **answered}),
        (
            "an answer before its question",
            {**first, "supplied.a": (True, at("2026-11-01T09:00:00"))},
        ),
        ("one is answered, one waits", {**second, **first, **answered}),
        (
            "two that overlap",
            {**second, **first, **answered, "supplied.b": (True, at("2026-11-12T08:00:00"))},
        ),
        (
            "one within the other",
            {**second, **first, **answered, "supplied.b": (True, at("2026-11-07T08:00:00"))},
        ),
        ("two in one minute", {"supplements.0": (other, at("2026-11-03T10:00:59.5")), **first}),
        ("an answer to nothing", answered),
        ("no answer", {**first, "supplied.a": ("yes", at("2026-11-09T09:00:00"))}),
        ("no request", {"supplements.a": ("?", 0), "supplements.b": ({"reason": "x"}, 0)}),
        ("erased", {"supplements.a": ({"erased": True}, at("2026-11-03T10:00:00"))}),
        (
            "a request without words",
            {"supplements.a": ({"items": 3, "more": 4}, at("2026-11-03T10:00:00"))},
        ),
    ]
    return [
        {
            "name": name,
            "fields": {field: list(said) for field, said in fields.items()},
            "told": [msgspec.to_builtins(one) for one in supplements_in(fields)],
            "waiting": [one.id for one in waiting(supplements_in(fields))],
            "pauses": [msgspec.to_builtins(one) for one in pauses_of(supplements_in(fields))],
        }
        for name, fields in told
    ]


def _told(procedure: Mapping[str, Any], given: Case, pauses: Sequence[Pause]) -> Case:
    limits = limits_of(procedure, given["channel"], given["flags"], given["answers"])
    calendar = _calendar(given["readings"])
    try:
        made = promise(limits, given["received_at"], calendar, unit_of(procedure), pauses)
    except OutsideCalendar:
        return {"outside": True}
    assert made is not None, "every case has a limit"
    return {"due_at": made.due_at, "rule": made.rule}


def _calendar(readings: Mapping[str, str]) -> Calendar:
    calendar = read_calendar(SHIPPED)
    return msgspec.structs.replace(
        calendar, readings=msgspec.structs.replace(calendar.readings, **readings)
    )


def _date(day: str) -> date:
    return date.fromisoformat(day)


def _line(one: object) -> str:
    return json.dumps(one, ensure_ascii=False)


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
