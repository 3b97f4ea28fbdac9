"""Fits text into a box: characters a person can see, lines, size."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from printers.fonts import CAP_HEIGHT_EM, Face, font
from printers.label import Fit

LINE_EM: Final = 1.2
"""Baseline to baseline."""
ELLIPSIS: Final = "\u2026"

_CONTROL_PICTURES: Final = re.compile("([\u2400-\u2426]+)")
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
    """Split a line where the face has no glyphs for control pictures."""
    for piece in _CONTROL_PICTURES.split(text):
        if piece:
            yield Run(Face.PICTURES if "\u2400" <= piece[0] <= "\u2426" else face, piece)


def width_px(face: Face, size_px: int, text: str) -> float:
    """Return how far a line reaches, in dots."""
    return sum(font(run.face, size_px).getlength(run.text) for run in runs(face, text))


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
        return _cut(" ".join(words), room)
    return found or Setting(room.min_size_px, (), is_whole=False)


def _words(text: str) -> list[str]:
    """Split at spaces; a lone sign such as the slash in "Shelf 1 / Bin 2" stays with the word before it."""
    words: list[str] = []
    for word in text.split(" "):
        if words and len(word) == 1 and not word.isalnum():
            words[-1] += f" {word}"
        elif word:
            words.append(word)
    return words


def _wrap(words: list[str], room: Room, size_px: int) -> tuple[str, ...] | None:
    whole = " ".join(words)
    if width_px(room.face, size_px, whole) <= room.width:
        return (whole,) if whole else ()
    lines: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
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
