"""What a program did to its files, and what it sent, read from strace's own words, in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

CALLS = (
    "openat,creat,write,pwrite64,ftruncate,fsync,fdatasync,lseek,rename,renameat,renameat2,unlink,"
    "unlinkat,sendto,sendmsg"
)
NOT_MODELLED = frozenset(
    {"open", "writev", "pwritev", "pwritev2", "fallocate", "link", "linkat", "copy_file_range", "sendfile"}
    | {"mkdir", "mkdirat", "rmdir"}
)
"""Traced too: one of them on a file of the journal would make the judgement worthless."""
STRACE = ("strace", "-f", "-y", "-xx", "-s", "4000000", "--seccomp-bpf")
_LINE = re.compile(r"(\d+) +(.*)")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)", re.DOTALL)
_FD = re.compile(r"\s*(\d+)<((?:[^>]|->)*)>(\(deleted\))?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DIR_OR_TEXT = re.compile(r'(?:AT_FDCWD|\d+)<([^>]*)>|"((?:\\x[0-9a-f]{2})*)"')
_UNFINISHED = " <unfinished ...>"


class NotJudged(Exception):
    """The trace shows something that the model of the disk does not know."""


@dataclass(frozen=True, slots=True)
class Create:
    """A name came to be; an existing file of that name stays what it is."""

    path: str


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes, from their place in the file."""

    path: str
    place: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A file got another length."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Unlink:
    """A name is gone."""

    path: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A file has another name."""

    path: str
    new: str


@dataclass(frozen=True, slots=True)
class Sync:
    """All that was finished on a file, or in the folder, before ``begun`` is on the medium."""

    path: str
    begun: int


@dataclass(frozen=True, slots=True)
class Said:
    """Bytes that left the program."""

    data: bytes


Operation: TypeAlias = Create | Write | Cut | Unlink | Rename | Sync | Said


@dataclass(frozen=True, slots=True)
class Step:
    """One operation and the lines of the trace at which it began and had ended."""

    begun: int
    ended: int
    operation: Operation


@dataclass(frozen=True, slots=True)
class _Call:
    begun: int
    ended: int
    name: str
    arguments: str
    result: int | None
    """``None`` where the program ended inside of the call."""


def read_trace(trace: Path, folder: Path) -> list[Step]:
    """Return what happened to the files of a folder, and everything that was sent, in order.

    An effect counts from the beginning of its call, and a sync from its end: between the two a power cut may
    leave one without the other.

    Raises:
        NotJudged: a call touched the folder that the model does not know.
    """
    steps = list(_Reader(str(folder)).steps(trace))
    steps.sort(key=lambda step: step.ended if isinstance(step.operation, Sync) else step.begun)
    return steps


class _Reader:
    def __init__(self, root: str) -> None:
        self._root = root
        self._places: dict[int, int] = {}
        """Where a descriptor's next plain write goes, -1: to the end."""

    def steps(self, trace: Path) -> Iterator[Step]:
        for call in _calls(trace):
            operations = self._operations(call) if call.result is None or call.result >= 0 else ()
            for operation in operations:
                yield Step(call.begun, call.ended, operation)

    def _operations(self, call: _Call) -> Iterator[Operation]:
        if call.name in NOT_MODELLED or (call.name == "lseek" and call.result):
            if any(self._is_ours(name) for name in [*_names(call.arguments), _fd(call.arguments)[1]]):
                raise NotJudged(f"{call.name} on a file of the journal: {call.arguments[:200]}")
        elif call.name in {"openat", "creat"}:
            yield from self._opened(call)
        elif call.name in {"write", "pwrite64", "sendto", "sendmsg"}:
            yield from self._written(call)
        elif call.name in {"ftruncate", "fsync", "fdatasync"}:
            yield from self._cut_or_synced(call)
        elif call.name in {"unlink", "unlinkat", "rename", "renameat", "renameat2"}:
            yield from self._renamed(call)

    def _cut_or_synced(self, call: _Call) -> Iterator[Operation]:
        path = _fd(call.arguments)[1]
        if call.name == "ftruncate":
            if self._is_ours(path):
                yield Cut(path, int(call.arguments.rsplit(",", 1)[1]))
        elif call.result is not None and (path == self._root or self._is_ours(path)):
            yield Sync(path, call.begun)

    def _renamed(self, call: _Call) -> Iterator[Operation]:
        names = _names(call.arguments)
        if any(self._is_ours(name) for name in names):
            yield Unlink(names[0]) if len(names) == 1 else Rename(names[0], names[1])

    def _opened(self, call: _Call) -> Iterator[Operation]:
        (path, *_) = _names(call.arguments)
        if not self._is_ours(path) or call.result is None:
            return
        self._places[call.result] = -1 if "O_APPEND" in call.arguments else 0
        if "O_CREAT" in call.arguments or call.name == "creat":
            yield Create(path)
        if "O_TRUNC" in call.arguments or call.name == "creat":
            yield Cut(path, 0)

    def _written(self, call: _Call) -> Iterator[Operation]:
        number, path = _fd(call.arguments)
        found = _TEXT.search(call.arguments)
        data = _bytes(found[1]) if found else b""
        if call.name in {"sendto", "sendmsg"}:
            yield Said(data)
            return
        if not self._is_ours(path):
            return
        data = data if call.result is None else data[: call.result]
        if call.name == "pwrite64":
            yield Write(path, int(call.arguments.rsplit(",", 1)[1]), data)
            return
        place = self._places.get(number, 0)
        yield Write(path, place, data)
        if place >= 0:
            self._places[number] = place + len(data)

    def _is_ours(self, path: str) -> bool:
        # SQLite makes the index of its log anew after a power cut, and maps it into memory.
        return path.startswith(f"{self._root}/") and not path.endswith("-shm")


def _calls(trace: Path) -> Iterator[_Call]:
    """Yield whole calls: one that another thread interrupted is put together again."""
    waiting: dict[str, tuple[int, str]] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines):
            found = _LINE.match(line.rstrip("\n"))
            if not found:
                continue
            thread, rest = found[1], found[2]
            begun = number
            if rest.endswith(_UNFINISHED):
                waiting[thread] = (number, rest[: -len(_UNFINISHED)])
                continue
            if (resumed := _RESUMED.match(rest)) is not None:
                if thread not in waiting:
                    continue
                begun, head = waiting.pop(thread)
                rest = head + resumed[2]
            if (call := _CALL.match(rest)) is not None:
                result = None if call[3] == "?" else int(call[3])
                yield _Call(begun, number, call[1], call[2], result)
    for begun, head in waiting.values():
        name, _, arguments = head.partition("(")
        yield _Call(begun, begun, name, arguments.rstrip(", "), None)


def _fd(arguments: str) -> tuple[int, str]:
    found = _FD.match(arguments)
    if found is None or found[3]:
        return -1, ""
    return int(found[1]), _plain(found[2])


def _names(arguments: str) -> list[str]:
    """Return the paths among the arguments, whole."""
    base, names = "", []
    for found in _DIR_OR_TEXT.finditer(arguments):
        if found[2] is None:
            base = _plain(found[1])
        else:
            name = _bytes(found[2]).decode("utf-8", "replace")
            names.append(name if name.startswith("/") else f"{base}/{name}")
    return names


def _plain(name: str) -> str:
    return _bytes(name).decode("utf-8", "replace") if name.startswith("\\x") else name


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
