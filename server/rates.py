"""How often somebody may ask: a bucket of requests for each, filled again minute by minute.

1. A device is counted by its number, after its signature holds: nobody can spend what belongs to
   another, and a commune's tablets may share one address.
2. By address is counted only who is not known yet: who joins, and who signs in at the desk.
3. Buckets are in memory and bounded; a full office forgets whoever was quiet for longest.
"""

from collections import OrderedDict
from ipaddress import ip_address
from threading import Lock
from typing import Final

from sync.refusals import Refusal

BUCKETS_MAX: Final = 10_000
"""Devices remembered at once, about a megabyte."""

MINUTE_MS: Final = 60_000

REFERENCE_SHARE: Final = 10
ATTACHMENTS_SHARE: Final = 4
"""Bytes come in many small pieces; reference data goes by address, which many may share."""

STRANGERS_SHARE: Final = 5
"""A fifth, by address: one shared by a whole branch must still let everybody in of a morning."""

SIGN_INS_SHARE: Final = 10
SHARE_MIN: Final = 10
"""However low the setting is, people must be able to come in."""

ENROLMENTS_A_CODE: Final = 10


class TooManyRequests(Refusal):
    """More than may be asked in a minute; it comes back after a while."""

    code = "too-many-requests"

    def __init__(self, retry_after_seconds: int) -> None:
        """Build the sentence."""
        super().__init__(f"too many requests; ask again in {retry_after_seconds} seconds")
        self.retry_after_seconds = retry_after_seconds


class Rates:
    """The buckets of everybody who asked lately."""

    def __init__(self, device_a_minute: int) -> None:
        """Begin with nobody."""
        self._a_minute = device_a_minute
        self._buckets: OrderedDict[tuple[str, object], tuple[float, int]] = OrderedDict()
        # Exchanges are counted where their signature is checked: beside the loop.
        self._counting = Lock()

    def count_exchange(self, device: int, now: int) -> None:
        """Count an exchange of a device."""
        self.spend("exchange", device, self._a_minute, now)

    def count_piece(self, device: int, now: int) -> None:
        """Count a request of a device for attachments."""
        self.spend("attachments", device, self._a_minute * ATTACHMENTS_SHARE, now)

    def count_reference(self, address: str, now: int) -> None:
        """Count a request for reference data, which needs no key."""
        self.spend("reference", address, self._a_minute * REFERENCE_SHARE, now)

    def count_sign_in(self, device: int, now: int) -> None:
        """Count an attempt to sign in on a device."""
        self.spend("seats", device, max(SHARE_MIN, self._a_minute // SIGN_INS_SHARE), now)

    def count_push_wish(self, device: int, now: int) -> None:
        """Count a device that sets how it is woken."""
        self.spend("push", device, max(SHARE_MIN, self._a_minute // SIGN_INS_SHARE), now)

    def count_stranger(self, door: str, address: str, now: int) -> None:
        """Count somebody at a door who has shown no key yet."""
        self.spend(door, address, max(SHARE_MIN, self._a_minute // STRANGERS_SHARE), now)

    def count_code(self, code: object, now: int) -> None:
        """Count an attempt with an enrolment code."""
        self.spend("code", code, ENROLMENTS_A_CODE, now)

    def spend(self, door: str, who: object, a_minute: int, now: int) -> None:
        """Count one request; raises TooManyRequests where the bucket is empty.

        A bucket holds what may be asked in a minute, so that a burst after days away passes.
        """
        with self._counting:
            self._spend(door, who, a_minute, now)

    def _spend(self, door: str, who: object, a_minute: int, now: int) -> None:
        left, since = self._buckets.pop((door, who), (float(a_minute), now))
        left = min(float(a_minute), left + max(now - since, 0) * a_minute / MINUTE_MS)
        if len(self._buckets) >= BUCKETS_MAX:
            self._buckets.popitem(last=False)
        if left < 1:
            self._buckets[door, who] = (left, now)
            seconds = (1 - left) * MINUTE_MS / a_minute / 1000
            raise TooManyRequests(max(1, round(seconds)))
        self._buckets[door, who] = (left - 1, now)


def address_of(peer: str, forwarded: str) -> str:
    """Give the address that a stranger is counted by.

    A proxy in front stands on this machine or in its private network, and puts the address that
    it saw behind whatever the client claimed: so the last one is believed, and only from there.
    """
    if not _is_near(peer):
        return peer
    named = forwarded.rpartition(",")[2].strip()
    return named if _is_address(named) else peer


def _is_near(peer: str) -> bool:
    return _is_address(peer) and ip_address(peer).is_private


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
