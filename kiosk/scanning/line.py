"""One scanner's thread: from the device to its station, and the scanner's lamp."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.errors import JournalError, ScanError, ScannerGone
from kiosk.model import DeviceState, FaultSeen, ScanSeen
from kiosk.ports import Clock, Scanner, Sleep, StationRoom

_LOG = logging.getLogger(__name__)
_READ_S = 0.5
_KEPT = 20
_AGAIN_S = 0.5
"""A scanner that was plugged in again is heard within three seconds."""


@dataclass(slots=True)
class ScannerLine:
    """Hands every scan to the station before it reads the next.

    A scan that the journal refuses is not tried again: the station tells the person to repeat it.
    """

    name: str
    scanner: Scanner
    station: StationRoom
    sleep: Sleep
    on_change: Callable[[], None]
    clock: Clock
    monotonic_s: Callable[[], float]
    is_spoken_for: Callable[[str, bytes], bool]
    """Told the scanner's name and a scan: whether it is for the scanner page, and not for the station."""
    faults: int = 0
    """How often since the start it went away, or something it sent was dropped."""
    last_fault: FaultSeen | None = None
    """What went wrong last, and when."""
    _seen: deque[ScanSeen] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _lamp: DeviceState = field(init=False)
    _is_open: bool = False

    def __post_init__(self) -> None:
        self._lamp = DeviceState(self.name, is_ready=False, text="Not opened yet.")

    @property
    def lamp(self) -> DeviceState:
        """Return how the scanner is."""
        return self._lamp

    def last_scans(self) -> tuple[ScanSeen, ...]:
        """Return the last scans since the start, newest first."""
        return tuple(reversed(self._seen))

    def step(self) -> None:
        """Open the scanner if need be, and hand on what it sent."""
        try:
            if not self._is_open:
                self.scanner.open()
                self._is_open = True
                self._light(is_ready=True, text="Ready.")
            scans = self.scanner.read(_READ_S)
        except ScannerGone as error:
            if self._is_open:
                self._count(error)
            self._is_open = False
            self._light(is_ready=False, text=str(error))
            self.sleep(_AGAIN_S)
            return
        except ScanError as error:
            if str(error) != self._lamp.text:
                _LOG.warning("%s", error)
            self._count(error)
            self._light(is_ready=True, text=str(error))
            return
        if scans:
            self._light(is_ready=True, text="Ready.")
        whole_s = self.monotonic_s()
        for data in scans:
            self._hand_on(ScanSeen(self.clock(), data, self.scanner.pace), whole_s)

    def _hand_on(self, scan: ScanSeen, whole_s: float) -> None:
        """Give a scan to the station; one that cannot be kept must not take those behind it along."""
        try:
            if not self.is_spoken_for(self.name, scan.data):
                self.station.scan(scan.data, scanner=self.name)
            scan = replace(scan, answered_s=self.monotonic_s() - whole_s)
        except JournalError:
            _LOG.exception("Scanner %s: a scan of %d bytes was not kept", self.name, len(scan.data))
        finally:
            self._seen.append(scan)

    def close(self) -> None:
        """Let the device go."""
        self.scanner.close()

    def _count(self, error: ScanError) -> None:
        self.faults += 1
        self.last_fault = FaultSeen(self.clock(), str(error))

    def _light(self, *, is_ready: bool, text: str) -> None:
        since = None if is_ready else self._lamp.since or self.clock()
        lamp = DeviceState(self.name, is_ready=is_ready, text=text, since=since)
        if lamp != self._lamp:
            if lamp.is_ready is not self._lamp.is_ready:
                _LOG.log(logging.INFO if is_ready else logging.WARNING, "Scanner %s: %s", self.name, text)
            self._lamp = lamp
            self.on_change()
