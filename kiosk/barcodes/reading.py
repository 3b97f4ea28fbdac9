"""The kinds of reading a barcode can have; their JSON is that of ``kiosk decode --json``."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class IonUid:
    """ION's own label: a JSON object with the one key ``uid``."""

    kind: ClassVar[str] = "ion-uid"
    uid: str
    """32 lower-case hex digits."""


@dataclass(frozen=True, slots=True)
class IonRef:
    """The kiosk's reference to an ION object: ``ION/PI/123``."""

    kind: ClassVar[str] = "ion-ref"
    entity: str
    """``PI``, ``RUN``, ``PO``, ``LOC``, ``PART`` or ``OP``."""
    id: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command barcode: ``ION/CMD/<verb>[/<argument>]``."""

    kind: ClassVar[str] = "command"
    verb: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text: a part number, serial, lot or order number, as somebody else wrote it."""

    kind: ClassVar[str] = "text"
    value: str


Reading: TypeAlias = IonUid | IonRef | Command | Text


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the barcode is not of this kind."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a barcode can mean."""

    raw: bytes
    text: str
    """The raw bytes as text: UTF-8 where they are valid UTF-8, else latin-1; less the AIM identifier."""
    symbology: str | None
    """AIM symbology identifier, such as ``]d1``."""
    readings: tuple[Reading, ...]
    """In the order in which they are to be believed."""
    rejected: tuple[Rejected, ...]

    @property
    def shown(self) -> str:
        """Return the text with control characters as pictures (U+2400 block), cut at 200 characters."""
        pictured = "".join(_picture(character) for character in self.text[:200])
        return pictured if len(self.text) <= 200 else pictured + "…"  # noqa: PLR2004 - the docstring's limit


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004 - C0 controls
        return chr(0x2400 + code)
    if code == 0x7F:  # noqa: PLR2004 - DEL
        return "\u2421"
    return character if character.isprintable() else f"\\u{code:04x}"
