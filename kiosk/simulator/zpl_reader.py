"""Understands the ZPL a label printer is sent: labels made of graphics, and questions about its state.

Written from Zebra's description of the language and sharing no code with the encoder it is used to test.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops

_PREFIX: Final = re.compile(rb"[\^~]")
_QUERIES: Final = (b"~HQES", b"~HS", b"~HI")
_LONGEST_COMMAND: Final = 8_000_000
_LARGEST_SIDE: Final = 16_000
"""Dots; a label beyond is not one."""
_LARGEST_GRAPHIC: Final = 8_000_000
"""Bytes of bits."""
_MOST_COPIES: Final = 1000
_SPACE: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class ZplLabel:
    """One `^XA` to `^XZ`."""

    image: Image.Image
    """Mode "1", `^PW` by `^LL` dots."""
    copies: int
    problems: tuple[str, ...]
    """Why a graphic in it was left out."""


@dataclass(frozen=True, slots=True)
class ZplQuery:
    """A question to be answered at once."""

    command: str
    """Without its tilde: HS, HI or HQES."""


class ZplReader:
    """Takes the stream in pieces of any size; unknown commands are passed over."""

    def __init__(self, width: int = 812, height: int = 406) -> None:
        self._buffer = b""
        self._width, self._height = width, height
        self._label: _OpenLabel | None = None

    @property
    def is_inside_label(self) -> bool:
        """Whether a label has begun and not ended."""
        return self._label is not None

    @property
    def height(self) -> int:
        """Label length in force, in dots."""
        return self._height

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
        name, rest = command[:3], command[3:].strip(_SPACE)
        if name == b"^XA":
            self._label = _OpenLabel()
        elif name == b"^PW":
            self._width = _number(rest, self._width, 1, _LARGEST_SIDE)
        elif name == b"^LL":
            self._height = _number(rest, self._height, 1, _LARGEST_SIDE)
        elif self._label is not None:
            if name == b"^XZ":
                label, self._label = self._label, None
                return label.close(self._width, self._height)
            self._label.apply(name, rest)
        return None


class _OpenLabel:
    """A label that has begun."""

    def __init__(self) -> None:
        self._home = (0, 0)
        self._origin = (0, 0)
        self._copies = 1
        self._graphics: list[tuple[int, int, Image.Image]] = []
        self._problems: list[str] = []

    def apply(self, name: bytes, rest: bytes) -> None:
        if name == b"^LH":
            self._home = _pair(rest)
        elif name == b"^FO":
            self._origin = _pair(rest)
        elif name == b"^PQ":
            self._copies = _number(rest.split(b",")[0], 1, 1, _MOST_COPIES)
        elif name == b"^GF":
            try:
                graphic = _graphic(rest)
            except ValueError as error:  # binascii.Error is one
                self._problems.append(f"^GF left out: {error}")
            else:
                x, y = self._home[0] + self._origin[0], self._home[1] + self._origin[1]
                self._graphics.append((x, y, graphic))

    def close(self, width: int, height: int) -> ZplLabel:
        picture = Image.new("1", (width, height), 1)
        for x, y, graphic in self._graphics:
            box = (x, y, x + graphic.width, y + graphic.height)
            under = Image.new("1", graphic.size, 1)
            under.paste(picture, (-x, -y))
            picture.paste(ImageChops.logical_and(under, graphic), box)
        return ZplLabel(picture, self._copies, tuple(self._problems))


def _number(text: bytes, default: int, low: int, high: int) -> int:
    text = text.strip(_SPACE)
    return min(max(int(text), low), high) if text.isdigit() and len(text) < 10 else default  # noqa: PLR2004 - digits


def _pair(text: bytes) -> tuple[int, int]:
    x, y, *_ = [*text.split(b","), b"", b""]
    return _number(x, 0, 0, _LARGEST_SIDE), _number(y, 0, 0, _LARGEST_SIDE)


def _graphic(parameters: bytes) -> Image.Image:
    """Decode `^GFA,a,b,c,data`: b bytes of bits in rows of c bytes, high bit first, 1 is black."""
    kind, _, rest = parameters.partition(b",")
    if kind.strip(_SPACE) not in (b"A", b""):
        raise ValueError(f"expected encoding A, got {kind[:10]!r}")
    fields = rest.split(b",", 3)
    if len(fields) != 4:  # noqa: PLR2004 - a, b, c, data
        raise ValueError("expected ^GFA,a,b,c,data")
    size, row_bytes = _number(fields[1], 0, 0, _LARGEST_GRAPHIC), _number(fields[2], 0, 0, _LARGEST_SIDE // 8)
    if not row_bytes or not size or size % row_bytes:
        raise ValueError(f"expected whole rows, got {size} bytes in rows of {row_bytes}")
    data = bytes(byte for byte in fields[3] if byte not in _SPACE)
    if data.startswith((b":Z64:", b":B64:")):
        bits = _base64_bits(data, size)
    else:
        bits = _hex_bits(data, row_bytes, size)
    if len(bits) != size:
        raise ValueError(f"expected {size} bytes of bits, got {len(bits)}")
    return Image.frombytes("1", (row_bytes * 8, size // row_bytes), bits, "raw", "1;I")


def _base64_bits(data: bytes, size: int) -> bytes:
    """Decode `:Z64:` or `:B64:`, base64, `:`, CRC-16/CCITT of the base64 as four upper-case hex digits."""
    _, kind, text, check = [*data.split(b":"), b"", b""][:4]
    expected = f"{binascii.crc_hqx(text, 0):04X}".encode("ascii")
    if check != expected:
        raise ValueError(f"expected CRC {expected!r}, got {check[:10]!r}")
    packed = base64.b64decode(text, validate=True)
    if kind == b"B64":
        return packed
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError(f"expected zlib data: {error}") from error


def _hex_bits(data: bytes, row_bytes: int, size: int) -> bytes:
    """Decode hex digits and Zebra's short forms: counts G-Y (1-19) and g-z (20-400), row ends `,` `!` `:`."""
    width = 2 * row_bytes
    rows: list[str] = []
    row, count = "", 0
    for symbol in data.decode("latin-1"):
        if len(rows) * row_bytes > size:
            break
        if symbol in ",!":
            row = row.ljust(width, "0" if symbol == "," else "F")
        elif symbol == ":":
            row = rows[-1] if rows else "0" * width
        elif "G" <= symbol <= "Y":
            count += ord(symbol) - ord("F")
            continue
        elif "g" <= symbol <= "z":
            count += 20 * (ord(symbol) - ord("f"))
            continue
        elif symbol in "0123456789ABCDEFabcdef":
            row += symbol * max(1, count)
        else:
            raise ValueError(f"expected a hex digit or a run length, got {symbol!r}")
        count = 0
        whole = len(row) // width * width
        rows += [row[start : start + width] for start in range(0, whole, width)]
        row = row[whole:]
    return bytes.fromhex("".join(rows) + row)
