"""Plain text: part numbers, serials, lots and order numbers as somebody else wrote them."""

import unicodedata

from kiosk.barcodes.envelope import begins_envelope
from kiosk.barcodes.ion import is_reserved
from kiosk.barcodes.payload import Payload
from kiosk.barcodes.reading import Rejected, Text

_C0 = tuple(
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "  # noqa: SIM905 - a table of 32 short words
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(" ")
)
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that cannot be seen, or that change how the rest is seen (direction marks)."""


def read_plain(payload: Payload) -> Text | Rejected:
    """Read text that can be shown as it is.

    A barcode in the kiosk's own form is never text, nor is a label whose separators are lost: neither a
    mistyped command nor a whole label must become a lot number.
    """
    text = payload.text
    if not text.strip(" "):
        return Rejected(Text.kind, "holds nothing but blanks" if text else "is empty")
    if not text.isprintable():
        names = _unprintable(text)
        if names:
            return Rejected(Text.kind, f"contains {', '.join(names)}, which plain text does not")
    if is_reserved(text):
        return Rejected(Text.kind, "begins like a barcode of the kiosk")
    if begins_envelope(text):
        return Rejected(Text.kind, "begins like a label in the envelope of ISO/IEC 15434")
    return Text(text)


def _unprintable(text: str) -> list[str]:
    found = dict.fromkeys(c for c in text if unicodedata.category(c) in _UNPRINTABLE)
    names = [_name(character) for character in found]
    return names if len(names) <= 5 else [*names[:5], f"{len(names) - 5} more"]  # noqa: PLR2004


def _name(character: str) -> str:
    code = ord(character)
    if code < len(_C0):
        return _C0[code]
    return "DEL" if code == 0x7F else f"U+{code:04X}"  # noqa: PLR2004 - DEL
