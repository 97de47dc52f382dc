"""Takes PostgreSQL away from a busy office: connections cut, restarted, killed; in mid-transaction.

Whether a commit that was cut has happened is unknown to the office. It asks again, or says 503, and
the phones send again: nothing acknowledged is lost, nothing is there twice, no answer is a 500
(FAULT-36).
"""

import random
import time
from pathlib import Path
from typing import Final

from tests.campaigns.audit import audit
from tests.campaigns.fleet import Fleet, open_fleet, wait_until_heard
from tests.campaigns.part import Chunk
from tests.campaigns.tally import PromiseBroken, Tally
from tests.stories.office import OfficeProcess
from tests.support.postgres import Postgres, running_postgres

PHONES: Final = 4

WORK_SECONDS: Final = (0.05, 0.4)
"""So long the office works in peace before the next cut."""

GONE_SECONDS: Final = (0.0, 1.5)
"""So long a killed database stays away: less and more than the office tries by itself."""


def cut_under_load(folder: Path, server: Postgres, cuts: int, seed: int) -> Tally:
    """Cut a busy office off its database so often, and compare; raises PromiseBroken."""
    name = server.new_database()
    office = OfficeProcess(folder / "office", server.url(name), more={"LUUDONG_BACKUP_HOUR": "off"})
    office.start()
    chance = random.Random(seed)
    try:
        with open_fleet(office, PHONES, seed) as fleet:
            tally = Tally()
            with fleet.at_work():
                for _ in range(cuts):
                    time.sleep(chance.uniform(*WORK_SECONDS))
                    tally += _cut(fleet, server, name, chance)
                    wait_until_heard(fleet)
            office.stop()
            return tally + audit(fleet)
    except PromiseBroken:
        print(office.last_words())
        raise
    finally:
        office.kill()


def on_postgresql(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign."""
    with running_postgres() as server:
        return cut_under_load(chunk.folder, server, chunk.rounds, chunk.seed)


def _cut(fleet: Fleet, server: Postgres, name: str, chance: random.Random) -> Tally:
    in_flight = fleet.in_flight()
    match chance.randrange(4):
        case 0:
            server.kill()
            time.sleep(chance.uniform(*GONE_SECONDS))
            server.start_again()
        case 1:
            server.stop_fast()
            server.start_again()
        case _:
            server.cut_connections(name)
    return Tally(rounds=1, kills=1, in_flight=int(in_flight > 0))
