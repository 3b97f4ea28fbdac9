"""Labels in the envelope of ISO/IEC 15434: formats 06 (data identifiers), 05 (GS1) and 12 (text elements)."""

import re

from kiosk.barcodes.envelope import GS, Block, Envelope, NotAnEnvelope, open_envelope
from kiosk.barcodes.gs1_elements import NotGs1, elements_of
from kiosk.barcodes.payload import Payload, quoted
from kiosk.barcodes.reading import Iso15434, Rejected
from kiosk.barcodes.supplier_labels import supplier_and_fields

_DATA_IDENTIFIER = re.compile(r"([0-9]{0,3})([A-Za-z])(.*)", re.DOTALL)
_TEXT_ELEMENT = re.compile(r"([A-Z]{3}) (.*)", re.DOTALL)
_CUT_OFF = re.compile(r"[0-9]{1,3}")

_FORMATS = ("05", "06", "12")
_Identifiers = tuple[tuple[str, str], ...]


def read_iso15434(payload: Payload) -> Iso15434 | Rejected:
    """Read the first format that is known, with all of its blocks."""
    try:
        envelope = open_envelope(payload.text)
        known = _known_format(envelope)
        identifiers = tuple(
            pair for block in envelope.blocks if block.format == known for pair in _pairs(block, envelope)
        )
    except (NotAnEnvelope, NotGs1) as reason:
        return Rejected(Iso15434.kind, str(reason))
    if not identifiers:
        return Rejected(Iso15434.kind, f"holds no identifiers in format {known}")
    if known != "06":
        return Iso15434(known, identifiers)
    supplier, fields = supplier_and_fields(identifiers, is_reversed=envelope.is_reversed)
    return Iso15434(known, identifiers, supplier, fields)


def _known_format(envelope: Envelope) -> str:
    formats = [block.format for block in envelope.blocks]
    for known in formats:
        if known in _FORMATS:
            return known
    raise NotAnEnvelope(f"holds format {', '.join(formats)}, expected one of {', '.join(_FORMATS)}")


def _pairs(block: Block, envelope: Envelope) -> _Identifiers:
    if block.format == "05":
        return elements_of(block.body)
    fields = [field.strip("\r\n") for field in block.body.split(GS)]
    if not envelope.is_closed and block is envelope.blocks[-1] and _CUT_OFF.fullmatch(fields[-1]):
        # Only the digits of an identifier: the label is cut off there, and nothing is known of the field.
        fields.pop()
    read = _text_element if block.format == "12" else _data_identifier
    return tuple(read(field) for field in fields if field)


def _data_identifier(field: str) -> tuple[str, str]:
    match = _DATA_IDENTIFIER.fullmatch(field)
    if match is None:
        raise NotAnEnvelope(f"has the field {quoted(field)}, which does not begin with a data identifier")
    # Scanners that assume a Caps Lock flip the case of what follows a control character.
    return match[1] + match[2].upper(), match[3]


def _text_element(field: str) -> tuple[str, str]:
    match = _TEXT_ELEMENT.fullmatch(field)
    if match is None:
        raise NotAnEnvelope(
            f"has the field {quoted(field)}, which does not begin with three letters and a blank"
        )
    return match[1], match[2]
