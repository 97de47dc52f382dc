"""What the office makes of a device, by its status."""

from typing import Literal

from sync.refusals import Refusal

Status = Literal["pending", "confirmed", "refused", "revoked"]

OFFICE_DEVICE = 1
"""The office itself: its own seat and the seats at its desk are on this device."""

OFFICE_SEAT = 1
"""The office's own seat, which puts back what is quarantined."""


class UnknownDevice(Refusal):
    """No device of this number was ever enrolled here."""

    code = "unknown-device"

    def __init__(self, number: int) -> None:
        """Build the sentence."""
        super().__init__(f"device {number} is not known at this office")
        self.number = number


class UnknownSeat(Refusal):
    """No such seat: not on the device that hands in its batch, or on no device at all."""

    code = "unknown-seat"

    def __init__(self, number: int) -> None:
        """Build the sentence."""
        super().__init__(f"there is no seat {number} there")
        self.number = number


class DeviceUnconfirmed(Refusal):
    """The desk has not yet confirmed the words of this device."""

    code = "device-unconfirmed"

    def __init__(self, number: int) -> None:
        """Build the sentence."""
        super().__init__(f"device {number} is not confirmed yet")
        self.number = number


class DeviceRefused(Refusal):
    """The desk found that the words differ."""

    code = "device-refused"

    def __init__(self, number: int) -> None:
        """Build the sentence."""
        super().__init__(f"device {number} was refused")
        self.number = number


class DeviceRevoked(Refusal):
    """The desk has taken this device's rights away."""

    code = "device-revoked"

    def __init__(self, number: int) -> None:
        """Build the sentence."""
        super().__init__(f"device {number} was revoked")
        self.number = number


class AppTooOld(Refusal):
    """A device that would join with an app below the least version."""

    code = "app-too-old"

    def __init__(self, least: str) -> None:
        """Build the sentence."""
        super().__init__(f"the app must be {least} or newer to join")
        self.least = least


class WrongStatus(Refusal):
    """A deed at the desk that does not fit what the device is by now."""

    code = "wrong-status"

    def __init__(self, number: int, status: str) -> None:
        """Build the sentence."""
        super().__init__(f"device {number} is {status} by now")
        self.number, self.status = number, status


def require_confirmed(number: int, status: str) -> None:
    """Pass for a device that the desk let in, else raise why not."""
    if status == "pending":
        raise DeviceUnconfirmed(number)
    if status == "refused":
        raise DeviceRefused(number)
    if status == "revoked":
        raise DeviceRevoked(number)
