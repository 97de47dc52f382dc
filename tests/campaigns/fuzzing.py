"""Shoots hostile requests at an office for hours; each chunk is a seed of its own."""

from server.migration import migrate
from tests.campaigns.part import Chunk
from tests.campaigns.tally import PromiseBroken, Tally
from tests.fuzz.run import fuzz, office_under_fire
from tests.support.postgres import running_postgres


def fuzz_on_sqlite(chunk: Chunk) -> Tally:
    """Shoot at an office that keeps its data in a file."""
    return _fuzz(chunk, f"sqlite:///{chunk.folder}/office.sqlite3")


def fuzz_on_postgresql(chunk: Chunk) -> Tally:
    """Shoot at an office that keeps its data in PostgreSQL."""
    with running_postgres() as server:
        return _fuzz(chunk, server.url(server.new_database()))


def _fuzz(chunk: Chunk, database: str) -> Tally:
    migrate(database)
    with office_under_fire(chunk.folder, database) as target:
        tally = fuzz(target, chunk.seed, chunk.rounds)
        if tally.faults:
            raise PromiseBroken("; ".join(tally.faults[:20]))
        if "Traceback" in target.office.log:
            raise PromiseBroken(target.office.last_words())
    return Tally(rounds=chunk.rounds, steps=tally.requests)
