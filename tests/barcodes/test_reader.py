import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import Command, IonRef, IonUid, Readings, Rejected, Text, read, to_json

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
        ("ion-uid", True),
        ("command", True),
        ("text", True),
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
    assert to_json(read(b'{"uid":"' + UID.encode() + b'"}')) == {
        "text": f'{{"uid":"{UID}"}}',
        "symbology": None,
        "readings": [{"kind": "ion-uid", "uid": UID}, {"kind": "text", "value": f'{{"uid":"{UID}"}}'}],
        "rejected": [
            {"kind": "ion-ref", "reason": "does not have the form ION/<entity>/<id>"},
            {"kind": "command", "reason": "does not have the form ION/CMD/<verb>[/<argument>]"},
        ],
    }
    assert to_json(read(b"]C0ION/CMD/CONFIRM"))["readings"] == [
        {"kind": "command", "verb": "CONFIRM", "argument": None}
    ]
    assert to_json(read(b"]C0ION/LOC/3"))["readings"] == [{"kind": "ion-ref", "entity": "LOC", "id": "3"}]


def test_ions_label_is_believed_before_text() -> None:
    assert read(b'{"uid":"' + UID.encode() + b'"}').readings[0] == IonUid(UID)


@given(st.binary(max_size=9000) | st.text().map(str.encode), st.none() | st.text(max_size=4))
def test_any_bytes_get_an_answer(raw: bytes, symbology: str | None) -> None:
    readings = read(raw, symbology)
    assert readings.raw == raw
    assert readings.readings or readings.rejected
    assert json.loads(json.dumps(to_json(readings))) == to_json(readings)
    assert isinstance(readings.rejected, tuple)
    assert all(isinstance(rejected, Rejected) and rejected.reason for rejected in readings.rejected)
