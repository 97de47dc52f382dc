"""The desk takes a rescue file: choose it, and see of each bundle what became of it."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from server.answers import AnyRequest
from server.clock import now_ms
from server.desk.door import desk_rooms, enter, secret_of
from server.desk.page import Sheet
from server.desk.uploads import NoFile, uploaded
from server.exchange.bundles import BundleTaken
from server.exchange.importing import Imported, import_file
from server.office import Office
from server.staff.rules import may_manage_devices
from sync.limits import BUNDLE_FILE_BYTES_MAX
from sync.refusals import TooLarge

_KNOWN_CODES = frozenset(
    {
        *("gap", "too-large", "device-unconfirmed", "unknown-device", "unknown-key"),
        *("wrong-office", "broken-seal", "malformed", "bad-signature", "device-refused"),
        *("unknown-seat", "broken-chain", "unknown-protocol"),
        *("refused-content", "unsupported-type", "busy"),
    }
)


@dataclass(frozen=True)
class Told:
    """A bundle in words."""

    place: int
    device: str | None
    look: str
    words: str


@get("/desk/import")
async def import_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Ask for a file."""
    viewer = await enter(request, office, may_manage_devices)
    return _show(Sheet(request, office, viewer))


@post("/desk/import", request_max_body_size=None)
async def take_file(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Take a file, and say what became of it. Sending it again is harmless."""
    viewer = await enter(request, office, may_manage_devices)
    sheet = Sheet(request, office, viewer)
    try:
        secret = secret_of(request, office.settings)
        async with uploaded(request, secret, BUNDLE_FILE_BYTES_MAX) as file:
            imported = await import_file(office, file, now_ms())
    except NoFile:
        return _show(sheet, fault="none", status=400)
    except TooLarge:
        return _show(sheet, fault="too_large", status=413)
    if not imported.is_rescue_file:
        return _show(sheet, fault="other", status=400)
    return _show(sheet, imported=imported)


def _show(
    sheet: Sheet,
    *,
    imported: Imported | None = None,
    fault: str | None = None,
    status: int = 200,
) -> Response[str]:
    facts = {
        "room": "devices",
        "fault": fault,
        "imported": imported,
        "told": _told(sheet, imported) if imported else [],
        "here": "/desk/import",
    }
    return sheet.page("exchange/import.html", facts, status=status)


def _told(sheet: Sheet, imported: Imported) -> list[Told]:
    return [
        Told(
            place,
            None if bundle.device is None else imported.labels.get(bundle.device),
            "attention" if bundle.code else "received",
            _words(sheet, bundle),
        )
        for place, bundle in enumerate(imported.bundles, 1)
    ]


def _words(sheet: Sheet, bundle: BundleTaken) -> str:
    said = []
    if bundle.new:
        said.append(sheet.say("desk.import.new", count=bundle.new))
    if bundle.photos:
        said.append(sheet.say("desk.import.photos", count=bundle.photos))
    if bundle.code in _KNOWN_CODES:
        said.append(sheet.say(f"desk.import.code.{bundle.code}"))
    elif bundle.code:
        said.append(sheet.say("desk.import.code.other", code=bundle.code))
    if not said and bundle.changes:
        said.append(sheet.say("desk.import.held", count=bundle.changes))
    elif not said:
        said.append(sheet.say("desk.import.photos_held"))
    return " ".join(said)


handlers = desk_rooms(import_page, take_file)
