"""Understands the ZPL a label printer is sent: labels, and questions about its state."""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.simulator.zpl_graphic import LARGEST_SIDE, SPACE, number
from kiosk.simulator.zpl_label import OpenLabel, Setup, ZplLabel

__all__ = ["ZplLabel", "ZplQuery", "ZplReader"]

_PREFIX: Final = re.compile(rb"[\^~]")
_QUERIES: Final = (b"~HQES", b"~HS", b"~HI")
_LONGEST_COMMAND: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class ZplQuery:
    """A question to be answered at once."""

    command: str
    """Without its tilde: HS, HI or HQES."""


class ZplReader:
    """Takes the stream in pieces of any size; unknown commands are passed over."""

    def __init__(self, width: int = 812, height: int = 406) -> None:
        self._buffer = b""
        self._setup = Setup(width, height)
        self._label: OpenLabel | None = None

    @property
    def is_inside_label(self) -> bool:
        """Whether a label has begun and not ended."""
        return self._label is not None

    @property
    def height(self) -> int:
        """Label length in force, in dots."""
        return self._setup.height

    def feed(self, data: bytes) -> list[ZplLabel | ZplQuery]:
        """Take the next bytes and return what they complete."""
        self._buffer += data
        done: list[ZplLabel | ZplQuery] = []
        while (command := self._next_command()) is not None:
            if command in _QUERIES:
                done.append(ZplQuery(command[1:].decode("ascii")))
            elif (label := self._apply(command)) is not None:
                done.append(label)
        if len(self._buffer) > _LONGEST_COMMAND:
            self._buffer = b""
        return done

    def _next_command(self) -> bytes | None:
        """Cut one whole command off the buffer; None when there is only a part of one."""
        first = _PREFIX.search(self._buffer)
        if first is None:
            self._buffer = b""
            return None
        self._buffer = self._buffer[first.start() :]
        for whole in (*_QUERIES, b"^XA", b"^XZ"):
            if self._buffer.startswith(whole):
                self._buffer = self._buffer[len(whole) :]
                return whole
        following = _PREFIX.search(self._buffer, 1)
        if following is None:
            return None
        command = self._buffer[: following.start()]
        self._buffer = self._buffer[following.start() :]
        return command

    def _apply(self, command: bytes) -> ZplLabel | None:
        name, rest = command[:3], command[3:]
        setup = self._setup
        if name == b"^XA":
            self._label = OpenLabel(setup)
        elif name == b"^PW":
            setup.width = number(rest.strip(SPACE), setup.width, 1, LARGEST_SIDE)
        elif name == b"^LL":
            setup.height = number(rest.strip(SPACE), setup.height, 1, LARGEST_SIDE)
        elif self._label is not None:
            if name == b"^XZ":
                label, self._label = self._label, None
                return label.close()
            self._label.apply(name, rest)
        return None
