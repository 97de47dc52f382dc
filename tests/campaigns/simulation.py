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

SEEDS_AT_ONCE: Final = {"A": 2_000, "C": 300}
"""By level: enough to reach every kind of fault, which the simulation insists on."""

SEEDS_OF_A_CHUNK: Final = 1_000_000
"""More than ten minutes can run; so no seed is run by two chunks."""


def simulate_engine_minutes(chunk: Chunk) -> Tally:
    """Run seeds of the field app's own engine."""
    return simulate_minutes(chunk, "C")


def simulate_minutes(chunk: Chunk, level: str = "A") -> Tally:
    """Run seeds for so many minutes as the chunk has rounds."""
    begun = time.monotonic()
    seeds = 0
    for turn in count():
        many = SEEDS_AT_ONCE[level]
        first = chunk.seed * SEEDS_OF_A_CHUNK + turn * many + 1
        command = [sys.executable, "-m", "tests.sim", "--level", level]
        options = ["--from", str(first), "--seeds", str(many)]
        done = subprocess.run(
            [*command, *options], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        ran = re.search(r"^level \w+: (\d+) seeds in", done.stdout, re.MULTILINE)
        if done.returncode or not ran:
            raise PromiseBroken(
                f"{level} {' '.join(options)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
        seeds += int(ran[1])
        if time.monotonic() - begun >= chunk.rounds * 60:
            return Tally(rounds=chunk.rounds, steps=seeds)
    raise AssertionError("counting does not end")
