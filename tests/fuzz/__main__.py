"""`python -m tests.fuzz --requests 200000 --seed 7`: a long run; ends with 1 for a fault."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from server.migration import migrate
from tests.fuzz.run import fuzz, office_under_fire
from tests.fuzz.shot import Tally


def main() -> int:
    """Shoot, and print what came back."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--requests", type=int, default=5_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="go on from this shot of the seed")
    asked.add_argument("--database", help="the address of an empty database; SQLite without it")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"sqlite:///{folder}/office.sqlite3"
        migrate(database)
        began = time.monotonic()
        with office_under_fire(Path(folder), database) as target:
            before = target.resident_bytes()
            tally = fuzz(target, given.seed, given.requests, given.first)
            after = target.resident_bytes()
        report(tally, time.monotonic() - began, before, after)
    return 1 if tally.faults else 0


def report(tally: Tally, seconds: float, before: int, after: int) -> None:
    """Print what came back, by kind and status."""
    for (kind, status), count in sorted(tally.answers.items()):
        print(f"{kind:8} {status:3} {count:8}")
    print(f"{tally.requests} requests in {seconds:.0f} s, the slowest {tally.slowest:.2f} s")
    print(f"memory {before >> 20} MiB before, {after >> 20} MiB after")
    for fault in tally.faults[:50]:
        print(fault)
    print(f"{len(tally.faults)} faults")


if __name__ == "__main__":
    sys.exit(main())
