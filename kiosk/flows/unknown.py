"""The screen of a barcode that means nothing here: what can be read of it, and why it is nothing else."""

import re
from collections.abc import Mapping

from kiosk.barcodes import Reading, Readings, Rejected, Text, to_json
from kiosk.flows.choice import covered
from kiosk.flows.flow import Outcome, Place, Scanned
from kiosk.flows.receive_unverified import order_named
from kiosk.flows.wording import NOTHING
from kiosk.model import Json, Level, Message, Session
from kiosk.resolve import fields_of
from kiosk.words import N_, whole

_WORDS = {
    "ion-uid": "ION's own label",
    "ion-ref": "Label of the kiosk",
    "command": N_("Command"),
    "ion-pattern": "Barcode taught to ION",
    "gs1": "GS1",
    "iso15434": "Supplier's label",
    "lcsc": "LCSC's label",
    "tme": "TME's label",
    "digikey-1d": "DigiKey's bar code",
    "text": "Plain text",
}
"""Kinds of reading, as a person calls them."""
_FIELDS = {
    "customer_po": N_("order {value}"),
    "customer_part_number": N_("part {value}"),
    "manufacturer_part_number": N_("maker's number {value}"),
    "supplier_part_number": N_("supplier's number {value}"),
    "quantity": N_("quantity {value}"),
    "lot": N_("lot {value}"),
    "serial": N_("serial {value}"),
    "date_code": N_("date code {value}"),
}
_LOOKS: Mapping[str, re.Pattern[str]] = {
    "ion-uid": re.compile(r'\s*\{.*"uid"', re.IGNORECASE | re.DOTALL),
    "ion-ref": re.compile(r"ION/(?!CMD/)", re.IGNORECASE),
    "command": re.compile(r"ION/CMD/", re.IGNORECASE),
    "gs1": re.compile(
        r"0[01][0-9]{14}|\([0-9]{2,4}\)|[^\x1d]*[0-9][^\x1d]*\x1d(?!.*\x1e)|https?://", re.DOTALL
    ),
    "iso15434": re.compile(r">?\[\)>"),
    "lcsc": re.compile(r"\{[a-z]{1,8}:"),
    "tme": re.compile(r"(?:QTY|PN|PO|CPO|MFR|MPN|COO):|P\S+ +1P", re.IGNORECASE),
    "digikey-1d": re.compile(r"[0-9]{20,24}\Z"),
}
"""What a barcode looks like that was meant to be of this kind."""
_GS1_SYMBOLOGIES = frozenset({"]C1", "]d2", "]Q3", "]J1", "]e0", "]E0", "]E3", "]E4", "]I1"})


def unknown(session: Session, scan: Scanned, place: Place) -> Outcome:
    """Say that a barcode is not known, and show what there is to know about it.

    ``reads`` are the kinds it is, with what they say; ``why`` the kinds it is not, those that it looks like
    first, each reason once. ``is_damaged`` blames the scanner: it made the label unreadable. Where ION could
    not be asked, ``order_number`` is what goods can be received on without it.
    """
    readings = scan.readings
    state: dict[str, Json] = {
        **to_json(readings),
        "text": readings.shown,
        "length": len(readings.raw),
        "reads": [{"kind": _WORDS[each.kind], "says": _said(each)} for each in readings.readings],
        "why": _why(readings),
        "is_offline": scan.is_offline,
        "order_number": order_named(scan, place),
        "is_damaged": readings.is_damaged_label,
        "resume": covered(session),
    }
    message = Message(Level.STOP, "An empty scan is not known to ION.")
    if readings.shown:
        message = Message(Level.STOP, "{text} is not known to ION.", {"text": readings.shown})
    if scan.is_offline:
        message = Message(
            Level.OFFLINE,
            "{text} is kept. It is not known here, and ION cannot be asked now.",
            {"text": readings.shown or NOTHING},
        )
    return Outcome("home", "unknown", state, message)


def kind_words(kind: str) -> str:
    """Return what a person calls a kind of reading."""
    return whole(_WORDS[kind])


def _said(reading: Reading) -> str:
    said = fields_of(reading)
    return ", ".join(words.format(value=said[name]) for name, words in _FIELDS.items() if name in said)


def _why(readings: Readings) -> list[Json]:
    """Return why a barcode is not of each kind, the nearest kinds first."""
    ranked = sorted(readings.rejected, key=lambda no: _distance(no, readings))
    by_reason: dict[str, str] = {}
    for no in ranked:
        by_reason.setdefault(no.reason, _WORDS[no.kind])
    return [{"kind": kind, "reason": reason} for reason, kind in by_reason.items()]


def _distance(rejected: Rejected, readings: Readings) -> int:
    look = _LOOKS.get(rejected.kind)
    is_alike = look is not None and look.match(readings.text) is not None
    if is_alike or (rejected.kind == "gs1" and readings.symbology in _GS1_SYMBOLOGIES):
        return 0
    return 1 if rejected.kind == Text.kind else 2
