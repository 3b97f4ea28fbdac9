"""Codes that single distributors made up: LCSC, TME, and DigiKey's older bar code."""

import re

from kiosk.barcodes.aim import describe
from kiosk.barcodes.payload import Payload, quoted
from kiosk.barcodes.reading import Digikey1d, Lcsc, Rejected, Tme
from kiosk.barcodes.supplier_labels import with_plain_quantity

_LCSC_KEY = re.compile(r"([a-z]{1,8}):(.*)", re.DOTALL)
_LCSC_PART = re.compile(r"C[0-9]{1,12}")
_LCSC_FIELDS = {
    "pc": "supplier_part_number",
    "pm": "manufacturer_part_number",
    "qty": "quantity",
    "on": "sales_order",
}
_LCSC_OURS = "mc"
"""The customer's own number of the part; empty on most labels."""

_TME_KEY = re.compile(r"([A-Za-z]{2,8}):(.*)", re.DOTALL)
_TME_FIELDS = {
    "QTY": "quantity",
    "PN": "supplier_part_number",
    "PO": "sales_order",
    "CPO": "customer_po",
    "MPN": "manufacturer_part_number",
    "COO": "country",
}
_TME_ORDER = re.compile(r"([0-9]{1,15})(?:/[0-9]{1,6})?")
_TME_ORDER_LINE = re.compile(r"([0-9]{1,15})/[0-9]{1,6}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_TME_ELEMENT = re.compile(r"(1P|4L|P|Q|K)(.+)", re.DOTALL)
_TME_JOINED = re.compile(r"P(?P<parts>[^ ]+)(?P<rest>Q[0-9]{1,9}(?:4L[A-Z]{2})?K[0-9]{1,15}/[0-9]{1,6})")
_TME_REST = re.compile(r"Q(?P<quantity>[0-9]+)(?:4L(?P<country>[A-Z]{2}))?K(?P<order>[0-9]+)/[0-9]+")
_TME_LONGEST = 200

_DIGIKEY = re.compile(r"([0-9]{7})([0-9]{9})([0-9]{6})")
_DIGIKEY_MOST = 999_999


def read_lcsc(payload: Payload) -> Lcsc | Rejected:
    """Read ``{pbn:...,on:...,pc:C...,pm:...,qty:...}``: no JSON, and a value may hold commas and colons."""
    text = payload.text
    if not (text.startswith("{") and text.endswith("}")):
        return Rejected(Lcsc.kind, "does not stand in curly brackets")
    values: dict[str, str] = {}
    last = ""
    for part in text[1:-1].split(","):
        match = _LCSC_KEY.fullmatch(part)
        if match is None and not last:
            return Rejected(Lcsc.kind, f"begins with {quoted(part)}, expected key:value")
        if match is None:
            values[last] += f",{part}"
        elif match[1] in values:
            return Rejected(Lcsc.kind, f"has the key {match[1]!r} twice")
        else:
            last = match[1]
            values[last] = match[2]
    if _LCSC_PART.fullmatch(values.get("pc", "")) is None or "qty" not in values:
        return Rejected(Lcsc.kind, "has no LCSC part number (pc:C...) with a quantity (qty:)")
    fields = {name: values[key] for key, name in _LCSC_FIELDS.items() if key in values}
    if values.get(_LCSC_OURS):
        fields["customer_part_number"] = values[_LCSC_OURS]
    return Lcsc(with_plain_quantity(fields))


def read_tme(payload: Payload) -> Tme | Rejected:
    """Read TME's QR code (``QTY:.. PN:.. PO:..``) or its Data Matrix (``P.. 1P.. Q.. K..``)."""
    words = [word for word in payload.text.split(" ") if word]
    keyed = _TME_KEY.fullmatch(words[0]) if words else None
    if keyed is not None and keyed[1].upper() in _TME_FIELDS:
        return _tme_keyed(words)
    if payload.text.startswith("P") and len(words) > 1:
        return _tme_elements(words)
    if payload.text.startswith("P"):
        return _tme_joined(payload.text)
    return Rejected(Tme.kind, "begins neither with one of TME's keys (QTY: PN: PO: ...) nor with P")


def read_digikey_1d(payload: Payload) -> Digikey1d | Rejected:
    """Read 7 digits of part, 9 of quantity and 6 of load."""
    match = _DIGIKEY.fullmatch(payload.text)
    if match is None:
        return Rejected(Digikey1d.kind, "is not 22 digits")
    if payload.symbology is not None and payload.symbology != "]C0":
        symbology = f"{describe(payload.symbology).name} ({payload.symbology})"
        return Rejected(Digikey1d.kind, f"is in {symbology}, expected plain Code 128 (]C0)")
    quantity = int(match[2])
    if not 1 <= quantity <= _DIGIKEY_MOST:
        return Rejected(
            Digikey1d.kind,
            f"has the quantity {quantity}, expected 1 to {_DIGIKEY_MOST}: some other 22 digits",
        )
    return Digikey1d({"quantity": str(quantity)}, part_id=match[1], load_id=match[3])


def _tme_keyed(words: list[str]) -> Tme | Rejected:
    values: dict[str, str] = {}
    last = ""
    for word in words:
        match = _TME_KEY.fullmatch(word)
        if match is None:
            # A word of its own, RoHS, or the rest of a value that has blanks in it.
            if last and word.lower() != "rohs":
                values[last] += f" {word}"
            continue
        last = match[1].upper()
        if last in values:
            return Rejected(Tme.kind, f"has the key {last!r} twice")
        values[last] = match[2]
    if "PN" not in values or not values.keys() & {"QTY", "MPN", "PO"}:
        return Rejected(Tme.kind, "has no PN: with QTY:, MPN: or PO:")
    fields = {name: values[key] for key, name in _TME_FIELDS.items() if key in values}
    order = _TME_ORDER.fullmatch(fields.get("sales_order", ""))
    if order is not None:
        fields["sales_order"] = order[1]
    return Tme(with_plain_quantity(fields))


def _tme_elements(words: list[str]) -> Tme | Rejected:
    values: dict[str, str] = {}
    last = ""
    for word in words:
        match = _TME_ELEMENT.fullmatch(word)
        if match is not None and match[1] not in values:
            last = match[1]
            values[last] = match[2]
        elif last in {"P", "1P"}:
            # A number with a blank in it; nothing else on the label has any.
            values[last] += f" {word}"
        else:
            return Rejected(
                Tme.kind, f"has {quoted(word)} where one of P, 1P, Q, 4L, K is expected, each once"
            )
    order = _TME_ORDER_LINE.fullmatch(values.get("K", ""))
    if order is None or not values.keys() >= {"P", "1P", "Q"} or not _DIGITS.fullmatch(values["Q"]):
        return Rejected(Tme.kind, "has no P, 1P, Q with a number and K with order/line")
    names = {"P": "supplier_part_number", "1P": "manufacturer_part_number", "Q": "quantity", "4L": "country"}
    fields = {name: values[key] for key, name in names.items() if key in values}
    return Tme(with_plain_quantity({**fields, "sales_order": order[1]}))


def _tme_joined(text: str) -> Tme | Rejected:
    """Read a Data Matrix whose blanks are lost: certain only where TME's number is the maker's number."""
    match = _TME_JOINED.fullmatch(text) if len(text) <= _TME_LONGEST else None
    rest = _TME_REST.fullmatch(match["rest"]) if match is not None else None
    if match is None or rest is None:
        return Rejected(Tme.kind, "is one word beginning with P, not TME's P, 1P, Q, K")
    parts = match["parts"]
    half = (len(parts) - 2) // 2
    number = parts[:half]
    if not number or parts != f"{number}1P{number}":
        return Rejected(Tme.kind, "looks like TME's P, 1P, Q, K without blanks: fields are not guessed")
    fields = {
        "supplier_part_number": number,
        "manufacturer_part_number": number,
        "sales_order": rest["order"],
    }
    if rest["country"]:
        fields["country"] = rest["country"]
    return Tme(with_plain_quantity({**fields, "quantity": rest["quantity"]}))
