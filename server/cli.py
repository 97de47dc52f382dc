"""The office's command line: `luudong run | migrate | rebuild | link | secret | import FILE`.

And for its backups: `backup | verify | restore | drill | returned` (`server/backups/commands.py`).
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from server.clock import now_ms
from server.database import Job, in_one_transaction, open_database
from server.devices.links import LINK_MINUTES, link_address, make_link
from server.keys import new_secret
from server.settings import Settings, SettingsRefused, read_settings

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the status for the shell."""
    parser = argparse.ArgumentParser(prog="luudong", description=__doc__)
    parser.add_argument("command", choices=sorted([*COMMANDS, *BACKUP_COMMANDS, "import"]))
    parser.add_argument(
        "backup",
        nargs="?",
        type=Path,
        help="its folder; of verify, restore, drill: else the newest. Of import: the rescue file",
    )
    given = parser.parse_args(arguments)
    command = COMMANDS.get(given.command) or (
        partial(take_rescue_file, given.backup)
        if given.command == "import"
        else partial(_on_backup, given.command, given.backup)
    )
    try:
        return command()
    except SettingsRefused as refused:
        sys.stderr.write(f"{refused}\n")
    except OperationalError as error:
        sys.stderr.write(f"The database does not answer: {str(error.orig).splitlines()[0]}\n")
    return 2


def run() -> int:
    """Serve until told to stop, and leave the process; returns only if it could not serve."""
    from server.serving import serve  # noqa: PLC0415 -- the other commands start in half the time

    status = asyncio.run(serve(_settings()))
    # All is closed and written by now. The server's own native threads may still be about to
    # let go of Python objects; an interpreter torn down under them aborts (4 in 100, measured).
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def migrate() -> int:
    """Bring the database to the newest schema."""
    from server.migration import migrate as bring_up  # noqa: PLC0415 -- as above

    settings = _settings()
    bring_up(settings.database)
    _say("The database has the newest schema.")
    return 0


def rebuild() -> int:
    """Fold every record and dossier anew from the logs."""
    from server.dossiers.rebuild import rebuild as fold_anew  # noqa: PLC0415 -- as above

    folded = _in_transaction(_settings(), fold_anew)
    _say(f"{folded} records are folded anew from their logs.")
    return 0


def link() -> int:
    """Make a link by which one device may join."""
    settings = _settings()
    code = _in_transaction(settings, lambda connection: make_link(connection, None, now_ms()))
    _say(f"{link_address(settings, code)}\nOne device, {LINK_MINUTES} minutes.")
    return 0


def secret() -> int:
    """Make a secret for LUUDONG_SECRET."""
    _say(new_secret())
    return 0


def take_rescue_file(named: Path | None) -> int:
    """Take the bundles of a rescue file; a status of 1 says that not all could be taken."""
    from server.attachments.staging import Staging  # noqa: PLC0415 -- as above
    from server.attachments.storage import open_storage  # noqa: PLC0415 -- as above
    from server.exchange.importing import import_into  # noqa: PLC0415 -- as above
    from server.exchange.taking import Taker  # noqa: PLC0415 -- as above
    from server.keys import load_or_make_keys  # noqa: PLC0415 -- as above

    if named is None or not named.is_file():
        sys.stderr.write("Name a rescue file: luudong import FILE\n")
        return 2
    settings = _settings()
    taker = Taker(settings.office, load_or_make_keys(settings), settings.agency)
    storage = open_storage(settings.attachments, settings.data)
    folders = (Staging(settings.uploads_folder), storage)
    database = open_database(settings.database)
    try:
        with named.open("rb") as file:
            done = import_into(database.engine, taker, folders, file, now_ms())
    finally:
        database.close()
    for place, one in enumerate(done.bundles, 1):
        whose = done.labels.get(one.device or 0, "an unknown device")
        photos = f", {one.photos} photos" if one.photos else ""
        code = f", {one.code}" if one.code else ""
        _say(f"{place}. {whose}: {one.new} new changes{photos}{code}")
    if done.code:
        _say(f"The file ends here: {done.code}.")
    return 1 if done.code or any(one.code for one in done.bundles) else 0


def bundle_key() -> int:
    """Make a new key for devices to seal bundles to; what was sealed to older ones still opens."""
    from server.keys import add_bundle_key  # noqa: PLC0415 -- as above

    _say(f"Bundle key {add_bundle_key(_settings())} is given out from the next start on.")
    return 0


BACKUP_COMMANDS = ("backup", "verify", "restore", "drill", "returned")

COMMANDS = {
    "run": run,
    "migrate": migrate,
    "rebuild": rebuild,
    "link": link,
    "secret": secret,
    "bundle-key": bundle_key,
}


def _on_backup(name: str, named: Path | None) -> int:
    from server.backups.commands import COMMANDS as OF_BACKUPS  # noqa: PLC0415 -- as above

    return OF_BACKUPS[name](_settings(), named)


def _settings() -> Settings:
    return read_settings(os.environ)


def _in_transaction(settings: Settings, job: Job[T]) -> T:
    from server.migration import migrate as bring_up  # noqa: PLC0415 -- as above

    bring_up(settings.database)
    return in_one_transaction(settings.database, job)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
