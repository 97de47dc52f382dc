"""Serves an office until it is told to stop: one process, one worker, one event loop.

SQLite wants one writer, and the hints to open pages go within the process.
"""

import asyncio
import errno
import gc
import logging
import signal
import socket
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from server.app import create_app
from server.backups.claiming import claim
from server.backups.nightly import serve_backups
from server.clock import now_ms
from server.devices.links import LINK_MINUTES, link_address, make_link
from server.office import Office, open_office
from server.settings import Settings, SettingsRefused
from server.staff.demo import PASSWORD, PEOPLE
from server.trips.demo import make_demo_trips

GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""The cyclic collector costs up to 1.7 times the processor on a big exchange (measured)."""

LISTENING_WITHIN_SECONDS = 20


async def serve(settings: Settings) -> int:
    """Open the office, serve it, and close it on SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # What breaks a connection is told to whoever used it; a driver's own words may quote a row.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    require_free_port(settings)
    with claim(settings.data):
        return await _serve(settings)


async def _serve(settings: Settings) -> int:
    office = open_office(settings)
    if settings.is_demo:
        await office.database.write(
            lambda connection: make_demo_trips(connection, office, now_ms())
        )
    server = Server(
        create_app(office),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        backlog=1024,
        backpressure=1024,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, server, office)
    # What was made by now stays for good: the collector need never look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    serving = asyncio.create_task(server.serve())
    if await _is_listening(settings, serving):
        await greet(office)
    backups = asyncio.create_task(
        serve_backups(
            settings, lambda: office.epoch, now_ms, lambda: office.live.announce("devices")
        )
    )
    await serving
    backups.cancel()
    await asyncio.wait([backups])
    return 0


def require_free_port(settings: Settings) -> None:
    """Pass if we can listen there, else raise SettingsRefused with what to do."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SettingsRefused(
                    f"Nobody can listen on {settings.host}, port {settings.port}: "
                    f"{error.strerror}. Choose others with LUUDONG_HOST and LUUDONG_PORT."
                ) from None
            raise SettingsRefused(
                f"Port {settings.port} is taken: another office or program listens there. "
                "Stop it, or choose another with LUUDONG_PORT."
            ) from None


async def greet(office: Office) -> None:
    """Say where the three faces are; a demo office also says how to get in."""
    settings = office.settings
    lines = [
        "",
        f"  {settings.office_name}",
        "",
        f"  Start page / Trang đầu         {settings.url}/",
        f"  Field app / Ứng dụng lưu động  {settings.url}/app/",
        f"  Desk / Bàn làm việc            {settings.url}/desk",
    ]
    if settings.is_demo:
        code = await office.database.write(lambda connection: make_link(connection, None, now_ms()))
        people = [f"    {sign_in:<6} {role:<18} {name}" for _, sign_in, name, role, _ in PEOPLE]
        lines += [
            "",
            f"  Invented people; the password of all is {PASSWORD}",
            *people,
            "",
            f"  One device may join within {LINK_MINUTES} minutes:",
            f"  {link_address(settings, code)}",
        ]
    sys.stdout.write("\n".join([*lines, "", "  Stop with Ctrl-C.", "", ""]))
    sys.stdout.flush()


def _stop(server: Server, office: Office) -> None:
    # Open streams first, or the server would wait for pages that never end.
    office.live.close()
    server.stop()  # type: ignore[no-untyped-call]  # granian does not annotate it


async def _is_listening(settings: Settings, serving: "asyncio.Task[None]") -> bool:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 -- compared
    for _ in range(LISTENING_WITHIN_SECONDS * 20):
        if serving.done():
            return False
        try:
            _, writer = await asyncio.open_connection(host, settings.port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return True
    return False
