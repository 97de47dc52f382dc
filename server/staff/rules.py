"""Who may do what."""

from typing import Literal, get_args

Role = Literal["helper", "receiving_officer", "case_officer", "signatory", "inspector", "admin"]

ROLES: frozenset[str] = frozenset(get_args(Role))


def may_use_desk(role: str) -> bool:
    """Helpers work on a device alone; everybody else also at the desk."""
    return role in ROLES - {"helper"}


def may_settle(role: str) -> bool:
    """Settling a conflict decides what is true of a citizen's dossier."""
    return role in {"case_officer", "receiving_officer", "admin"}


def may_assign(role: str) -> bool:
    """Giving a dossier to somebody is letting their device hold it."""
    return role in {"case_officer", "receiving_officer", "admin"}


def may_be_given_dossiers(role: str) -> bool:
    """An inspector looks at the work of others and does none of it."""
    return role in ROLES - {"inspector"}


def may_receive(role: str) -> bool:
    """Receiving is what an official code stands for; a helper only acknowledges."""
    return role in {"case_officer", "receiving_officer", "admin"}


def may_hand_back(role: str | None) -> bool:
    """Giving a result out of our hands ends a dossier: an officer's word, not a helper's."""
    return role in {"case_officer", "receiving_officer", "admin"}


def may_manage_devices(role: str) -> bool:
    """Letting a device in is letting it hold citizens' data."""
    return role in {"admin", "case_officer"}


def may_plan_trips(role: str) -> bool:
    """Planning a trip is saying where a team's devices get what belongs to it."""
    return role in {"case_officer", "receiving_officer", "admin"}


def may_erase(role: str) -> bool:
    """Erasing what the law wants erased cannot be undone by anybody."""
    return role == "admin"


def holds_for_team(role: str) -> bool:
    """Officers hold what their team wrote; a helper's phone holds the helper's own alone."""
    return role != "helper"
