import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes import eci, read


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\\000026\xc3\xa9", "é"),
        (b"\\000003\xe9", "é"),
        (b"A\\\\B", "A\\B"),
        (b"\\000020\x83\x65\x83\x58\x83\x67", "テスト"),
        (b"\xe9\\000026\xc3\xa9\\000003\xe9", "ééé"),
        (b"\\0000261234567", "1234567"),
    ],
)
def test_text_in_the_named_character_set(data: bytes, text: str) -> None:
    assert eci.decoded(data) == text


@pytest.mark.parametrize(
    "data", [b"plain", b"C:\\path", b"\\00002", b"\\777777x", b"\\000026\xff", b"\\000014x", b"tail\\"]
)
def test_data_outside_the_protocol_are_left_alone(data: bytes) -> None:
    assert eci.decoded(data) is None


@pytest.mark.parametrize("identifier", ["]Q2", "]d4", "]dA", "]z3", "]L1", "]J3"])
def test_the_protocol_is_used_where_the_identifier_says_so(identifier: str) -> None:
    readings = read(identifier.encode() + b"\\000026\xc3\xa9\\\\")
    assert (readings.symbology, readings.text) == (identifier, "é\\")


@pytest.mark.parametrize("identifier", ["]Q1", "]d1", "]C0"])
def test_backslashes_are_data_elsewhere(identifier: str) -> None:
    assert read(identifier.encode() + b"\\000026x").text == "\\000026x"


def test_a_lone_backslash_leaves_the_data_as_they_came() -> None:
    assert read(b"]Q2C:\\temp").text == "C:\\temp"


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    text = eci.decoded(data)
    assert text is None or isinstance(text, str)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_utf8_round_trip(text: str) -> None:
    assert eci.decoded(b"\\000026" + text.replace("\\", "\\\\").encode()) == text
