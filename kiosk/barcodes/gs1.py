"""The gate before GS1: a barcode is GS1 only where that is certain.

Digits are ambiguous: ``425261`` is a UPC-E and also AI (425), an EAN can be read as AI (400). So a barcode
is GS1 when its AIM identifier says so; or when it holds a GS and all of it are element strings; or when it
begins with 01 or 00, a number with the right check digit, and all of it are element strings; or when it is
written with brackets, or as a GS1 Digital Link.
"""

import re

from kiosk.barcodes import aim
from kiosk.barcodes.envelope import GS, NotAnEnvelope, begins_envelope, open_envelope, with_separators
from kiosk.barcodes.gs1_content import check_digit_fault
from kiosk.barcodes.gs1_elements import (
    Elements,
    NotGs1,
    element,
    elements_of,
    identifier_of,
    swallowed_date,
)
from kiosk.barcodes.gs1_link import elements_of_link, is_link
from kiosk.barcodes.payload import Payload, quoted
from kiosk.barcodes.reading import Gs1, Rejected

_COMPONENT = "|]e0"
_ITEM_LENGTHS = {"]E0": (13, 12, 8), "]E3": (15, 18), "]E4": (8,), "]I1": (14,)}
"""How many digits an item number has by AIM identifier; an add-on makes an EAN two or five digits longer."""
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)((?:[^(\\]|\\.|\\\Z)*)", re.DOTALL)
_TYPED_GS = re.compile(r"\]|<GS>|\{GS\}", re.IGNORECASE)
_GTIN, _SSCC = re.compile("01[0-9]{14}"), re.compile("00[0-9]{18}")


def read_gs1(payload: Payload) -> Gs1 | Rejected:
    """Read element strings, item numbers and Digital Links."""
    text = with_separators(payload.text)
    try:
        if begins_envelope(text):
            return Gs1(_enveloped(text))
        return Gs1(_elements(text, payload.symbology))
    except (NotGs1, NotAnEnvelope) as reason:
        return Rejected(Gs1.kind, str(reason))


def _elements(text: str, symbology: str | None) -> Elements:
    primary, separator, component = text.partition(_COMPONENT)
    if separator:
        return _elements(primary, symbology) + elements_of(component)
    if symbology in _ITEM_LENGTHS:
        return _item_number(text, symbology)
    if is_link(text):
        return elements_of_link(text)
    if text.startswith("("):
        return _bracketed(text)
    is_announced = aim.carries_gs1(symbology) or (GS in text and text.lstrip(GS)[:1].isdigit())
    return elements_of(text) if is_announced else _unannounced(text)


def _enveloped(text: str) -> Elements:
    for block in open_envelope(text).blocks:
        if block.format == "05":
            return elements_of(block.body)
    raise NotGs1("is in an envelope of ISO/IEC 15434 without format 05")


def _item_number(text: str, symbology: str | None) -> Elements:
    lengths = _ITEM_LENGTHS[symbology or ""]
    if len(text) not in lengths or not (text.isascii() and text.isdigit()):
        lengths_words = " / ".join(str(length) for length in lengths)
        raise NotGs1(f"is {quoted(text)} where {symbology} announces {lengths_words} digits")
    number = text[:13] if symbology == "]E3" else text
    fault = check_digit_fault(number)
    if fault:
        raise NotGs1(f"is the item number {quoted(number)}, but {fault}")
    return (("01", number.zfill(14)),)


def _bracketed(text: str) -> Elements:
    """Read ``(01)...(10)...``; brackets inside a value are escaped with a backslash.

    No value holds a blank (character set 82), so those that people put around one mean nothing.
    """
    elements: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _BRACKETED.match(text, position)
        if match is None:
            raise NotGs1(f"has {quoted(text[position:])} where an identifier in brackets is expected")
        identifier = identifier_of(match[1])
        if identifier.ai != match[1]:
            raise NotGs1(f"has ({match[1]}), which is no application identifier")
        elements.append(element(identifier, re.sub(r"\\([()\\])", r"\1", match[2].strip(" "))))
        position = match.end()
    return tuple(elements)


def _unannounced(text: str) -> Elements:
    key = _GTIN.match(text) or _SSCC.match(text)
    if key is None:
        raise NotGs1(
            "has neither an AIM identifier of GS1, nor a GS, nor does it begin with 01 or 00 and a number"
        )
    fault = check_digit_fault(key[0][2:])
    if fault:
        raise NotGs1(f"begins with ({key[0][:2]}) and the number {quoted(key[0][2:])}, but {fault}")
    typed = _TYPED_GS.search(text)
    if typed is not None:
        raise NotGs1(f"has {quoted(typed[0])} where GS may be meant. Set the scanner to send GS as it is.")
    elements = elements_of(text)
    ai, value = elements[-1]
    swallowed = None if identifier_of(ai.ljust(4)).is_fixed else swallowed_date(value)
    if swallowed is not None:
        raise NotGs1(
            f"has the value {quoted(value)} in ({ai}), which ends in what reads as ({swallowed[:2]}) "
            f"{swallowed[2:8]}: the scanner may drop GS. Set it to send GS and AIM identifiers."
        )
    return elements
