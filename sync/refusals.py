"""What breaks the protocol. What a rightly signed change says is never a refusal.

Refusal
├── Malformed            not the shape of a message, or a broken bound
├── TooLarge             more bytes or entries than the limits allow
├── UnknownProtocol      a version that this reader does not know
├── BadSignature         not signed by whom it names
├── WrongOffice          meant for another office
├── Gap                  a batch that begins after what is held
├── Fork                 a batch whose log differs from the one that is held
├── BrokenChain          a batch whose head is not the head of its changes
├── UnknownKey           a bundle sealed to a key that is not kept here
└── BrokenSeal           a bundle that was altered, or sealed to another key
"""

from typing import ClassVar


class Refusal(Exception):
    """Something that a party sent cannot be taken as it is; `code` is stable and travels."""

    code: ClassVar[str] = "refused"


class Malformed(Refusal):
    """The bytes are not the message that they should be."""

    code = "malformed"

    def __init__(self, what: str) -> None:
        super().__init__(f"this is not {what}")
        self.what = what


class TooLarge(Refusal):
    """More than the limits allow."""

    code = "too-large"

    def __init__(self, what: str, size: int, size_max: int) -> None:
        super().__init__(f"{what} is {size}, over the limit of {size_max}")
        self.what, self.size, self.size_max = what, size, size_max


class UnknownProtocol(Refusal):
    """The other side speaks a version that this one does not know."""

    code = "unknown-protocol"

    def __init__(self, protocol: int) -> None:
        super().__init__(f"protocol version {protocol} is not known here")
        self.protocol = protocol


class BadSignature(Refusal):
    """Something was not signed by whom it names."""

    code = "bad-signature"

    def __init__(self, purpose: str) -> None:
        super().__init__(f"the signature of this {purpose} does not hold")
        self.purpose = purpose


class WrongOffice(Refusal):
    """A message that names another office."""

    code = "wrong-office"

    def __init__(self, office: str) -> None:
        super().__init__("this message is meant for another office")
        self.office = office


class Gap(Refusal):
    """A batch begins after what the receiver holds."""

    code = "gap"

    def __init__(self, seat: int, first: int, held: int) -> None:
        super().__init__(f"the batch of seat {seat} begins at {first}, but {held} is held")
        self.seat, self.first, self.held = seat, first, held


class Fork(Refusal):
    """Two logs of one seat differ below what both have."""

    code = "fork"

    def __init__(self, seat: int, first: int) -> None:
        super().__init__(f"the log of seat {seat} differs from the one held, from {first} on")
        self.seat, self.first = seat, first


class BrokenChain(Refusal):
    """The head of a batch is not the head of its changes."""

    code = "broken-chain"

    def __init__(self, seat: int, last: int) -> None:
        super().__init__(f"the changes of seat {seat} up to {last} do not end in the head given")
        self.seat, self.last = seat, last


class UnknownKey(Refusal):
    """A bundle was sealed to a key that this office does not have."""

    code = "unknown-key"

    def __init__(self, key: str) -> None:
        super().__init__(f"no bundle key {key} is kept here")
        self.key = key


class BrokenSeal(Refusal):
    """A bundle that was altered on its way, or never was sealed to this office."""

    code = "broken-seal"

    def __init__(self) -> None:
        super().__init__("this bundle does not open")
