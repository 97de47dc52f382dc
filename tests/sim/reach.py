"""What must have happened in the run of all seeds: else the simulation has stopped testing it."""

from collections import Counter
from collections.abc import Sequence

NETWORK = (
    "drop-request", "drop-answer", "duplicate-request", "duplicate-answer", "delay", "truncate",
    "corrupt", "portal", "replay", "cut", "van", "van-tampers",
)  # fmt: skip

PHONES = (
    "torn-save", "device-crash", "pending-lost", "disk-full", "wrong-clock", "clone",
    "phone-restored", "destroy", "area-lost", "area-won",
)  # fmt: skip

OFFICE = (
    "office-crash", "crash-before-answer", "request-lost-in-crash", "backup", "epoch-change",
    "revoke", "retire",
)  # fmt: skip

# Work that goes sealed, by others' hands or as a file.
SEALED = (
    "bundle-sealed", "bundle-carried", "bundle-worn", "bundle-again", "file", "file-cut",
    "file-twice", "bundle:held", "bundle:gap", "bundle:broken-seal",
)  # fmt: skip

# What the law wants erased: the list goes to phones, and is run again after a restore.
ERASED = ("erase", "restored-after-erasure", "quarantine:erased")

PEOPLE = ("take-dossier", "edit", "settle", "desk-settles", "close", "move", "conflict")

# Branches of the protocol that only come up where something went wrong before.
RARE = (
    "batch:new", "batch:held", "refused:gap", "refused:fork", "refused:broken-chain",
    "refused:bad-signature", "status:400", "status:401",
    "quarantine:foreign-area", "quarantine:revoked", "quarantine:closed",
    "quarantine:office-field", "late-put-back", "left-mark", "area-dropped", "area-added",
    "record-leaves", "record-stays", "record-comes-back", "pruned", "rewind", "own-copy-is-old",
    "seat-replaced", "carried-over", "states-rebuilt", "rebuilt-without-record",
    "number-seen-before", "lease", "official-code",
)  # fmt: skip

# Papers: what befalls their pieces and the office's files, and what then becomes of them.
PAPERS = (
    "photo", "paper:drop-request", "paper:drop-answer", "paper:duplicate",
    "paper:delay", "paper:portal", "paper:office-crash", "paper:phone-crash",
    "paper:restored", "paper:spoilt", "paper:404", "paper:415", "paper:held", "paper:present",
    "paper:missing", "paper:read", "paper:not-read", "paper:erased",
)  # fmt: skip

PURE: Sequence[str] = (
    *NETWORK, *PHONES, *OFFICE, *SEALED, *PEOPLE, *ERASED, *PAPERS, *RARE,
    "paper:cut", "paper:lost-in-crash", "paper:corrupt", "paper:damaged-here", "paper:409",
    "paper:410", "paper:460", "paper:499",
    "paper:carried", "paper:burnt", "paper:dropped", "paper:erased-here",
    "erasures-heeded", "erased-in-own-log", "erased-in-state", "erased-offered-again",
)  # fmt: skip

# The real office: what its models cannot do, and less of what is rare, for its worlds are fewer.
SERVED: Sequence[str] = (
    "drop-request", "drop-answer", "duplicate-request", "duplicate-answer", "delay", "truncate",
    "corrupt", "portal", "replay", "cut", "van", "torn-save", "device-crash", "pending-lost",
    "disk-full", "wrong-clock", "clone", "destroy", "area-lost", "area-won", *OFFICE,
    "take-dossier", "edit", "desk-settles", "desk-edits", "close", "move", "conflict", "assign",
    "bundle-sealed", "bundle-carried", "bundle-worn", "bundle-again", "file", "bundle:held",
    "bundle:gap", *ERASED, "erasures-heeded", "erased-in-own-log", "erased-in-state",
    "client-gone", "group-commit", "database-busy", "crash-in-transaction", "rebuild",
    "standby-loss", "restore-killed", "stale-form",
    "refused:fork", "refused:gap", "refused:broken-chain", "refused:unknown-seat",
    "status:400", "status:401", "status:499", "status:503",
    "quarantine:foreign-area", "quarantine:revoked", "quarantine:closed",
    "finding:fork", "finding:unplaced", "left-mark", "area-dropped", "area-added",
    "pruned", "rewind", "own-copy-is-old", "seat-replaced", "carried-over", "states-rebuilt",
    "number-seen-before",
    *PAPERS,
)  # fmt: skip


def never_reached(reached: Counter[str], must_happen: Sequence[str]) -> list[str]:
    """Name what did not happen in any world."""
    return [kind for kind in must_happen if reached[kind] == 0]
