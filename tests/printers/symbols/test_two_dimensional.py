import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.symbols import Decoded, Symbology, decode, encode
from tests.printers.symbols.drawing import ANY, ENVELOPE, GS1_TEXT, UID, picture

UNICODE = {
    Symbology.QR: "]Q1",
    Symbology.DATAMATRIX: "]d1",
    Symbology.AZTEC: "]z0",
    Symbology.PDF417: "]L2",
}


@pytest.mark.parametrize(("symbology", "identifier"), UNICODE.items())
@settings(max_examples=100, deadline=None)
@given(text=ANY)
@example(text=UID)
@example(text=ENVELOPE)
@example(text="991234")
@example(text="A" * 23)
@example(text="\x00")
@example(text="\u65e5\u672c")
@example(text="\x80\u00ff")
def test_any_text_is_read_back(symbology: Symbology, identifier: str, text: str) -> None:
    matrix = encode(symbology, text)
    assert (matrix.width == matrix.height) is (symbology is not Symbology.PDF417)
    assert decode(picture(matrix), [symbology]) == [Decoded(text, identifier)]


@settings(max_examples=200)
@given(st.text(st.characters(min_codepoint=0, max_codepoint=127), min_size=1, max_size=13))
@example("991234")
@example("ION/PI/123")
@example("\x00")
def test_micro_qr_is_read_back(text: str) -> None:
    matrix = encode(Symbology.MICRO_QR, text)
    assert matrix.width in {11, 13, 15, 17}
    assert decode(picture(matrix), [Symbology.MICRO_QR]) == [Decoded(text, "]Q1")]


@settings(max_examples=150)
@given(GS1_TEXT)
@example("10A(B\x1d21)(01)")
@example("9912345")
def test_gs1_data_matrix_is_read_back(text: str) -> None:
    matrix = encode(Symbology.GS1_DATAMATRIX, text)
    assert matrix.width == matrix.height
    assert decode(picture(matrix), [Symbology.GS1_DATAMATRIX]) == [Decoded(text, "]d2")]


@pytest.mark.parametrize(
    ("symbology", "options", "size"),
    [
        (Symbology.QR, {}, (29, 29)),
        (Symbology.QR, {"correction": "H"}, (37, 37)),
        (Symbology.AZTEC, {}, (23, 23)),
        (Symbology.AZTEC, {"correction": "36%"}, (27, 27)),
        (Symbology.PDF417, {}, (120, 36)),
        (Symbology.PDF417, {"columns": 5}, (154, 24)),
        (Symbology.PDF417, {"correction": "0"}, (120, 30)),
    ],
)
def test_options_change_the_symbol(
    symbology: Symbology, options: dict[str, str], size: tuple[int, int]
) -> None:
    matrix = encode(symbology, UID, **options)  # type: ignore[arg-type]
    assert (matrix.width, matrix.height) == size
    assert [found.text for found in decode(picture(matrix), [symbology])] == [UID]


@pytest.mark.parametrize("symbology", [*UNICODE, Symbology.MICRO_QR])
@pytest.mark.parametrize("text", ["\ud800", "x" * 5000])
def test_what_a_symbol_cannot_hold_is_refused(symbology: Symbology, text: str) -> None:
    with pytest.raises(LabelInvalid, match=f"^{symbology} '.*: expected "):
        encode(symbology, text)


def test_micro_qr_knows_no_code_pages() -> None:
    with pytest.raises(LabelInvalid) as caught:
        encode(Symbology.MICRO_QR, "\u00e9")
    assert str(caught.value) == "micro-qr '\u00e9': expected ASCII only"


def test_gs1_data_matrix_holds_gs1_only() -> None:
    with pytest.raises(LabelInvalid, match=r"^GS1 'ION/PI/123': expected GS1 element strings \("):
        encode(Symbology.GS1_DATAMATRIX, "ION/PI/123")
