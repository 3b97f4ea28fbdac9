from collections.abc import Mapping

import pytest

from kiosk.barcodes import FIELDS, Iso15434, Rejected
from kiosk.barcodes.iso15434 import read_iso15434
from kiosk.barcodes.payload import Payload

GS, RS, EOT = "\x1d", "\x1e", "\x04"


def label(*fields: str, head: str = f"[)>{RS}06{GS}", tail: str = f"{RS}{EOT}") -> str:
    return head + GS.join(fields) + tail


def iso(text: str) -> Iso15434 | Rejected:
    return read_iso15434(Payload.of(text, "]d1"))


def fields_of(text: str) -> tuple[str | None, Mapping[str, str]]:
    answer = iso(text)
    assert isinstance(answer, Iso15434), answer
    assert set(answer.fields) <= set(FIELDS)
    return answer.supplier, answer.fields


FIVE = ("KPO-77", "4K3", "PCUST-1", "1PMAKER-1", "Q25")
PAIRS = (("K", "PO-77"), ("4K", "3"), ("P", "CUST-1"), ("1P", "MAKER-1"), ("Q", "25"))
NAMED = {
    "customer_po": "PO-77",
    "customer_po_line": "3",
    "customer_part_number": "CUST-1",
    "manufacturer_part_number": "MAKER-1",
    "quantity": "25",
}
WHOLE = Iso15434("06", PAIRS, None, NAMED)


@pytest.mark.parametrize(
    "text",
    [
        label(*FIVE),
        label(*FIVE, tail=""),
        label(*FIVE, tail=RS),
        label(*FIVE, tail=EOT),
        label(*FIVE, tail=f"{RS}V"),
        label(*FIVE, tail=f"{RS}{EOT}\r\n"),
        label(*FIVE, tail=f"\r\n{RS}{EOT}"),
        label(*(f"{field}\r" for field in FIVE)),
        label(*FIVE, head=f"[)>06{GS}", tail=""),
        label(*FIVE, head=f"[)>^06{GS}"),
        label(*FIVE, head=f"[)>{RS}06{GS}{GS}"),
        label(*FIVE).replace(GS, "\u241d").replace(RS, "\u241e").replace(EOT, "\u2404"),
        label(*FIVE).replace(GS, "\uf70b").replace(RS, "\uf70c"),
        label(*FIVE).replace(GS, "\u2194").replace(RS, "\u25b2").replace(EOT, "\u2666"),
        label(*FIVE, tail="").replace(GS, "\u2534"),
        "[)>^06]" + "]".join(FIVE) + "^d",
        "[)>^06]" + "]".join(FIVE) + "^D",
        "[)>^06]" + "]".join(FIVE) + "^",
        "[)>^06]" + "]".join(FIVE) + "^^d",
        "[)>^06]" + "]".join(FIVE) + f"^{EOT}",
        "[)>^06]" + "]".join(FIVE),
        "[)>06]" + "]".join(FIVE),
        "[)>06]" + "]".join(FIVE) + "^d",
        "[)>06]" + "]".join(FIVE) + "^D",
        label(*FIVE, head=f"[)>{RS}\r\n06{GS}\r"),
        label(*FIVE, head=f"[)>\r{RS}06\r{GS}"),
        "\r\n" + label(*FIVE),
        label(*FIVE).replace(GS, "\t").replace(RS, "\t"),
        label(*FIVE).replace(GS, "\x1f"),
        label(*FIVE).replace(GS, "\r").replace(RS, "\r"),
        label(*FIVE, head=f"[)>06{GS}", tail="").replace(GS, "\r\n"),
        label(*FIVE).replace(GS, "<GS>").replace(RS, "<RS>").replace(EOT, "<EOT>"),
        label(*FIVE).replace(GS, "<gs>").replace(RS, "<rs>").replace(EOT, "<eot>"),
        label(*FIVE).replace(GS, "{GS}").replace(RS, "{RS}").replace(EOT, "{EOT}"),
        label(*FIVE).replace(GS, "^]").replace(RS, "^^").replace(EOT, "^D"),
        label(*FIVE, head=f"[)>06{GS}", tail="").replace(GS, "<GS>"),
        "[)>^06]kPO-77]4k3]pCUST-1]1pMAKER-1]q25^d",
        label(*FIVE, "20", tail=""),
    ],
)
def test_the_envelope_whole_and_damaged(text: str) -> None:
    assert iso(text) == WHOLE


def test_values_keep_their_case_and_characters() -> None:
    assert iso(label("1Pab]c^d é", "1t x ")) == Iso15434(
        "06",
        (("1P", "ab]c^d é"), ("1T", " x ")),
        None,
        {"manufacturer_part_number": "ab]c^d é", "lot": " x "},
    )


def test_names_of_control_characters_are_values_where_the_header_has_real_ones() -> None:
    assert iso(label("1PA<GS>B", "Q{RS}", "1T^]^d")) == Iso15434(
        "06",
        (("1P", "A<GS>B"), ("Q", "{RS}"), ("1T", "^]^d")),
        None,
        {"manufacturer_part_number": "A<GS>B", "lot": "^]^d"},
    )


def test_empty_values_and_repeated_identifiers_are_all_kept() -> None:
    assert iso(label("P", "S1", "S2", "S3", "1T")) == Iso15434(
        "06",
        (("P", ""), ("S", "1"), ("S", "2"), ("S", "3"), ("1T", "")),
        None,
        {"customer_part_number": "", "lot": ""},
    )


LOST = (
    "begins with [)> but its separators are lost: the scanner drops control characters. "
    "Set it to send GS, RS and EOT; fields are not guessed."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1PMAKER-1", "does not begin with [)>"),
        ("", "does not begin with [)>"),
        ("[)>061PMAKER-1Q25", LOST),
        (">[)>06K11Q5", LOST),
        ("[)>", LOST),
        (f"[)>{RS}", LOST),
        ("[)>06", LOST),
        ("[)>06 1PX Q5", "has ' ' after its header, expected GS"),
        ("[)>06|1PX|Q5", "has '|' after its header, expected GS"),
        ("[)>^05]01X", "has ']' after its header, expected GS"),
        (f"[)>{RS}06]1PX]Q5", "has ']' after its header, expected GS"),
        (f"[)>^06]1PX{GS}Q5", "has ']' after its header, and GS further on"),
        (f"[)>{RS}06{GS}", "holds no identifiers in format 06"),
        (f"[)>{RS}07{GS}free text{RS}{EOT}", "holds format 07, expected one of 05, 06, 12"),
        (f"[)>{RS}01{GS}96{RS}02{GS}x{RS}{EOT}", "holds format 01, 02, expected one of 05, 06, 12"),
        (label("1PX", "#5"), "has the field '#5', which does not begin with a data identifier"),
        (label("1PX", "1234P"), "has the field '1234P', which does not begin with a data identifier"),
        (label("1PX", "20"), "has the field '20', which does not begin with a data identifier"),
        (label("1PX", tail=f"{RS}garbage"), "has 'garbage' after RS, expected a format or the end"),
        (
            f"[)>{RS}12{GS}MFR1{RS}{EOT}",
            "has the field 'MFR1', which does not begin with three letters and a blank",
        ),
        (f"[)>{RS}05{GS}XX{RS}{EOT}", "'XX' is no application identifier"),
    ],
)
def test_what_cannot_be_read_is_told_why(text: str, reason: str) -> None:
    assert iso(text) == Rejected("iso15434", reason)


def test_formats_05_and_12() -> None:
    assert iso(f"[)>{RS}05{GS}0109506000134352{GS}10A{RS}{EOT}") == Iso15434(
        "05", (("01", "09506000134352"), ("10", "A"))
    )
    assert iso(f"[)>{RS}12{GS}MFR 1AB23{GS}SER {GS}PNO P 1{RS}{EOT}") == Iso15434(
        "12", (("MFR", "1AB23"), ("SER", ""), ("PNO", "P 1"))
    )


def test_blocks_of_one_format_are_joined_and_others_left() -> None:
    assert iso(f"[)>{RS}01{GS}x{RS}06{GS}1PA{RS}06{GS}Q5{RS}12{GS}MFR 1{RS}{EOT}") == Iso15434(
        "06", (("1P", "A"), ("Q", "5")), None, {"manufacturer_part_number": "A", "quantity": "5"}
    )


@pytest.mark.parametrize(
    ("text", "supplier", "fields"),
    [
        (
            label("PREF-1", "1PMAKER-1", "30P999-1111-1-ND", "K", "1K12345678", "10K87654321", "11K1", "4LMY")
            + label("Q10", "11ZPICK", "12Z1234567", "13Z123456", "20Z0000", head=GS, tail=""),
            "DigiKey",
            {
                "customer_part_number": "REF-1",
                "manufacturer_part_number": "MAKER-1",
                "supplier_part_number": "999-1111-1-ND",
                "customer_po": "",
                "sales_order": "12345678",
                "invoice": "87654321",
                "packing_list": "1",
                "country": "MY",
                "quantity": "10",
            },
        ),
        (
            label("P999-1111-ND", "1PMAKER-1", "9D2031.07", "1T555", "11ZPREPACK", "15Z1.0.1", "Q50"),
            "DigiKey",
            {
                "supplier_part_number": "999-1111-ND",
                "manufacturer_part_number": "MAKER-1",
                "date_code": "2031.07",
                "lot": "555",
                "quantity": "50",
            },
        ),
        (
            label("KPO-1", "1K12345678", "10K87654321", "11K1"),
            "DigiKey",
            {"customer_po": "PO-1", "sales_order": "12345678", "invoice": "87654321", "packing_list": "1"},
        ),
        (
            label("K4711", "14K002", "1PMAKER-1", "Q4", "11K099999999", "4LCN", "1VMaker"),
            "Mouser",
            {
                "customer_po": "4711",
                "customer_po_line": "002",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "4",
                "invoice": "099999999",
                "country": "CN",
            },
        ),
        (
            label("K4711", "14K002", "PMINE-1", "Q4", "11K099999999", head=f">[)>06{GS}", tail=""),
            "Mouser",
            {
                "customer_po": "4711",
                "customer_po_line": "002",
                "customer_part_number": "MINE-1",
                "quantity": "4",
                "invoice": "099999999",
            },
        ),
        (
            "[)>^06]kPO-1]P]1PMAKER-1]3P1234567]q80]9D]1T]4LJP]4K9^d",
            "Farnell",
            {
                "customer_po": "PO-1",
                "customer_part_number": "",
                "manufacturer_part_number": "MAKER-1",
                "supplier_part_number": "1234567",
                "quantity": "80",
                "date_code": "",
                "lot": "",
                "country": "JP",
                "customer_po_line": "9",
            },
        ),
        (
            label("P", "1PMAKER-1", "2PB", "Q30", "1T7654321ABC", "D2345+5", "20LAAA", "21LBBB", "23LCCC"),
            "Texas Instruments",
            {
                "customer_part_number": "",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "30",
                "lot": "7654321ABC",
                "date_code": "2345+5",
            },
        ),
        (
            label("1PMAKER-1", "Q30", "V0033317", "1T7654321ABC", "D2345+5", "31T77", tail=""),
            "Texas Instruments",
            {
                "manufacturer_part_number": "MAKER-1",
                "quantity": "30",
                "lot": "7654321ABC",
                "date_code": "2345+5",
            },
        ),
        (
            label("P999-1111-1-ND", "1PMAKER-1", "Q3", "10D2301", "1TAB1234", "4LUS"),
            None,
            {
                "customer_part_number": "999-1111-1-ND",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "3",
                "date_code": "2301",
                "lot": "AB1234",
                "country": "US",
            },
        ),
        (
            label("P999-1111-1-ND", "1PMAKER-1", "K", "1K12345678", tail=""),
            "DigiKey",
            {
                "supplier_part_number": "999-1111-1-ND",
                "manufacturer_part_number": "MAKER-1",
                "customer_po": "",
                "sales_order": "12345678",
            },
        ),
        (
            label("P999-1111-1-ND", "K77", "14K3", "1PMAKER-1", "Q5", "11K1"),
            "Mouser",
            {
                "customer_part_number": "999-1111-1-ND",
                "customer_po": "77",
                "customer_po_line": "3",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "5",
                "invoice": "1",
            },
        ),
        (
            label("PCUST-7", "1PMAKER-1", "Q4000", "11D202345", "14D20261231", "1TAB12", "V12345", "10ZX"),
            None,
            {
                "customer_part_number": "CUST-7",
                "manufacturer_part_number": "MAKER-1",
                "quantity": "4000",
                "date_code": "202345",
                "lot": "AB12",
            },
        ),
        (
            label("1P935299999118", "30PTYPE1234", "Q2500", "10D2301"),
            None,
            {"manufacturer_part_number": "935299999118", "quantity": "2500", "date_code": "2301"},
        ),
        (
            label("1PMAKER-1", "Q5", "TLOT-9", "16D20240131"),
            None,
            {"manufacturer_part_number": "MAKER-1", "quantity": "5", "lot": "LOT-9"},
        ),
        (
            label("9N110375286414", "1TCHARGE-1", "D301231", "S99887766"),
            None,
            {"lot": "CHARGE-1", "serial": "99887766"},
        ),
    ],
)
def test_suppliers_and_where_they_differ(text: str, supplier: str | None, fields: dict[str, str]) -> None:
    assert fields_of(text.replace(f"{RS}{EOT}{GS}", GS)) == (supplier, fields)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("10", "10"),
        ("000000100", "100"),
        ("0" * 30 + "100", "100"),
        ("000", "0"),
        ("0", "0"),
        ("00.50", "0.50"),
        ("1.5", "1.5"),
        ("", None),
        ("10PCS", None),
        ("1,000", None),
        ("-5", None),
        ("1e3", None),
        ("٣", None),
        ("9" * 16, None),
    ],
)
def test_a_quantity_is_a_plain_number_or_not_there(quantity: str, expected: str | None) -> None:
    assert fields_of(label("1PX", f"Q{quantity}"))[1].get("quantity") == expected


def test_two_different_quantities_are_none() -> None:
    assert fields_of(label("1PX", "Q5", "Q6"))[1] == {"manufacturer_part_number": "X"}
    assert fields_of(label("1PX", "Q5", "Q5"))[1] == {"manufacturer_part_number": "X", "quantity": "5"}


def test_the_lot_is_1t_before_t_and_the_date_9d_before_10d_and_11d() -> None:
    assert fields_of(label("TA", "1TB", "11D202300", "10D2301", "9D2302"))[1] == {
        "lot": "B",
        "date_code": "2302",
    }
