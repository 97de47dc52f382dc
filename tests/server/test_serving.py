"""The real process: it starts, says where it is, serves over HTTP, and ends cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.phone import MSGPACK, Phone

ROOT = Path(__file__).parents[2]


class Served:
    """An office in a process of its own."""

    def __init__(self, folder: Path, url: str, port: int) -> None:
        """Start it and wait for its greeting."""
        self.port = port
        self.environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "LUUDONG_MODE": "demo",
            "LUUDONG_DATA": str(folder),
            "LUUDONG_DATABASE": url,
            "LUUDONG_PORT": str(port),
        }
        self.greeting = ""
        self.log = ""
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        """Start the process and read what it says, up to the link."""
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "run"],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        self.greeting = ""
        for line in process.stdout:
            self.greeting += line
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail(f"it did not start: {self.greeting}")
        return process

    @property
    def code(self) -> str:
        """Give the code of the link that it printed."""
        found = re.search(r"#/enrol/(\S+)", self.greeting)
        assert found is not None, self.greeting
        return found[1]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process; gives its status, and leaves what it still said in `log`."""
        self.process.send_signal(number)
        self.log, _ = self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def served(tmp_path: Path, database_url: str) -> Iterator[Served]:
    """Serve an office on a port of its own."""
    running = Served(tmp_path / "data", database_url, free_port())
    yield running
    if running.process.returncode is None:
        running.stop(signal.SIGKILL)


def test_it_greets_with_the_three_faces_and_a_link_and_ends_cleanly(served: Served) -> None:
    base = f"http://localhost:{served.port}"

    for face in (f"{base}/", f"{base}/app/", f"{base}/desk"):
        assert face in served.greeting
    assert "luudong-demo" in served.greeting
    assert httpx.get(f"{base}/health").json() == {"status": "ok"}
    assert (served.stop(), served.log.strip()) == (0, "")


def test_a_second_start_changes_only_the_link(served: Served) -> None:
    before = served.greeting
    served.stop()
    served.process = served.start()

    code = re.compile(r"#/enrol/\S+")
    assert code.sub("", served.greeting) == code.sub("", before)
    assert served.greeting != before


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_taken_port_is_said_clearly(served: Served) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server.cli", "run"],
        cwd=ROOT,
        env=served.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 2
    assert f"Port {served.port} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_what_was_acknowledged_survives_a_kill(served: Served) -> None:
    with httpx.Client(base_url=f"http://localhost:{served.port}") as http:
        phone = Phone(http)
        phone.enrol(served.code)
        _confirm_by_hand(http, phone)
        an = phone.sign_in("an")
        phone.take_dossier(an)
        phone.exchange(an)
        assert an.held == 1
        served.stop(signal.SIGKILL)
        served.process = served.start()

        phone.take_dossier(an)
        response = phone.exchange(an)

    assert response.refusals == []
    assert an.held == 2


def test_a_client_that_goes_away_is_no_mistake_of_ours(served: Served) -> None:
    head = (
        f"POST /sync/exchange HTTP/1.1\r\nHost: localhost\r\nContent-Type: {MSGPACK}\r\n"
        "Content-Length: 100000\r\n\r\n"
    )
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(head.encode() + b"\x82" * 1000)
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall(b"no HTTP at all\r\n\r\n")

    assert httpx.get(f"http://localhost:{served.port}/health").status_code == 200
    served.stop()
    assert "ERROR" not in served.log


def free_port() -> int:
    """Give a port that nobody listens on right now."""
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


def _confirm_by_hand(http: httpx.Client, phone: Phone) -> None:
    """Confirm a device at the desk, through its pages."""
    signed_in = {"sign_in": "chi", "secret": "luudong-demo"}
    page = http.get("/desk/sign-in")
    http.post("/desk/sign-in", data={**signed_in, "csrf": _token(page.text)})
    page = http.get("/desk/devices")
    answer = http.post(f"/desk/devices/{phone.device}/confirm", data={"csrf": _token(page.text)})
    assert answer.status_code in (200, 303), answer.text


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]
