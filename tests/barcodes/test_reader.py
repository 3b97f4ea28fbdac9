import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import (
    FIELDS,
    Command,
    IonRef,
    IonUid,
    Pattern,
    Readings,
    Text,
    read,
    text_of,
    to_json,
    warm_up,
)

KINDS = (
    "ion-uid",
    "ion-ref",
    "command",
    "ion-pattern",
    "gs1",
    "iso15434",
    "lcsc",
    "tme",
    "digikey-1d",
    "text",
)
UID = "0123456789abcdef0123456789abcdef"


def kinds(readings: Readings) -> list[str]:
    return [reading.kind for reading in readings.readings]


def test_a_part_number_is_text_and_nothing_else() -> None:
    assert read(b"PN-100\r\n") == Readings(
        raw=b"PN-100\r\n",
        text="PN-100\r\n",
        symbology=None,
        readings=(Text("PN-100"),),
        rejected=read(b"PN-100").rejected,
    )


def test_every_kind_is_either_read_or_rejected_with_a_reason() -> None:
    readings = read(b"ION/PI/7")
    assert readings.readings == (IonRef("PI", "7"),)
    assert [(rejected.kind, bool(rejected.reason)) for rejected in readings.rejected] == [
        (kind, True) for kind in KINDS if kind != "ion-ref"
    ]


def test_the_aim_identifier_is_split_off_and_kept() -> None:
    readings = read(b"]Q1ION/CMD/CONFIRM")
    assert (readings.symbology, readings.text) == ("]Q1", "ION/CMD/CONFIRM")
    assert readings.readings == (Command("CONFIRM"),)
    assert readings.raw == b"]Q1ION/CMD/CONFIRM"


def test_an_identifier_reported_by_the_device_leaves_the_data_alone() -> None:
    readings = read(b"]d1x", "]C0")
    assert (readings.symbology, readings.text) == ("]C0", "]d1x")


@pytest.mark.parametrize("symbology", ["", "d1", "]d1\x00", "nonsense"])
def test_a_malformed_reported_identifier_is_ignored(symbology: str) -> None:
    assert read(b"]d1x", symbology) == read(b"]d1x")


def test_bytes_that_are_not_utf8_are_read_as_latin_1() -> None:
    assert read(b"5 \xb5F").text == "5 \xb5F"
    assert read("5 µF".encode()).text == "5 µF"


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"]d1", b"]d1\r"])
def test_an_empty_scan_is_rejected_by_every_kind(raw: bytes) -> None:
    readings = read(raw)
    assert readings.readings == ()
    assert {rejected.reason for rejected in readings.rejected} == {"is empty"}
    assert readings.raw == raw


def test_a_scan_that_is_too_long_is_rejected_by_every_kind() -> None:
    assert kinds(read(b"A" * 8192)) == ["text"]
    readings = read(b"A" * 8193)
    assert readings.readings == ()
    assert {rejected.reason for rejected in readings.rejected} == {
        "is 8193 bytes long, at most 8192 are read"
    }


def test_the_json_of_kiosk_decode() -> None:
    text = f'{{"uid":"{UID}"}}'
    answer = to_json(read(text.encode()))
    assert {**answer, "rejected": []} == {
        "text": text,
        "symbology": None,
        "readings": [{"kind": "ion-uid", "uid": UID}, {"kind": "text", "value": text}],
        "rejected": [],
    }
    assert answer["rejected"] == [
        {"kind": rejected.kind, "reason": rejected.reason} for rejected in read(text.encode()).rejected
    ]


@pytest.mark.parametrize(
    ("raw", "reading"),
    [
        (b"]C0ION/CMD/CONFIRM", {"kind": "command", "verb": "CONFIRM", "argument": None}),
        (b"ION/CMD/QUANTITY/+2", {"kind": "command", "verb": "QUANTITY", "argument": "+2"}),
        (b"ION/LOC/3", {"kind": "ion-ref", "entity": "LOC", "id": "3"}),
        (b"SN-1", {"kind": "ion-pattern", "pattern": "p1", "fields": {"serialNumber": "1"}}),
        (b"]d210A\x1d21B", {"kind": "gs1", "elements": [["10", "A"], ["21", "B"]]}),
        (
            b"[)>\x1e06\x1dK7\x1d14K1\x1dQ010\x1e\x04",
            {
                "kind": "iso15434",
                "format": "06",
                "identifiers": [["K", "7"], ["14K", "1"], ["Q", "010"]],
                "supplier": "Mouser",
                "fields": {"customer_po": "7", "customer_po_line": "1", "quantity": "10"},
            },
        ),
        (b"{pc:C1,qty:2}", {"kind": "lcsc", "fields": {"supplier_part_number": "C1", "quantity": "2"}}),
        (b"PN:A QTY:2", {"kind": "tme", "fields": {"supplier_part_number": "A", "quantity": "2"}}),
        (b"1234567000000250654321", {"kind": "digikey-1d", "fields": {"quantity": "250"}}),
        (b"plain", {"kind": "text", "value": "plain"}),
    ],
)
def test_the_json_of_each_kind(raw: bytes, reading: dict[str, object]) -> None:
    pattern = Pattern("p1", "PARTS_INVENTORY", "SN-(?P<serialNumber>[0-9]+)")
    readings = to_json(read(raw, patterns=[pattern]))["readings"]
    assert isinstance(readings, list)
    assert readings[0] == reading


def test_field_names_are_those_of_the_interface() -> None:
    assert FIELDS == (
        "customer_po",
        "customer_po_line",
        "customer_part_number",
        "supplier_part_number",
        "manufacturer_part_number",
        "quantity",
        "lot",
        "serial",
        "date_code",
        "country",
        "packing_list",
        "sales_order",
        "invoice",
    )


def test_ions_label_is_believed_before_text() -> None:
    assert read(b'{"uid":"' + UID.encode() + b'"}').readings[0] == IonUid(UID)


def test_a_label_without_separators_is_nobodys_lot() -> None:
    readings = read(b"[)>06PSOMETHING1PELSEQ5")
    assert readings.readings == ()
    assert "begins like a label in the envelope of ISO/IEC 15434" in {
        rejected.reason for rejected in readings.rejected
    }


def test_reading_text_needs_nothing_of_biip() -> None:
    program = (
        "import sys; from kiosk.barcodes import read, warm_up; "
        "read(b'PN-100'); read(b'[)>\\x1e06\\x1dQ5'); assert 'biip' not in sys.modules; "
        "warm_up(); assert 'biip' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])


def test_threads_may_be_first_together() -> None:
    answers: list[Readings] = []
    threads = [threading.Thread(target=lambda: answers.append(read(b"]d210A"))) for _ in range(8)]
    threads += [threading.Thread(target=warm_up)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [read(b"]d210A")] * 8


PIECES = st.sampled_from(
    [
        *(
            "[)>",
            ">[)>",
            "06",
            "05",
            "12",
            "\x1d",
            "\x1e",
            "\x04",
            "]",
            "^",
            "^d",
            "\u241d",
            "\uf70b",
            "\r\n",
        ),
        *("]d1", "]C1", "]E0", "]e0", "|]e0", "]Q2", "\\000026", "\\"),
        *(
            "01",
            "00",
            "10",
            "17",
            "21",
            "09506000134352",
            "281231",
            "3103",
            "8007",
            "7258",
            "4302",
            "%41",
            "8112",
        ),
        *("(01)", "(10)", "(17)", "https://e.example", "HTTP://e", "/01/", "/10/", "?", "&", "=", "+", "%ff"),
        *("P", "1P", "30P", "Q", "Q5", "K", "14K", "1K", "4L", "S", "1T", "D", "QTY:", "PN:", "CPO:", " "),
        *(
            "{",
            "}",
            "pc:C1",
            "qty:2",
            ",",
            ":",
            '"uid"',
            UID,
            "ION/",
            "CMD/",
            "QUANTITY/",
            "PI/",
            "A",
            "7",
            "é",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([None, "]C1", "]d2", "]E0", "]I1", "]Q1"]))
def test_any_mixture_of_what_has_a_meaning_gets_an_answer(text: str, symbology: str | None) -> None:
    answer_is_whole(text.encode(), symbology)


@given(st.binary(max_size=9000) | st.text().map(str.encode), st.none() | st.text(max_size=4))
def test_any_bytes_get_an_answer(raw: bytes, symbology: str | None) -> None:
    answer_is_whole(raw, symbology)


def answer_is_whole(raw: bytes, symbology: str | None) -> None:
    readings = read(raw, symbology)
    assert readings.raw == raw
    assert readings.text == text_of(raw, symbology)
    found = [reading.kind for reading in readings.readings]
    rejected = [rejected.kind for rejected in readings.rejected]
    assert sorted(found + rejected) == sorted(KINDS)
    assert all(rejected.reason for rejected in readings.rejected)
    assert json.loads(json.dumps(to_json(readings))) == to_json(readings)
    for reading in readings.readings:
        fields = getattr(reading, "fields", {})
        assert set(fields) <= set(FIELDS)
        if "quantity" in fields:
            assert fields["quantity"].lstrip("0") in raw.decode("latin-1").replace("\\", "")
