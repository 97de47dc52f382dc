"""The one place where what went wrong becomes an HTTP answer.

Devices get MessagePack or `application/problem+json`, by what they ask for; people get a page. An
answer names a code and a sentence, never a value that somebody sent.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from server.bodies import ClientGone
from server.database import Busy
from server.rates import address_of
from sync.refusals import Refusal

AnyRequest = Request[Any, Any, State]
PageOf = Callable[[AnyRequest, int], Response[str]]

MSGPACK: Final = "application/vnd.msgpack"
MSGPACK_NAMES: Final = ("application/vnd.msgpack", "application/x-msgpack", "application/msgpack")
PROBLEM_JSON: Final = "application/problem+json"

CLIENT_GONE: Final = 499
"""What nginx writes down for a client that went away; nobody is there to read it."""

RETRY_AFTER_SECONDS: Final = 5

STATUS_BY_CODE: Final = {
    "malformed": 400,
    "bad-endpoint": 400,
    "unknown-protocol": 400,
    "bad-signature": 401,
    "bad-token": 401,
    "unknown-device": 401,
    "app-too-old": 403,
    "device-unconfirmed": 403,
    "device-refused": 403,
    "device-revoked": 403,
    "wrong-office": 403,
    "wrong-secret": 403,
    "unknown-code": 404,
    "unknown-record": 404,
    "unknown-attachment": 404,
    "unknown-upload": 404,
    "not-in-conflict": 409,
    "nothing-lost": 409,
    "offset-mismatch": 409,
    "wrong-status": 409,
    "used-code": 410,
    "expired-code": 410,
    "expired-upload": 410,
    "unsupported-version": 412,
    "too-large": 413,
    "unsupported-type": 415,
    "refused-content": 415,
    "too-many-requests": 429,
    "wrong-checksum": 460,  # of the tus standard
    "busy": 503,
}

_CODE_BY_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}

_log = logging.getLogger("luudong")


def exception_handlers(page_of: PageOf) -> ExceptionHandlersMap:
    """Give the handlers for everything that can go wrong; `page_of` makes pages for people."""

    def on_refusal(request: AnyRequest, refusal: Refusal) -> Response[Any]:
        status = STATUS_BY_CODE.get(refusal.code, HTTPStatus.BAD_REQUEST)
        answer = _answer(request, status, refusal.code, str(refusal), page_of)
        seconds = getattr(refusal, "retry_after_seconds", None)
        return answer if seconds is None else _retry_after(answer, seconds)

    def on_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
        code = _CODE_BY_STATUS.get(error.status_code)
        code = code or ("malformed" if error.status_code < 500 else "internal")  # noqa: PLR2004
        detail = code.replace("-", " ")
        answer = _answer(request, error.status_code, code, detail, page_of)
        answer.headers.update(error.headers or {})
        return answer

    def on_busy(request: AnyRequest, error: Busy) -> Response[Any]:
        _log.warning("the database is busy: %s", type(error.__cause__).__name__)
        answer = _answer(request, 503, "busy", "the office cannot take this now", page_of)
        return _retry_after(answer, RETRY_AFTER_SECONDS)

    def on_client_gone(_request: AnyRequest, _error: ClientGone) -> Response[Any]:
        return Response(b"", status_code=CLIENT_GONE)

    def on_mistake(request: AnyRequest, error: Exception) -> Response[Any]:
        # The trace names files and lines; its message could carry what a citizen told us.
        _log.error("%s %s", request.method, request.scope["path"], exc_info=_without_message(error))
        return _answer(request, 500, "internal", "something went wrong here", page_of)

    return {
        Refusal: on_refusal,
        HTTPException: on_http,
        Busy: on_busy,
        ClientGone: on_client_gone,
        Exception: on_mistake,
    }


def asker_of(request: AnyRequest) -> str:
    """Give the address of whoever asks, for counting those who have shown no key yet."""
    peer = request.client.host if request.client else ""
    return address_of(peer, request.headers.get("x-forwarded-for", ""))


def _answer(
    request: AnyRequest, status: int, code: str, detail: str, page_of: PageOf
) -> Response[Any]:
    if _is_for_people(request):
        return page_of(request, status)
    problem = {
        "type": f"urn:luudong:{code}",
        "title": code.replace("-", " "),
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if _wants_msgpack(request):
        return _of_bytes(msgspec.msgpack.encode(problem), MSGPACK, status)
    return _of_bytes(msgspec.json.encode(problem), PROBLEM_JSON, status)


def _is_for_people(request: AnyRequest) -> bool:
    path = request.scope["path"]
    if path.startswith(("/app/", "/desk/assets/")):
        return "text/html" in request.headers.get("accept", "")
    return not path.startswith(("/sync/", "/health"))


def _wants_msgpack(request: AnyRequest) -> bool:
    """Go by what is accepted; where that says nothing of the two, by what was sent."""
    accepted = request.headers.get("accept", "")
    if "json" in accepted:
        return False
    if any(name in accepted for name in MSGPACK_NAMES):
        return True
    return request.headers.get("content-type", "").split(";")[0].strip() in MSGPACK_NAMES


def _of_bytes(content: bytes, media_type: str, status: int) -> Response[Any]:
    headers = {"Cache-Control": "no-store"}
    return Response(content, media_type=media_type, status_code=status, headers=headers)


def _retry_after(answer: Response[Any], seconds: int) -> Response[Any]:
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _without_message(error: Exception) -> Exception:
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
