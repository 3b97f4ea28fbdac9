"""A network block device for QEMU whose cache forgets at a power cut what was not flushed.

Of what was written since the last flush, each sector of 512 bytes is there afterwards or not, by chance.
The protocol is NBD's, as its public specification has it: fixed newstyle negotiation, simple replies.
"""

import random
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_SECTOR: Final = 512
_OPTION_MAGIC: Final = 0x49484156454F5054
_REPLY_MAGIC: Final = 0x3E889045565A9
_REQUEST_MAGIC: Final = 0x25609513
_SIMPLE_REPLY_MAGIC: Final = 0x67446698
_FIXED_NEWSTYLE, _NO_ZEROES = 1, 2
_OPT_EXPORT_NAME, _OPT_ABORT, _OPT_INFO, _OPT_GO = 1, 2, 6, 7
_REP_ACK, _REP_INFO, _REP_ERR_UNSUP = 1, 3, 0x80000001
_CAN_FLUSH_AND_FUA: Final = 1 | 4 | 8
_READ, _WRITE, _DISCONNECT, _FLUSH = range(4)
_FUA: Final = 1
_INVALID: Final = 22


@dataclass(frozen=True, slots=True)
class _Write:
    place: int
    data: bytes
    is_certain: bool
    """It was told to be on the medium when it was answered (FUA)."""


@dataclass
class VolatileDisk:
    """Serves one guest at a time, until it is left."""

    path: Path
    """Of the socket."""
    medium: bytearray
    """What is there for certain."""
    flushes: int = 0
    lost: int = 0
    """Sectors that the cuts took away."""
    _shown: bytearray = field(init=False)
    _open: list[_Write] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._shown = bytearray(self.medium)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, name="volatile-disk")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def cut(self, chance: random.Random) -> None:
        """Take the power away; the guest is gone already."""
        with self._lock:
            for write in self._open:
                for start in range(0, len(write.data), _SECTOR):
                    if write.is_certain or chance.random() < 0.5:
                        part = write.data[start : start + _SECTOR]
                        self.medium[write.place + start : write.place + start + len(part)] = part
                    else:
                        self.lost += 1
            self._open.clear()
            self._shown = bytearray(self.medium)

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._listener.accept()
            except OSError:
                return
            with guest, suppress(ConnectionError):
                if self._negotiated(guest):
                    while self._answered(guest):
                        pass

    def _negotiated(self, guest: socket.socket) -> bool:
        """Offer the disk; return whether the guest took it."""
        guest.sendall(b"NBDMAGIC" + struct.pack(">QH", _OPTION_MAGIC, _FIXED_NEWSTYLE | _NO_ZEROES))
        (flags,) = struct.unpack(">I", _exactly(guest, 4))
        facts = struct.pack(">QH", len(self.medium), _CAN_FLUSH_AND_FUA)
        while True:
            _, option, length = struct.unpack(">QII", _exactly(guest, 16))
            _exactly(guest, length)
            if option == _OPT_EXPORT_NAME:
                guest.sendall(facts if flags & _NO_ZEROES else facts + bytes(124))
                return True
            if option in {_OPT_INFO, _OPT_GO}:
                _reply(guest, option, _REP_INFO, struct.pack(">H", 0) + facts)
                _reply(guest, option, _REP_ACK)
                if option == _OPT_GO:
                    return True
            elif option == _OPT_ABORT:
                _reply(guest, option, _REP_ACK)
                return False
            else:
                _reply(guest, option, _REP_ERR_UNSUP)

    def _answered(self, guest: socket.socket) -> bool:
        """Answer one request; return whether there may be more."""
        magic, flags, kind, handle, place, length = struct.unpack(">IHHQQI", _exactly(guest, 28))
        if magic != _REQUEST_MAGIC or kind == _DISCONNECT:
            return False
        error, data = 0, b""
        with self._lock:
            if kind == _READ:
                data = bytes(self._shown[place : place + length])
            elif kind == _WRITE:
                self._written(_Write(place, _exactly(guest, length), bool(flags & _FUA)))
            elif kind == _FLUSH:
                self._flushed()
            else:
                error = _INVALID
        guest.sendall(struct.pack(">IIQ", _SIMPLE_REPLY_MAGIC, error, handle) + data)
        return True

    def _written(self, write: _Write) -> None:
        self._shown[write.place : write.place + len(write.data)] = write.data
        self._open.append(write)

    def _flushed(self) -> None:
        self.flushes += 1
        for write in self._open:
            self.medium[write.place : write.place + len(write.data)] = write.data
        self._open.clear()


def _reply(guest: socket.socket, option: int, kind: int, data: bytes = b"") -> None:
    guest.sendall(struct.pack(">QIII", _REPLY_MAGIC, option, kind, len(data)) + data)


def _exactly(guest: socket.socket, count: int) -> bytes:
    """Return so many bytes.

    Raises:
        ConnectionError: the guest is gone.
    """
    found = b""
    while len(found) < count:
        more = guest.recv(count - len(found))
        if not more:
            raise ConnectionError("the guest is gone")
        found += more
    return found
