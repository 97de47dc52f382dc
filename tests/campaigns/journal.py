"""What a campaign remembers: finished chunks, until a part is whole; then one line for ever.

Chunks are lines of JSON in a folder that git ignores, one file for each part, so a campaign that
was interrupted goes on where it was. A part that is whole becomes a line of the log in
`docs/campaigns/`, and its chunks are forgotten.
"""

import csv
import json
from dataclasses import asdict, astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.campaigns.tally import Tally
from tests.stories.office import REPOSITORY

STATE: Final = REPOSITORY / "campaign-state"
LOG: Final = REPOSITORY / "docs" / "campaigns" / "log.csv"

FIGURES: Final = tuple(field.name for field in fields(Tally))
COLUMNS: Final = ("date", "commit", "command", "part", *FIGURES, "seconds", "outcome")


@dataclass(frozen=True)
class Done:
    """A finished chunk."""

    tally: Tally
    seconds: float
    commit: str


@dataclass(frozen=True)
class Journal:
    """The memory of one part."""

    part: str
    state: Path = STATE
    log: Path = LOG

    @property
    def _path(self) -> Path:
        return self.state / f"{self.part}.jsonl"

    def finished(self) -> list[Done]:
        """Give the chunks that are done, in their order."""
        if not self._path.exists():
            return []
        lines = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        return [Done(Tally(**line["tally"]), line["seconds"], line["commit"]) for line in lines]

    def note(self, done: Done) -> None:
        """Remember a chunk."""
        self.state.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(done)) + "\n")

    def forget(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)

    def conclude(self, command: str, outcome: str, commit: str) -> None:
        """Write the line of a part, whole or broken at a commit, into the log."""
        chunks = self.finished()
        tally = sum((done.tally for done in chunks), Tally())
        seconds = round(sum(done.seconds for done in chunks))
        commits = sorted({commit, *(done.commit for done in chunks)})
        date = datetime.now(UTC).isoformat(sep=" ", timespec="minutes").removesuffix("+00:00")
        row = (date, " ".join(commits), command, self.part, *astuple(tally), seconds, outcome)
        is_new = not self.log.exists()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8", newline="") as file:
            writing = csv.writer(file, lineterminator="\n")
            if is_new:
                writing.writerow(COLUMNS)
            writing.writerow(row)
