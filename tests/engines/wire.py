"""What a test may ask of a browser: W3C WebDriver's commands, whichever wire carries them.

WebKitGTK's driver takes them as HTTP (https://www.w3.org/TR/webdriver2/). Firefox takes the same
commands under names of its own from a socket, Marionette, and so needs no geckodriver, which
Debian does not have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver gives an element's number."""


@dataclass(frozen=True)
class Command:
    """One command, by its name in Marionette and its way in WebDriver."""

    name: str
    method: str
    path: str


NEW_SESSION: Final = Command("WebDriver:NewSession", "POST", "/session")
NAVIGATE: Final = Command("WebDriver:Navigate", "POST", "/url")
EXECUTE: Final = Command("WebDriver:ExecuteScript", "POST", "/execute/sync")
FIND: Final = Command("WebDriver:FindElement", "POST", "/element")
CLICK: Final = Command("WebDriver:ElementClick", "POST", "/element/{id}/click")
TYPE: Final = Command("WebDriver:ElementSendKeys", "POST", "/element/{id}/value")
NEW_WINDOW: Final = Command("WebDriver:NewWindow", "POST", "/window/new")
CLOSE_WINDOW: Final = Command("WebDriver:CloseWindow", "DELETE", "/window")
SWITCH: Final = Command("WebDriver:SwitchToWindow", "POST", "/window")
RESIZE: Final = Command("WebDriver:SetWindowRect", "POST", "/window/rect")


class Refused(Exception):
    """The browser could not do it; `error` is WebDriver's word for why."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        """Read its answer."""
        self.error = str(answer.get("error"))
        super().__init__(f"{self.error}: {answer.get('message')}")


class Wire(Protocol):
    """A line to one browser with one session."""

    def ask(self, command: Command, **parameters: Any) -> Any:
        """Have a command done; answers its value or raises Refused."""
