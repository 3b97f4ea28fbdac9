"""Collects the bytes of one scan until it ends; says why where a scan is dropped instead."""

from enum import StrEnum
from typing import TypeAlias

MAX_SCAN_BYTES = 8192


class Dropped(StrEnum):
    """Why there is no scan where one was sent."""

    TOO_LONG = "too long"
    """It exceeded ``MAX_SCAN_BYTES``."""
    LOST = "lost"
    """The device or the kernel lost a part of it."""
    GARBLED = "garbled"
    """The line's driver received characters that were none, as at a wrong baud rate."""
    CUT = "cut"
    """It stopped before its end."""
    REPEATED = "repeated"
    """The same payload came a moment ago, and the settings say that this is one scan."""


Piece: TypeAlias = bytes | Dropped


class Collector:
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

    def add(self, data: bytes) -> tuple[Piece, ...]:
        """Take bytes that are data, whatever they are."""
        if self._is_dropping:
            return ()
        if len(self._pending) + len(data) <= MAX_SCAN_BYTES:
            self._pending += data
            return ()
        return self.drop(Dropped.TOO_LONG)

    def drop(self, why: Dropped) -> tuple[Piece, ...]:
        """Drop the scan that is being collected up to its end; said once a scan."""
        is_news = not self._is_dropping
        self._pending.clear()
        self._is_dropping = True
        return (why,) if is_news else ()

    def flush(self) -> tuple[Piece, ...]:
        """End the scan that is being collected, as a suffix or a silence does."""
        scan = bytes(self._pending)
        self.reset()
        return (scan,) if scan else ()

    def reset(self) -> None:
        """Forget the scan that is being collected."""
        self._pending.clear()
        self._is_dropping = False
