"""The office's door to attachments: an officer opens one from the page of its dossier."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.attachments.reading import get_held, hand_out
from server.attachments.rights import is_shown_at_desk
from server.attachments.rules import UnknownAttachment, read_name
from server.desk.door import desk_rooms, enter
from server.office import Office
from sync.refusals import Malformed


@get("/desk/dossiers/{record:uuid}/attachments/{digest:str}")
async def attachment(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[UUID],
    digest: FromPath[str],
) -> Response[Any]:
    """Give an attachment of a dossier, to keep or to open outside of our pages."""
    await enter(request, office)
    database, storage = office.database, office.storage
    is_shown = await database.read(lambda connection: is_shown_at_desk(connection, record))
    try:
        name = read_name(str(record), digest if is_shown else "")
        return hand_out(storage, name, await get_held(database, storage, name))
    except (Malformed, UnknownAttachment):
        raise NotFoundException(detail="no such attachment") from None


handlers = desk_rooms(attachment)
