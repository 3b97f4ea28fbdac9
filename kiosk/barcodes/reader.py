"""From a scanner's bytes to every reading of them; never an exception, never a guess.

Readings are believed in this order: what names an object of ION or a command (``ion-uid``, ``ion-ref``,
``command``); what the tenant has taught ION (``ion-pattern``); what announces itself by a standard (``gs1``,
``iso15434``); what is known by its shape (``lcsc``, ``tme``, ``digikey-1d``); and at last ``text``.
"""

from collections.abc import Callable, Sequence

from kiosk.barcodes import aim, eci
from kiosk.barcodes.distributor_codes import read_digikey_1d, read_lcsc, read_tme
from kiosk.barcodes.gs1 import read_gs1
from kiosk.barcodes.ion import read_command, read_reference, read_uid
from kiosk.barcodes.iso15434 import read_iso15434
from kiosk.barcodes.patterns import Pattern, read_patterns
from kiosk.barcodes.payload import MAX_BYTES, Payload, decoded
from kiosk.barcodes.plain import read_plain
from kiosk.barcodes.reading import (
    Command,
    Digikey1d,
    Gs1,
    IonPattern,
    IonRef,
    IonUid,
    Iso15434,
    Lcsc,
    Reading,
    Readings,
    Rejected,
    Text,
    Tme,
)

_BEFORE_PATTERNS: tuple[Callable[[Payload], Reading | Rejected], ...] = (
    read_uid,
    read_reference,
    read_command,
)
_AFTER_PATTERNS: tuple[Callable[[Payload], Reading | Rejected], ...] = (
    read_gs1,
    read_iso15434,
    read_lcsc,
    read_tme,
    read_digikey_1d,
    read_plain,
)
_KINDS = tuple(
    reading.kind
    for reading in (IonUid, IonRef, Command, IonPattern, Gs1, Iso15434, Lcsc, Tme, Digikey1d, Text)
)


def read(raw: bytes, symbology: str | None = None, patterns: Sequence[Pattern] = ()) -> Readings:
    """Return all that a barcode can mean, and for each kind that did not fit, why.

    Args:
        raw: the bytes of one scan, with or without an AIM identifier in front and CR or LF at the end.
        symbology: the AIM identifier where the device reports it apart from the data.
        patterns: the tenant's barcode patterns.
    """
    identifier, text = _parts(raw, symbology)
    fault = _fault(raw, text)
    if fault:
        return Readings(raw, text, identifier, (), tuple(Rejected(kind, fault) for kind in _KINDS))
    payload = Payload.of(text, identifier)
    answers: list[Reading | Rejected] = [reader(payload) for reader in _BEFORE_PATTERNS]
    taught = read_patterns(payload, patterns)
    answers += [taught] if isinstance(taught, Rejected) else taught
    answers += [reader(payload) for reader in _AFTER_PATTERNS]
    return Readings(
        raw,
        text,
        identifier,
        tuple(answer for answer in answers if not isinstance(answer, Rejected)),
        tuple(answer for answer in answers if isinstance(answer, Rejected)),
    )


def text_of(raw: bytes, symbology: str | None = None) -> str:
    """Return the text of a barcode as ``read`` does, without asking what it can mean."""
    return _parts(raw, symbology)[1]


def _parts(raw: bytes, symbology: str | None) -> tuple[str | None, str]:
    """Return the AIM identifier, ``None`` where there is none, and the text without it."""
    has_own = symbology is not None and aim.is_identifier(symbology)
    identifier, body = (symbology, raw) if has_own else aim.split(raw)
    return identifier, (eci.decoded(body) if aim.has_eci(identifier) else None) or decoded(body)


def _fault(raw: bytes, text: str) -> str:
    if len(raw) > MAX_BYTES:
        return f"is {len(raw)} bytes long, at most {MAX_BYTES} are read"
    if not text.rstrip("\r\n"):
        return "is empty"
    return ""
