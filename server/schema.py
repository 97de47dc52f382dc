"""Every table of the office, known to one MetaData: importing this is knowing the schema."""

from server import facts
from server.attachments import tables as attachments
from server.codes import tables as codes
from server.database import metadata
from server.deadlines import tables as deadlines
from server.devices import tables as devices
from server.dossiers import tables as dossiers
from server.erasures import tables as erasures
from server.fieldwork import tables as fieldwork
from server.lists import tables as lists
from server.push import tables as push
from server.records import tables as records
from server.staff import tables as staff

__all__ = [
    "attachments",
    "codes",
    "deadlines",
    "devices",
    "dossiers",
    "erasures",
    "facts",
    "fieldwork",
    "lists",
    "metadata",
    "push",
    "records",
    "staff",
]
