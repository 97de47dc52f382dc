"""Sets a paper by Typst: data in, PDF out, without a file of anybody's between."""

import io
from pathlib import Path
from typing import Final

import msgspec
import segno
import typst

from server.papers.receipt import Receipt
from server.papers.supplement_request import SupplementRequest

FOLDER: Final = Path(__file__).parent
FONTS: Final = FOLDER / "fonts"


def set_receipt(receipt: Receipt) -> bytes:
    """Give the receipt as PDF; about a tenth of a second of one core."""
    drawn = io.BytesIO()
    segno.make(receipt.qr, error="m", micro=False).save(drawn, kind="svg", border=4)
    told = msgspec.json.encode(receipt).decode()
    return _set("receipt.typ", {"receipt": told, "qr": drawn.getvalue().decode()})


def set_supplement_request(request: SupplementRequest) -> bytes:
    """Give the paper that asks for a supplement as PDF."""
    return _set("supplement_request.typ", {"request": msgspec.json.encode(request).decode()})


def _set(template: str, inputs: dict[str, str]) -> bytes:
    pdf = typst.compile(
        FOLDER / template,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    assert isinstance(pdf, bytes), "one document was asked for"
    return pdf
