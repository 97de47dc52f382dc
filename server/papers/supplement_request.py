"""What the paper says that asks a citizen for a supplement: form M02 of TT 03/2025/TT-VPCP.

Pure. The words lie in `pwa/src/words/supplement_request.vi.json`, Vietnamese alone, since the form
is. Where a request has no number yet, it stays open for the pen.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec

from server.deadlines.supplements import Supplement
from server.desk.writing import phone
from server.dossiers.reading import ANSWER, Reader
from server.papers.receipt import Line
from server.papers.wording import say, text_of
from server.procedures.reference import Branch
from sync.codes import codes_of

_say: Final = partial(say, "supplement_request")

Values = Mapping[str, Any]


class SupplementRequest(msgspec.Struct, frozen=True):
    """Everything on the paper; `signature` is who guides the citizen, under how to sign."""

    nation: str
    motto: str
    form: str
    parent: str
    unit: str
    number: str
    title: str
    lines: tuple[Line, ...]
    items_title: str
    items: tuple[str, ...]
    reason: Line
    contact: str
    date: str
    sign: str
    signature: Line


def supplement_request_of(
    values: Values,
    said: Supplement,
    reader: Reader,
    request: str,
    branch: Branch,
    place: str,
    asked_by: str | None,
) -> SupplementRequest:
    """Give the paper of one request of a dossier; `reader` speaks Vietnamese.

    `request` is what the citizen wants of the office, `place` the commune of the dossier. Where
    nobody is known to have asked, the office itself is who guides, and nobody's name stands under
    the signature.
    """
    asked = datetime.fromisoformat(said.asked)
    date = {"day": f"{asked:%d}", "month": f"{asked:%m}", "year": f"{asked.year:04}"}
    return SupplementRequest(
        nation=_say("nation"),
        motto=_say("motto"),
        form=_say("form"),
        parent=branch.parent_vi,
        unit=branch.name_vi,
        number=_say("number", number=said.number) if said.number else _say("number.open"),
        title=_say("title"),
        lines=tuple(_lines(values, request)),
        items_title=_say("items"),
        items=tuple(_items(said, reader)),
        reason=Line(_say("reason"), said.reason),
        contact=_say("contact", name=asked_by or branch.name_vi, hotline=branch.hotline),
        date=_say("date", place=place, **date) if place else _say("date.only", **date),
        sign=_say("sign"),
        signature=Line(_say("sign.how"), asked_by or ""),
    )


def _lines(values: Values, request: str) -> Iterator[Line]:
    """Give what is known of the dossier and its citizen; what is not known has no line."""
    named = [text_of(values, field) for field in ("organization_name", "applicant_full_name")]
    told = {
        "code": next(iter(codes_of(values)), ""),
        "of": ", ".join(name for name in named if name),
        "request": request,
        "address": text_of(values, "applicant_address"),
        "phone": phone(text_of(values, "applicant_phone")),
        "email": text_of(values, "applicant_email"),
    }
    yield from (Line(_say(label), text) for label, text in told.items() if text.strip())


def _items(said: Supplement, reader: Reader) -> Iterator[str]:
    for item in said.items:
        label = reader.label(item).words
        yield _say("item.answer", label=label) if item.startswith(ANSWER) else label
    if said.more:
        yield said.more
