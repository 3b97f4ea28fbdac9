"""Hears what a keyboard sends without taking it from anybody: it may be a person's, or a scanner."""

import os
from dataclasses import dataclass

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.collector import Collector, Dropped, Piece
from kiosk.scanners.device_names import Roots, opened, relatives
from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_framing import ENDS, EV_KEY, EV_SYN, EVENT, PRESSED, SYN_DROPPED, KeyFraming, Records
from kiosk.scanners.key_layouts import LAYOUTS
from kiosk.scanners.pump import Pump
from kiosk.settings import ScannerSettings
from kiosk.words import Told, told

MOST_KEY_S = 0.04
"""On average from key to key; the slowest scanner takes 16 to 20 ms, a person 80 and more."""


class KeyRecords:
    """Cuts key events into scans at Enter, and keeps them as the events they are."""

    def __init__(self) -> None:
        self._records = Records()
        self._collector = Collector()

    @property
    def pending_bytes(self) -> int:
        """See ``Framing``."""
        return self._collector.pending_bytes

    @property
    def is_inside(self) -> bool:
        """See ``Framing``."""
        return self._collector.is_inside

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """See ``Framing``; takes records of ``struct input_event``, however they are chunked."""
        pieces: list[Piece] = []
        for record in EVENT.iter_unpack(self._records.whole(data)):
            _, _, kind, code, value = record
            if (kind, code) == (EV_SYN, SYN_DROPPED):
                pieces += self._collector.drop(Dropped.LOST)
            elif kind == EV_KEY and value == PRESSED and code in ENDS:
                pieces += self.flush()
            elif kind == EV_KEY and code not in ENDS:
                pieces += self._collector.add(EVENT.pack(*record))
        return tuple(pieces)

    def flush(self) -> tuple[Piece, ...]:
        """See ``Framing``."""
        return self._collector.flush()

    def reset(self) -> None:
        """See ``Framing``."""
        self._collector.reset()
        self._records.reset()


class OverheardKeyboard(DeviceScanner):
    """Reads one keyboard's key events as scans. It is not grabbed: whoever else reads it still does."""

    _group = "input"

    def __init__(self, settings: ScannerSettings, *, roots: Roots | None = None) -> None:
        super().__init__(settings, KeyRecords())
        self._roots = roots or Roots()

    def _dial(self) -> Pump:
        device, _ = opened(self._settings.port, self._roots.keyboards, os.O_RDONLY)
        return Pump(device)

    def _expected(self) -> Told:
        return told("one keyboard")

    def _hint(self) -> str:
        return relatives(self._settings.port, self._roots)


@dataclass(frozen=True, slots=True)
class Typed:
    """What key events come to."""

    by_layout: tuple[tuple[str, bytes], ...]
    """The text in every layout, the most usual layout first."""
    key_s: float
    """From one key to the next, on average."""

    @property
    def is_fast(self) -> bool:
        """Return whether no person types so fast."""
        return self.key_s <= MOST_KEY_S


def typed(events: bytes) -> Typed:
    """Return what a scan of ``OverheardKeyboard`` says."""
    texts = []
    for layout in LAYOUTS:
        framing = KeyFraming(KeyDecoder(layout), frozenset[int])
        pieces = framing.feed(events) + framing.flush()
        texts.append((layout, b"".join(piece for piece in pieces if isinstance(piece, bytes))))
    pressed = [
        seconds + microseconds / 1_000_000
        for seconds, microseconds, _, _, value in EVENT.iter_unpack(events)
        if value == PRESSED
    ]
    gaps = len(pressed) - 1
    return Typed(tuple(texts), (pressed[-1] - pressed[0]) / gaps if gaps > 0 else 0.0)
