import pytest

from kiosk.barcodes import Digikey1d, Lcsc, Rejected, Tme
from kiosk.barcodes.distributor_codes import read_digikey_1d, read_lcsc, read_tme
from kiosk.barcodes.payload import Payload


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "{pbn:PICK1,on:SO99,pc:C123,pm:MAKER-1,qty:20,mc:,cc:1,pdi:555}",
            {
                "supplier_part_number": "C123",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "20",
                "sales_order": "SO99",
            },
        ),
        (
            "{on:SO99,pc:C123,pm:AB,215:X,Y:Z,qty:020,hp:null,wc:ZH}",
            {
                "supplier_part_number": "C123",
                "manufacturer_part_number": "AB,215:X,Y:Z",
                "quantity": "20",
                "sales_order": "SO99",
            },
        ),
        (
            "{on:,pc:C123,pm:,qty:2,mc:OUR-7,cc:1}",
            {
                "sales_order": "",
                "supplier_part_number": "C123",
                "manufacturer_part_number": "",
                "quantity": "2",
                "customer_part_number": "OUR-7",
            },
        ),
        ("{pc:C1,qty:many}", {"supplier_part_number": "C1"}),
    ],
)
def test_lcsc(text: str, fields: dict[str, str]) -> None:
    assert read_lcsc(Payload(text)) == Lcsc(fields)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pc:C1,qty:2", "does not stand in curly brackets"),
        ("{pc:C1,qty:2", "does not stand in curly brackets"),
        ("{", "does not stand in curly brackets"),
        ("{}", "begins with '', expected key:value"),
        ('{"uid":"00"}', 'begins with \'"uid":"00"\', expected key:value'),
        ("{note:keep dry}", "has no LCSC part number (pc:C...) with a quantity (qty:)"),
        ("{pc:1,qty:2}", "has no LCSC part number (pc:C...) with a quantity (qty:)"),
        ("{pc:C1,pm:X}", "has no LCSC part number (pc:C...) with a quantity (qty:)"),
        ("{pc:C1,pc:C2,qty:2}", "has the key 'pc' twice"),
    ],
)
def test_what_is_not_lcsc(text: str, reason: str) -> None:
    assert read_lcsc(Payload(text)) == Rejected("lcsc", reason)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "QTY:5 PN:OWN-1 PO:12345678/3 CPO:PO-9 MFR:MAKER MPN:MAKER-1 CoO:CN RoHS https://www.tme.eu/details/OWN-1",
            {
                "quantity": "5",
                "supplier_part_number": "OWN-1",
                "sales_order": "12345678",
                "customer_po": "PO-9",
                "manufacturer_part_number": "MAKER-1",
                "country": "CN",
            },
        ),
        ("QTY:5  PN:OWN-1 ", {"supplier_part_number": "OWN-1", "quantity": "5"}),
        ("pn:OWN-1 qty:5", {"supplier_part_number": "OWN-1", "quantity": "5"}),
        (
            "PN:OWN-1 CPO:my order 5 PO:99 rohs QTY:2",
            {
                "supplier_part_number": "OWN-1",
                "customer_po": "my order 5",
                "sales_order": "99",
                "quantity": "2",
            },
        ),
        (
            "PN:OWN-1 LOT:77 MPN:M",
            {"supplier_part_number": "OWN-1", "manufacturer_part_number": "M"},
        ),
        (
            "POWN-1 1PMAKER-1 Q20 K12345678/11",
            {
                "supplier_part_number": "OWN-1",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "20",
                "sales_order": "12345678",
            },
        ),
        (
            "POWN-1 1PMAKER-1 Q20 4LTW K12345678/11",
            {
                "supplier_part_number": "OWN-1",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "20",
                "country": "TW",
                "sales_order": "12345678",
            },
        ),
        (
            "POWN 1 1PMAKER 1 rev P2 Q20 K12345678/11",
            {
                "supplier_part_number": "OWN 1",
                "manufacturer_part_number": "MAKER 1 rev P2",
                "quantity": "20",
                "sales_order": "12345678",
            },
        ),
        (
            "PSAME-1Q21PSAME-1Q2Q5K12345678/3",
            {
                "supplier_part_number": "SAME-1Q2",
                "manufacturer_part_number": "SAME-1Q2",
                "sales_order": "12345678",
                "quantity": "5",
            },
        ),
        (
            "PSAME1PSAMEQ54LTWK12345678/3",
            {
                "supplier_part_number": "SAME",
                "manufacturer_part_number": "SAME",
                "sales_order": "12345678",
                "country": "TW",
                "quantity": "5",
            },
        ),
    ],
)
def test_tme(text: str, fields: dict[str, str]) -> None:
    assert read_tme(Payload(text)) == Tme(fields)


ONE_WORD = "is one word beginning with P, not TME's P, 1P, Q, K"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ABC", "begins neither with one of TME's keys (QTY: PN: PO: ...) nor with P"),
        ("", "begins neither with one of TME's keys (QTY: PN: PO: ...) nor with P"),
        (" ", "begins neither with one of TME's keys (QTY: PN: PO: ...) nor with P"),
        ("NOTE:x PN:y", "begins neither with one of TME's keys (QTY: PN: PO: ...) nor with P"),
        ("PN:only", "has no PN: with QTY:, MPN: or PO:"),
        ("QTY:5 MPN:x", "has no PN: with QTY:, MPN: or PO:"),
        ("QTY:5 PN:x QTY:6", "has the key 'QTY' twice"),
        ("PN-100", ONE_WORD),
        (
            "PDIFFERENT1PMAKERQ5K12345678/3",
            "looks like TME's P, 1P, Q, K without blanks: fields are not guessed",
        ),
        ("P1PQ5K12345678/3", "looks like TME's P, 1P, Q, K without blanks: fields are not guessed"),
        ("P" + "A" * 300 + "Q5K1/1", ONE_WORD),
        ("Pump housing", "has no P, 1P, Q with a number and K with order/line"),
        ("PA PB", "has no P, 1P, Q with a number and K with order/line"),
        ("PA 1PB Q5 pieces K1/1", "has 'pieces' where one of P, 1P, Q, 4L, K is expected, each once"),
        ("PA 1PB Q5 Q6 K1/1", "has 'Q6' where one of P, 1P, Q, 4L, K is expected, each once"),
        ("PA 1PB Q5", "has no P, 1P, Q with a number and K with order/line"),
        ("PA 1PB Qx K1/1", "has no P, 1P, Q with a number and K with order/line"),
        ("PA 1PB Q² K1/1", "has no P, 1P, Q with a number and K with order/line"),
        ("PA Q5 K1/1", "has no P, 1P, Q with a number and K with order/line"),
    ],
)
def test_what_is_not_tme(text: str, reason: str) -> None:
    assert read_tme(Payload(text)) == Rejected("tme", reason)


@pytest.mark.parametrize("symbology", [None, "]C0"])
def test_digikeys_older_bar_code(symbology: str | None) -> None:
    assert read_digikey_1d(Payload("1234567000000250654321", symbology)) == Digikey1d(
        {"quantity": "250"}, part_id="1234567", load_id="654321"
    )


@pytest.mark.parametrize(
    ("text", "symbology", "reason"),
    [
        ("123456700000025065432", None, "is not 22 digits"),
        ("12345670000002506543210", None, "is not 22 digits"),
        ("1234567000000250654٣21", None, "is not 22 digits"),
        ("1234567000000250654321", "]d1", "is in Data Matrix (]d1), expected plain Code 128 (]C0)"),
        (
            "9400110200793123456784",
            None,
            "has the quantity 200793123, expected 1 to 999999: some other 22 digits",
        ),
        (
            "1234567000000000654321",
            None,
            "has the quantity 0, expected 1 to 999999: some other 22 digits",
        ),
    ],
)
def test_what_is_not_digikeys(text: str, symbology: str | None, reason: str) -> None:
    assert read_digikey_1d(Payload(text, symbology)) == Rejected("digikey-1d", reason)
