"""The Node process that runs the field app's engine: one line of JSON a command, one an answer."""

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

PWA = Path(__file__).parents[3] / "pwa"
NODE = str(Path(sys.executable).with_name("node"))


class Bug(NamedTuple):
    """A fragment of the engine's source, below `pwa/src/`, and what is put in its place."""

    file: str
    before: str
    after: str


class EngineFailed(Exception):
    """The engine threw something that nothing of it caught."""


class Host:
    """The process, begun when it is first asked for something."""

    def __init__(self, bugs: Sequence[Bug] = ()) -> None:
        self._bugs = bugs
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def ask(self, command: dict[str, Any]) -> dict[str, Any]:
        """Give what came of a command."""
        process = self._process or self._begin()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(command) + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise EngineFailed("the engine's process has ended")
        effects: dict[str, Any] = msgspec.json.decode(line)
        if "error" in effects:
            raise EngineFailed(effects["error"])
        return effects

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _begin(self) -> subprocess.Popen[bytes]:
        self._folder = tempfile.TemporaryDirectory(prefix="engine")
        bundle(self._folder.name, self._bugs)
        engine = Path(self._folder.name) / "engine.mjs"
        self._process = subprocess.Popen(
            [NODE, str(engine)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        atexit.register(self.close)
        return self._process


def bundle(folder: str, bugs: Sequence[Bug]) -> None:
    """Bundle the engine, with bugs on purpose; fail where one of them finds no place."""
    planted = json.dumps([bug._asdict() for bug in bugs])
    script = str(PWA / "tests" / "engine" / "bundle.ts")
    done = subprocess.run(
        [NODE, script, folder, planted], cwd=PWA, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
