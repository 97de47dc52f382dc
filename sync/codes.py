"""Dossier codes as they are made without a network (docs/protocol.md, part 6.7).

1. An ordinal of a lease is given once for each printed date, whatever the clock does: how far each
   date has got is kept with the change that carries the code.
2. A provisional code comes from device, day and counter, so no two devices make the same. Its check
   letter shows any one wrong letter and any two neighbours that changed places.
3. A code is no key, and nobody derives anything from it: that it stands twice is a finding.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeGuard

import msgspec

from sync.limits import CODE_CHARACTERS_MAX

# Fields of a dossier: the code in force, the one of a phone without a lease, and all others by
# which somebody knows it (`codes.<code>`).
OFFICIAL: Final = "dossier_code"
PROVISIONAL: Final = "provisional_code"
OTHERS: Final = "codes."

# What is said and written by hand: without 0 and O, 1, I and L. That there are 31, a prime number,
# is what lets one letter show every single mistake.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MARK: Final = "T"
"""With which every provisional code begins: mã tạm."""

_BASE: Final = len(ALPHABET)
_DAY_LETTERS: Final = 3
_COUNTER_LETTERS: Final = 2
_DEVICE_LETTERS_MIN: Final = 2
_GROUP_LETTERS: Final = 3
PROVISIONAL_PER_DAY: Final = _BASE**_COUNTER_LETTERS - 1

_AGENCY: Final = re.compile(r"[A-Z0-9]{1,8}(\.[A-Z0-9]{1,8}){0,3}")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_OFFICIAL: Final = re.compile(r"[A-Z0-9.]{1,40}-\d{6}-[A-Z]{0,2}\d{4,8}", re.ASCII)
_NOT_CODE: Final = re.compile(r"[^A-Z0-9]+")
_ALIKE: Final = str.maketrans("OIL", "011")

Kind = Literal["official", "provisional"]


class HeldLease(msgspec.Struct, frozen=True):
    """A lease where it is used, with the last ordinal that was given for each printed date."""

    lease: int
    first: int
    last: int
    from_day: str
    to_day: str
    agency: str
    used: Mapping[str, int] = {}


def is_agency(text: str) -> bool:
    """Tell whether official codes can begin with this."""
    return _AGENCY.fullmatch(text) is not None


def official_code(agency: str, day: str, ordinal: int) -> str:
    """Give the code in the agency's form; `day` is the date that is printed, YYYY-MM-DD."""
    return f"{agency}-{day[2:4]}{day[5:7]}{day[8:10]}-{ordinal:04}"


def next_ordinal(leases: Iterable[HeldLease], day: str) -> tuple[HeldLease, int] | None:
    """Give the lease and the ordinal that come next for a date; None where nothing is left."""
    for lease in sorted(leases, key=lambda one: one.lease):
        ordinal = _next_of(lease, day)
        if lease.from_day <= day <= lease.to_day and ordinal <= lease.last:
            return lease, ordinal
    return None


def codes_left(leases: Iterable[HeldLease], day: str) -> int:
    """Count the official codes that can still be given on a date."""
    return sum(
        max(0, lease.last - _next_of(lease, day) + 1)
        for lease in leases
        if lease.from_day <= day <= lease.to_day
    )


def last_day(leases: Iterable[HeldLease], day: str) -> str:
    """Give the last date, this or a later one, for which a lease stands; empty for none."""
    return max((one.to_day for one in leases if one.to_day >= day), default="")


def provisional_code(device: int, day: int, counter: int) -> str:
    """Give the code of the how-manieth dossier of a device on a day (`day_number`)."""
    said = (
        _letters(device, _DEVICE_LETTERS_MIN)
        + _letters(day % _BASE**_DAY_LETTERS, _DAY_LETTERS)
        + _letters(counter, _COUNTER_LETTERS)
    )
    whole = MARK + said + ALPHABET[-_weight(said + ALPHABET[0]) % _BASE]
    return "-".join(whole[at : at + _GROUP_LETTERS] for at in range(0, len(whole), _GROUP_LETTERS))


def next_counter(counters: Mapping[int, int], day: int) -> tuple[int, int]:
    """Give the day and the counter that come next; `counters` has the last one used, by day.

    A day that is full goes on in the next: the day in such a code says nothing to people.
    """
    while counters.get(day, 0) >= PROVISIONAL_PER_DAY:
        day += 1
    return day, counters.get(day, 0) + 1


def day_number(day: str) -> int:
    """Count the days from 1 January 1970 to a date of the civil calendar, YYYY-MM-DD."""
    found = _DAY.fullmatch(day)
    if found is None:
        return 0
    year, month, date = map(int, found.groups())
    # Years that begin in March: the day that comes and goes is their last.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)  # noqa: PLR2004
    days = 365 * year + year // 4 - year // 100 + year // 400
    return max(0, days + (153 * month + 2) // 5 + date - 1 - 719_468)


def code_kind(text: str) -> Kind | None:
    """Tell what kind of code this is, however it was typed; None for no code, or a mistyped one."""
    typed = _typed(text)
    plain = _NOT_CODE.sub("", typed)
    if _looks_provisional(plain):
        return "provisional" if _weight(plain[1:]) % _BASE == 0 else None
    return "official" if _OFFICIAL.fullmatch(typed) else None


def is_mistyped(text: str) -> bool:
    """Tell whether this is a provisional code with a wrong letter, or two that changed places."""
    plain = _NOT_CODE.sub("", _typed(text))
    return _looks_provisional(plain) and _weight(plain[1:]) % _BASE != 0


def fold_code(text: str) -> str:
    """Give a code as it is searched: no separators, no small letters, nothing that looks alike."""
    return _NOT_CODE.sub("", _typed(text)).translate(_ALIKE)


def code_groups(code: str) -> list[str]:
    """Give the parts in which a code is shown and read out; a line may break between them."""
    return code.split("-")


def codes_of(values: Mapping[str, object]) -> list[str]:
    """Give every code in the fields of a dossier, the one in force first, the provisional next."""
    said: list[object] = [values.get(OFFICIAL), values.get(PROVISIONAL)]
    said += [
        name.removeprefix(OTHERS)
        for name in sorted(values)
        if name.startswith(OTHERS) and values[name] is not None
    ]
    return list(dict.fromkeys(code for code in said if is_code_text(code)))


def is_code_text(value: object) -> TypeGuard[str]:
    """Tell whether a value can be found as a code: text, not too long, with something to find."""
    return isinstance(value, str) and len(value) <= CODE_CHARACTERS_MAX and fold_code(value) != ""


def _next_of(lease: HeldLease, day: str) -> int:
    return max(lease.used.get(day, 0) + 1, lease.first)


def _typed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _looks_provisional(plain: str) -> bool:
    letters = plain[len(MARK) :]
    least = _DEVICE_LETTERS_MIN + _DAY_LETTERS + _COUNTER_LETTERS + 1
    return (
        plain.startswith(MARK)
        and len(letters) >= least
        and all(letter in ALPHABET for letter in letters)
    )


def _letters(number: int, least: int) -> str:
    said = ""
    while number or len(said) < least:
        number, place = divmod(number, _BASE)
        said = ALPHABET[place] + said
    return said


def _weight(letters: str) -> int:
    """Weigh letters from the right, 1, 2, 3 …: neighbours differ by one, so a swap always shows."""
    return sum(
        place * ALPHABET.index(letter) for place, letter in enumerate(reversed(letters), start=1)
    )
