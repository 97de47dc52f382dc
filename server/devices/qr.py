"""Draws an enrolment link as a QR code that a tablet's camera reads from the desk's screen."""

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """Give the code as SVG for the page itself: no file, no foreign host."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, dark="#10131c", light="#ffffff", svgclass="qr")
    return Markup(drawn)  # noqa: S704 -- squares only: the address is not in the markup
