"""Runs a part chunk by chunk: it goes on where it was interrupted, and says how far it is."""

import shutil
import subprocess
import tempfile
import time
import traceback
from pathlib import Path
from typing import Final

from tests.campaigns.journal import Done, Journal
from tests.campaigns.part import Chunk, Part
from tests.campaigns.tally import PromiseBroken, Tally
from tests.stories.office import REPOSITORY

KEPT: Final = "every promise kept"

PICTURED: Final = ("steps", "kills", "in_flight", "acknowledged", "lost", "duplicates", "faults")


def run_part(part: Part, journal: Journal, rounds: int, seed: int, command: str) -> str:
    """Run what is left of a part; gives its outcome in a sentence."""
    while True:
        chunks = journal.finished()
        done = sum(chunk.tally.rounds for chunk in chunks)
        if done >= rounds:
            journal.conclude(command, KEPT, chunks[-1].commit)
            journal.forget()
            return KEPT
        folder = Path(tempfile.mkdtemp(prefix="campaign-"))
        chunk = Chunk(min(part.chunk, rounds - done), seed + len(chunks), folder)
        begun = time.monotonic()
        try:
            tally = part.run(chunk).require_kept()
            _require_rounds(tally, chunk)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other parts go on
            traceback.print_exc()
            print(f"{part.name}: broken by seed {chunk.seed}; what there was: {folder}", flush=True)
            outcome = f"BROKEN by seed {chunk.seed}: {_sentence(error)}"
            journal.conclude(command, outcome, commit_of_tree())
            return outcome
        shutil.rmtree(folder, ignore_errors=True)
        finished = Done(tally, time.monotonic() - begun, commit_of_tree())
        journal.note(finished)
        _tell(part, done + tally.rounds, rounds, finished)


def commit_of_tree() -> str:
    """Name the commit that runs; with a `+` if something in the tree is not in it."""
    # The log is written while a campaign runs; that alone makes nothing another program.
    altered = _git("status", "--porcelain", "--", ".", ":!docs/campaigns")
    return _git("rev-parse", "--short=8", "HEAD") + ("+" if altered else "")


def _git(*words: str) -> str:
    command = ["git", *words]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.strip()


def _require_rounds(tally: Tally, chunk: Chunk) -> None:
    if tally.rounds != chunk.rounds:
        raise PromiseBroken(f"{tally.rounds} rounds were run instead of {chunk.rounds}")


def _sentence(error: Exception) -> str:
    """Give the first line alone: the log is a table."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _tell(part: Part, done: int, rounds: int, finished: Done) -> None:
    told = ", ".join(
        f"{getattr(finished.tally, name)} {name.replace('_', ' ')}" for name in PICTURED
    )
    print(f"{part.name} {done}/{rounds}: {told}; {finished.seconds:.0f} s", flush=True)
