"""Bugs on purpose in what the real office does with papers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from server import office as offices
from server.attachments import api, reception
from server.attachments.creation import Upload
from server.attachments.reception import Reception
from server.attachments.staging import Staging
from server.backups import restoring
from server.database import Database
from server.erasures import clearing
from server.exchange import answering, bundles
from tests.sim.level import Planted
from tests.sim.served import papers


async def _look_at_nothing(self: Reception, upload: Upload, now: int) -> None:
    del self, upload, now


_keep = Reception._keep


async def _count_first(self: Reception, upload: Upload, step: bytes, now: int) -> Upload:
    moved = replace(upload, offset=upload.offset + len(step), expires_at=now + self.expires_in_ms)
    if moved.is_whole or await reception.aside(partial(_has_less, self, upload)):
        return await _keep(self, upload, step, now)
    await self.database.write(partial(reception.move_offset, before=upload, after=moved))
    await reception.aside(partial(self.staging.write, upload.id, upload.offset, step))
    return moved


def _has_less(self: Reception, upload: Upload) -> bool:
    return self.staging.size(upload.id) < upload.offset


async def _sweep_all(database: Database, staging: Staging, now: int, _expires_in_ms: int) -> int:
    for upload in list(staging.names_before(now + 1)):
        await database.aside(partial(staging.remove, upload))
    return 0


def _anybody_holds(*_given: Any) -> bool:
    return True


def _do_nothing(*_given: Any) -> None:
    return None


def _nobody_hands_in(*_given: Any) -> bool:
    return False


def _find_none(*_given: Any) -> tuple[tuple[()], str]:
    return (), ""


PAPERS: Mapping[str, Sequence[Planted]] = {
    "a paper is linked unseen": [(Reception, "_require_fit", _look_at_nothing)],
    "an offset before its bytes": [(Reception, "_keep", _count_first)],
    "young orphans are swept": [(papers, "sweep", _sweep_all)],
    "a foreign paper is readable": [(api, "holds", _anybody_holds)],
    "a restore leaves papers behind": [(restoring, "put_attachments", _do_nothing)],
    "papers in a bundle are passed over": [(bundles, "_find_attachments", _find_none)],
    "an erased paper stays at the office": [
        (clearing, "remove_files", _do_nothing),
        (offices, "remove_files", _do_nothing),
    ],
    "a revoked phone keeps its papers": [(answering, "may_hand_in", _nobody_hands_in)],
}
