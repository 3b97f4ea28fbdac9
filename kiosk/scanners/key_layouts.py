"""Which character a key gives in the layouts that scanners are set to, by codes of linux/input-event-codes.h.

The tables are those of the layouts "US", "United Kingdom", "German" and "French" of Windows, since that is
what scanners are made to type into.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PLAIN, SHIFT, ALTGR = range(3)

_KEYS = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54))
"""The keys of a level from left above to right below; 43 stands beside Enter, 86 beside the left Shift."""
_KEYPAD = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
_ANY_LAYOUT = (
    _KEYPAD
    | {55: "*", 74: "-", 78: "+", 83: ".", 98: "/", 117: "=", 121: ","}
    | {1: "\x1b", 14: "\x08", 15: "\t", 57: " ", 111: "\x7f"}
)
"""The keypad, whatever Num Lock is, and the keys that have a control character of their own."""

KEYPAD_DIGITS: Mapping[int, str] = _KEYPAD


@dataclass(frozen=True, slots=True)
class Layout:
    """One keyboard layout."""

    levels: tuple[Mapping[int, str], Mapping[int, str], Mapping[int, str]]
    """Character by key code: plain, with Shift, with AltGr."""
    dead: frozenset[tuple[int, int]] = frozenset()
    """Code and level of the keys that wait for the letter under their accent."""

    @property
    def has_altgr(self) -> bool:
        """Return whether the right Alt key is AltGr."""
        return bool(self.levels[ALTGR])

    def char(self, code: int, level: int) -> str:
        """Return the character of a key, empty where it has none."""
        return _ANY_LAYOUT.get(code) or self.levels[level].get(code, "")

    def is_letter(self, code: int) -> bool:
        """Return whether Caps Lock acts on this key: its two levels are the two cases of one letter."""
        plain, shifted = self.char(code, PLAIN), self.char(code, SHIFT)
        return plain != shifted and plain.upper() == shifted


def _level(*rows: str) -> dict[int, str]:
    return dict(zip(_KEYS, "".join(rows), strict=True))


LAYOUTS: Mapping[str, Layout] = {
    "us": Layout(
        (
            _level("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"),
            _level("~!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', "|ZXCVBNM<>?"),
            {},
        )
    ),
    "uk": Layout(
        (
            _level("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", "\\zxcvbnm,./"),
            _level('¬!"£$%^&*()_+', "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"),
            {41: "¦", 5: "€", 18: "é", 22: "ú", 23: "í", 24: "ó", 30: "á"},
        )
    ),
    "de": Layout(
        (
            _level("^1234567890ß\u00b4", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
            _level('°!"§$%&/()=?`', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
            {3: "²", 4: "³", 8: "{", 9: "[", 10: "]", 11: "}", 12: "\\"}
            | {16: "@", 18: "€", 27: "~", 50: "µ", 86: "|"},
        ),
        frozenset({(41, PLAIN), (13, PLAIN), (13, SHIFT)}),
    ),
    "fr": Layout(
        (
            _level("²&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!"),
            {
                code: char
                for code, char in _level(
                    "\0" + "1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%µ", ">WXCVBN?./§"
                ).items()
                if char != "\0"
            },
            {3: "~", 4: "#", 5: "{", 6: "[", 7: "|", 8: "`", 9: "\\", 10: "^", 11: "@"}
            | {12: "]", 13: "}", 18: "€", 27: "¤"},
        ),
        frozenset({(26, PLAIN), (26, SHIFT), (3, ALTGR), (8, ALTGR)}),
    ),
}
