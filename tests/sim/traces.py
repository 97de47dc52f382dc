"""Looks in raw bytes, of a disk or of a backup, for what was erased by law.

What the parties say of themselves is checked elsewhere; this finds what nobody remembers to have.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from sync import chain
from sync.change import LinkedChange
from tests.sim.model import said_in

# Between the tag of a dot and the value that it set stand two times, each of at most 18 bytes.
BETWEEN = rb"[\s\S]{3,28}?"
# A shorter value may stand anywhere by chance.
VALUE_BYTES_MIN = 4


def traces(
    content: Sequence[bytes], erased: Iterable[LinkedChange], others: Collection[bytes]
) -> list[str]:
    """Say of which changes a body, or a value in a state, is in any of these bytes.

    `others` are bodies that may stand: the simulated phones' salts leave little to chance, so
    that somebody may have said just the same.
    """
    found = []
    for change in erased:
        place = f"{change.seat}:{change.seq}"
        if change.body_bytes not in others and any(change.body_bytes in one for one in content):
            found.append(f"the body of {place}")
        tag = chain.tag(change.head)
        holding = [one for one in content if tag in one]
        values = {value for value in said_in(change) if len(value) >= VALUE_BYTES_MIN}
        for value in sorted(values):
            shown = re.compile(re.escape(tag) + BETWEEN + re.escape(value))
            if any(shown.search(one) for one in holding):
                found.append(f"the value {value!r} of {place}")
    return found
