"""Types text as a scanner does: which keys go down and up."""

from collections.abc import Iterator

from kiosk.scanners.key_layouts import ALTGR, LAYOUTS, PLAIN, SHIFT

ENTER, CAPS_LOCK, LEFT_SHIFT, RIGHT_SHIFT, LEFT_CTRL, LEFT_ALT, ALT_GR = 28, 58, 42, 54, 29, 56, 100
KEYPAD = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}
SPACE = 57
MAIN_KEYS = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54), SPACE)
Strokes = list[tuple[int, int]]


def tap(code: int, *held: int) -> Strokes:
    """Press and release a key while others are held."""
    down = [(modifier, 1) for modifier in held]
    up = [(modifier, 0) for modifier in reversed(held)]
    return [*down, (code, 1), (code, 0), *up]


CONTROL_KEYS = {
    "\0": tap(3),
    "\x1b": tap(26),
    "\x1c": tap(43),
    "\x1d": tap(27),
    "\x1e": tap(7),
    "\x1f": tap(12),
}
"""What is pressed with Ctrl in every layout."""


def alt_code(digits: str, alt: int = LEFT_ALT) -> Strokes:
    """Type a decimal code on the keypad while Alt is held."""
    return [(alt, 1), *(stroke for digit in digits for stroke in tap(KEYPAD[digit])), (alt, 0)]


def keys_of(char: str, layout: str) -> Strokes | None:
    """Return the strokes of one character; ``None`` where the layout does not have it."""
    held = {PLAIN: (), SHIFT: (LEFT_SHIFT,), ALTGR: (ALT_GR,)}
    for level in (PLAIN, SHIFT, ALTGR):
        for code in MAIN_KEYS:
            if LAYOUTS[layout].char(code, level) == char and (level is not ALTGR or code != SPACE):
                strokes = tap(code, *held[level])
                is_dead = (code, level) in LAYOUTS[layout].dead
                return [*strokes, *tap(SPACE)] if is_dead else strokes
    return None


def typed(text: str, layout: str = "us") -> Strokes:
    """Type a text; control characters as Ctrl and a key, and what the layout does not have as an Alt code."""

    def strokes() -> Iterator[tuple[int, int]]:
        for char in text:
            if char < " ":
                key = CONTROL_KEYS.get(char) or keys_of(chr(ord(char) + 0x60), layout) or []
                yield from [(LEFT_CTRL, 1), *key, (LEFT_CTRL, 0)]
            else:
                yield from keys_of(char, layout) or alt_code(str(ord(char)))

    return list(strokes())
