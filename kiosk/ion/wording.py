"""How foreign text stands in the kiosk's own sentences: escaped, and never endless."""

from collections.abc import Callable
from typing import Final

from kiosk.visible import visible
from kiosk.words import Told, told

__all__ = ["hidden", "quoted", "shown"]

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


def hidden(text: str, hide: Callable[[str], str]) -> str:
    """Return ``text`` without secrets; a sentence still remembers what it was made of.

    Args:
        text: what a server may have had a part in.
        hide: takes the secrets out of a text.
    """
    if not isinstance(text, Told):
        return hide(text)
    return told(text.template, **{name: hidden(value, hide) for name, value in text.values.items()})
