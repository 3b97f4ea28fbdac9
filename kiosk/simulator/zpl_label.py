"""One ZPL label while it arrives: graphics and symbols to the dot, texts about as a printer sets them.

Understood is what the kiosk sends, which is far from all of ZPL; any other barcode is left out and said so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from kiosk.simulator.zpl_graphic import LARGEST_SIDE, SPACE, graphic, number, pair
from kiosk.simulator.zpl_symbols import code128, data_matrix, qr
from printers.fonts import CAP_HEIGHT_EM, Face, font

__all__ = ["OpenLabel", "Setup", "ZplLabel"]

_MOST_COPIES: Final = 1000
_LARGEST_MODULE: Final = 10
_LARGEST_TEXT: Final = 2000
_LONGEST_DATA: Final = 3072
_MOST_FIELDS: Final = 2000
_CAP_HEIGHT_OF_A0: Final = 0.75
"""Of the height that `^A0` names; ours is another typeface, of capitals as high."""
_ESCAPED: Final = re.compile(rb"[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class ZplLabel:
    """One `^XA` to `^XZ`."""

    image: Image.Image
    """Mode "1", `^PW` by `^LL` dots."""
    copies: int
    problems: tuple[str, ...]
    """What in it was left out, and why."""
    reprints: bool = True
    """Whether a label that trouble interrupts is printed again by the printer itself: `^JZ`."""


@dataclass(slots=True)
class Setup:
    """What stays in force from label to label, as in a printer."""

    width: int
    height: int
    reprints: bool = True
    """`^JZY`, as a printer leaves the factory."""
    module: int = 2
    bar_height: int = 10
    """`^BY`."""


@dataclass(slots=True)
class _Field:
    """What stands between two `^FS`."""

    origin: tuple[int, int] = (0, 0)
    is_baseline: bool = False
    """`^FT` names the lower left corner, `^FO` the upper left one."""
    text_height: int = 9
    symbol: bytes = b""
    parameters: list[bytes] = field(default_factory=list)
    escape: bytes = b""
    data: str | None = None
    picture: Image.Image | None = None


class OpenLabel:
    """A label that has begun."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._home = (0, 0)
        self._copies = 1
        self._field = _Field()
        self._drawn: list[tuple[int, int, Image.Image]] = []
        self._problems: list[str] = []

    def apply(self, name: bytes, rest: bytes) -> None:
        """Take one command; what is not known changes nothing."""
        value = rest.strip(SPACE)
        one = self._field
        if name in (b"^FO", b"^FT"):
            one.origin, one.is_baseline = pair(value), name == b"^FT"
        elif name == b"^FD":
            one.data = _text(rest.replace(b"\r", b"").replace(b"\n", b""), one.escape)
        elif name == b"^FH":
            one.escape = value[:1] or b"_"
        elif name == b"^FS":
            self._end_field()
        elif name == b"^GF":
            self._try(name, lambda: graphic(value))
        elif name == b"^GB":
            self._try(name, lambda: _box(value))
        elif name[:2] == b"^A":
            one.text_height = number([*value.split(b","), b""][1], one.text_height, 10, _LARGEST_TEXT)
        elif name == b"^BY":
            module, _, height = [*value.split(b","), b"", b""][:3]
            self._setup.module = number(module, self._setup.module, 1, _LARGEST_MODULE)
            self._setup.bar_height = number(height, self._setup.bar_height, 1, LARGEST_SIDE)
        elif name[:2] == b"^B":
            one.symbol, one.parameters = name, value.split(b",")
        else:
            self._apply_to_label(name, value)

    def _apply_to_label(self, name: bytes, value: bytes) -> None:
        if name == b"^LH":
            self._home = pair(value)
        elif name == b"^PQ":
            self._copies = number(value.split(b",")[0], 1, 1, _MOST_COPIES)
        elif name == b"^JZ":
            self._setup.reprints = value[:1].upper() != b"N"

    def close(self) -> ZplLabel:
        """Draw it."""
        picture = Image.new("1", (self._setup.width, self._setup.height), 1)
        for x, y, drawn in self._drawn:
            box = (x, y, x + drawn.width, y + drawn.height)
            under = Image.new("1", drawn.size, 1)
            under.paste(picture, (-x, -y))
            picture.paste(ImageChops.logical_and(under, drawn), box)
        return ZplLabel(picture, self._copies, tuple(self._problems), self._setup.reprints)

    def _end_field(self) -> None:
        one, self._field = self._field, _Field()
        if one.picture is not None:
            self._put(one, one.picture)
        elif one.data is not None and len(one.data) > _LONGEST_DATA:
            self._problems.append(f"^FD left out: expected at most {_LONGEST_DATA} characters")
        elif one.data and one.symbol:
            self._put_symbol(one, one.data)
        elif one.data:
            self._put_text(one, one.data)

    def _put_symbol(self, one: _Field, data: str) -> None:
        values = [*one.parameters, *[b""] * 5]
        setup = self._setup
        try:
            if one.symbol == b"^BC":
                height = number(values[1], setup.bar_height, 1, LARGEST_SIDE)
                self._put(one, code128(data, setup.module, height))
            elif one.symbol == b"^BQ":
                # Firmware moves it down by the height of bars in force.
                module = number(values[2], 2, 1, _LARGEST_MODULE)
                self._put(one, qr(data, module), down=0 if one.is_baseline else setup.bar_height)
            elif one.symbol == b"^BX":
                module = number(values[1], 2, 1, LARGEST_SIDE // 144)
                columns, rows = (number(value, 0, 0, 144) for value in values[3:5])
                self._put(one, data_matrix(data, module, columns, rows))
            else:
                raise ValueError("this printer does not know it")  # noqa: TRY301 - told like the others
        except ValueError as error:
            self._problems.append(f"{one.symbol.decode('latin-1')} left out: {error}")

    def _put_text(self, one: _Field, data: str) -> None:
        size_px = max(1, round(one.text_height * _CAP_HEIGHT_OF_A0 / CAP_HEIGHT_EM))
        face = font(Face.SANS, size_px)
        left, top, right, bottom = (round(edge) for edge in face.getbbox(data, anchor="ls"))
        if right <= left or bottom <= top:
            return
        size = (min(right - left, LARGEST_SIDE), min(bottom - top, LARGEST_SIDE))
        picture = Image.new("1", size, 1)
        draw = ImageDraw.Draw(picture)
        draw.fontmode = "1"
        draw.text((-left, -top), data, font=face, fill=0, anchor="ls")
        x, y = one.origin
        y += top if one.is_baseline else top + round(one.text_height * _CAP_HEIGHT_OF_A0)
        self._draw(x + left, y, picture)

    def _put(self, one: _Field, picture: Image.Image, down: int = 0) -> None:
        x, y = one.origin
        self._draw(x, y - picture.height if one.is_baseline else y + down, picture)

    def _draw(self, x: int, y: int, picture: Image.Image) -> None:
        if len(self._drawn) < _MOST_FIELDS:
            self._drawn.append((self._home[0] + x, self._home[1] + y, picture))

    def _try(self, name: bytes, drawing: Callable[[], Image.Image]) -> None:
        try:
            self._field.picture = drawing()
        except ValueError as error:  # binascii.Error is one
            self._problems.append(f"{name.decode('ascii')} left out: {error}")


def _text(data: bytes, escape: bytes) -> str:
    """Read `^FD`: UTF-8, and after `^FH` any byte as its escape character and two hex digits."""
    if escape:
        first, *others = data.split(escape)
        data = first + b"".join(
            bytes([int(part[:2], 16)]) + part[2:] if _ESCAPED.match(part) else escape + part
            for part in others
        )
    return data.decode("utf-8", "replace")


def _box(value: bytes) -> Image.Image:
    """Draw `^GB`: width, height, thickness of its border."""
    width, height, thickness, *_ = [*value.split(b","), b"", b"", b""]
    border = number(thickness, 1, 1, LARGEST_SIDE)
    size = (number(width, border, border, LARGEST_SIDE), number(height, border, border, LARGEST_SIDE))
    picture = Image.new("1", size, 0)
    inner = (border, border, size[0] - border, size[1] - border)
    if inner[2] > inner[0] and inner[3] > inner[1]:
        picture.paste(1, inner)
    return picture
