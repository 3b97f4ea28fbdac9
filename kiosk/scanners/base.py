"""What every kind of scanner shares: the reading loop, the end by silence, and the sentences for a person.

A kind is a ``DeviceScanner`` that knows how to dial its device, and a ``Framing`` that cuts what it sends.
"""

import errno
import grp
import stat
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kiosk.errors import ScanError, ScannerGone
from kiosk.model import Pace
from kiosk.scanners.blanking import Blanking
from kiosk.scanners.collector import MAX_SCAN_BYTES, Dropped, Piece
from kiosk.scanners.link import Link
from kiosk.settings import ScannerSettings
from kiosk.words import Told, system_says, told

_BUSY = frozenset({errno.EAGAIN, errno.EBUSY})
_NOT_PERMITTED = frozenset({errno.EACCES, errno.EPERM})
_GROUP_MAY = 0o060
_NOT_THERE = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ENOTDIR})


class Framing(Protocol):
    """Cuts what one device sends into scans."""

    @property
    def pending_bytes(self) -> int:
        """Return how many bytes wait for the end of their scan."""

    @property
    def is_inside(self) -> bool:
        """Return whether a scan has begun and not ended."""

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """Take more of what the device sent and return the scans it completes."""

    def flush(self) -> tuple[Piece, ...]:
        """End the scan that is being collected, since the device fell silent."""

    def reset(self) -> None:
        """Forget all that was before: the device was opened anew."""


class DeviceScanner(ABC):
    """Reads scans from a device; opened again by its name, which outlives a replug."""

    _group = "dialout"
    """The group that may open such a device."""
    _check: Told = told("Check its plug")
    """What a person does first when it is gone."""

    def __init__(
        self,
        settings: ScannerSettings,
        framing: Framing,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._framing = framing
        self._monotonic_s = monotonic_s
        self._link: Link | None = None
        self._blanking = Blanking(settings.blank_ms / 1000)
        self._ready: deque[Piece] = deque()
        self._began_s = self._last_byte_s = 0.0
        self._pace = Pace()

    def open(self) -> None:
        """Open the device for this program alone; an open one is closed first.

        Raises:
            ScannerGone: it is not there, busy, not permitted or of another kind; the text says what to do.
        """
        self.close()
        try:
            self._link = self._dial()
        except (OSError, ValueError) as error:
            raise ScannerGone(
                told(
                    "Cannot open scanner {name}: {why} ({port})",
                    name=repr(self._settings.name),
                    why=self._why_not(error),
                    port=repr(self._settings.port),
                )
            ) from error

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        """Return the complete scans that arrived within ``timeout_s``, without their suffix.

        Returns as soon as there is one. A scan without a suffix ends after the silence of the settings.

        Raises:
            ScannerGone: the scanner went away, or is not open; it is closed by then.
            ScanError: a scan was dropped, the text says why; the next one is read normally.
        """
        deadline_s = self._monotonic_s() + timeout_s
        while not self._ready:
            is_inside = self._framing.is_inside
            silent_at_s = self._last_byte_s + self._settings.silence_s
            until_s = min(deadline_s, silent_at_s) if is_inside else deadline_s
            data = self._receive(max(0.0, until_s - self._monotonic_s()))
            now_s = self._monotonic_s()
            if data:
                self._began_s = self._began_s if is_inside else now_s
                self._last_byte_s = now_s
                self._take(self._framing.feed(data), now_s)
            elif is_inside and now_s >= silent_at_s:
                self._take(self._framing.flush(), now_s)
            if not self._ready and now_s >= deadline_s:
                return ()
        return self._taken()

    @property
    def pace(self) -> Pace:
        """See ``Scanner``; of several scans that came in one burst, that of the burst."""
        return self._pace

    def close(self) -> None:
        """Close the device and forget an unfinished scan; closing twice is fine."""
        link, self._link = self._link, None
        self._framing.reset()
        if link is not None:
            with suppress(OSError):
                link.close()

    @abstractmethod
    def _dial(self) -> Link:
        """Open the device.

        Raises:
            OSError, ValueError: it cannot be opened; ``_why_not`` puts that into words.
        """

    @abstractmethod
    def _expected(self) -> Told:
        """Return what the device was expected to be."""

    def _damage(self) -> Dropped | None:
        """Return how what came since the last time was damaged, ``None`` where nothing is known of it."""
        return None

    def _hint(self) -> str:
        """Return a sentence on what may be wrong when the device is not there, empty where there is none."""
        return ""

    def _why_not(self, error: OSError | ValueError) -> Told:
        code = error.errno if isinstance(error, OSError) else None
        if code in _NOT_THERE:
            words = told(
                "it is not there. {check}; it is opened by itself when it is back.", check=self._check
            )
            hint = self._hint()
            return told("{words} {hint}", words=words, hint=hint) if hint else words
        if code in _NOT_PERMITTED:
            return told("not permitted. {remedy}", remedy=self._remedy(error))
        if code in _BUSY:
            return told("another program is using it. Stop that program; the kiosk tries again by itself.")
        return told("expected {expected}, got: {came}", expected=self._expected(), came=came(error))

    def _remedy(self, error: OSError | ValueError) -> Told:
        """Say who may open the device, and what a technician does about it."""
        path = error.filename if isinstance(error, OSError) and error.filename else self._settings.port
        group, mode = _rights(path)
        if group in {self._group, ""} and mode & _GROUP_MAY == _GROUP_MAY:
            return told(
                "Add the kiosk's user to the group {group} and restart the kiosk.", group=repr(self._group)
            )
        return told(
            "{path} belongs to group {group} with mode {mode}, expected {wanted} and 0660. "
            "Add its make, which lsusb shows, to 70-ion-kiosk.rules, and plug it in again.",
            path=path,
            group=repr(group),
            mode=f"{mode:04o}",
            wanted=repr(self._group),
        )

    def _take(self, pieces: tuple[Piece, ...], now_s: float) -> None:
        if not pieces:
            return
        self._pace = Pace(self._last_byte_s - self._began_s, now_s - self._last_byte_s)
        self._began_s = now_s
        damage = self._damage()
        for piece in pieces:
            if damage is not None:
                self._ready.append(damage)
                continue
            is_repeat = isinstance(piece, bytes) and self._blanking.is_repeat(piece, now_s)
            self._ready.append(Dropped.REPEATED if is_repeat else piece)

    def _taken(self) -> tuple[bytes, ...]:
        """Return the scans up to one that was dropped, or raise for it when it is the next."""
        scans: list[bytes] = []
        while self._ready and isinstance(piece := self._ready[0], bytes):
            scans.append(piece)
            self._ready.popleft()
        if not scans and isinstance(why := self._ready.popleft(), Dropped):
            raise ScanError(self._why_dropped(why))
        return tuple(scans)

    def _why_dropped(self, why: Dropped) -> Told:
        name = told("Scanner {name}", name=repr(self._settings.name))
        match why:
            case Dropped.TOO_LONG:
                return told(
                    "{name} sent more than {most} bytes without an end; "
                    "the scan was dropped. Scan again, and if it happens again set its suffix to CR.",
                    name=name,
                    most=MAX_SCAN_BYTES,
                )
            case Dropped.LOST:
                return told(
                    "{name}: a part of the scan was lost, and the rest was dropped. Scan it again.", name=name
                )
            case Dropped.GARBLED:
                return told(
                    "{name} sent what cannot be read at {baud} baud, and it was dropped. "
                    "Set baud in the settings to the scanner's own, mostly 9600 or 115200, "
                    "and the scanner to 8 data bits without parity.",
                    name=name,
                    baud=self._settings.baud,
                )
            case Dropped.CUT:
                return told(
                    "{name} stopped in the middle of a scan, and it was dropped. Scan it again.", name=name
                )
            case Dropped.REPEATED:
                return told(
                    "{name} sent the same code again within {blank_ms} ms; "
                    "it counts once. Wait a moment where it is another piece with an equal label.",
                    name=name,
                    blank_ms=self._settings.blank_ms,
                )

    def _receive(self, timeout_s: float) -> bytes:
        if self._link is None:
            raise ScannerGone(told("Scanner {name} is not open.", name=repr(self._settings.name)))
        try:
            return self._link.receive(timeout_s)
        except OSError as error:
            raise ScannerGone(self._gone(error)) from error

    def _gone(self, error: OSError) -> Told:
        dropped = self._framing.pending_bytes
        self.close()
        words = told(
            "Scanner {name} went away. {check}; it is opened again by itself.",
            name=repr(self._settings.name),
            check=self._check,
        )
        if dropped:
            half = told("An unfinished scan of {count} bytes was dropped: scan it again.", count=dropped)
            words = told("{words} {half}", words=words, half=half)
        return told("{words} ({port}: {came})", words=words, port=repr(self._settings.port), came=came(error))


def came(error: OSError | ValueError) -> str:
    """Return what came instead of a device: our own words, else the system's, named as such."""
    said: object = error.args[0] if error.args else ""
    if isinstance(said, Told) or not isinstance(error, OSError):
        return said if isinstance(said, Told) else str(error)
    return system_says(error)


def _rights(path: str) -> tuple[str, int]:
    """Return a device's group and mode; as udev should have set them where they cannot be seen."""
    try:
        facts = Path(path).stat()
    except OSError:
        return "", _GROUP_MAY
    try:
        group = grp.getgrgid(facts.st_gid).gr_name
    except KeyError:
        group = str(facts.st_gid)
    return group, stat.S_IMODE(facts.st_mode)
