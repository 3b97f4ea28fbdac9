"""A scanner on a serial port: USB CDC-ACM, or RS-232 through an adapter."""

import errno
import math
import os
import select
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import serial

from kiosk.errors import ScanError, ScannerGone
from kiosk.scanners.line_splitter import MAX_SCAN_BYTES, LineSplitter, Piece
from kiosk.settings import ScannerSettings

_CHUNK_BYTES = 4096
_BUSY = frozenset({errno.EAGAIN, errno.EBUSY})
_NOT_PERMITTED = frozenset({errno.EACCES, errno.EPERM})
_NOT_THERE = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ENOTDIR})


class SerialScanner:
    """Reads scans from a serial port; opened again by its path, which outlives a replug.

    Nothing is ever written to the port: with ACK/NAK switched on a scanner answers to what it hears.
    """

    def __init__(
        self, settings: ScannerSettings, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._monotonic_s = monotonic_s
        self._port: serial.Serial | None = None
        self._splitter = LineSplitter()
        self._ready: deque[Piece] = deque()
        self._silent_at_s = 0.0

    def open(self) -> None:
        """Open the port for this program alone; an open port is closed first.

        Raises:
            ScannerGone: it is not there, busy, not permitted or no serial port; the text says what to do.
        """
        self.close()
        try:
            self._port = serial.Serial(
                self._settings.port, baudrate=self._settings.baud, timeout=0, exclusive=True
            )
        except (OSError, ValueError) as error:
            raise ScannerGone(self._why_not_open(error)) from error

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        """Return the complete scans that arrived within ``timeout_s``, without their suffix.

        Returns as soon as there is one. A scan without a suffix ends after ``silence_ms``.

        Raises:
            ScannerGone: the scanner went away, or is not open; it is closed by then.
            ScanError: a scan was longer than ``MAX_SCAN_BYTES`` and dropped; the next one is read normally.
        """
        deadline_s = self._monotonic_s() + timeout_s
        while not self._ready:
            until_s = min(deadline_s, self._silent_at_s) if self._splitter.is_inside else deadline_s
            data = self._receive(max(0.0, until_s - self._monotonic_s()))
            now_s = self._monotonic_s()
            if data:
                self._ready += self._splitter.feed(data)
                self._silent_at_s = now_s + self._settings.silence_ms / 1000
            elif self._splitter.is_inside and now_s >= self._silent_at_s:
                self._ready += self._splitter.flush()
            if not self._ready and now_s >= deadline_s:
                return ()
        return self._taken()

    def close(self) -> None:
        """Close the port and forget an unfinished scan; closing twice is fine."""
        port, self._port = self._port, None
        self._splitter.reset()
        if port is not None:
            with suppress(OSError):
                port.close()

    def _taken(self) -> tuple[bytes, ...]:
        """Return the scans up to one that was too long, or raise for it when it is the next."""
        scans: list[bytes] = []
        while self._ready and isinstance(piece := self._ready[0], bytes):
            scans.append(piece)
            self._ready.popleft()
        if not scans:
            self._ready.popleft()
            raise ScanError(
                f"Scanner {self._settings.name!r} sent more than {MAX_SCAN_BYTES} bytes without an end; "
                "the scan was dropped. Scan again, and if it happens again set its suffix to CR."
            )
        return tuple(scans)

    def _receive(self, timeout_s: float) -> bytes:
        if self._port is None:
            raise ScannerGone(f"Scanner {self._settings.name!r} is not open.")
        try:
            poll = select.poll()
            poll.register(self._port, select.POLLIN)
            if not poll.poll(math.ceil(timeout_s * 1000)):
                return b""
            # One read a wake-up: pyserial's read() loses what it has when the unplug follows the data.
            data = os.read(self._port.fileno(), _CHUNK_BYTES)
        except OSError as error:
            raise ScannerGone(self._gone(str(error))) from error
        if not data:
            raise ScannerGone(self._gone("end of file"))
        return data

    def _gone(self, came: str) -> str:
        dropped = self._splitter.pending_bytes
        self.close()
        half = f" An unfinished scan of {dropped} bytes was dropped: scan it again." if dropped else ""
        return (
            f"Scanner {self._settings.name!r} on {self._settings.port!r} went away ({came}). "
            f"Check its plug; it is opened again by itself.{half}"
        )

    def _why_not_open(self, error: OSError | ValueError) -> str:
        tried = f"Cannot open scanner {self._settings.name!r} on {self._settings.port!r}:"
        code = error.errno if isinstance(error, OSError) else None
        if code in _NOT_THERE:
            return f"{tried} it is not there. Check its plug; it is opened by itself when it is back."
        if code in _NOT_PERMITTED:
            return (
                f"{tried} not permitted. Add the kiosk's user to the group 'dialout' and restart the kiosk."
            )
        if code in _BUSY:
            return f"{tried} another program is using it. Stop that program; the kiosk tries again by itself."
        return f"{tried} expected a serial port at {self._settings.baud} baud, got: {error}"
