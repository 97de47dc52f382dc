"""Bugs on purpose in what becomes of papers: on the phone, and in the model of the office."""

from collections.abc import Iterable
from typing import Any

from sync.bundle import CarriedAttachment
from sync.receipt import Receipt
from tests.sim import erasures
from tests.sim.level import Planted
from tests.sim.papers import sending
from tests.sim.papers.naming import Naming
from tests.sim.papers.reception import Reception, Staged, Upload
from tests.sim.phone import Paper, Phone


def _look_at_nothing(self: Reception, upload: str, whole: Upload) -> None:
    del self, upload, whole


def _write_loosely(self: Reception, upload: str, file: Staged) -> None:
    self.files.put("staged", upload, file)
    self.files.commit(strict=False)


def _throw_away_young_ones(self: Reception, upload: str, file: Staged, now: int) -> bool:
    del upload, now
    return file.at > 0 and self is not None


def _is_held_for_ever(phone: Phone, row: Paper) -> bool:
    del phone, row
    return False


def _anybody_reads(*_given: Any) -> bool:
    return True


def _drop_at_held(phone: Phone, receipt: Receipt) -> None:
    for row in list(phone.papers.values()):
        if row.stage == "held" and row.seat == receipt.seat and row.data:
            phone.disk.put("papers", row.name, row._replace(data=None))


def _forget_the_files(self: Reception) -> None:
    del self


def _take_no_papers(self: Reception, device: int, carried: Iterable[CarriedAttachment]) -> str:
    del self, device, carried
    return ""


def _keep_papers(phone: Phone, entries: Any) -> None:
    del phone, entries


PAPERS: dict[str, list[Planted]] = {
    "a paper is linked unseen": [(Reception, "_require_fit", _look_at_nothing)],
    "an offset before its bytes": [(Reception, "_write", _write_loosely)],
    "young orphans are swept": [(Reception, "_is_stray", _throw_away_young_ones)],
    "a restored office is not asked again": [(sending, "is_lost_again", _is_held_for_ever)],
    "a foreign paper is readable": [(Naming, "holds", _anybody_reads)],
    "a paper is dropped at held": [(sending, "drop_safe", _drop_at_held)],
    "papers in a bundle are passed over": [(Reception, "take_carried", _take_no_papers)],
    "an erased paper stays at the office": [(Reception, "erase", _forget_the_files)],
    "an erased paper stays on its phone": [(erasures, "erase_papers", _keep_papers)],
}
