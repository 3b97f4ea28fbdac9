"""What every kind's reader is given: the barcode's contents as text, and what the scanner said about it."""

from dataclasses import dataclass
from typing import Self

MAX_BYTES = 8192
"""The longest barcode that is looked at; the largest QR code holds 7089 digits."""

_QUOTED_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Payload:
    """A barcode's contents, less the AIM identifier in front and CR or LF at the end."""

    text: str
    symbology: str | None = None
    """AIM symbology identifier, such as ``]d1``."""

    @classmethod
    def of(cls, text: str, symbology: str | None = None) -> Self:
        """Return the payload of a text, less its suffix.

        Nothing else is taken away: GS, RS, EOT and blanks are data. ``str.strip()`` would take them.
        """
        return cls(text.rstrip("\r\n"), symbology)


def decoded(raw: bytes) -> str:
    """Return the bytes as text: UTF-8 where they are valid UTF-8, else latin-1, so that none is lost."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def quoted(text: str) -> str:
    """Return the text for a reason: as ``repr``, cut where it is long."""
    return repr(text if len(text) <= _QUOTED_CHARACTERS else text[:_QUOTED_CHARACTERS] + "…")
