"""A disk that keeps what was synced and, of the rest, whatever a power cut leaves.

Between two syncs of a file its writes reach the medium in any order, whole or by sectors of 512 bytes.
Changes of the folder reach it as an ordered prefix; a sync of the folder makes all of them last, a sync of a
file those up to its own name (ext4's journal of metadata). A file is what was created, not its name: a log
that is unlinked and made again is another file. A device that says "synced" and lies is out of reach.
"""

import random
from dataclasses import dataclass, field
from typing import Literal

from tests.faults.crash_trace import Create, Cut, Rename, Step, Sync, Unlink, Write

Kind = Literal["nothing", "everything", "some", "torn"]
KINDS: tuple[Kind, ...] = ("nothing", "everything", "some", "torn")
"""Which part of what was not synced is on the medium after the cut."""
_SECTOR = 512


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a file's bytes that may or may not be on the medium."""

    ended: int
    file: int
    place: int
    data: bytes | None
    """``None``: the file ends at ``place``."""


@dataclass(frozen=True, slots=True)
class _Naming:
    """A change of the folder: a name now means a file, or nothing."""

    ended: int
    name: str
    file: int | None


@dataclass
class Disk:
    """Starts empty; ``take`` it through the steps of a trace, and ``after_cut`` at any point."""

    folder: str
    _files: dict[str, int] = field(default_factory=dict)
    """The names as the program sees them."""
    _sizes: list[int] = field(default_factory=list)
    _kept: dict[int, bytearray] = field(default_factory=dict)
    """What is on the medium for certain."""
    _open: list[_Change] = field(default_factory=list)
    _namings: list[list[_Naming]] = field(default_factory=list)
    """Each a change that happens as one."""
    _kept_namings: int = 0

    def take(self, step: Step) -> bool:
        """Follow the program one step; return whether the disk had a part in it."""
        match step.operation:
            case Create(path):
                if path in self._files:
                    return False
                self._files[path] = self._new_file()
                self._namings.append([_Naming(step.ended, path, self._files[path])])
            case Write(path, place, data):
                file = self._files[path]
                start = self._sizes[file] if place < 0 else place
                self._sizes[file] = max(self._sizes[file], start + len(data))
                self._open.append(_Change(step.ended, file, start, data))
            case Cut(path, size):
                file = self._files[path]
                self._sizes[file] = size
                self._open.append(_Change(step.ended, file, size, None))
            case Unlink(path):
                self._files.pop(path, None)
                self._namings.append([_Naming(step.ended, path, None)])
            case Rename(path, new):
                self._files[new] = self._files.pop(path)
                both = [_Naming(step.ended, path, None), _Naming(step.ended, new, self._files[new])]
                self._namings.append(both)
            case Sync(path, begun):
                self._sync(path, begun)
            case _:
                return False
        return True

    def after_cut(self, kind: Kind, chance: random.Random) -> dict[str, bytes]:
        """Return what is found after a power cut now: bytes by file name."""
        most = len(self._namings)
        if kind == "nothing":
            named = self._kept_namings
        elif kind == "everything":
            named = most
        else:
            named = chance.randint(self._kept_namings, most)
        content = {file: bytearray(kept) for file, kept in self._kept.items()}
        for change in self._chosen(kind, chance):
            _apply(content, change)
        names: dict[str, int] = {}
        for naming in (one for group in self._namings[:named] for one in group):
            if naming.file is None:
                names.pop(naming.name, None)
            else:
                names[naming.name] = naming.file
        start = len(self.folder) + 1
        return {name[start:]: bytes(content.get(file, b"")) for name, file in names.items()}

    def _chosen(self, kind: Kind, chance: random.Random) -> list[_Change]:
        if kind == "nothing":
            return []
        if kind == "everything":
            return self._open
        parts = self._open if kind == "some" else [part for one in self._open for part in _sectors(one)]
        return [part for part in parts if chance.random() < 0.5]

    def _sync(self, path: str, begun: int) -> None:
        """Put on the medium what had ended before the sync began, and no more."""
        if path == self.folder:
            ended = [group[0].ended < begun for group in self._namings]
            self._kept_namings = max(self._kept_namings, sum(ended))
            return
        file = self._files[path]
        still_open = []
        for change in self._open:
            if change.file == file and change.ended < begun:
                _apply(self._kept, change)
            else:
                still_open.append(change)
        self._open = still_open
        self._kept.setdefault(file, bytearray())
        for number, group in enumerate(self._namings, 1):
            if group[-1].file == file:
                self._kept_namings = max(self._kept_namings, number)

    def _new_file(self) -> int:
        self._sizes.append(0)
        return len(self._sizes) - 1


def _sectors(change: _Change) -> list[_Change]:
    if change.data is None:
        return [change]
    return [
        _Change(change.ended, change.file, change.place + start, change.data[start : start + _SECTOR])
        for start in range(0, len(change.data), _SECTOR)
    ]


def _apply(content: dict[int, bytearray], change: _Change) -> None:
    found = content.setdefault(change.file, bytearray())
    size = change.place
    if len(found) < size:
        found.extend(bytes(size - len(found)))
    if change.data is None:
        del found[size:]
    else:
        found[size : size + len(change.data)] = change.data
