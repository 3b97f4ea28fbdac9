"""How foreign text stands in the kiosk's own sentences: escaped, and never endless."""

from typing import Final

__all__ = ["quoted", "shown"]

_TEXT_LENGTH: Final = 300
_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}


def shown(text: str, *, length: int = _TEXT_LENGTH) -> str:
    r"""Return ``text`` word for word on one line, at most ``length`` characters and an ellipsis.

    Control characters become their pictures (``␊``), everything else that is not printable (bidirectional
    overrides, zero-width characters, lone surrogates) its escape (``\u202e``), so that a log or a screen
    shows what came and nothing else happens.
    """
    cut = text[:length]
    safe = "".join(
        char
        if char.isprintable()
        else _PICTURES.get(ord(char)) or char.encode("unicode_escape").decode("ascii")
        for char in cut
    )
    return safe if len(text) <= length else safe + "…"


def quoted(text: str, *, length: int = _TEXT_LENGTH) -> str:
    """Return ``text`` as ``shown`` does, between single quotes."""
    return f"'{shown(text, length=length)}'"
