"""A seat as tests need one: it edits records that it sees and keeps its own log."""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from sync import chain
from sync.batch import Batch, link_changes, sign_batch
from sync.change import VERSION, Dot, LinkedChange, Skeleton, write_change
from sync.clock import START, At, tick
from sync.limits import SALT_BYTES
from sync.record import State, apply, dots
from sync.signature import public_bytes

OFFICE = "test-office"


def new_key(number: int) -> ec.EllipticCurvePrivateKey:
    """Make a key that is the same in every run, since its number is its secret."""
    return ec.derive_private_key(number + 1, ec.SECP256R1())


def record_id(number: int) -> bytes:
    """Make an id in the form of a UUIDv7."""
    return bytes.fromhex("0190000000007000") + b"\x80" + number.to_bytes(7, "big")


@dataclass
class Writer:
    """One person on one device. `log` holds what was written, in order."""

    seat: int
    log: list[LinkedChange] = field(default_factory=list)
    at: At = START
    now_ms: int = 1_800_000_000_000

    def __post_init__(self) -> None:
        self.key = new_key(self.seat)
        self.public_key = public_bytes(self.key)

    @property
    def head(self) -> bytes:
        """Give the head of the log."""
        return self.log[-1].head if self.log else chain.start(self.public_key)

    def edit(
        self,
        state: State,
        values: dict[str, Any],
        replacing: dict[str, list[Dot]] | None = None,
    ) -> LinkedChange:
        """Write one change that sets `values`, replacing what `state` shows or what is named."""
        seq = len(self.log) + 1
        self.now_ms += 1
        self.at = tick(self.at, self.now_ms)
        skeleton = Skeleton(
            VERSION,
            self.seat,
            seq,
            state.seen.get(self.seat, 0),
            state.record,
            state.kind,
            self.at,
            replacing or {name: dots(state, name) for name in values},
        )
        written = write_change(skeleton, list(values.values()), bytes(SALT_BYTES))
        (linked,) = link_changes(self.seat, seq, [written], self.head)
        self.log.append(linked)
        return linked

    def edit_and_apply(self, state: State, values: dict[str, Any]) -> State:
        """Write a change and give the state with it."""
        return apply(state, self.edit(state, values))

    def batch(self, first: int = 1, last: int | None = None) -> Batch:
        """Sign the changes from `first` on, up to `last`."""
        part = self.log[first - 1 : last]
        return sign_batch(
            self.key,
            office=OFFICE,
            seat=self.seat,
            first=first,
            changes=[change.skeleton_bytes + (change.body_bytes or b"") for change in part],
            head=part[-1].head,
        )
