"""A page whose processor is so many times slower: a cheap phone beside this machine.

Browsers overshoot: asked for 6, work with many small steps takes 8 to 10 times as long. So a plain
piece of work, script and layout as a form has them, says which rate makes it `times` as long.
"""

from statistics import median
from typing import Final

from playwright.sync_api import BrowserContext, CDPSession, Page

PARTS: Final = 12
TURNS: Final = 15

# Answers how long it took, in ms.
WORK: Final = """() => {
  const begun = performance.now();
  const made = [];
  for (let turn = 0; turn < 300000; turn++) if (turn % 100 === 0) made.push({ turn });
  for (let turn = 0; turn < 100; turn++) {
    const line = document.createElement('p');
    line.textContent = `line ${turn} of ${made.length}`;
    document.body.append(line);
    if (turn % 10 === 0) line.getBoundingClientRect();
  }
  document.body.replaceChildren();
  return performance.now() - begun;
}"""


def rate_for(context: BrowserContext, times: int) -> float:
    """Find the smallest rate at which, and above which, work takes `times` as long as at 1."""
    page = context.new_page()
    session = page.context.new_cdp_session(page)
    for _ in range(TURNS):
        page.evaluate(WORK)  # the browser learns it first
    usual = _duration(page, session, 1)
    found = float(times)
    for part in reversed(range(PARTS // 3, PARTS)):
        rate = times * part / PARTS
        if _duration(page, session, rate) < usual * times:
            break
        found = rate
    page.close()
    return found


def slow_down(page: Page, rate: float) -> None:
    """Make a page's processor slower; 1 is its usual speed."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def _duration(page: Page, session: CDPSession, rate: float) -> float:
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return median(float(page.evaluate(WORK)) for _ in range(TURNS))
