"""The disk keeps what was flushed, and of the rest what chance leaves; asked as QEMU asks it."""

import random
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kernel.volatile_disk import VolatileDisk

SIZE, SECTOR = 16 * 512, 512
READ, WRITE, DISCONNECT, FLUSH = range(4)
FUA = 1
OPTION, GO, EXPORT_NAME, STRUCTURED = 0x49484156454F5054, 7, 1, 8


@dataclass
class Guest:
    line: socket.socket

    def take(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += self.line.recv(count - len(found))
        return found

    def option(self, number: int) -> list[tuple[int, bytes]]:
        """Ask for an option; return the replies up to the one that ends it."""
        self.line.sendall(struct.pack(">QII", OPTION, number, 0))
        replies: list[tuple[int, bytes]] = []
        while not replies or replies[-1][0] == 3:
            _, _, kind, length = struct.unpack(">QIII", self.take(20))
            replies.append((kind, self.take(length)))
        return replies

    def ask(self, kind: int, place: int = 0, length: int = 0, data: bytes = b"", flags: int = 0) -> bytes:
        head = struct.pack(">IHHQQI", 0x25609513, flags, kind, 77, place, length or len(data))
        self.line.sendall(head + data)
        magic, error, handle = struct.unpack(">IIQ", self.take(16))
        assert (magic, handle) == (0x67446698, 77)
        return self.take(length) if kind == READ and not error else str(error).encode()

    def write(self, sector: int, mark: bytes, flags: int = 0, sectors: int = 1) -> None:
        assert self.ask(WRITE, sector * SECTOR, data=mark * SECTOR * sectors, flags=flags) == b"0"

    def flush(self) -> None:
        assert self.ask(FLUSH) == b"0"


@contextmanager
def guest(disk: VolatileDisk, last_option: int = GO) -> Iterator[Guest]:
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.connect(str(disk.path))
        guest = Guest(line)
        assert guest.take(16) == b"NBDMAGIC" + struct.pack(">Q", OPTION)
        assert guest.take(2) == struct.pack(">H", 3)
        line.sendall(struct.pack(">I", 3))
        assert guest.option(STRUCTURED) == [(0x80000001, b"")]
        facts = struct.pack(">QH", SIZE, 1 | 4 | 8)
        if last_option == GO:
            assert guest.option(GO) == [(3, b"\0\0" + facts), (1, b"")]
        else:
            line.sendall(struct.pack(">QII", OPTION, EXPORT_NAME, 0))
            assert guest.take(10) == facts
        yield guest


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[VolatileDisk]:
    with VolatileDisk(tmp_path / "disk", bytearray(SIZE)) as disk:
        yield disk


def after_cut(disk: VolatileDisk, seed: int = 1) -> bytes:
    disk.cut(random.Random(seed))  # noqa: S311 - not for secrets
    return bytes(disk.medium)


@pytest.mark.parametrize("last_option", [GO, EXPORT_NAME])
def test_what_was_written_is_read_and_what_was_flushed_is_kept(disk: VolatileDisk, last_option: int) -> None:
    with guest(disk, last_option) as at:
        at.write(1, b"a")
        assert at.ask(READ, SECTOR, SECTOR) == b"a" * SECTOR
        at.flush()
    assert after_cut(disk)[SECTOR : 2 * SECTOR] == b"a" * SECTOR
    assert disk.lost == 0


def test_what_was_not_flushed_is_there_sector_by_sector_or_not(disk: VolatileDisk) -> None:
    with guest(disk) as at:
        at.write(0, b"a", sectors=16)
    found = after_cut(disk)
    marks = {found[start : start + SECTOR] for start in range(0, SIZE, SECTOR)}
    assert marks == {b"a" * SECTOR, bytes(SECTOR)}
    assert disk.lost == sum(found[start] == 0 for start in range(0, SIZE, SECTOR))
    with guest(disk) as at:
        assert at.ask(READ, 0, SIZE) == found, "the next life sees what is left"


def test_what_is_told_to_be_there_is_there_without_a_flush(disk: VolatileDisk) -> None:
    with guest(disk) as at:
        at.write(3, b"a")
        at.write(3, b"b", FUA)
    for seed in range(5):
        assert after_cut(disk, seed)[3 * SECTOR : 4 * SECTOR] == b"b" * SECTOR


def test_what_it_does_not_know_is_refused_and_the_guest_may_leave(disk: VolatileDisk) -> None:
    with guest(disk) as at:
        assert at.ask(4) == b"22"
        at.line.sendall(struct.pack(">IHHQQI", 0x25609513, 0, DISCONNECT, 0, 0, 0))
        assert at.line.recv(1) == b""
