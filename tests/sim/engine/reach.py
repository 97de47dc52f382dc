"""What must have happened in a sweep of level C."""

from collections.abc import Sequence

from tests.sim.reach import ERASED, NETWORK, OFFICE, PEOPLE, PHONES

# What the field app's engine met, said or did; how it came about is in `device.py`.
ENGINE = (
    "engine:power-disk", "engine:indexed", "engine:sealed", "engine:store-full",
    "engine:second-tab", "engine:tab-closed", "engine:both-tabs", "engine:append-raced",
    "engine:mid-air", "engine:dies-in-mid-air", "engine:foreign-answer", "engine:gave-up",
    "engine:no-pages", "engine:new-epoch", "engine:state", "engine:left", "engine:dropped",
    "engine:added",
    "bundle-sealed", "bundle-carried", "file", "bundle:held", "engine:away:sealed",
    "engine:online", "engine:offline", "engine:weak", "engine:captive", "engine:server-error",
)  # fmt: skip

RARE = (
    "batch:new", "batch:held", "status:400", "status:401",
    "refused:fork", "seat-replaced", "carried-over",
    "quarantine:foreign-area", "quarantine:revoked", "quarantine:closed", "left-mark",
)  # fmt: skip

# Its worlds with papers are few: what most of them see.
PAPERS = (
    "photo", "engine:photo-held", "engine:photo-let-go", "engine:photo-refused",
    "paper:201", "paper:204", "paper:404", "paper:415", "paper:drop-answer", "paper:delay",
    "paper:portal", "paper:office-crash", "paper:restored", "paper:burnt",
    "paper:present", "paper:missing", "paper:read", "paper:not-read",
)  # fmt: skip

# What a van does to its cargo is nothing to the phone.
LEFT_OUT = frozenset({"van-tampers"})

MUST_HAPPEN: Sequence[str] = tuple(
    kind
    for kind in (*NETWORK, *PHONES, *OFFICE, *PEOPLE, *ERASED, *RARE, *ENGINE, *PAPERS)
    if kind not in LEFT_OUT
)
