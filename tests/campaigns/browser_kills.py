"""Kills the field app's browser (SIGKILL) while it saves, and opens it again without a network.

What the screen called saved must be there: what was typed into a draft, a dossier that was sealed.
A dossier is sealed whole or not at all, never both: FAULT-1, FAULT-2, FAULT-5.
"""

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from playwright.sync_api import Error, Playwright, expect, sync_playwright

from server.dossiers.tables import dossiers
from tests.campaigns.part import Chunk
from tests.campaigns.tablet import join_tablet
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.typist import Typist
from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.device import Device, browser_processes
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess
from tests.stories.records import connected
from tests.support.chromium import find_chromium

SHORTEST: Final = "2.000635"
"""The procedure with the fewest questions: it is sealed over and over."""

SEAL_EVERY: Final = 5
"""One round in so many seals; the others type."""

BOX: Final = "answers.child_full_name"

CLAIM_MS_MAX: Final = 2_000
"""So long the claim that kills is waited for."""

LETTERS: Final = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


class KilledBrowser:
    """One tablet that is killed and opened again, and what it has promised so far."""

    def __init__(self, device: Device, chance: random.Random) -> None:
        """Take a tablet that is enrolled, signed in, and ready to work without a network."""
        self.device = device
        self.chance = chance
        self.sealed: set[str] = set()
        self.drafts: set[str] = set()
        self.draft = device.start_dossier(BIRTH_REGISTRATION, area="10441")
        self.drafts.add(self.draft)
        self.kept = ""

    def kill_while_typing(self) -> Tally:
        """Type a name, die at some letter, and find all that was called saved."""
        page = self.device.page
        self._open_section()
        text = "".join(self.chance.choice(LETTERS) for _ in range(60))
        typist = self._listening()
        kill = self._killer(typist, claims_max=15)
        typist.begin(page, BOX, text, self.chance.randrange(5, 40))
        kill()
        self.device.open()
        self._open_section()
        found = self.device.page.locator(f'[name="{BOX}"]').input_value()
        promised = typist.claimed[-1] if typist.claimed else self.kept
        # A later letter may have come through unclaimed, and even unheard; nothing older may stand.
        shortest = len(promised) if text.startswith(promised) else 1
        allowed = {promised, *(text[:length] for length in range(shortest, len(text) + 1))}
        if found not in allowed:
            print(f"found {found!r}; called saved: {typist.claimed}; typed: {typist.typed}")
            print(f"before: {self.kept!r}", flush=True)
        self.kept = found
        return Tally(
            rounds=1,
            kills=1,
            in_flight=int(typist.typed[-1:] != typist.claimed[-1:]),
            acknowledged=len(typist.claimed),
            lost=int(found not in allowed),
        )

    def kill_while_sealing(self) -> Tally:
        """Fill a short form, seal it, die, and find either the draft or the dossier."""
        device = self.device
        form = read_forms()[SHORTEST]
        draft = device.start_dossier(SHORTEST, area="10441")
        Filling(device, form, draft).fill(form.complete({}))
        device.go(f"#/draft/{draft}/check")
        expect(device.screen("check")).to_be_visible()
        typist = self._listening()
        kill = self._killer(typist, claims_max=1)
        typist.seal(device.page)
        kill()
        device.open()
        drafts, records = self._listed()
        fresh = records - self.sealed
        is_draft = draft in drafts
        self.sealed |= records
        if not fresh:
            self.drafts.add(draft)
        return Tally(
            rounds=1,
            kills=1,
            in_flight=int(not typist.claimed),
            acknowledged=len(typist.claimed),
            lost=int((not fresh) if typist.claimed else not (fresh or is_draft)),
            duplicates=int(len(fresh) > 1 or (bool(fresh) and is_draft)),
        )

    def require_nothing_else(self) -> None:
        """Pass if exactly the drafts and dossiers are there that must be."""
        drafts, records = self._listed()
        if not (self.drafts <= drafts and records == self.sealed):
            raise PromiseBroken("drafts or dossiers of earlier rounds are gone")

    def _open_section(self) -> None:
        self.device.go(f"#/draft/{self.draft}/section/child")
        expect(self.device.page.locator(f'[name="{BOX}"]')).to_be_visible()

    def _listed(self) -> tuple[set[str], set[str]]:
        """Give the drafts and the dossiers that the tablet lists."""
        page = self.device.page
        self.device.go("#/")
        expect(page.locator("[data-draft]").first).to_be_visible()
        drafts = page.locator("[data-draft]").evaluate_all("all => all.map(a => a.dataset.draft)")
        self.device.go("#/dossiers")
        expect(page.locator('main[data-screen="dossiers"][data-ready="true"]')).to_be_visible()
        rows = page.locator("main [data-record]")
        records = rows.evaluate_all("all => all.map(a => a.dataset.record)")
        return set(drafts), set(records)

    def _listening(self) -> Typist:
        typist = Typist()
        typist.listen(self.device.page.context)
        return typist

    def _killer(self, typist: Typist, claims_max: int) -> Callable[[], None]:
        """Give what waits for the moment of death: a claim, or any time."""
        processes = browser_processes(self.device.profile)
        after_ms = self.chance.uniform(0, 400)
        if self.chance.random() < 0.7:
            deadly = self.chance.randint(1, claims_max)
            after_ms = CLAIM_MS_MAX

            def on_claim(count: int) -> None:
                if count == deadly:
                    _kill(processes)

            typist.on_claim = on_claim

        def wait_and_kill() -> None:
            with suppress(Error):  # it died while we waited
                self.device.page.wait_for_timeout(after_ms)
            _kill(processes)
            self.device.bury()

        return wait_and_kill


def _kill(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # its parent was killed before it
            os.kill(process, signal.SIGKILL)


def kill_while_saving(playwright: Playwright, folder: Path, rounds: int, seed: int) -> Tally:
    """Kill a tablet so often; then let it send, and find each dossier at the office, once."""
    office = OfficeProcess(
        folder / "office",
        f"sqlite:///{folder / 'office.sqlite3'}",
        more={"LUUDONG_BACKUP_HOUR": "off"},
    )
    office.start()
    device = Device(playwright, find_chromium(), office.address, folder / "profile", "Máy bảng")
    device.open()
    try:
        join_tablet(device, office)
        office.stop()
        chance = random.Random(seed)
        killed = KilledBrowser(device, chance)
        tally = Tally()
        for turn in range(1, rounds + 1):
            seals = turn % SEAL_EVERY == 0
            tally += killed.kill_while_sealing() if seals else killed.kill_while_typing()
        killed.require_nothing_else()
        office.start()
        device.send_now()
        for record in killed.sealed:
            device.go(f"#/dossier/{record}")
            expect(device.place("received").first).to_be_visible()
        device.witness.testify()
        office.stop()
        with connected(office.database) as connection:
            held = connection.execute(sa.select(dossiers.c.record)).scalars().all()
        found = [bytes(record).hex() for record in held]
        lost = len(killed.sealed.difference(found))
        return tally + Tally(lost=lost, duplicates=len(found) - len(killed.sealed) + lost)
    finally:
        device.close()
        office.kill()


def on_chromium(chunk: Chunk) -> Tally:
    """Run a chunk of the campaign."""
    with sync_playwright() as playwright:
        return kill_while_saving(playwright, chunk.folder, chunk.rounds, chunk.seed)
