"""What the office's copy of a receipt says: the same words as the citizen's, line by line.

Pure. The words lie in `pwa/src/words/receipt.vi.json`, Vietnamese alone, since the forms M01 and
CT04 are. Which form it is, is a property of the procedure. Twin: pwa/src/procedures/receipt.ts;
`tests/stories/test_receipt.py` compares the two papers.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec

from server.desk.writing import number, personal_id, phone
from server.papers.wording import say, text_of
from server.procedures.fees import fee_due
from server.procedures.reference import Branch
from sync.codes import codes_of

_VIETNAM: Final = timezone(timedelta(hours=7))
_NEVER: Final = datetime(1970, 1, 1, tzinfo=_VIETNAM)
_PEOPLE: Final = (
    ("organisation", "organization_name"),
    ("applicant", "applicant_full_name"),
    ("personal_id", "applicant_personal_id"),
    ("address", "applicant_address"),
    ("phone", "applicant_phone"),
    ("email", "applicant_email"),
    ("principal", "principal_full_name"),
    ("personal_id", "principal_personal_id"),
    ("address", "principal_address"),
    ("principal.paper", "authorization_paper"),
)

_say: Final = partial(say, "receipt")

Values = Mapping[str, Any]


class Line(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: str
    value: str


class Receipt(msgspec.Struct, frozen=True):
    """Everything on the paper; `due` is empty on an acknowledgement."""

    form: str
    parent: str
    unit: str
    place: str
    title: str
    code_label: str
    code: str
    qr: str
    due: Line | None
    lines: tuple[Line, ...]
    papers_title: str
    papers: tuple[str, ...]
    missing_title: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    signatures: tuple[Line, ...]


def receipt_of(
    record: UUID,
    values: Values,
    procedure: Mapping[str, Any],
    groups: list[Mapping[str, Any]],
    branch: Branch,
    area_name: str,
    receiver: str,
) -> Receipt:
    """Give the receipt of a record; without a promise in it, its acknowledgement.

    `groups` are the catalogue's common groups, whose choices say where results are collected.
    """
    due, received = _moment(values.get("due_at")), _moment(values.get("received_at"))
    is_receipt = due is not None and received is not None
    taken = (received if is_receipt else _moment(values.get("sealed_at"))) or _NEVER
    codes = codes_of(values)
    template = procedure["receipt_template"]
    limit = Line(_say("limit"), str(procedure["time_limit"]["text_vi"]))
    return Receipt(
        form=_say(f"form.{template}") if is_receipt else "",
        parent=branch.parent_vi,
        unit=branch.name_vi,
        place=_say("place", place=area_name, **_parts(taken)),
        title=_say(f"title.{template}" if is_receipt else "title.acknowledgement"),
        code_label=_say("code"),
        code=codes[0] if codes else _say("code.none"),
        qr=codes[0] if codes else record.hex,
        due=Line(_say("due"), _in_words(due)) if due and is_receipt else None,
        lines=(
            Line(_say("received" if is_receipt else "taken"), _in_words(taken)),
            *_people(values),
            Line(_say("request"), f"{procedure['name_vi']} ({procedure['code']})"),
            Line(_say("sets"), _say("sets.one")),
            *((limit,) if is_receipt else ()),
            *_collect(values, groups),
            Line(_say("fee"), _fee(procedure, values)),
        ),
        papers_title=_say("papers"),
        papers=_papers(procedure, values),
        missing_title=_say("missing"),
        missing=tuple(
            document["name_vi"]
            for document in procedure["documents"]
            if _mark(values, document["id"]).get("state") == "missing"
        ),
        notes=(
            _say("bring" if is_receipt else "acknowledgement"),
            _say("hotline", hotline=branch.hotline),
        ),
        signatures=(
            Line(_say("sign.applicant"), text_of(values, "applicant_full_name")),
            Line(_say("sign.receiver" if is_receipt else "sign.helper"), receiver),
        ),
    )


def _people(values: Values) -> Iterator[Line]:
    for label, field in _PEOPLE:
        text = text_of(values, field)
        if not text:
            continue
        if label == "personal_id":
            text = personal_id(text)
        elif label == "phone":
            text = phone(text)
        yield Line(_say(label), text)


def _collect(values: Values, groups: list[Mapping[str, Any]]) -> Iterator[Line]:
    """Say where the result is collected, with the stop or the address that belongs to it."""
    chosen = values.get("answers.result_channel")
    fields = (field for group in groups for field in group["fields"])
    field = next((field for field in fields if field["id"] == "result_channel"), None)
    names = {one["value"]: one["label_vi"] for one in field["choices"]} if field else {}
    if not isinstance(chosen, str) or chosen not in names:
        return
    more = text_of(values, "result_van_stop") or text_of(values, "result_address")
    yield Line(_say("collect"), f"{names[chosen]}: {more}" if more else names[chosen])


def _fee(procedure: Mapping[str, Any], values: Values) -> str:
    fee = fee_due(procedure, values)
    if fee is None:
        return _say("fee.unknown")
    return f"{number(fee)} ₫" if fee else _say("fee.none")


def _papers(procedure: Mapping[str, Any], values: Values) -> tuple[str, ...]:
    listed: list[str] = []
    for document in procedure["documents"]:
        mark = _mark(values, document["id"])
        if mark.get("state") not in ("handed_in", "checked"):
            continue
        is_shown = mark["state"] == "checked" or document["form"] == "check-only"
        manner = "checked" if is_shown else document["form"]
        said = _say(f"paper.{manner}", count=mark.get("count", 0))
        listed.append(f"{len(listed) + 1}. {document['name_vi']} ({said})")
    return tuple(listed) or (_say("papers.none"),)


def _mark(values: Values, document: str) -> Mapping[str, Any]:
    mark = values.get(f"papers.{document}")
    return mark if isinstance(mark, dict) else {}


def _in_words(moment: datetime) -> str:
    """17 giờ 00, thứ Hai, ngày 23 tháng 11 năm 2026."""
    weekday = _say(f"weekday.{moment.isoweekday() % 7}")
    at = {"hour": f"{moment:%H}", "minute": f"{moment:%M}"}
    return _say("moment", weekday=weekday, **at, **_parts(moment))


def _parts(moment: datetime) -> dict[str, str]:
    return {"day": f"{moment:%d}", "month": f"{moment:%m}", "year": f"{moment.year:04}"}


def _moment(value: object) -> datetime | None:
    """Read an ISO time, in Vietnam; None where somebody wrote something else."""
    try:
        return (
            datetime.fromisoformat(value).astimezone(_VIETNAM) if isinstance(value, str) else None
        )
    except (ValueError, OverflowError):
        return None
