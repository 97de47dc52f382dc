"""`python -m tests.campaigns`: run the whole campaign, or go on with it; `make campaign`.

With `--part` and `--rounds`, a part of it, as long as wanted. Every part that comes to its end, or
breaks, becomes a line of `docs/campaigns/log.csv`.
"""

import argparse
import sys
from collections.abc import Sequence

from tests.campaigns.campaign import KEPT, run_part
from tests.campaigns.journal import Journal
from tests.campaigns.part import Part
from tests.campaigns.registry import PARTS
from tests.campaigns.table import print_log


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are asked for; gives 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__)
    names = [part.name for part in PARTS]
    parser.add_argument("--part", action="append", choices=names, help="this one; may be repeated")
    parser.add_argument("--rounds", type=int, help="instead of the whole")
    parser.add_argument("--seed", type=int, default=1, help="of the first chunk")
    parser.add_argument("--fresh", action="store_true", help="forget chunks that are done")
    parser.add_argument("--list", action="store_true", help="say what parts there are")
    asked = parser.parse_args(arguments)
    if asked.list:
        for part in PARTS:
            print(f"{part.name:26} {part.whole:8} times: {part.round_is}")
        return 0
    chosen = [part for part in PARTS if not asked.part or part.name in asked.part]
    command = " ".join(["python -m tests.campaigns", *arguments])
    outcomes = [
        _run(part, asked.rounds or part.whole, asked.seed, command, is_fresh=asked.fresh)
        for part in chosen
    ]
    print_log(len(chosen))
    return 0 if all(outcome == KEPT for outcome in outcomes) else 1


def _run(part: Part, rounds: int, seed: int, command: str, *, is_fresh: bool) -> str:
    journal = Journal(part.name)
    if is_fresh:
        journal.forget()
    return run_part(part, journal, rounds, seed, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
