"""Cuts HID-POS input reports into scans.

A report has 64 bytes: report id 2, length of the data, AIM identifier (3), data (56), the maker's own (2),
and flags whose lowest bit says that the scan goes on in the next report. So Access-IS, LSR118 product
manual, appendix B, and Honeywell's scanners; some firmware puts one byte more in front.
"""

import re

from kiosk.scanners.collector import Collector, Dropped, Piece

_REPORT_ID = 2
_REPORT_BYTES = 64
_LENGTH_AT, _AIM_AT, _DATA_AT, _FLAGS_AT = 1, 2, 5, 63
_MOST_DATA_BYTES = 56
_CONTINUED = 1
_AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")


class ReportFraming:
    """Puts the reports of one scan together, with the AIM identifier in front of the data.

    In front, and not beside it: that is how a serial scanner hands the identifier on, so there is one way for
    it through the kiosk, the journal keeps it with the scan, and ``barcodes.read`` splits it off again.
    """

    def __init__(self) -> None:
        self._collector = Collector()
        self._is_inside = False

    @property
    def pending_bytes(self) -> int:
        """See ``Framing``."""
        return self._collector.pending_bytes

    @property
    def is_inside(self) -> bool:
        """See ``Framing``."""
        return self._is_inside

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """See ``Framing``; takes one report."""
        if data[0] != _REPORT_ID:
            # A report on a button, the battery or the scanner's settings.
            return ()
        shift = 1 if data[_AIM_AT : _AIM_AT + 1] != b"]" and data[_AIM_AT + 1 : _AIM_AT + 2] == b"]" else 0
        length = data[_LENGTH_AT + shift] if len(data) >= _REPORT_BYTES else _MOST_DATA_BYTES + 1
        is_continued = bool(data[min(_FLAGS_AT + shift, len(data) - 1)] & _CONTINUED)
        if length > _MOST_DATA_BYTES - (shift if len(data) == _REPORT_BYTES else 0):
            pieces = self._collector.drop(Dropped.LOST)
        else:
            begin = _DATA_AT + shift
            body = data[begin : begin + length]
            aim = data[_AIM_AT + shift : begin]
            is_first = not self._is_inside
            # A scanner that is also set to send the identifier with the data has sent it already.
            has_aim = is_first and _AIM.fullmatch(aim) and not body.startswith(aim)
            pieces = self._collector.add((aim if has_aim else b"") + body)
        self._is_inside = is_continued
        return pieces if is_continued else pieces + self._collector.flush()

    def flush(self) -> tuple[Piece, ...]:
        """End a scan whose next report did not come: it is not whole."""
        pieces = self._collector.drop(Dropped.CUT)
        self.reset()
        return pieces

    def reset(self) -> None:
        """See ``Framing``."""
        self._collector.reset()
        self._is_inside = False
