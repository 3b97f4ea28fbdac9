from decimal import Decimal

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.resolve import GoodsLabel, goods_label

PARTS = Pattern(
    "1", "PARTS_INVENTORY", r"HAL-(?P<part_partNumber>[A-Z]+)-(?P<lotNumber>[0-9]+)(?:-(?P<quantity>.+))?"
)
ANYTHING = Pattern("2", "PARTS_INVENTORY", "(?P<serialNumber>.*)")
MAPPED = Pattern("3", "PARTS_INVENTORY", json_map={"part_partNumber": "pn", "lotNumber__prefix": "lot"})
SUPPLIERS = Pattern("4", "PARTS_INVENTORY", r".*\x1dP(?P<part_partNumber>BOLT)-[0-9].*")


def label(*fields: str) -> bytes:
    """Return a label in the envelope, format 06."""
    return "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields)).encode()


def said(barcode: bytes, *patterns: Pattern) -> GoodsLabel | None:
    return goods_label(read(barcode, None, patterns))


def bare(found: GoodsLabel | None) -> tuple[object, ...]:
    assert found is not None
    return (
        found.order_number, found.order_line, found.part_numbers, found.quantity, found.lot, found.serial,
        found.date_code,
    )  # fmt: skip


def identity(barcode: bytes, *patterns: Pattern) -> str:
    found = said(barcode, *patterns)
    assert found is not None
    return found.identity


def test_a_suppliers_label_says_whose_what_and_how_many() -> None:
    fields = ("KPO-7", "4K2", "PBOLT-1", "1PMB-1", "Q0100", "1TL-1", "SSN-1", "9D2245")
    assert bare(said(label(*fields))) == (
        "PO-7", "2", ("BOLT-1", "MB-1"), Decimal(100), "L-1", "SN-1", "2245",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "numbers"),
    [
        (("1P935299999118", "30PTYPE1234"), ("935299999118", "TYPE1234")),
        (("PREF-1", "30P999-1-ND", "11ZPICK"), ("REF-1", "999-1-ND")),
        (("1PMB-1", "30PA", "30PB"), ("MB-1",)),
        (("1PMB-1", "30P"), ("MB-1",)),
    ],
)
def test_a_makers_type_number_names_the_part_too(fields: tuple[str, ...], numbers: tuple[str, ...]) -> None:
    assert bare(said(label(*fields)))[2] == numbers


@pytest.mark.parametrize("written", ["Q", "Q0", "Q12X", "Q-5", "Qten", "Q1.0000001"])
def test_a_quantity_that_is_none_is_not_made_up(written: str) -> None:
    assert bare(said(label("PBOLT-1", written)))[3] is None


def test_empty_fields_say_nothing() -> None:
    assert said(label("K ", "P", "1P", "1T")) is None
    assert bare(said(label("K", "PBOLT-1", "1PBOLT-1", "1T  ")))[:5] == ("", "", ("BOLT-1",), None, "")


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        ("]C110L-1\x1d21SN-1\x1d241BOLT-1\x1d30005", ("", "", ("BOLT-1",), Decimal(5), "L-1", "SN-1", "")),
        ("]C1240MB-1\x1d400PO-7", ("PO-7", "", ("MB-1",), None, "", "", "")),
        ("]C110L-1\x1d10L-2\x1d21SN-1", ("", "", (), None, "", "SN-1", "")),
        ("[)>\x1e05\x1d10L-1\x1e\x04", ("", "", (), None, "L-1", "", "")),
        ("1234567000000042123456", ("", "", (), Decimal(42), "", "", "")),
        (
            "{pbn:A,on:WM1,pc:C1,pm:MB-1,qty:9,mc:,cc:1,pdi:1}",
            ("", "", ("MB-1", "C1"), Decimal(9), "", "", ""),
        ),
        ("QTY:5 PN:T-1 PO:7/2 CPO:PO-7 MPN:MB-1", ("PO-7", "", ("MB-1", "T-1"), Decimal(5), "", "", "")),
    ],
)
def test_other_labels_on_goods(barcode: str, expected: tuple[object, ...]) -> None:
    assert bare(said(barcode.encode())) == expected


@pytest.mark.parametrize(
    "barcode", ["BOLT-1", "ION/PO/7", "ION/CMD/CONFIRM", "", "]E04006381333931", "[)>\x1e12\x1dPNO X\x1e\x04"]
)
def test_what_is_no_label_on_goods(barcode: str) -> None:
    assert said(barcode.encode()) is None


def test_what_a_tenant_taught_ion_is_a_label_too() -> None:
    assert bare(said(b"HAL-BOLT-77-25", PARTS)) == ("", "", ("BOLT",), Decimal(25), "77", "", "")
    assert bare(said(b"HAL-BOLT-77-many", PARTS))[3] is None
    assert bare(said(b'{"pn":"BOLT-1","lot":"L"}', MAPPED)) == ("", "", ("BOLT-1",), None, "", "", "")


def test_a_pattern_that_fits_everything_hides_no_label() -> None:
    assert bare(said(label("PBOLT-1", "Q5"), ANYTHING)) == ("", "", ("BOLT-1",), Decimal(5), "", "", "")
    assert bare(said(b"SN-9", ANYTHING)) == ("", "", (), None, "", "SN-9", "")


def test_what_a_pattern_leaves_out_is_read_from_the_label_itself() -> None:
    barcode = label("KPO-7", "PBOLT-1", "Q5")
    assert bare(said(barcode, SUPPLIERS)) == ("PO-7", "", ("BOLT",), Decimal(5), "", "", "")


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        (("PX", "Q5", "1TL"), ("PX", "Q5", "1TL"), True),
        (("PX", "Q5", "1TL"), ("Q5", "1TL", "PX"), True),
        (("PX", "Q5", "1TL"), ("PX", "Q5", "1TL", "9D"), True),
        (("PX", "Q5", "1TL"), ("PX", "Q6", "1TL"), False),
        (("PX", "Q5", "1TL"), ("PX", "Q5", "1TM"), False),
        (("PX", "Q5", "3SBOX1"), ("PX", "Q5", "3SBOX2"), False),
        (("PX", "Q5", "3SBOX1"), ("PX", "3SBOX1", "1TL"), True),
        (("PX", "Q5", "3SBOX1"), ("PY", "Q5", "3SBOX1"), False),
        (("PX", "Q5", "11K99"), ("PX", "Q5", "11K99"), True),
        (("PX", "Q5", "13Z1", "12Z2"), ("PX", "Q5", "13Z3", "12Z2"), False),
    ],
)
def test_a_package_is_known_again(first: tuple[str, ...], second: tuple[str, ...], *, is_same: bool) -> None:
    identities = identity(label(*first)), identity(label(*second))
    assert all(len(each) == 16 for each in identities)
    assert (identities[0] == identities[1]) is is_same


def test_a_package_is_known_again_without_identifiers() -> None:
    first, second = (f"{{pbn:A,on:W1,pc:C1,pm:M,qty:9,pdi:{pdi}}}".encode() for pdi in (1, 2))
    assert identity(first) == identity(first + b"\r\n") != identity(second)
    assert identity(b"1234567000000042123456") != identity(b"1234567000000042123457")
    assert identity(b"HAL-BOLT-77", PARTS) != identity(b"HAL-BOLT-78", PARTS)
    assert identity(b"]C10034012345000000001710L") == identity(b"]C10034012345000000001721S")


def test_what_and_how_many_is_no_identity() -> None:
    assert identity(label("KPO-7", "PBOLT-1", "Q5", "9D2245")) == ""
    assert identity(b"HAL-BOLT-77", ANYTHING) != ""
    assert bare(said(b'{"pn":"BOLT-1","lot":"L"}', MAPPED))[2] == ("BOLT-1",)
    assert identity(b'{"pn":"BOLT-1","lot":"L"}', MAPPED) == ""
