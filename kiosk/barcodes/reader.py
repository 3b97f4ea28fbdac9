"""From a scanner's bytes to every reading of them; never an exception, never a guess."""

from collections.abc import Callable

from kiosk.barcodes import aim
from kiosk.barcodes.ion import read_command, read_reference, read_uid
from kiosk.barcodes.payload import MAX_BYTES, Payload, decoded
from kiosk.barcodes.plain import read_plain
from kiosk.barcodes.reading import Command, IonRef, IonUid, Reading, Readings, Rejected, Text

_KINDS: tuple[tuple[str, Callable[[Payload], Reading | Rejected]], ...] = (
    (IonUid.kind, read_uid),
    (IonRef.kind, read_reference),
    (Command.kind, read_command),
    (Text.kind, read_plain),
)
"""The kinds in the order in which they are believed."""


def read(raw: bytes, symbology: str | None = None) -> Readings:
    """Return all that a barcode can mean, and for each kind that did not fit, why.

    Args:
        raw: the bytes of one scan, with or without an AIM identifier in front and CR or LF at the end.
        symbology: the AIM identifier where the device reports it apart from the data.
    """
    has_own = symbology is not None and aim.is_identifier(symbology)
    identifier, body = (symbology, raw) if has_own else aim.split(raw)
    text = decoded(body)
    fault = _fault(raw, text)
    if fault:
        return Readings(raw, text, identifier, (), tuple(Rejected(kind, fault) for kind, _ in _KINDS))
    payload = Payload.of(text, identifier)
    answers = [reader(payload) for _, reader in _KINDS]
    return Readings(
        raw,
        text,
        identifier,
        tuple(answer for answer in answers if not isinstance(answer, Rejected)),
        tuple(answer for answer in answers if isinstance(answer, Rejected)),
    )


def _fault(raw: bytes, text: str) -> str:
    if len(raw) > MAX_BYTES:
        return f"is {len(raw)} bytes long, at most {MAX_BYTES} are read"
    if not text.rstrip("\r\n"):
        return "is empty"
    return ""
