"""Who is who: devices, seats, and what each seat may do. The office keeps it beside its database.

A restore brings back neither an enrolment nor a right that was taken away: both are shown to the
office again by signed lists (design, "Rollback"), so here they simply outlive its database.
"""

from dataclasses import dataclass, replace
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from tests.sim.ports import Grant
from tests.sim.signing import KeyPair, Keys, PrivateKey

OFFICE_KEY = 1
BUNDLE_KEY = 2
DEVICE_KEYS = 1_000
SEAT_KEYS = 10_000
OFFICE_SEATS = 900_000  # one for each epoch: a new epoch retires what the office lost count of


@dataclass(frozen=True)
class DeviceFacts:
    """A device. A van carries batches for everybody."""

    number: int
    key: KeyPair
    is_van: bool = False
    is_revoked: bool = False


@dataclass(frozen=True)
class SeatFacts:
    """A person on a device. A helper holds only what is the helper's own."""

    seat: int
    device: int
    staff: int
    team: int
    is_helper: bool
    key: KeyPair
    areas: tuple[str, ...]
    is_retired: bool = False

    @property
    def holders(self) -> frozenset[str]:
        """Name in whose names this seat may hold a record."""
        own = f"staff:{self.staff}"
        return frozenset({own} if self.is_helper else {own, f"team:{self.team}"})


class Registry:
    """Devices and seats by number."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.devices: dict[int, DeviceFacts] = {}
        self.seats: dict[int, SeatFacts] = {}

    def add_device(self, *, is_van: bool = False) -> DeviceFacts:
        """Enrol a device."""
        number = len(self.devices) + 2
        facts = DeviceFacts(number, self.keys.pair(DEVICE_KEYS + number), is_van)
        self.devices[number] = facts
        return facts

    def add_seat(
        self, device: int, staff: int, team: int, areas: tuple[str, ...], /, *, is_helper: bool
    ) -> Grant:
        """Let a person sign in on a device."""
        seat = len(self.seats) + 10
        key = self.keys.pair(SEAT_KEYS + seat)
        self.seats[seat] = SeatFacts(seat, device, staff, team, is_helper, key, areas)
        return Grant(seat, key, areas)

    def replace_seat(self, old: int) -> Grant:
        """Give the person of a seat another one on the same device."""
        was = self.seats[old]
        grant = self.add_seat(was.device, was.staff, was.team, was.areas, is_helper=was.is_helper)
        self.seats[grant.seat] = replace(self.seats[grant.seat], is_retired=was.is_retired)
        return grant

    def change_areas(self, seat: int, areas: tuple[str, ...]) -> Grant:
        """Give or take rights."""
        self.seats[seat] = replace(self.seats[seat], areas=areas)
        return Grant(seat, self.seats[seat].key, areas)

    def revoke(self, device: int) -> None:
        """Let a device in no longer."""
        self.devices[device] = replace(self.devices[device], is_revoked=True)

    def retire(self, seat: int) -> None:
        """End what a person may do from this seat."""
        self.seats[seat] = replace(self.seats[seat], is_retired=True)

    def is_revoked(self, seat: int) -> bool:
        """Tell whether a seat may do nothing any more."""
        facts = self.seats[seat]
        return facts.is_retired or self.devices[facts.device].is_revoked

    def office_key(self) -> KeyPair:
        """Give the key that the office signs with."""
        return self.keys.pair(OFFICE_KEY)

    def bundle_key(self) -> PrivateKey:
        """Give the key that bundles are sealed to: a real one in every world."""
        return _bundle_key()

    def office_seats(self, epoch: int) -> tuple[Grant, Grant]:
        """Give the office's own seat, for putting back, and the desk's, of one epoch."""
        own, desk = OFFICE_SEATS + 2 * epoch, OFFICE_SEATS + 2 * epoch + 1
        pair = self.keys.pair
        return Grant(own, pair(own), ()), Grant(desk, pair(desk), ())

    def public_key_of(self, seat: int) -> bytes:
        """Give the public key of any seat, the office's own among them."""
        facts = self.seats.get(seat)
        return facts.key.public if facts else self.keys.pair(seat).public


@cache
def _bundle_key() -> PrivateKey:
    return ec.derive_private_key(BUNDLE_KEY, ec.SECP256R1())
