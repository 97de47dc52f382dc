"""Puts the doors of an office together into one application. Only this file imports doors."""

from typing import Final

from litestar import Litestar, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.types import ControllerRouterHandler

from server.answers import exception_handlers
from server.assignment import pages as assignment
from server.attachments import api as attachments
from server.attachments import pages as attachment_pages
from server.attachments.expiration import sweeping
from server.built import app_handlers, desk_handlers
from server.conflicts import pages as conflicts
from server.database import Database
from server.decisions import pages as decisions
from server.desk import events as desk_events
from server.desk import pages as desk
from server.desk.errors import page_of
from server.devices import pages as devices
from server.dossiers import pages as dossiers
from server.erasures import pages as erasures
from server.exchange import api as exchange
from server.exchange import pages as imports
from server.findings import pages as findings
from server.headers import add_headers
from server.office import Office
from server.papers import pages as papers
from server.results import pages as results
from server.supplements import pages as supplements
from server.trips import pages as trips

REQUEST_BYTES_MAX: Final = 1024 * 1024
"""What a form may weigh; the devices' door has limits of its own."""


@get("/health")
async def health(office: NamedDependency[Office]) -> dict[str, str]:
    """Tell a supervisor that the office answers and its database reads."""
    await _ask(office.database)
    return {"status": "ok"}


def create_app(office: Office) -> Litestar:
    """Give the application of an open office; closing the application closes the office."""
    doors: list[ControllerRouterHandler] = [
        health,
        *exchange.handlers,
        *attachments.handlers,
        *desk.handlers,
        *desk_events.handlers,
        *dossiers.handlers,
        *attachment_pages.handlers,
        *decisions.handlers,
        *conflicts.handlers,
        *findings.handlers,
        *assignment.handlers,
        *supplements.handlers,
        *results.handlers,
        *trips.handlers,
        *devices.handlers,
        *erasures.handlers,
        *papers.handlers,
        *imports.handlers,
        *app_handlers(),
        *desk_handlers(),
    ]
    return Litestar(
        doors,
        dependencies={"office": Provide(lambda: office, sync_to_thread=False)},
        state=State({"office": office}),
        exception_handlers=exception_handlers(page_of),
        before_send=[add_headers],
        on_shutdown=[office.close],
        lifespan=[
            lambda _app: sweeping(
                office.database, attachments.staging_of(office), office.settings.upload_ms
            ),
            lambda _app: office.push.running(),
        ],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=REQUEST_BYTES_MAX,
    )


async def _ask(database: Database) -> None:
    await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())
