"""Runs the simulation for a while, always with seeds that were not run before."""

import re
import subprocess
import sys
import time
from itertools import count
from typing import Final

from tests.campaigns.part import Chunk
from tests.campaigns.tally import PromiseBroken, Tally
from tests.stories.office import REPOSITORY

SEEDS_AT_ONCE: Final = 2_000
"""Enough to reach every kind of fault, which the simulation insists on."""

SEEDS_OF_A_CHUNK: Final = 1_000_000
"""More than ten minutes can run; so no seed is run by two chunks."""


def simulate_minutes(chunk: Chunk) -> Tally:
    """Run seeds for so many minutes as the chunk has rounds."""
    begun = time.monotonic()
    seeds = 0
    for turn in count():
        first = chunk.seed * SEEDS_OF_A_CHUNK + turn * SEEDS_AT_ONCE + 1
        command = [sys.executable, "-m", "tests.sim"]
        options = ["--from", str(first), "--seeds", str(SEEDS_AT_ONCE)]
        done = subprocess.run(
            [*command, *options], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        ran = re.search(r"^(\d+) seeds in", done.stdout, re.MULTILINE)
        if done.returncode or not ran:
            raise PromiseBroken(f"{' '.join(options)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        seeds += int(ran[1])
        if time.monotonic() - begun >= chunk.rounds * 60:
            return Tally(rounds=chunk.rounds, steps=seeds)
    raise AssertionError("counting does not end")
