"""Barcodes from public test suites; skipped where the collection is not beside the checkout."""

import re
from typing import Any

import pytest

from kiosk.barcodes import FIELDS, Gs1, Iso15434, Reading, Readings, read
from tests.barcodes.corpora import cases

SUPPLIERS = cases("supplier_barcodes.json")
GS1 = cases("gs1_cases.json")

KINDS = {
    "iso15434-06": "iso15434",
    "tme-qr": "tme",
    "tme-datamatrix": "tme",
    "lcsc-brace": "lcsc",
    "digikey-1d": "digikey-1d",
}
IDENTIFIERS = {
    "manufacturer": "1V",
    "license_plate": "J",
    "production_date": "16D",
    "revision": "2P",
    "label_type": "11Z",
    "part_id": "12Z",
    "load_id": "13Z",
    "chip_country": "21L",
    "assembly_country": "23L",
}
"""What the collection calls data identifiers that have no name in ``fields``."""
UNRECOGNISED = {"Wuerth Elektronik"}
"""Labels of plain EIGP-114, in which nothing names the supplier."""
SUPPLIER_KINDS = frozenset(KINDS.values())


def scan(case: dict[str, Any]) -> Readings:
    return read(case["payload"].encode())


def only(readings: Readings, kind: str) -> Reading | None:
    return next((reading for reading in readings.readings if reading.kind == kind), None)


def reason(readings: Readings, kind: str) -> str:
    return next((rejected.reason for rejected in readings.rejected if rejected.kind == kind), "")


@pytest.mark.skipif(not SUPPLIERS, reason="supplier_barcodes.json is not beside the checkout")
@pytest.mark.parametrize("case", SUPPLIERS, ids=range(len(SUPPLIERS)))
def test_supplier_labels(case: dict[str, Any]) -> None:
    readings = scan(case)
    expected = case["expected"]
    if expected["format"] is None:
        assert not SUPPLIER_KINDS & {reading.kind for reading in readings.readings}
        return
    kind = KINDS[expected["format"]]
    reading = only(readings, kind)
    if expected.get("reliable") is False:
        # Separators lost: nothing is guessed, and the reason says what to do about the scanner.
        assert reading is None
        assert "the scanner drops control characters" in reason(readings, kind)
        return
    assert reading is not None, reason(readings, kind)
    fields = getattr(reading, "fields", {})
    for name in FIELDS:
        if name in expected:
            assert fields.get(name) == expected[name], name
    if isinstance(reading, Iso15434):
        assert fields.get("customer_po_line") == expected.get("order_line", fields.get("customer_po_line"))
        for name, identifier in IDENTIFIERS.items():
            if name in expected:
                assert (identifier, expected[name]) in reading.identifiers, name
    else:
        # Their order is the supplier's own, and so is the line in it, which is no line of ours.
        assert fields.get("sales_order") == expected.get("supplier_order")
        assert "customer_po_line" not in fields
    if kind == "iso15434" and case["supplier"] not in UNRECOGNISED:
        assert getattr(reading, "supplier", None) == case["supplier"]
    if kind == "digikey-1d":
        assert (getattr(reading, "part_id", ""), getattr(reading, "load_id", "")) == (
            expected["part_id"],
            expected["load_id"],
        )
    assert readings.symbology == expected.get("aim")


def gs1_elements(readings: Readings) -> list[list[str]] | None:
    reading = only(readings, "gs1")
    return [list(pair) for pair in reading.elements] if isinstance(reading, Gs1) else None


def why_not(case: dict[str, Any]) -> str:
    """Return why a case is an exception by rule, empty where it is none."""
    payload: str = case["payload"]
    if re.match(r"\][EI]", payload):
        return "an EAN is read as AI (01), which the collection leaves to the symbology"
    if not payload.startswith(("]", "(", "http")) and "\x1d" not in payload:
        if not re.match("01[0-9]{14}|00[0-9]{18}", payload):
            return "bare digits without AIM identifier or GS are not guessed to be GS1"
        if "swallows" in case["note"]:
            return "a date at the end of a lot, without AIM identifier or GS: the separator may be lost"
    if "(3338)" in payload:
        return "(3338) is no application identifier: four implied decimals are the most"
    return ""


@pytest.mark.skipif(not GS1, reason="gs1_cases.json is not beside the checkout")
@pytest.mark.parametrize("case", GS1, ids=range(len(GS1)))
def test_gs1(case: dict[str, Any]) -> None:
    elements = gs1_elements(scan(case))
    expected = case["expected_ais"] or None
    if why_not(case) == "" or not case["valid"]:
        known = None if "(3338)" in case["payload"] else expected
        assert elements == known
        return
    payload: str = case["payload"]
    if payload.startswith("]E"):
        assert elements is not None
        assert [pair for pair in elements if pair[0] != "01"] == (expected or [])
        return
    # The same data are read once the scanner says that they are GS1.
    assert elements is None
    assert gs1_elements(read(payload.encode(), "]d2")) == expected
