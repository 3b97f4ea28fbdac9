"""From key presses to the bytes that a scanner meant by them; the state of one keyboard, never shared.

Control characters arrive as Ctrl and a key (GS is Ctrl+], RS is Ctrl+^, EOT is Ctrl+D), as Alt and a decimal
code on the keypad, or GS alone as a function key; all three are understood at any time.
"""

import unicodedata
from collections.abc import Iterable

from kiosk.scanners.key_layouts import ALTGR, KEYPAD_DIGITS, LAYOUTS, PLAIN, SHIFT

KEY_ENTER, KEY_KP_ENTER, KEY_TAB = 28, 96, 15
_CTRL = frozenset({29, 97})
_SHIFT = frozenset({42, 54})
_LEFT_ALT, _RIGHT_ALT, _CAPS_LOCK = 56, 100, 58
_MODIFIERS = _CTRL | _SHIFT | {_LEFT_ALT, _RIGHT_ALT}
_CONTROL_BY_POSITION = {3: 0x00, 26: 0x1B, 43: 0x1C, 27: 0x1D, 7: 0x1E, 12: 0x1F}
r"""Ctrl and the US layout's key of 2, [, \, ], 6 and -: sent in other layouts too, whatever stands there."""
_FUNCTION_KEYS = {
    f"F{number}": code for number, code in enumerate((*range(59, 69), 87, 88, *range(183, 195)), start=1)
}
_COMBINING = {"^": "\u0302", "\u00b4": "\u0301", "`": "\u0300", "¨": "\u0308", "~": "\u0303"}
_GS = b"\x1d"
_RELEASED, _PRESSED = 0, 1
_MOST_ALT_DIGITS = 7
_BYTES = 256


class KeyDecoder:
    """Follows the keys of one scanner."""

    def __init__(self, layout: str = "us", *, gs_key: str | None = None) -> None:
        self._layout = LAYOUTS[layout]
        self._gs_code = _FUNCTION_KEYS[gs_key] if gs_key else None
        self._held: set[int] = set()
        self._has_caps = False
        self._alt_digits = ""
        self._accent = ""

    @property
    def is_inside(self) -> bool:
        """Return whether a character has begun and not ended."""
        return bool(self._alt_digits or self._accent)

    def key(self, code: int, value: int) -> bytes:
        """Return the bytes that this key event completes, mostly none or one.

        Typed characters come as UTF-8. An Alt code up to 255 is that byte, a larger one that character.

        Args:
            code: the key, as in linux/input-event-codes.h.
            value: 1 pressed, 0 released; 2 (repeated by the kernel) is ignored.
        """
        if value not in {_PRESSED, _RELEASED}:
            return b""
        if code in _MODIFIERS:
            return self._modifier(code, is_down=value == _PRESSED)
        if value == _RELEASED:
            return b""
        if code == _CAPS_LOCK:
            self._has_caps = not self._has_caps
            return b""
        if self._has_alt and code in KEYPAD_DIGITS:
            self._alt_digits += KEYPAD_DIGITS[code]
            return b""
        if code == self._gs_code:
            return self._without_letter() + _GS
        return self._typed(code)

    def end(self) -> bytes:
        """Return what a character that has begun amounts to, since no more will come."""
        return self._alt_code() + self._without_letter()

    def resync(self, held: Iterable[int]) -> None:
        """Start anew with these keys held down, after events were lost."""
        self._held = set(held) & _MODIFIERS
        self._has_caps = False
        self._alt_digits = self._accent = ""

    @property
    def _has_alt(self) -> bool:
        return _LEFT_ALT in self._held or (_RIGHT_ALT in self._held and not self._layout.has_altgr)

    def _modifier(self, code: int, *, is_down: bool) -> bytes:
        if is_down:
            self._held.add(code)
            return b""
        self._held.discard(code)
        return b"" if self._has_alt else self._alt_code()

    def _alt_code(self) -> bytes:
        digits, self._alt_digits = self._alt_digits, ""
        if not digits:
            return b""
        number = int(digits[-_MOST_ALT_DIGITS:])
        before = self._without_letter()
        if number < _BYTES:
            return before + bytes((number,))
        try:
            return before + chr(number).encode()
        except (ValueError, UnicodeEncodeError):
            # Windows takes what does not fit modulo 256.
            return before + bytes((number % _BYTES,))

    def _typed(self, code: int) -> bytes:
        has_ctrl, has_alt = bool(self._held & _CTRL), self._has_alt
        is_third = self._layout.has_altgr and (_RIGHT_ALT in self._held or (has_ctrl and has_alt))
        has_shift = bool(self._held & _SHIFT)
        if self._has_caps and self._layout.is_letter(code):
            has_shift = not has_shift
        level = ALTGR if is_third else SHIFT if has_shift else PLAIN
        char = self._layout.char(code, level)
        if has_ctrl and not has_alt:
            return self._control(code, char)
        if not char or (has_alt and not is_third):
            # A key without a character, or a shortcut of the desktop: neither is data.
            return b""
        if (code, level) in self._layout.dead:
            before, self._accent = self._without_letter(), char
            return before
        accent, self._accent = self._accent, ""
        return _accented(accent, char).encode() if accent else char.encode()

    def _control(self, code: int, char: str) -> bytes:
        if "@" <= (upper := char.upper()) <= "_" and len(upper) == 1:
            return self._without_letter() + bytes((ord(upper) & 0x1F,))
        if char == " ":
            return self._without_letter() + b"\0"
        if code in _CONTROL_BY_POSITION:
            return self._without_letter() + bytes((_CONTROL_BY_POSITION[code],))
        return b""

    def _without_letter(self) -> bytes:
        accent, self._accent = self._accent, ""
        return accent.encode()


def _accented(accent: str, char: str) -> str:
    if char == " ":
        return accent
    whole = unicodedata.normalize("NFC", char + _COMBINING[accent])
    return whole if len(whole) == 1 else accent + char
