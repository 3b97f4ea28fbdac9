"""How foreign text stands in the kiosk's own sentences: escaped, and never endless."""

from typing import Final

from kiosk.visible import visible

__all__ = ["quoted", "shown"]

_TEXT_LENGTH: Final = 300


def shown(text: str, *, length: int = _TEXT_LENGTH) -> str:
    """Return ``text`` word for word on one line, at most ``length`` characters and an ellipsis.

    It is made visible first, so that a log or a screen shows what came and nothing else happens.
    """
    safe = visible(text[:length])
    return safe if len(text) <= length else safe + "…"


def quoted(text: str, *, length: int = _TEXT_LENGTH) -> str:
    """Return ``text`` as ``shown`` does, between single quotes."""
    return f"'{shown(text, length=length)}'"
