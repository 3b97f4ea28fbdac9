"""Cuts a stream of bytes into scans at CR, LF or CR LF; every other byte is data."""

import re

from kiosk.scanners.collector import Collector, Piece


class LineSplitter(Collector):
    """A collector for a stream that has no other borders than its line ends."""

    def __init__(self, *, tab_ends: bool = False) -> None:
        super().__init__()
        self._end = re.compile(rb"[\r\n\t]" if tab_ends else rb"[\r\n]")

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """Take more bytes and return the scans they complete, without suffix; empty lines are ignored."""
        *lines, rest = self._end.split(data)
        pieces: list[Piece] = []
        for line in lines:
            pieces += self.add(line)
            pieces += self.flush()
        pieces += self.add(rest)
        return tuple(pieces)
