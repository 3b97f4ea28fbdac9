"""Every acknowledged scan once more, on another medium: for the day on which the journal's own is lost.

One line a scan, appended and synced: eight hexadecimal digits of CRC-32, a blank, a JSON object.
A medium that is gone holds nobody up; what it missed is written when it is back.
"""

import json
import logging
import os
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.errors import JournalError
from kiosk.journal.place import sync
from kiosk.model import RawScan
from kiosk.ports import Clock, Sleep
from kiosk.words import Told, system_says, told

_LOG = logging.getLogger(__name__)
_MOST_OWED: Final = 100_000
"""Scans that are remembered for a medium that is gone: weeks of a busy dock."""

_LOOK_S: Final = 2.0

DeviceOf = Callable[[Path], int]
"""Gives the number of the device that a folder is on. Raises OSError."""


def device_of(folder: Path) -> int:
    """Return the number of the device that a folder is on.

    Raises:
        OSError: there is no such folder.
    """
    return folder.stat().st_dev


class SecondCopy:
    """Writes the copy."""

    def __init__(
        self, path: Path, journal_folder: Path, clock: Clock, *, device: DeviceOf = device_of
    ) -> None:
        """Begin; nothing is opened before the first scan.

        Args:
            path: the file; its folder is on another medium than the journal.
            journal_folder: where the journal is.
            clock: gives the time since which it is gone.
            device: tells media apart.
        """
        self._path = path
        self._journal_folder = journal_folder
        self._clock = clock
        self._device = device
        self._lock = threading.Lock()
        self._owed: deque[bytes] = deque(maxlen=_MOST_OWED)
        self._gone_since: datetime | None = None
        self._why = ""

    def add(self, scan: RawScan) -> None:
        """Write a scan that is in the journal; never fails, see ``words``."""
        with self._lock:
            self._owed.append(line_of(scan))
            self._pay()

    def look(self) -> None:
        """See whether the medium is there, and give it what it missed."""
        with self._lock:
            self._pay()

    @property
    def words(self) -> str:
        """Return what is wrong, empty where all is well."""
        since = self._gone_since
        if since is None:
            return ""
        return told(
            "The second copy {file} is gone since {moment}: {why}. "
            "The journal has {count} scan(s) that are not in it yet.",
            file=repr(str(self._path)),
            moment=since,
            why=self._why,
            count=len(self._owed),
        )

    def _pay(self) -> None:
        try:
            self._append(b"".join(self._owed))
        except OSError as error:
            self._gone(error.strerror if isinstance(error.strerror, Told) else system_says(error))
            return
        self._owed.clear()
        if self._gone_since is not None:
            _LOG.warning("The second copy %r is back, and has all scans", str(self._path))
            self._gone_since = None

    def _append(self, lines: bytes) -> None:
        folder = self._path.parent
        if self._device(folder) == self._device(self._journal_folder):
            # A stick that is pulled out leaves its empty folder behind, on the journal's own card.
            raise OSError(0, told("no other medium is mounted there"))
        if not lines and self._path.exists():
            return
        is_new = not self._path.exists()
        number = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # A line that a power cut tore is ended, so that the next one is whole.
            _write_all(number, lines if is_new else b"\n" * _is_torn(self._path) + lines)
            os.fsync(number)
        finally:
            os.close(number)
        if is_new:
            sync(folder)

    def _gone(self, why: str) -> None:
        self._why = why
        if self._gone_since is None:
            self._gone_since = self._clock()
            _LOG.error("%s", self.words)


@dataclass(frozen=True, slots=True)
class CopyWatch:
    """Looks after the second copy while nobody scans."""

    copy: SecondCopy
    sleep: Sleep
    on_change: Callable[[], object]

    def step(self) -> None:
        """Look once, and wait a while."""
        before = self.copy.words
        self.copy.look()
        if self.copy.words != before:
            self.on_change()
        self.sleep(_LOOK_S)


def line_of(scan: RawScan) -> bytes:
    """Return a scan as its line, whatever bytes it has."""
    values = {
        "id": scan.id,
        "station": scan.station,
        "scanner": scan.scanner,
        "symbology": scan.symbology,
        "at": scan.at.isoformat(),
        "data": scan.data.hex(),
    }
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_copy(path: Path) -> Iterator[RawScan | None]:
    """Yield the scans of a copy in their order, ``None`` for each line that is not whole.

    Raises:
        JournalError: the file cannot be read.
    """
    try:
        with path.open("rb") as lines:
            for line in lines:
                if line.strip():
                    yield _scan_of(line)
    except OSError as error:
        raise JournalError(f"Cannot read the second copy {str(path)!r}: {error}") from error


def _scan_of(line: bytes) -> RawScan | None:
    crc, _, text = line.rstrip(b"\n").partition(b" ")
    if crc != b"%08x" % zlib.crc32(text):
        return None
    try:
        values = json.loads(text)
        return RawScan(
            values["id"],
            values["station"],
            values["scanner"],
            bytes.fromhex(values["data"]),
            datetime.fromisoformat(values["at"]),
            values["symbology"],
        )
    except (ValueError, LookupError, TypeError):
        return None


def _is_torn(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _write_all(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]
