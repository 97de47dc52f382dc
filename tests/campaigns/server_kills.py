"""Kills a busy office again and again (SIGKILL), and holds it against its phones afterwards.

Nothing acknowledged may be lost, nothing be there twice, no log part, and no answer be a 500:
FAULT-3, FAULT-4, FAULT-23, FAULT-32.
"""

import random
import threading
import time
from pathlib import Path
from typing import Final

from tests.campaigns.audit import audit
from tests.campaigns.fleet import Fleet, open_fleet, wait_until_heard
from tests.campaigns.part import Chunk
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.working import WorkingPhone
from tests.stories.office import OfficeProcess
from tests.support.postgres import running_postgres

PHONES: Final = 4

REQUEST_BYTES: Final = 1_500
"""Most requests are longer than this: a line that stops before cuts them in two."""

EXCHANGE_SECONDS: Final = 0.15
"""About as long as an exchange takes among others."""

MOMENT_SECONDS_MAX: Final = 2.0
"""So long a chosen moment is waited for; then it is killed at any."""


def kill_under_load(folder: Path, database: str, kills: int, seed: int) -> Tally:
    """Run an office on a fresh database, kill it so often, and compare; raises PromiseBroken."""
    office = OfficeProcess(folder / "office", database, more={"LUUDONG_BACKUP_HOUR": "off"})
    office.start()
    try:
        with open_fleet(office, PHONES, seed) as fleet:
            tally = Tally()
            with fleet.at_work():
                for kill in range(kills):
                    tally += _kill(fleet, random.Random(seed * 1000 + kill))
                    office.start()
                    wait_until_heard(fleet)
            office.stop()
            return tally + audit(fleet)
    except PromiseBroken:
        print(office.last_words())
        raise
    finally:
        office.kill()


def _kill(fleet: Fleet, chance: random.Random) -> Tally:
    """Choose a phone and a moment of its exchange, and kill the office then."""
    victim = chance.choice(fleet.phones)
    line = victim.line
    time.sleep(chance.uniform(0, EXCHANGE_SECONDS))
    match chance.randrange(4):
        case 0:  # it has read a part of a request
            line.stops_after = chance.randrange(1, REQUEST_BYTES)
            _await(victim, line.stopped)
        case 1:  # it has stored and answered, and nobody has read it
            line.swallows_answers = True
            _await(victim, line.answer_begun)
        case _:  # it works on somebody's request
            _await(victim, line.first_byte_sent)
            time.sleep(chance.uniform(0, EXCHANGE_SECONDS))
    in_flight = fleet.in_flight()
    fleet.office.kill()
    line.stops_after = None
    line.swallows_answers = False
    return Tally(rounds=1, kills=1, in_flight=int(in_flight > 0))


def _await(victim: WorkingPhone, moment: threading.Event) -> None:
    deadline = time.monotonic() + MOMENT_SECONDS_MAX
    while time.monotonic() < deadline:
        if moment.is_set() and victim.is_waiting:
            return
        time.sleep(0.001)


def on_sqlite(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign on a file."""
    database = f"sqlite:///{chunk.folder / 'office.sqlite3'}"
    return kill_under_load(chunk.folder, database, chunk.rounds, chunk.seed)


def on_postgresql(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign on a PostgreSQL that waits for its disk."""
    with running_postgres() as server:
        database = server.url(server.new_database())
        return kill_under_load(chunk.folder, database, chunk.rounds, chunk.seed)
