"""Bugs on purpose in what the real office does with papers."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from server.attachments import api
from server.attachments.staging import Staging
from server.database import Database
from server.exchange import bundles
from tests.sim.level import Planted
from tests.sim.served import papers


async def _sweep_all(database: Database, staging: Staging, now: int, _expires_in_ms: int) -> int:
    for upload in list(staging.names_before(now + 1)):
        await database.aside(partial(staging.remove, upload))
    return 0


def _anybody_holds(*_given: Any) -> bool:
    return True


def _find_none(*_given: Any) -> tuple[tuple[()], str]:
    return (), ""


PAPERS: Mapping[str, Sequence[Planted]] = {
    "young orphans are swept": [(papers, "sweep", _sweep_all)],
    "a foreign paper is readable": [(api, "holds", _anybody_holds)],
    "papers in a bundle are passed over": [(bundles, "_find_attachments", _find_none)],
}
