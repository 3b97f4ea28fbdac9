"""Fits text into a box: characters a person can see, lines, size."""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from printers.errors import LabelInvalid
from printers.fonts import CAP_HEIGHT_EM, Face, font
from printers.frame import Frame, spare_above, spare_before
from printers.label import Align, Fit, Text
from printers.media import Media

LINE_EM: Final = 1.2
"""Baseline to baseline."""
ELLIPSIS: Final = "\u2026"

_OTHER_FACES: Final = re.compile(
    "(?P<pictures>[\u2400-\u2426]+)"
    "|(?P<cjk>[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff]+)"
)
"""Control pictures; Hangul, kana, ideographs and their forms of other signs."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of what draws nothing, or turns its neighbours around."""


class _Pictures(dict[int, str]):
    """What is drawn for a character, worked out when it first occurs."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < ord(" "):
            picture = chr(0x2400 + code)
        elif code == 0x7F:  # noqa: PLR2004 - DEL, which has its picture elsewhere
            picture = "\u2421"
        else:
            picture = "\ufffd" if unicodedata.category(character) in _UNSEEN else character
        self[code] = picture
        return picture


_PICTURES: Final = _Pictures()


def visible(text: str) -> str:
    """Replace what would draw nothing: control characters by their pictures, the rest by U+FFFD."""
    return text.translate(_PICTURES)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line that are set in one face."""

    face: Face
    text: str


def runs(face: Face, text: str) -> Iterator[Run]:
    """Split a line where the face has no glyphs: at control pictures, and at Chinese, Japanese, Korean."""
    end = 0
    for other in _OTHER_FACES.finditer(text):
        if other.start() > end:
            yield Run(face, text[end : other.start()])
        yield Run(Face.PICTURES if other["pictures"] else Face.CJK, other[0])
        end = other.end()
    if end < len(text):
        yield Run(face, text[end:])


class _Advances(dict[str, float]):
    """How far the pen moves for each character of a face at a size, measured when it first occurs.

    Advances are those of black and white glyphs, which are not those of grey ones. DejaVu's kerning is under
    a tenth of a dot here, so that they add up to a line.
    """

    def __init__(self, face: Face, size_px: int) -> None:
        super().__init__()
        # Not the font itself: an open one keeps its whole file mapped.
        self._face, self._size_px = face, size_px

    def __missing__(self, character: str) -> float:
        if len(self) >= _MOST_ADVANCES:
            self.clear()
        advance = font(self._face, self._size_px).getlength(character, mode="1")
        self[character] = advance
        return advance


_MOST_ADVANCES: Final = 2000
_advances = lru_cache(maxsize=256)(_Advances)


def width_px(face: Face, size_px: int, text: str) -> float:
    """Return how far a line reaches, in dots."""
    if text.isascii():
        return sum(map(_advances(face, size_px).__getitem__, text))
    return sum(sum(map(_advances(run.face, size_px).__getitem__, run.text)) for run in runs(face, text))


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines that fit, at the size at which they do."""

    size_px: int
    lines: tuple[str, ...]
    is_whole: bool
    """Whether nothing had to be cut."""


@dataclass(frozen=True, slots=True)
class Room:
    """A box for text, in dots, and the sizes it may have there."""

    face: Face
    width: int
    height: int
    """Top of the first line's capitals to the last baseline."""
    size_px: int
    min_size_px: int

    def line_count(self, size_px: int) -> int:
        """Return how many lines stand in the box at a size."""
        return 1 + max(0, int((self.height - CAP_HEIGHT_EM * size_px) / (LINE_EM * size_px)))


def set_text(text: str, room: Room, fit: Fit) -> Setting:
    """Find the largest size at which a text stands in its box with its words unbroken.

    Where even the smallest is too large, words break, then the end is cut; a text kept whole is not broken.
    """
    words = _words(visible(text))
    small, large = room.min_size_px, room.size_px
    found: Setting | None = None
    while small <= large:
        size_px = large if found is None and large == room.size_px else (small + large) // 2
        lines = _wrap(words, room, size_px)
        if lines is not None:
            found = Setting(size_px, lines, is_whole=True)
            small = size_px + 1
        else:
            large = size_px - 1
    if found is None and fit is Fit.ELLIPSIS:
        return _cut(_joined(words), room)
    return found or Setting(room.min_size_px, (), is_whole=False)


def _words(text: str) -> list[tuple[str, str]]:
    """Split at spaces, and after hyphens between words; numbers with hyphens stay whole.

    A lone sign such as the slash in "Shelf 1 / Bin 2" stays with the word before it.

    Returns:
        Pairs of what stands before a word on the same line, a space or nothing, and the word.
    """
    words: list[tuple[str, str]] = []
    for part in text.split(" "):
        if words and len(part) == 1 and not part.isalnum():
            gap, word = words[-1]
            words[-1] = (gap, f"{word} {part}")
        elif part:
            first, *others = _HYPHEN.split(part)
            words.append((" ", first))
            words += [("", other) for other in others]
    return words


_HYPHEN: Final = re.compile(r"(?<=[^\W\d_]{3}-)(?=[^\W\d_]{3})")
"""A place behind a hyphen with three letters on either side."""


def _joined(words: list[tuple[str, str]]) -> str:
    return "".join([gap + word for gap, word in words]).removeprefix(" ")


def _wrap(words: list[tuple[str, str]], room: Room, size_px: int) -> tuple[str, ...] | None:
    whole = _joined(words)
    if width_px(room.face, size_px, whole) <= room.width:
        return (whole,) if whole else ()
    lines: list[str] = []
    line = ""
    for gap, word in words:
        longer = f"{line}{gap}{word}" if line else word
        if width_px(room.face, size_px, longer) <= room.width:
            line = longer
            continue
        if not line or width_px(room.face, size_px, word) > room.width:
            return None
        lines.append(line)
        line = word
    lines.append(line)
    return tuple(lines) if len(lines) <= room.line_count(size_px) else None


def _cut(text: str, room: Room) -> Setting:
    """Fill the lines of the smallest size, breaking at spaces where that wastes little, and cut the end."""
    size_px = room.min_size_px
    lines: list[str] = []
    count = room.line_count(size_px)
    while text and len(lines) < count:
        is_last = len(lines) == count - 1
        if width_px(room.face, size_px, text) <= room.width:
            lines.append(text)
            return Setting(size_px, tuple(lines), is_whole=True)
        end = _longest(text, room, size_px, ELLIPSIS if is_last else "")
        if is_last:
            lines.append(text[:end].rstrip(" ") + ELLIPSIS)
            break
        space = text.rfind(" ", 0, end + 1)
        end = space if space > end // 2 else end
        lines.append(text[:end].strip(" "))
        text = text[end:].lstrip(" ")
    return Setting(size_px, tuple(lines), is_whole=False)


def _longest(text: str, room: Room, size_px: int, tail: str) -> int:
    """Return how many characters fit in front of a tail; at least one, so that every line gets on."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_px(room.face, size_px, text[:middle] + tail) <= room.width:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class SetLine:
    """Characters in one face on one baseline, in the box's own dots."""

    x: int
    baseline: int
    face: Face
    size_px: int
    text: str


def set_in_frame(element: Text, value: str, frame: Frame, size: Media, *, where: str) -> list[SetLine]:
    """Set a text into its box.

    Args:
        element: How it is to be set.
        value: What it says.
        frame: The box in dots.
        size: The label, for its pitch.
        where: What messages call the element.

    Raises:
        LabelInvalid: It is to stand there whole and does not fit; gives the millimetres wanted and had.
    """
    face = Face(element.face)
    sizes = [
        max(1, math.floor(cap_mm * size.dots_per_mm / CAP_HEIGHT_EM + 0.5))
        for cap_mm in (element.size_mm, element.min_size_mm)
    ]
    room = Room(face, frame.width, frame.height, *sizes)
    setting = set_text(value, room, element.fit)
    if not setting.is_whole and element.fit is Fit.WHOLE:
        wanted_mm = width_px(face, room.min_size_px, visible(value)) / size.dots_per_mm
        had_mm = element.height_mm if element.turns % 2 else element.width_mm
        raise LabelInvalid(
            f"{where}: {value!r} does not fit: wants {wanted_mm:.1f} mm at its smallest, had {had_mm:g} mm"
        )
    block = math.floor((CAP_HEIGHT_EM + (len(setting.lines) - 1) * LINE_EM) * setting.size_px + 0.5)
    top = spare_above(element.valign, frame.height - block)
    lines = []
    for number, line in enumerate(setting.lines):
        baseline = top + math.floor((CAP_HEIGHT_EM + number * LINE_EM) * setting.size_px + 0.5)
        x = 0
        if element.align is not Align.LEFT:
            x = spare_before(element.align, frame.width - math.ceil(width_px(face, setting.size_px, line)))
        before = ""
        for run in runs(face, line):
            start = x + math.floor(width_px(face, setting.size_px, before) + 0.5)
            lines.append(SetLine(start, baseline, run.face, setting.size_px, run.text))
            before += run.text
    return lines
