"""A page whose processor is so many times slower, as a cheap phone is beside this machine (UX-90).

Browsers overshoot: asked for 6, script takes 7 and layout 8 to 15 times as long. So a plain
piece of work, script and layout as a form has them, says which rate makes it `times` as long.
"""

from statistics import linear_regression, median
from typing import Final

from playwright.sync_api import BrowserContext, Page

RATES: Final = (2.0, 3.0, 4.0, 5.0, 6.0)
TURNS_TO_LEARN: Final = 10
"""Work is quicker once the browser has done it a few times."""
TURNS: Final = 40

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
    """Find the rate at which work takes `times` as long as at the browser's usual speed."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    took: dict[float, list[float]] = {rate: [] for rate in (1.0, *RATES)}
    for turn in range(TURNS):
        for rate, durations in took.items():
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            duration = page.evaluate(WORK)
            if turn >= TURNS_TO_LEARN:
                durations.append(float(duration))
    page.close()
    usual = median(took[1.0])
    slope, at_none = linear_regression(RATES, [median(took[rate]) / usual for rate in RATES])
    return round(min(max((times - at_none) / slope, 1.0), float(times)), 1)


def slow_down(page: Page, rate: float) -> None:
    """Make a page's processor slower; 1 is its usual speed."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
