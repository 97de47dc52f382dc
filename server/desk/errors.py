"""What a person reads when a page cannot be given: what happened, what is safe, what to do."""

from typing import Final

from litestar import Response

from server.answers import AnyRequest
from server.desk.page import Sheet

_KNOWN: Final = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def page_of(request: AnyRequest, status: int) -> Response[str]:
    """Give the page for a status; one that has no words of its own borrows a neighbour's."""
    known = status if status in _KNOWN else (400 if status < 500 else 500)  # noqa: PLR2004
    sheet = Sheet(request, request.app.state.office)
    return sheet.page("desk/error.html", {"known": known}, status=status)
