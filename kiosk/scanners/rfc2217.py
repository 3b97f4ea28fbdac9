"""The client's half of RFC 2217 (a serial port over telnet): bytes in, data and replies out.

pyserial has a client too. It is not used, since it starts a thread of its own, throws away what arrived last
when the connection ends, and gives no access to its socket for keep-alive.
"""

from enum import Enum, auto

_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
_NEGOTIATION = frozenset({_WILL, _WONT, _DO, _DONT})
_BINARY, _SUPPRESS_GO_AHEAD, _COM_PORT = 0, 3, 44
_WANTED = frozenset({_BINARY, _SUPPRESS_GO_AHEAD, _COM_PORT})
_SET_BAUD, _SET_DATA_BITS, _SET_PARITY, _SET_STOP_BITS, _SET_CONTROL = range(1, 6)
_BAUD_IS_SET = bytes((_COM_PORT, 101))
_MOST_SUBNEGOTIATION_BYTES = 16
_PARITY_NONE = _STOP_BITS_ONE = _NO_FLOW_CONTROL = b"\x01"


class _At(Enum):
    DATA = auto()
    COMMAND = auto()
    OPTION = auto()
    SUBNEGOTIATION = auto()
    SUBNEGOTIATION_COMMAND = auto()


class Rfc2217:
    """One connection's state."""

    def __init__(self, baud: int) -> None:
        self._baud = baud
        self._at = _At.DATA
        self._verb = 0
        self._ours = set(_WANTED)
        """Options for which WILL was said last."""
        self._theirs = set(_WANTED)
        """Options for which DO was said last."""
        self._confirmed: set[tuple[int, int]] = set()
        self._subnegotiation = bytearray()
        self.line_baud = 0
        """The speed that the other side has set, 0 while it has not said."""

    @property
    def is_ready(self) -> bool:
        """Return whether the other side is a serial port that is set up and sends every byte as it is."""
        return bool(self.line_baud) and {(_DO, _COM_PORT), (_WILL, _BINARY)} <= self._confirmed

    @staticmethod
    def greeting() -> bytes:
        """Return what is sent first."""
        return b"".join(bytes((_IAC, verb, option)) for option in sorted(_WANTED) for verb in (_WILL, _DO))

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Take bytes from the network; return the serial port's data in them, and what is to be answered."""
        came, reply = bytearray(), bytearray()
        for byte in data:
            if self._at is _At.DATA and byte != _IAC:
                came.append(byte)
            elif self._at is _At.COMMAND and byte == _IAC:
                # Doubled, it is the byte 255.
                came.append(byte)
                self._at = _At.DATA
            elif self._at is _At.OPTION:
                reply += self._negotiated(self._verb, byte)
                self._at = _At.DATA
            else:
                self._step(byte)
        return bytes(came), bytes(reply)

    def _step(self, byte: int) -> None:
        """Go on within a command."""
        match self._at:
            case _At.DATA:
                self._at = _At.COMMAND
            case _At.COMMAND if byte in _NEGOTIATION:
                self._verb, self._at = byte, _At.OPTION
            case _At.COMMAND:
                self._subnegotiation.clear()
                self._at = _At.SUBNEGOTIATION if byte == _SB else _At.DATA
            case _At.SUBNEGOTIATION if byte == _IAC:
                self._at = _At.SUBNEGOTIATION_COMMAND
            case _At.SUBNEGOTIATION_COMMAND if byte == _SE:
                self._subnegotiated(bytes(self._subnegotiation))
                self._at = _At.DATA
            case _At.SUBNEGOTIATION | _At.SUBNEGOTIATION_COMMAND:
                if len(self._subnegotiation) < _MOST_SUBNEGOTIATION_BYTES:
                    self._subnegotiation.append(byte)
                self._at = _At.SUBNEGOTIATION

    def _subnegotiated(self, told: bytes) -> None:
        """Keep the line's speed; the rest, such as its modem lines, changes nothing here."""
        if told.startswith(_BAUD_IS_SET):
            self.line_baud = int.from_bytes(told[len(_BAUD_IS_SET) :], "big")

    def _negotiated(self, verb: int, option: int) -> bytes:
        """Answer a change of mind only, so that two sides never answer each other for ever."""
        is_new = (verb, option) not in self._confirmed
        self._confirmed -= {(_opposite(verb), option)}
        self._confirmed.add((verb, option))
        said = self._theirs if verb in {_WILL, _WONT} else self._ours
        yes, no = (_DO, _DONT) if verb in {_WILL, _WONT} else (_WILL, _WONT)
        is_on = verb in {_WILL, _DO} and option in _WANTED
        reply = b""
        if is_on != (option in said) or (is_new and option not in _WANTED and verb in {_WILL, _DO}):
            reply = bytes((_IAC, yes if is_on else no, option))
        (said.add if is_on else said.discard)(option)
        if is_new and (verb, option) == (_DO, _COM_PORT):
            reply += self._line_settings()
        return reply

    def _line_settings(self) -> bytes:
        return b"".join(
            bytes((_IAC, _SB, _COM_PORT, command)) + value.replace(b"\xff", b"\xff\xff") + bytes((_IAC, _SE))
            for command, value in (
                (_SET_BAUD, self._baud.to_bytes(4, "big")),
                (_SET_DATA_BITS, b"\x08"),
                (_SET_PARITY, _PARITY_NONE),
                (_SET_STOP_BITS, _STOP_BITS_ONE),
                (_SET_CONTROL, _NO_FLOW_CONTROL),
            )
        )


def _opposite(verb: int) -> int:
    return {_WILL: _WONT, _WONT: _WILL, _DO: _DONT, _DONT: _DO}[verb]
