"""A disk whose power goes: what was synced is there; of all that came later, anything may be.

Of what was written after a file's last completed sync each sector by itself may have come to the
disk or not, in any order, and one in the middle of being written may hold both; the length of the
file may be any between, with old bytes of others where nothing was written. Names that were made or
removed come in their order, up to some point. That is more than most disks and file systems
allow themselves, and what POSIX promises.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.campaigns.disk_trace import Operation

SECTORS: Final = (512, 4096)

SHARES: Final = (0.0, 0.1, 0.5, 0.9, 1.0)
"""Of the sectors that were not synced, about so many came to the disk."""

TORN: Final = 0.05
"""So many sectors of those that came are old again from some byte on."""


@dataclass(frozen=True)
class Fate:
    """What one power cut does."""

    chance: random.Random
    sector: int
    share: float
    leaves_old_bytes: bool
    """Whether a file that grew has in it what other files left there, instead of zeros."""

    def comes(self) -> bool:
        """Whether something came to the disk."""
        return self.chance.random() < self.share

    def pieces(self, write: Operation) -> Iterator[tuple[int, bytes]]:
        """Cut a write at the sectors' borders, and give those that came."""
        at, end = write.offset, write.offset + len(write.data)
        while at < end:
            until = min(end, (at // self.sector + 1) * self.sector)
            piece = write.data[at - write.offset : until - write.offset]
            if self.comes():
                if self.share < 1 and self.chance.random() < TORN:
                    piece = piece[: self.chance.randrange(len(piece))]
                yield at, piece
            at = until

    def resize(self, image: bytearray, length: int) -> None:
        """Cut off the end of a file, or let it grow."""
        more = length - len(image)
        if more > 0:
            image += self.chance.randbytes(more) if self.leaves_old_bytes else bytes(more)
        del image[length:]


def draw_fate(chance: random.Random) -> Fate:
    """Choose how hard a cut is."""
    return Fate(chance, chance.choice(SECTORS), chance.choice(SHARES), chance.random() < 0.3)


@dataclass
class _Content:
    """A file without its name."""

    synced: bytearray
    since: list[Operation] = field(default_factory=list)
    """Writes and truncations that no sync has covered."""

    def sync(self, begun: float) -> None:
        """Keep what had been written when the sync began."""
        later = []
        for one in self.since:
            if one.ended <= begun:
                _apply(self.synced, one)
            else:
                later.append(one)
        self.since = later

    def after(self, fate: Fate, under_way: list[Operation]) -> bytes:
        """Give what is there after a cut."""
        image, length = bytearray(self.synced), len(self.synced)
        lengths = {length}
        for one in [*self.since, *under_way]:
            if one.kind == "truncate":
                length = one.offset
                if fate.comes():
                    fate.resize(image, length)
            else:
                length = max(length, one.offset + len(one.data))
                for at, piece in fate.pieces(one):
                    fate.resize(image, max(len(image), at))
                    image[at : at + len(piece)] = piece
            lengths.add(length)
        if len(lengths) > 1 and fate.chance.random() < 0.5:
            fate.resize(image, fate.chance.randint(min(lengths), max(lengths)))
        return bytes(image)


class Disk:
    """The files of one folder, with all that was there at first synced."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Begin with these files."""
        self._contents = [_Content(bytearray(data)) for data in files.values()]
        self._names = {name: place for place, name in enumerate(files)}
        self._kept_names: dict[str, int | None] = {**self._names}
        self._renamings: list[tuple[float, str, int | None]] = []

    @property
    def is_settled(self) -> bool:
        """Whether a cut could change nothing."""
        return not self._renamings and not any(content.since for content in self._contents)

    def note(self, done: Operation) -> None:
        """Take in what has happened; in the order in which it ended."""
        match done.kind:
            case "create" if done.name not in self._names:
                self._contents.append(_Content(bytearray()))
                self._rename(done, len(self._contents) - 1)
            case "unlink":
                self._rename(done, None)
            case "write" | "truncate":
                self._contents[self._names[done.name]].since.append(done)
            case "sync" if done.name:
                self._contents[self._names[done.name]].sync(done.begun)
            case "sync":
                self._keep_names(done.begun)
            case _:
                pass  # it was opened again

    def files(self) -> dict[str, bytes]:
        """Give the files as programs see them while there is power."""
        seen = {}
        for name, place in self._names.items():
            image = bytearray(self._contents[place].synced)
            for one in self._contents[place].since:
                _apply(image, one)
            seen[name] = bytes(image)
        return seen

    def after_cut(self, fate: Fate, under_way: Iterable[Operation] = ()) -> dict[str, bytes]:
        """Give the files as they are after power went; some calls had begun and not returned."""
        begun = [one for one in under_way if one.kind in {"write", "truncate"}]
        come = self._renamings[: fate.chance.randint(0, len(self._renamings))]
        names = self._kept_names | {name: place for _, name, place in come}
        return {
            name: self._contents[place].after(
                fate, [one for one in begun if self._names.get(one.name) == place]
            )
            for name, place in names.items()
            if place is not None
        }

    def _rename(self, done: Operation, place: int | None) -> None:
        self._renamings.append((done.ended, done.name, place))
        if place is None:
            self._names.pop(done.name, None)
        else:
            self._names[done.name] = place

    def _keep_names(self, begun: float) -> None:
        for ended, name, place in self._renamings:
            if ended <= begun:
                self._kept_names[name] = place
        self._renamings = [one for one in self._renamings if one[0] > begun]


def _apply(image: bytearray, done: Operation) -> None:
    if done.kind == "truncate":
        image += bytes(max(0, done.offset - len(image)))
        del image[done.offset :]
        return
    image += bytes(max(0, done.offset - len(image)))
    image[done.offset : done.offset + len(done.data)] = done.data
