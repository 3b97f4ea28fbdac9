import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.symbols import Decoded, Symbology, decode, encode
from tests.printers.symbols.drawing import GTIN13, GTIN14, picture, with_check_digit

CODE39 = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. ", min_size=1, max_size=30)


@settings(max_examples=200)
@given(CODE39)
@example("99")
@example("991234")
@example(" A ")
def test_code39_is_read_back_without_a_check_character(text: str) -> None:
    matrix = encode(Symbology.CODE39, text)
    assert decode(picture(matrix), [Symbology.CODE39]) == [Decoded(text, "]A0")]


@settings(max_examples=200)
@given(GTIN14)
@example(with_check_digit("9912345678901"))
def test_itf14_is_read_back(text: str) -> None:
    matrix = encode(Symbology.ITF14, text)
    assert matrix.width == 7 * 18 + 9
    assert decode(picture(matrix), [Symbology.ITF14]) == [Decoded(text, "]I1")]


@settings(max_examples=200)
@given(GTIN13)
@example(with_check_digit("991234567890"))
@example("0012345678905")
def test_ean13_is_read_back(text: str) -> None:
    matrix = encode(Symbology.EAN13, text)
    assert matrix.width == 95
    assert decode(picture(matrix), [Symbology.EAN13]) == [Decoded(text, "]E0")]


@pytest.mark.parametrize("text", ["a", "A$1", "1/2", "5%", "A+", "\u00c9", "\x1d", "*", "\u0663"])
def test_code39_has_few_characters(text: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        encode(Symbology.CODE39, text)
    assert str(caught.value).startswith(
        f"code39 {text!r}: expected digits, capitals, '-', '.' and space, got "
    )


@pytest.mark.parametrize(
    ("symbology", "text", "length"),
    [
        (Symbology.ITF14, "4012345678901", 14),
        (Symbology.ITF14, "04012345678902", 14),
        (Symbology.ITF14, "0401234567890\u0661", 14),
        (Symbology.EAN13, "400638133393", 13),
        (Symbology.EAN13, "4006381333932", 13),
        (Symbology.EAN13, "40063813339311", 13),
    ],
)
def test_nothing_is_padded_and_no_check_digit_is_made_up(
    symbology: Symbology, text: str, length: int
) -> None:
    with pytest.raises(LabelInvalid) as caught:
        encode(symbology, text)
    assert str(caught.value) == (
        f"{symbology} {text!r}: expected {length} digits of which the last checks the others"
    )
