"""Reads what a program did to some files out of a recording by `strace -f -y -ttt -T -xx`.

Several threads speak at once: a call of one that was interrupted in the record by another's is put
together again. A call has happened when it returned, not before.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Final, Literal

Kind = Literal["write", "truncate", "sync", "create", "unlink"]

UNDERSTOOD: Final = (
    *("openat", "pwrite64", "ftruncate", "fsync", "fdatasync", "unlink", "unlinkat"),
)
"""With these SQLite does all that it does to its files."""

NOT_UNDERSTOOD: Final = (
    *("write", "writev", "pwritev", "pwritev2", "truncate", "fallocate", "copy_file_range"),
    *("sendfile", "rename", "renameat", "renameat2", "sync_file_range"),
)
"""What would change a file without our knowing where: nobody does so today, or we hear of it."""

_LINE: Final = re.compile(r"(\d+) +(\d+\.\d+) (.*)", re.DOTALL)
_CALL: Final = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)(.*)", re.DOTALL)
_LASTED: Final = re.compile(r"<(\d+\.\d+)>$")
_OPEN_FILE: Final = re.compile(r"(?:\d+|AT_FDCWD)<([^>]*)>")
_TEXT: Final = re.compile(r'"([^"]*)"(\.\.\.)?')
_UNFINISHED: Final = "<unfinished ...>"


class NotUnderstood(Exception):
    """The recording holds something that a disk cannot be made of."""


@dataclass(frozen=True)
class Operation:
    """One thing that was done to a file, or to the folder itself, whose name here is empty."""

    kind: Kind
    name: str
    begun: float
    ended: float
    """By the clock of the machine, in seconds; infinite if the program ended before."""

    offset: int = 0
    """Where it writes, or the length it truncates to."""

    data: bytes = b""


@dataclass(frozen=True)
class _Call:
    verb: str
    words: str
    result: int | None
    begun: float
    ended: float


def read_trace(lines: Iterable[str], folder: Path) -> list[Operation]:
    """Give what happened to the files of a folder, in the order in which it ended."""
    done = [one for call in _calls(lines) for one in _operations(call, str(folder))]
    return sorted(done, key=lambda one: one.ended)


def _calls(lines: Iterable[str]) -> Iterator[_Call]:
    open_calls: dict[str, tuple[float, str]] = {}
    for line in lines:
        found = _LINE.fullmatch(line.rstrip("\n"))
        if not found:
            raise NotUnderstood(f"a line that begins {line[:40]!r}")
        thread, at, rest = found[1], float(found[2]), found[3]
        if rest.startswith(("+++", "---")):
            continue
        if rest.endswith(_UNFINISHED):
            open_calls[thread] = (at, rest.removesuffix(_UNFINISHED).rstrip())
            continue
        if rest.startswith("<... "):
            at, first = open_calls.pop(thread)
            rest = first + rest.partition("resumed>")[2]
        yield _call(at, rest)
    for at, first in open_calls.values():
        yield _call(at, f"{first}) = ?")


def _call(begun: float, text: str) -> _Call:
    found = _CALL.fullmatch(text)
    if not found:
        raise NotUnderstood(f"a call that begins {text[:40]!r}")
    verb, words, result, rest = found.groups()
    lasted = _LASTED.search(rest)
    if result == "?" or not lasted:
        return _Call(verb, words, None, begun, inf)
    return _Call(verb, words, int(result), begun, begun + float(lasted[1]))


def _operations(call: _Call, folder: str) -> Iterator[Operation]:
    name = _name(call, folder)
    if name is None or (call.result is not None and call.result < 0):
        return
    if call.verb in NOT_UNDERSTOOD:
        raise NotUnderstood(f"{call.verb} of {name}")
    done = Operation("sync", name, call.begun, call.ended)
    last = call.words.rpartition(", ")[2]
    match call.verb:
        case "openat":
            if "O_CREAT" in call.words:
                yield replace(done, kind="create")
            if "O_TRUNC" in call.words:
                yield replace(done, kind="truncate")
        case "pwrite64":
            # A disk that is full takes a part; of what never returned it may have taken all.
            data = _text(call.words)[: call.result]
            yield replace(done, kind="write", offset=int(last), data=data)
        case "ftruncate":
            yield replace(done, kind="truncate", offset=int(last))
        case "unlink" | "unlinkat":
            yield replace(done, kind="unlink")
        case _:
            yield done


def _name(call: _Call, folder: str) -> str | None:
    """Give the name of the file in the folder; nothing for what lies elsewhere, or in memory."""
    opened = _OPEN_FILE.search(call.words)
    path = os.fsdecode(_bytes(opened[1])) if opened else ""
    if call.verb.startswith(("open", "unlink", "truncate", "rename")):
        path = str(Path(path) / os.fsdecode(_text(call.words)))
    if path == folder:
        return ""
    above, _, name = path.rpartition("/")
    # SQLite's index of its log is made anew from the log after every power cut.
    return name if above == folder and not name.endswith("-shm") else None


def _text(words: str) -> bytes:
    found = _TEXT.search(words)
    if not found or found[2]:
        raise NotUnderstood("bytes that are not whole in the record")
    return _bytes(found[1])


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
