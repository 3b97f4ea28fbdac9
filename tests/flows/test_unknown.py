"""What is said about a barcode that means nothing here."""

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.flows.flow import Scanned
from tests.flows.floor import Floor

LOST = (
    "begins with [)> but its separators are lost: the scanner drops control characters. Set it to send GS, "
    "RS and EOT; fields are not guessed."
)


def reasons(text: str) -> list[tuple[str, str]]:
    floor = Floor()
    floor.scan(text)
    return [(why["kind"], why["reason"]) for why in floor.state["why"]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[)>06PBOLT-1Q5", "Supplier's label"),
        ('{"uid":"12"}', "ION's own label"),
        ("{pbn:1,pm:X}", "LCSC's label"),
        ("QTY:5 MPN:X", "TME's label"),
        ("PX 1PY", "TME's label"),
        ("ION/PX/1", "Label of the kiosk"),
        ("1234567000000000123456", "DigiKey's bar code"),
        ("0114006381333932XX", "GS1"),
        ("(01)123", "GS1"),
        ("]C1X", "GS1"),
        ("]E0123", "GS1"),
        ("10A\x1dZ", "GS1"),
        ("https://example.com/01/1", "GS1"),
        ("A\x07B", "Plain text"),
    ],
)
def test_the_kind_that_nearly_fits_comes_first(text: str, kind: str) -> None:
    assert reasons(text)[0][0] == kind


def test_every_kind_says_why_not_and_each_reason_stands_once() -> None:
    found = reasons("[)>06PBOLT-1Q5")
    assert found[:2] == [
        ("Supplier's label", LOST),
        ("Plain text", "begins like a label in the envelope of ISO/IEC 15434"),
    ]
    assert {kind for kind, _ in found} == {
        "Supplier's label",
        "Plain text",
        "ION's own label",
        "Label of the kiosk",
        "Command",
        "Barcode taught to ION",
        "LCSC's label",
        "TME's label",
        "DigiKey's bar code",
    }
    assert len({reason for _, reason in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "is_damaged"),
    [("[)>06PBOLT-1Q5", True), ("[)>\x1e06\x1dPX\x1e\x04", False), ("PN-1\x1d", False)],
)
def test_the_scanner_is_blamed_where_it_made_a_label_unreadable(text: str, *, is_damaged: bool) -> None:
    floor = Floor()
    floor.scan(text)
    assert floor.state["is_damaged"] is is_damaged


def test_what_can_be_read_is_said_in_words() -> None:
    floor = Floor()
    floor.scan("QTY:5 PN:T-1 CPO:PO-9 MPN:MB-1")
    assert floor.state["reads"] == [
        {"kind": "TME's label", "says": "order PO-9, maker's number MB-1, supplier's number T-1, quantity 5"},
        {"kind": "Plain text", "says": ""},
    ]
    floor.happens(Scanned(read(b"SN-9", None, [Pattern("1", "KITS", "(?P<serialNumber>.*)")])))
    assert floor.state["reads"][0] == {"kind": "Barcode taught to ION", "says": "serial SN-9"}
