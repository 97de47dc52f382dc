"""What many dossiers cost on a tablet: unlocking it, each answer, each letter of a search."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Playwright, expect

from tests.bench.office import Place
from tests.bench.screens import SLOWER
from tests.bench.slow_page import rate_for, slow_down
from tests.bench.stock import fill
from tests.bench.table import Figure, Goal, middle
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.desk import open_desk
from tests.stories.device import PIN, Device
from tests.support.chromium import launch_options

DOSSIERS: Final = 1_000
SEARCHED: Final = 5_000
SOUGHT: Final = ("t", "tr", "tra", "tran", "tran ", "tran v", "tran vă", "trần văn", "trần văn h")
UNLOCKS: Final = 5
SAVES: Final = 15
PULLED_MS: Final = 180_000

# Presses the button, and answers how long it took until the list of dossiers was painted, and how
# much of that the PIN was being stretched: in a thread of its own, which no slowing reaches.
UNLOCK: Final = """() => new Promise((resolve) => {
  const begun = performance.now();
  let stretch = 0;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (...sent) {
    const asked = performance.now();
    this.addEventListener('message', () => { stretch ||= performance.now() - asked; });
    return postMessage.apply(this, sent);
  };
  const look = () => {
    if (!document.querySelector('main[data-screen="dossiers"] ul a')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      resolve({ took: performance.now() - begun, stretch });
    }));
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, attributes: true });
  document.querySelector('main form button').click();
})"""

# Types into a field, and answers how long it took until the page said that it was saved.
SAVE: Final = """(text) => new Promise((resolve) => {
  const field = document.querySelector('main input[type="text"]');
  const mark = () => document.querySelector('[data-saved]').dataset.saved;
  const begun = performance.now();
  let wasUnsaved = false;
  const look = () => {
    if (mark() !== 'saved') wasUnsaved = true;
    if (!wasUnsaved || mark() !== 'saved') return;
    watch.disconnect();
    resolve(performance.now() - begun);
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, attributes: true, childList: true });
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
})"""

# Types into the search, and answers how long it took until what was found was painted.
SEARCH: Final = """(text) => new Promise((resolve) => {
  const field = document.querySelector('main input[name="search"]');
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  });
  const seen = { subtree: true, characterData: true, childList: true };
  watch.observe(document.querySelector('main'), seen);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def measure(place: Place, playwright: Playwright, chromium: str, folder: Path) -> list[Figure]:
    """Let a tablet pull the office's stock, then lock and unlock it."""
    fill(place, DOSSIERS)
    browser = playwright.chromium.launch(**launch_options(chromium))
    desk = open_desk(browser, place.office.address, "chi")
    tablet = Device(playwright, chromium, place.office.address, folder / "vault", "Máy bảng xe 1")
    tablet.open()
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    tablet.go("#/dossiers")
    rows = tablet.page.locator('main[data-screen="dossiers"] ul a')
    expect(rows.first).to_be_visible(timeout=PULLED_MS)
    tablet.send_now()
    expect(tablet.page.locator("[data-exchange-outcome]")).to_be_visible(timeout=PULLED_MS)
    saves = _saves(tablet)
    tablet.go("#/dossiers")
    rate = rate_for(tablet.page.context, SLOWER)
    stretch = middle([_unlock(tablet, 1)["stretch"] for _ in range(UNLOCKS)])
    unlocks = [_unlock(tablet, rate)["took"] for _ in range(UNLOCKS)]
    # Some of the office's are not the tablet's.
    fill(place, SEARCHED + 100)
    searches = _searches(tablet)
    tablet.close()
    browser.close()
    return [
        Figure(
            f"unlocking, {DOSSIERS} dossiers, CPU x{SLOWER}, Argon2id too",
            middle(unlocks) + (SLOWER - 1) * stretch,
            "ms",
            rounds=UNLOCKS,
            goal=Goal(2_000),
        ),
        Figure(
            "an answer, until it is said to be saved",
            middle(saves),
            "ms",
            rounds=SAVES,
            goal=Goal(50),
        ),
        Figure(
            f"a letter of a search among {SEARCHED}, until what is found is seen",
            middle(searches),
            "ms",
            rounds=len(searches),
            goal=Goal(50),
        ),
    ]


def _searches(tablet: Device) -> list[float]:
    tablet.send_now()
    tablet.go("#/dossiers")
    many = tablet.page.locator("main p[role=status]")
    expect(many).to_contain_text(re.compile(r"\b[5-9][.,]?\d{3}\b"), timeout=PULLED_MS)
    # Nobody types in the moment in which the list comes up.
    tablet.page.wait_for_timeout(3_000)
    return [tablet.page.evaluate(SEARCH, text) for text in SOUGHT]


def _unlock(tablet: Device, rate: float) -> dict[str, float]:
    tablet.lock()
    slow_down(tablet.page, rate)
    tablet.page.locator('input[name="pin"]').fill(PIN)
    durations: dict[str, float] = tablet.page.evaluate(UNLOCK)
    slow_down(tablet.page, 1)
    return durations


def _saves(tablet: Device) -> list[float]:
    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    tablet.go(f"#/draft/{draft}/section/applicant")
    expect(tablet.screen("section")).to_be_visible()
    tablet.page.locator('main input[type="text"]').first.fill("Bùi")
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    return [tablet.page.evaluate(SAVE, f"Bùi {number}") for number in range(SAVES)]
