"""The office that is shot at: a real server, a phone and a desk at it, renewed now and then.

What hits may really change something (a device revoked, a session ended); a fresh phone and a
fresh session keep the shots going deep.
"""

import re
import socket
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx

from server.devices.confirmation import confirm
from tests.fuzz.shot import SECONDS_MAX, Outcome, Shot
from tests.fuzz.surface import Route, fields_of
from tests.stories.office import OfficeProcess
from tests.stories.records import connected
from tests.support.desk import Desk, csrf_of
from tests.support.phone import Phone, PhoneSeat
from tests.support.tus import Uploader

BYTES_A_PAGE: Final = 4096
TIMEOUT: Final = SECONDS_MAX + 5


class Target:
    """One office under fire."""

    def __init__(self, office: OfficeProcess, routes: list[Route]) -> None:
        """Join it with a first phone, and sign in at its desk."""
        self.office = office
        self.routes = routes
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{office.port}", timeout=TIMEOUT, trust_env=False
        )
        self.phone = Phone(self.http)
        self.seat: PhoneSeat
        self.session: dict[str, str] = {}
        self.fields: list[str] = []
        self.token = ""
        self.digest = ""
        self.uploads: list[str] = []
        self.renew()

    def renew(self) -> None:
        """Begin again with a fresh phone that holds dossiers, and a fresh session."""
        phone = Phone(self.http)
        phone.enrol(self.office.run("link").split("/enrol/")[1].split()[0])
        with connected(self.office.database) as connection, connection.begin():
            confirm(connection, phone.device, 1, 0)
        seat = phone.sign_in("an")
        photo = b"\xff\xd8\xff\xe0" + bytes(996)
        self.digest = sha256(photo).hexdigest()
        record = phone.take_dossier(seat)
        paper = {"document": "1", "size": len(photo), "type": "image/jpeg"}
        phone.set(seat, record, {f"attachments.{self.digest}": paper})
        phone.take_dossier(seat, area="10465")
        self.token = phone.exchange(seat).token or ""
        created = Uploader(self.http, self.token).create(record, photo)
        self.uploads = [created.headers.get("location", "")]
        self.phone, self.seat = phone, seat
        self._sign_in(str(record))

    def send(self, shot: Shot) -> Outcome:
        """Send one request; an office that hangs up has answered 0."""
        began = time.monotonic()
        if shot.raw:
            return self._send_raw(shot, began)
        headers = [(name.encode(), value.strip().encode()) for name, value in shot.headers.items()]
        request = self.http.build_request(
            shot.method, shot.path, headers=headers, content=shot.body or None
        )
        try:
            answer = self.http.send(request, follow_redirects=False)
        except httpx.TimeoutException:
            return Outcome(0, time.monotonic() - began)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            self.http.cookies.clear()
            return Outcome(0, time.monotonic() - began)
        self.http.cookies.clear()
        retry_after = answer.headers.get("retry-after")
        return Outcome(answer.status_code, time.monotonic() - began, retry_after)

    def resident_bytes(self) -> int:
        """Give what all its processes hold in memory."""
        assert self.office.process
        pages = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended while we looked
                if int(stat.read_text().rsplit(")", 1)[1].split()[3]) == self.office.process.pid:
                    pages += int((stat.parent / "statm").read_text().split()[1])
        return pages * BYTES_A_PAGE

    def close(self) -> None:
        """Hang up."""
        self.http.close()

    def _sign_in(self, record: str) -> None:
        desk = Desk(self.http)
        desk.sign_in("quan")
        cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
        page = f"/desk/dossiers/{record}"
        self.session = {"cookie": cookie, "csrf": csrf_of(desk.get(page))}
        pages = ["/desk", "/desk/devices", page, f"{page}/conflicts"]
        self.fields = fields_of(desk, pages)

    def _send_raw(self, shot: Shot, began: float) -> Outcome:
        status = 0
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.office.port)) as line:
            line.settimeout(TIMEOUT)
            line.sendall(shot.raw)
            # No more comes from us: whoever waits for the rest of a body learns that it is none.
            line.shutdown(socket.SHUT_WR)
            found = re.match(rb"HTTP/1\.[01] (\d{3})", line.recv(1024))
            status = int(found[1]) if found else 0
        return Outcome(status, time.monotonic() - began, "1" if status in {503, 507} else None)
