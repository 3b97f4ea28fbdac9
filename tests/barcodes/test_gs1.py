import pytest

from kiosk.barcodes import Gs1, Rejected
from kiosk.barcodes.gs1 import read_gs1
from kiosk.barcodes.payload import Payload

GTIN = "09506000134352"
SSCC = "395060001343520001"


def gs1(text: str, symbology: str | None = None) -> Gs1 | Rejected:
    return read_gs1(Payload.of(text, symbology))


@pytest.mark.parametrize(
    "symbology", ["]C1", "]d2", "]d5", "]d8", "]Q3", "]Q4", "]J1", "]e0", "]z1", "]z4", "]K1"]
)
def test_element_strings_where_the_symbology_says_so(symbology: str) -> None:
    assert gs1(f"01{GTIN}10LOT-7\x1d21S1", symbology) == Gs1((("01", GTIN), ("10", "LOT-7"), ("21", "S1")))


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"01{GTIN}", (("01", GTIN),)),
        (f"01{GTIN}1728123110A", (("01", GTIN), ("17", "281231"), ("10", "A"))),
        (f"00{SSCC}", (("00", SSCC),)),
        ("10A\x1d21B", (("10", "A"), ("21", "B"))),
        ("10A\x1d", (("10", "A"),)),
        ("\x1d10A\x1d\x1d21B", (("10", "A"), ("21", "B"))),
        (f"01{GTIN}\x1d10A", (("01", GTIN), ("10", "A"))),
        ("10A\u241d21B", (("10", "A"), ("21", "B"))),
        ("10A\uf70b21B", (("10", "A"), ("21", "B"))),
    ],
)
def test_element_strings_without_symbology(text: str, elements: tuple[tuple[str, str], ...]) -> None:
    assert gs1(text) == Gs1(elements)


@pytest.mark.parametrize("text", ["425261", "9506000134352", "10ABC", "SN-1", "21", "0110", "(", "01", "0"])
def test_digits_are_not_guessed_to_be_gs1(text: str) -> None:
    assert isinstance(gs1(text), Rejected)


NOT_ANNOUNCED = "has neither an AIM identifier of GS1, nor a GS, nor does it begin with 01 or 00 and a number"


@pytest.mark.parametrize(
    ("text", "symbology", "reason"),
    [
        ("425261", None, NOT_ANNOUNCED),
        ("9506000134352", "]C0", NOT_ANNOUNCED),
        ("\x1dABC", None, NOT_ANNOUNCED),
        (
            "0109506000134353",
            None,
            "begins with (01) and the number '09506000134353', but its check digit is 3, expected 2",
        ),
        (
            "0109506000134353",
            "]d2",
            "AI (01) has the value '09506000134353': its check digit is 3, expected 2",
        ),
        ("01123", "]C1", "AI (01) has the value '123', which does not fit its format"),
        ("10", "]C1", "AI (10) has the value '', which does not fit its format"),
        (f"01{GTIN}2", "]d2", "'2' is no application identifier"),
        (f"01{GTIN}XYZ", None, "'XYZ' is no application identifier"),
        ("10A\x1d1PXYZ", None, "'1PXY' is no application identifier"),
        ("\x1d", "]d2", "holds no element strings"),
        ("11990231", "]d2", "AI (11) has the value '990231': 990231 is no date"),
        ("10A~", "]d2", "AI (10) has the value 'A~', which does not fit its format"),
        ("10é", "]d2", "AI (10) has the value 'é', which does not fit its format"),
        ("10" + "A" * 21, "]d2", f"AI (10) has the value '{'A' * 21}', which does not fit its format"),
        ("7007260101260", "]d2", "AI (7007) has the value '260101260', which does not fit its format"),
    ],
)
def test_what_is_not_gs1_is_told_why(text: str, symbology: str | None, reason: str) -> None:
    assert gs1(text, symbology) == Rejected("gs1", reason)


@pytest.mark.parametrize("separator", ["]", "<GS>", "{gs}"])
def test_a_separator_that_was_sent_as_text_is_said_and_not_guessed(separator: str) -> None:
    reason = f"has '{separator}' where GS may be meant. Set the scanner to send GS as it is."
    assert gs1(f"01{GTIN}10LOT7{separator}21S1") == Rejected("gs1", reason)


def test_a_lost_separator_is_noticed() -> None:
    assert gs1(f"01{GTIN}10LOT717281231") == Rejected(
        "gs1",
        "has the value 'LOT717281231' in (10), which ends in what reads as (17) 281231: "
        "the scanner may drop GS. Set it to send GS and AIM identifiers.",
    )
    assert isinstance(gs1(f"01{GTIN}10LOT71728123121S1"), Rejected)


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        (f"01{GTIN}10LOT717281231", "]d2"),
        (f"01{GTIN}10LOT717281231\x1d", None),
        (f"01{GTIN}10LOT717283231", None),
        (f"01{GTIN}1017281231", None),
        (f"01{GTIN}10LOT17281231~", "]d2"),
    ],
)
def test_a_date_in_a_lot_is_believed_where_separators_arrive(text: str, symbology: str | None) -> None:
    answer = gs1(text, symbology)
    assert isinstance(answer, Gs1) is not text.endswith("~")


@pytest.mark.parametrize(
    ("text", "symbology", "gtin"),
    [
        ("9506000134352", "]E0", "09506000134352"),
        ("036000291452", "]E0", "00036000291452"),
        ("95060002", "]E4", "00000095060002"),
        ("19506000134359", "]I1", "19506000134359"),
        ("950600013435212", "]E3", "09506000134352"),
        ("950600013435212345", "]E3", "09506000134352"),
    ],
)
def test_item_numbers_by_symbology(text: str, symbology: str, gtin: str) -> None:
    assert gs1(text, symbology) == Gs1((("01", gtin),))


@pytest.mark.parametrize(
    ("text", "symbology", "reason"),
    [
        ("9506000134353", "]E0", "is the item number '9506000134353', but its check digit is 3, expected 2"),
        ("950600013435", "]E4", "is '950600013435' where ]E4 announces 8 digits"),
        ("95060", "]E0", "is '95060' where ]E0 announces 13 / 12 / 8 digits"),
        ("9506OOO134352", "]E0", "is '9506OOO134352' where ]E0 announces 13 / 12 / 8 digits"),
        ("٩506000134352", "]E0", "is '٩506000134352' where ]E0 announces 13 / 12 / 8 digits"),
        ("12", "]E1", NOT_ANNOUNCED),
        ("19506000134359", "]I0", NOT_ANNOUNCED),
    ],
)
def test_item_numbers_are_checked(text: str, symbology: str, reason: str) -> None:
    assert gs1(text, symbology) == Rejected("gs1", reason)


def test_a_composite_is_read_whole() -> None:
    assert gs1("9506000134352|]e010A\x1d21B", "]E0") == Gs1((("01", GTIN), ("10", "A"), ("21", "B")))
    assert gs1(f"01{GTIN}|]e010A", "]C1") == Gs1((("01", GTIN), ("10", "A")))
    assert gs1("9506000134352|]e0", "]E0") == Rejected("gs1", "holds no element strings")


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"(01){GTIN}(10)A-1(17)281200", (("01", GTIN), ("10", "A-1"), ("17", "281200"))),
        (r"(10)A\(1\)B", (("10", "A(1)B"),)),
        ("(10)A)B", (("10", "A)B"),)),
        ("(3103)001250", (("3103", "001250"),)),
        (f"(01) {GTIN} (10) A ", (("01", GTIN), ("10", "A"))),
    ],
)
def test_bracketed(text: str, elements: tuple[tuple[str, str], ...]) -> None:
    assert gs1(text) == Gs1(elements)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(", "has '(' where an identifier in brackets is expected"),
        ("(10) ", "AI (10) has the value '', which does not fit its format"),
        ("(10)A B", "AI (10) has the value 'A B', which does not fit its format"),
        ("(1)2", "has '(1)2' where an identifier in brackets is expected"),
        ("(10)A(", "has '(' where an identifier in brackets is expected"),
        ("(10A)1", "has '(10A)1' where an identifier in brackets is expected"),
        ("(05)1", "'05' is no application identifier"),
        ("(101)5", "has (101), which is no application identifier"),
        ("(10)", "AI (10) has the value '', which does not fit its format"),
        ("(10)A\\", "AI (10) has the value 'A\\\\', which does not fit its format"),
        (
            "(01)PN-100(17)(10)SN-9",
            "AI (01) has the value 'PN-100', which does not fit its format",
        ),
    ],
)
def test_bracketed_with_faults(text: str, reason: str) -> None:
    assert gs1(text) == Rejected("gs1", reason)


def test_format_05_of_an_envelope_is_gs1() -> None:
    assert gs1(f"[)>\x1e05\x1d01{GTIN}10A\x1d21B\x1e\x04", "]d1") == Gs1(
        (("01", GTIN), ("10", "A"), ("21", "B"))
    )
    assert gs1("[)>\x1e06\x1d1PX\x1e\x04") == Rejected(
        "gs1", "is in an envelope of ISO/IEC 15434 without format 05"
    )


@pytest.mark.parametrize("symbology", [None, "]Q1", "]d1", "]J0", "]Q3"])
@pytest.mark.parametrize("scheme", ["http", "https", "HTTP", "HTTPS"])
def test_digital_links_in_any_symbology(symbology: str | None, scheme: str) -> None:
    assert gs1(f"{scheme}://id.gs1.org/01/{GTIN}/10/A?17=281231", symbology) == Gs1(
        (("01", GTIN), ("10", "A"), ("17", "281231"))
    )
