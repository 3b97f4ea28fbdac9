import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import LabelInvalid
from printers.symbols import Decoded, Matrix, Symbology, code128_words, decode, encode, smallest_module_dots

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), min_size=1, max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
START = {103: "A", 104: "B", 105: "C"}


def picture(matrix: Matrix, module: int = 3, height: int = 40) -> Image.Image:
    grey = matrix.modules.translate(bytes([255, 0]) + bytes(254))
    small = Image.frombytes("L", (matrix.width, matrix.height), grey)
    rows = matrix.height * module if matrix.height > 1 else height
    symbol = small.resize((matrix.width * module, rows), Image.Resampling.NEAREST)
    quiet = matrix.quiet * module
    sheet = Image.new("L", (symbol.width + 2 * quiet, symbol.height + 2 * quiet), 255)
    sheet.paste(symbol, (quiet, quiet))
    return sheet


def read_words(words: list[int]) -> str:
    """Reads code words as ISO/IEC 15417 says, written without the encoder's tables."""
    current, shifted, text = START[words[0]], False, ""
    for word in words[1:]:
        using = {"A": "B", "B": "A"}[current] if shifted else current
        shifted = False
        if using == "C":
            if word < 100:
                text += f"{word:02d}"
            else:
                current = {100: "B", 101: "A"}[word]
        elif word < 64:
            text += chr(word + 32)
        elif word < 96:
            text += chr(word - 64) if using == "A" else chr(word + 32)
        elif word == 98:
            shifted = True
        else:
            current = {99: "C", 100: "B", 101: "A"}[word]
    return text


def fewest_words(text: str) -> int:
    """Counts by trying every set at every place."""
    best = dict.fromkeys("ABC", 1)
    places = [best]
    for place, character in enumerate(text):
        own = dict.fromkeys("ABC", 10**6)
        for name in "AB":
            fits = ord(character) < 96 if name == "A" else ord(character) >= 32
            own[name] = places[place][name] + (1 if fits else 2)
        if place and text[place - 1 : place + 1].isdigit():
            own["C"] = places[place - 1]["C"] + 1
        for _, (to, via) in itertools.product(range(2), itertools.permutations("ABC", 2)):
            own[to] = min(own[to], own[via] + 1)
        places.append(own)
    return min(places[-1].values())


@settings(max_examples=300)
@given(ASCII)
@example("991234")
@example("99")
@example("990001")
@example("99A")
@example("99-1234")
@example("\x00\x1d\x7f")
@example("a\x1db")
@example("1\x1d2345678z")
def test_code128_is_read_back_and_as_short_as_can_be(text: str) -> None:
    words = code128_words(text)
    assert read_words(words) == text
    assert len(words) == fewest_words(text)
    matrix = encode(Symbology.CODE128, text)
    assert matrix.width == 11 * (len(words) + 1) + 13
    assert decode(picture(matrix), [Symbology.CODE128]) == [Decoded(text, "]C0")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("991234", [105, 99, 12, 34]),
        ("99", [105, 99]),
        ("R2025-00317", [103, 50, 18, 16, 18, 21, 13, 16, 99, 3, 17]),
        ("ab1234cd", [104, 65, 66, 17, 18, 19, 20, 67, 68]),
        ("ab123456cd", [104, 65, 66, 99, 12, 34, 56, 100, 67, 68]),
        ("a\x1db", [104, 65, 98, 93, 66]),
        ("\x1da\x1d", [103, 93, 98, 65, 93]),
    ],
)
def test_code128_words(text: str, words: list[int]) -> None:
    assert code128_words(text) == words


@pytest.mark.parametrize(
    "text", ["\u00f1", "\u00f4", "\u00f3", "\u00f2", "\u00e9", "12\u0663", "\ud800", "a\u20ac"]
)
def test_code128_refuses_what_is_not_ascii(text: str) -> None:
    # The first four are python-barcode's names for FNC1, FNC4, FNC3 and FNC2.
    with pytest.raises(LabelInvalid, match=r"^code128 .*: expected ASCII only, got "):
        encode(Symbology.CODE128, text)


@settings(max_examples=100)
@given(ANY)
@example('{"uid":"0123456789abcdef0123456789abcdef"}')
@example("[)>\x1e06\x1d1P4711-002\x1dQ250\x1e\x04")
@example("\x00")
@example("ION/PI/123")
@example("\u65e5\u672c")
@example("\x80\u00ff")
def test_qr_is_read_back(text: str) -> None:
    matrix = encode(Symbology.QR, text)
    assert decode(picture(matrix), [Symbology.QR]) == [Decoded(text, "]Q1")]


@settings(max_examples=100)
@given(ANY)
@example('{"uid":"0123456789abcdef0123456789abcdef"}')
@example("[)>\x1e06\x1d1P4711-002\x1dQ250\x1e\x04")
@example("\x00")
@example("A" * 23)
@example("\u65e5\u672c")
def test_data_matrix_is_read_back_and_square(text: str) -> None:
    matrix = encode(Symbology.DATAMATRIX, text)
    assert matrix.width == matrix.height
    assert decode(picture(matrix), [Symbology.DATAMATRIX]) == [Decoded(text, "]d1")]


@pytest.mark.parametrize(
    ("symbology", "text", "modules", "quiet"),
    [
        (Symbology.QR, '{"uid":"' + "a" * 32 + '"}', (29, 29), 4),
        (Symbology.QR, "ION/RUN/123", (21, 21), 4),
        (Symbology.DATAMATRIX, '{"uid":"' + "a" * 32 + '"}', (24, 24), 1),
        (Symbology.DATAMATRIX, "ION/PI/123", (14, 14), 1),
        (Symbology.CODE128, "1234", (57, 1), 10),
    ],
)
def test_sizes_and_quiet_zones(symbology: Symbology, text: str, modules: tuple[int, int], quiet: int) -> None:
    matrix = encode(symbology, text)
    assert ((matrix.width, matrix.height), matrix.quiet, len(matrix.modules)) == (
        modules,
        quiet,
        modules[0] * modules[1],
    )
    assert set(matrix.modules) == {0, 1}


@pytest.mark.parametrize("symbology", Symbology)
def test_no_text_no_symbol(symbology: Symbology) -> None:
    with pytest.raises(LabelInvalid) as caught:
        encode(symbology, "")
    assert str(caught.value) == f"{symbology}: expected a text, got ''"


@pytest.mark.parametrize("symbology", [Symbology.QR, Symbology.DATAMATRIX])
@pytest.mark.parametrize("text", ["\ud800", "x" * 5000])
def test_what_a_matrix_cannot_hold_is_refused(symbology: Symbology, text: str) -> None:
    with pytest.raises(LabelInvalid, match=f"^{symbology} '.*: expected a text it can hold: "):
        encode(symbology, text)


def test_every_symbol_of_a_picture_is_found() -> None:
    sheet = Image.new("1", (500, 120), 1)
    sheet.paste(picture(encode(Symbology.QR, "left")), (0, 0))
    sheet.paste(picture(encode(Symbology.DATAMATRIX, "right")), (400, 0))
    assert sorted(found.text for found in decode(sheet)) == ["left", "right"]
    assert decode(sheet, [Symbology.CODE128]) == []


@pytest.mark.parametrize(
    ("symbology", "dots_per_mm", "dots"),
    [
        (Symbology.CODE128, 8, 2),
        (Symbology.CODE128, 300 / 25.4, 3),
        (Symbology.QR, 8, 3),
        (Symbology.QR, 300 / 25.4, 4),
        (Symbology.DATAMATRIX, 600 / 25.4, 8),
        (Symbology.DATAMATRIX, 4, 2),
    ],
)
def test_smallest_modules(symbology: Symbology, dots_per_mm: float, dots: int) -> None:
    assert smallest_module_dots(symbology, dots_per_mm) == dots
