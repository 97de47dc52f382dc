"""What a person waits for: an arrival at the open desk; the app without network (UX-90)."""

import gzip
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, Playwright, Response

from tests.bench.slow_page import rate_for, slow_down
from tests.bench.table import Figure, Goal, middle
from tests.stories.citizens import BIRTH_REGISTRATION, birth_dossiers
from tests.stories.desk import Desk, open_desk
from tests.stories.device import Device
from tests.stories.joining import joined_as
from tests.stories.office import OfficeProcess
from tests.support.chromium import launch_options
from tests.support.phone import new_record

ARRIVALS: Final = 15
COLD_STARTS: Final = 7
STEPS: Final = 9
TYPED: Final = "Đào Thị Vân Anh, tổ dân phố số 5, phường Mường Thanh"
LETTER_MS: Final = 100
"""Between two letters of somebody who types fast."""
SLOWER: Final = 6
"""How many times slower the processor is made, by measure: a cheap phone beside this machine."""

# Answers when the row is in the page: milliseconds since the epoch, finer than Date.now().
SEE_ROW: Final = """(id) => { window.seen = new Promise((resolve) => {
  const look = () => {
    if (!document.getElementById(id)) return;
    watch.disconnect();
    resolve(performance.timeOrigin + performance.now());
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true });
}); }"""

# Answers how long after the start of the navigation the lock was painted, ready for a PIN.
SEE_LOCK: Final = """window.usable = new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector('main[data-screen="lock"] input[name="pin"]')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true });
});"""

# Answers how long after a press of its tab another screen was painted.
NEXT_PAGE: Final = """([tab, screen]) => new Promise((resolve) => {
  const begun = performance.now();
  const look = () => {
    if (!document.querySelector(`main[data-screen="${screen}"] h1`)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, attributes: true });
  document.querySelector(`.app-nav a[href="${tab}"]`).click();
})"""

# Answers how long after an answer was typed it was said to be kept.
SAVED: Final = """(value) => new Promise((resolve) => {
  const mark = document.querySelector('[data-saved]');
  const field = document.querySelector('main [name="answers.applicant_full_name"]');
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    if (mark.dataset.saved !== 'saved') return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  });
  watch.observe(mark, { attributes: true });
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def measure(
    office: OfficeProcess, playwright: Playwright, chromium: str, folder: Path
) -> list[Figure]:
    """Measure with real browsers; stops the office at the end."""
    browser = playwright.chromium.launch(**launch_options(chromium))
    desk = open_desk(browser, office.address, "chi")
    device = Device(playwright, chromium, office.address, folder / "profile", "Máy bảng xe 1")
    device.open()
    scripts: list[Response] = []
    device.page.on("response", lambda answer: _note_script(answer, scripts))
    device.go("#/")
    device.page.wait_for_load_state("networkidle")
    packed = sum(len(gzip.compress(answer.body(), 9)) for answer in scripts)
    device.enrol(desk)
    device.sign_in("an")
    device.wait_until_ready_offline()
    device.close()
    arrivals = _arrivals(office, desk)
    browser.close()
    office.stop()
    begun = time.perf_counter()
    office.start()
    second_start = time.perf_counter() - begun
    office.stop()
    device.open()
    rate = rate_for(device.page.context, SLOWER)
    device.close()
    starts = [_cold_start(device, rate) for _ in range(COLD_STARTS)]
    pages, saves = _steps(device, rate)
    return [
        Figure("first byte sent to row at the open desk", middle(arrivals), "ms", rounds=ARRIVALS),
        Figure(
            f"cold start offline, CPU x{SLOWER}",
            middle(starts),
            "ms",
            rounds=COLD_STARTS,
            goal=Goal(2500),
        ),
        Figure(f"next page, CPU x{SLOWER}", middle(pages), "ms", rounds=len(pages), goal=Goal(100)),
        Figure(
            f"answer to saved mark, CPU x{SLOWER}",
            middle(saves),
            "ms",
            rounds=len(saves),
            goal=Goal(50),
        ),
        Figure(f"rate that this browser takes for CPU x{SLOWER}", rate, ""),
        Figure("script of the first load, gzip -9", packed / 1000, "kB", goal=Goal(150)),
        Figure("second start of an office, until it answers", second_start, "s"),
    ]


def _note_script(answer: Response, scripts: list[Response]) -> None:
    if answer.request.resource_type == "script":
        scripts.append(answer)


def _arrivals(office: OfficeProcess, desk: Desk) -> list[float]:
    """Send one dossier at a time while the desk is open; answers milliseconds."""
    written = birth_dossiers(seed=12)
    waits = []
    desk.watch_arrivals()
    desk.page.wait_for_timeout(1000)  # the stream of hints is open by then
    with joined_as("an", office, office.port) as (phone, seat):
        phone.cursors.clear()
        for _ in range(ARRIVALS):
            record = new_record()
            phone.set(seat, record, next(written))
            desk.page.evaluate(SEE_ROW, f"row-{record}")
            sent = time.time() * 1000
            phone.exchange()
            waits.append(desk.page.evaluate("window.seen") - sent)
            desk.page.wait_for_timeout(300)
    return waits


def _cold_start(device: Device, rate: float) -> float:
    """Start the browser anew with the office gone; answers milliseconds to the first screen."""
    device.open()
    slow_down(device.page, rate)
    device.page.add_init_script(SEE_LOCK)
    device.load("#/")
    usable: float = device.page.evaluate("window.usable")
    device.close()
    return usable


def _steps(device: Device, rate: float) -> tuple[list[float], list[float]]:
    """Go from tab to tab, then answer a question; milliseconds of each press and each answer."""
    device.open()
    draft = device.start_dossier(BIRTH_REGISTRATION)
    page = device.page
    slow_down(page, rate)
    tabs = [("#/dossiers", "dossiers"), ("#/", "today")] * STEPS
    pages = [float(page.evaluate(NEXT_PAGE, list(tab))) for tab in tabs]
    device.go(f"#/draft/{draft}/section/applicant")
    saves = [_save(page, TYPED[:end]) for end in range(2, len(TYPED))]
    device.close()
    # The first of each also fetches the screen's script, or opens the store.
    return pages[2:], saves[1:]


def _save(page: Page, text: str) -> float:
    page.wait_for_timeout(LETTER_MS)
    took: float = page.evaluate(SAVED, text)
    return took
