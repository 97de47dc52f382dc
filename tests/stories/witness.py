"""Watches what a browser does that it must never do: ask a foreign host, break a page's policy.

No page asks for anything elsewhere, or for a script that its policy forbids (UX-91).

A story ends by asking its witnesses; they hold everything against the pages that they saw.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

HERE: Final = frozenset({"localhost", "127.0.0.1"})
CARRIED: Final = frozenset({"http", "https", "ws", "wss"})

# A blocked script or style is told to the page alone; said aloud, it can be counted here.
TELL_VIOLATIONS: Final = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`securitypolicyviolation ${event.violatedDirective} ${event.blockedURI}`);
});
"""

# Chromium itself reports every request that failed. With the office stopped these are expected,
# and so is the 403 of a device that waits for the desk. A fault of the office (5xx) never is.
# So says htmx of a stream that broke, and of a list that it could not fetch.
EXPECTED: Final = re.compile(
    r"^(Failed to load resource: (net::ERR_|the server responded with a status of 403)"
    r"|\[object Event\]$|htmx:(afterRequest|sendError), )"
)

# A phone that comes back before the office has noticed that the line broke is told that its
# offset is stale (tus 1.0, 409), asks for the right one and goes on.
STALE_OFFSET: Final = "Failed to load resource: the server responded with a status of 409 "
UPLOADS: Final = "/sync/attachments/"


@dataclass
class Witness:
    """What was seen of one device or desk, over all its lives."""

    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page and worker of a context, from before its first page opens."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def testify(self) -> None:
        """Fail the story if anything was seen that must not be."""
        assert not self.foreign, f"requests to foreign hosts: {self.foreign}"
        assert not self.complaints, f"the pages complained: {self.complaints}"

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in CARRIED and address.hostname not in HERE:
            self.foreign.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_expected(message):
            self.complaints.append(message.text)

    def _on_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))


def _is_expected(message: ConsoleMessage) -> bool:
    asked = urlsplit(message.location["url"]).path
    is_stale_offset = message.text.startswith(STALE_OFFSET) and asked.startswith(UPLOADS)
    return is_stale_offset or EXPECTED.match(message.text) is not None
