"""What a person does on a page: sees, taps, types. By whichever wire to whichever browser.

Everything waits until it can be done: a browser that was refused a tap is asked again, until a
limit at which something is wrong.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.engines.wire import (
    CLICK,
    ELEMENT,
    EXECUTE,
    FIND,
    NAVIGATE,
    TYPE,
    Command,
    Refused,
    Wire,
)

Found = TypeVar("Found")

WAIT_SECONDS_MAX: Final = 60
"""Two busy cores: a page that needs more than this has a fault to show."""

NOT_YET: Final = frozenset(
    {
        *("no such element", "stale element reference"),
        *("element not interactable", "element click intercepted"),
    }
)
"""WebDriver's words for what a moment may change."""

SEEN: Final = """
const seen = [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility());
return seen.map((one) => one.innerText);
"""

HELD: Final = "return document.querySelector(arguments[0])?.value ?? null;"

# As a person would: what lies under the bar at the bottom takes no tap.
TO_THE_MIDDLE: Final = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"

CHOOSE: Final = """
const list = document.querySelector(arguments[0]);
if (list === null) return false;
list.selectedIndex = arguments[1] < 0 ? list.options.length + arguments[1] : arguments[1];
list.dispatchEvent(new Event('input', { bubbles: true }));
list.dispatchEvent(new Event('change', { bubbles: true }));
return true;
"""

LAST_SEEN: Final = """
return `${location.href}\n${document.documentElement.innerText}`.slice(0, 3000);
"""


class Page:
    """The one page that is open."""

    def __init__(self, wire: Wire) -> None:
        """Drive the browser at the end of this wire."""
        self._wire = wire
        self._refusal = ""

    def load(self, address: str) -> None:
        """Open an address."""
        self._wire.ask(NAVIGATE, url=address)

    def reload(self) -> None:
        """Leave the page and load it anew. (Firefox's own command goes past the worker.)"""
        address = self.address
        self.load("about:blank")
        self.load(address)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page, and give what it returns."""
        return self._wire.ask(EXECUTE, script=script, args=list(arguments))

    @property
    def address(self) -> str:
        """Where it is."""
        return str(self.run("return location.href;"))

    def seen(self, selector: str) -> list[str]:
        """Give the texts of all that is in sight of this kind, now."""
        texts: list[str] = self.run(SEEN, selector)
        return texts

    def wait_for(self, selector: str, text: str = "") -> list[str]:
        """Wait until one is in sight that says this; answers the texts of all."""

        def look() -> list[str] | None:
            texts = self.seen(selector)
            return texts if any(text in one for one in texts) else None

        return self.wait(f"{selector} saying “{text}”", look)

    def wait_gone(self, selector: str) -> None:
        """Wait until none is in sight."""
        self.wait(f"no {selector}", lambda: None if self.seen(selector) else True)

    def tap(self, selector: str) -> None:
        """Tap the first of this kind."""
        self.wait(f"a tap on {selector}", lambda: self._try(CLICK, selector))

    def press(self, words: str) -> None:
        """Tap the button that says this."""
        found = f'//button[not(@disabled)][contains(normalize-space(.), "{words}")]'
        self.wait(f"a tap on “{words}”", lambda: self._try(CLICK, found, using="xpath"))

    def type(self, selector: str, text: str) -> None:
        """Type into a box that is empty."""
        self.wait(f"typing into {selector}", lambda: self._try(TYPE, selector, text=text))
        self.wait(f"{selector} holding its text", lambda: self.run(HELD, selector) == text or None)

    def attach(self, selector: str, file: Path) -> None:
        """Choose a file, past the system's own window."""
        self.wait(f"{selector} for a file", lambda: self._try(TYPE, selector, text=str(file)))

    def choose(self, selector: str, index: int) -> None:
        """Choose from a list; from its end where the index is negative."""
        self.wait(f"the list {selector}", lambda: self.run(CHOOSE, selector, index) or None)

    def wait(self, what: str, look: Callable[[], Found | None]) -> Found:
        """Look until there is something; the failure says what was on the page instead."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < deadline:
            if (found := look()) is not None:
                return found
            time.sleep(0.05)
        seen = self.run(LAST_SEEN)
        raise AssertionError(f"waited for {what} ({self._refusal}), but saw {seen}")

    def _try(
        self, command: Command, selector: str, using: str = "css selector", **more: str
    ) -> bool | None:
        try:
            found = self._wire.ask(FIND, using=using, value=selector)
            self.run(TO_THE_MIDDLE, found)
            self._wire.ask(command, id=found[ELEMENT], **more)
        except Refused as refusal:
            if refusal.error not in NOT_YET:
                raise
            self._refusal = str(refusal)
            return None
        self._refusal = ""
        return True
