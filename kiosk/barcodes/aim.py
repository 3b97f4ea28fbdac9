"""AIM symbology identifiers, ``]cm`` (ISO/IEC 15424): what a scanner says about the symbol it read."""

import re

_IDENTIFIER = re.compile(rb"\][A-Za-z][0-9A-Za-z]")


def split(raw: bytes) -> tuple[str | None, bytes]:
    """Return the identifier in front of ``raw``, if there is one, and the rest.

    Only position 0 counts: further on ``]`` is data, or a GS that a keyboard layout turned into one.
    """
    if _IDENTIFIER.match(raw) is None:
        return None, raw
    return raw[:3].decode("ascii"), raw[3:]


def is_identifier(text: str) -> bool:
    """Return whether ``text`` has the form of an identifier."""
    return text.isascii() and _IDENTIFIER.fullmatch(text.encode("ascii")) is not None
