"""What a bad network does to one request and its answer."""

import random
from dataclasses import dataclass, replace
from typing import Final, Literal

Portal = Literal["page", "redirect", "511"]

PORTALS: Final[dict[Portal, bytes]] = {
    "page": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 44\r\n"
        b"Connection: close\r\n\r\n<html><title>Free WiFi</title>Log in!</html>"
    ),
    "redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n"
        b"Connection: close\r\n\r\n"
    ),
    "511": (
        b"HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\n"
        b"Content-Length: 7\r\nConnection: close\r\n\r\nLog in!"
    ),
}
"""What a captive portal says in the office's place; nothing listens at the address it names."""


@dataclass(frozen=True)
class Trouble:
    """Nothing happens but what is said here. Places are counted in the body, from 0."""

    delay_seconds: float = 0
    cut_up_at: int | None = None
    """So much of the request comes through, then both ends are hung up."""

    cut_down_at: int | None = None
    """So much of the answer, with its head, comes through."""

    shortened_to: int | None = None
    """The answer's body ends here, and its head says so too: only its content can tell."""

    corrupt_up_at: int | None = None
    corrupt_down_at: int | None = None
    is_doubled: bool = False
    """The office gets the request twice; the second answer comes back."""

    is_stale: bool = False
    """A cache answers with what the office said at this address the last time."""

    portal: Portal | None = None
    bytes_per_second: int | None = None

    @property
    def name(self) -> str:
        """Name the kind, for counting."""
        if self == Trouble() or self == replace(Trouble(), bytes_per_second=self.bytes_per_second):
            return "none"
        told = (name for name, value in vars(self).items() if value != getattr(Trouble(), name))
        return next(name if name != "portal" else f"portal {self.portal}" for name in told)


NONE: Final = Trouble()


def any_trouble(chance: random.Random, up_bytes: int) -> Trouble:
    """Choose what happens to a request whose body is so long; half of the time nothing."""
    place = chance.randrange(max(1, up_bytes))
    down = chance.randrange(1, 1_500)
    choices = [
        Trouble(delay_seconds=chance.uniform(0.05, 0.4)),
        Trouble(cut_up_at=place),
        Trouble(cut_down_at=down),
        Trouble(shortened_to=down),
        Trouble(corrupt_up_at=place),
        Trouble(corrupt_down_at=down),
        Trouble(is_doubled=True),
        *(Trouble(portal=portal) for portal in PORTALS),
    ]
    return chance.choice([*choices, *([NONE] * len(choices))])
