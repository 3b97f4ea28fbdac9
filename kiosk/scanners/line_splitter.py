"""Cuts a stream of bytes into scans at CR, LF or CR LF; every other byte is data."""

import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_SCAN_BYTES = 8192

_END = re.compile(rb"[\r\n]")


@dataclass(frozen=True, slots=True)
class TooLong:
    """A scan exceeded ``MAX_SCAN_BYTES`` and is dropped up to its end."""


Piece: TypeAlias = bytes | TooLong


class LineSplitter:
    """Collects bytes until a scan is complete; how they are chunked makes no difference."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._is_dropping = False

    @property
    def pending_bytes(self) -> int:
        """Return how many bytes wait for the end of their scan."""
        return len(self._pending)

    @property
    def is_inside(self) -> bool:
        """Return whether a scan has begun and not ended."""
        return bool(self._pending) or self._is_dropping

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """Take more bytes and return the scans they complete, without suffix; empty lines are ignored."""
        *lines, rest = _END.split(data)
        pieces: list[Piece] = []
        for line in lines:
            pieces += self._add(line)
            pieces += self.flush()
        pieces += self._add(rest)
        return tuple(pieces)

    def flush(self) -> tuple[Piece, ...]:
        """End the scan that is being collected, as a suffix or a silence does."""
        scan = bytes(self._pending)
        self.reset()
        return (scan,) if scan else ()

    def reset(self) -> None:
        """Forget the scan that is being collected."""
        self._pending.clear()
        self._is_dropping = False

    def _add(self, data: bytes) -> tuple[Piece, ...]:
        if self._is_dropping:
            return ()
        if len(self._pending) + len(data) <= MAX_SCAN_BYTES:
            self._pending += data
            return ()
        self._pending.clear()
        self._is_dropping = True
        return (TooLong(),)
