from hypothesis import strategies as st
from PIL import Image

from printers.gs1 import Element, join
from printers.symbols import Matrix

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), min_size=1, max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
UID = '{"uid":"0123456789abcdef0123456789abcdef"}'
ENVELOPE = "[)>\x1e06\x1d1P4711-002\x1dQ250\x1e\x04"


def picture(matrix: Matrix, module: int = 3, height: int = 40) -> Image.Image:
    grey = matrix.modules.translate(bytes([255, 0]) + bytes(254))
    small = Image.frombytes("L", (matrix.width, matrix.height), grey)
    rows = matrix.height * module if matrix.height > 1 else height
    symbol = small.resize((matrix.width * module, rows), Image.Resampling.NEAREST)
    quiet = matrix.quiet * module
    sheet = Image.new("L", (symbol.width + 2 * quiet, symbol.height + 2 * quiet), 255)
    sheet.paste(symbol, (quiet, quiet))
    return sheet


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def with_check_digit(digits: str) -> str:
    """Weights 3 and 1 from the right (GS1 General Specifications 7.9.1)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


GTIN13 = digits(12).map(with_check_digit)
GTIN14 = digits(13).map(with_check_digit)
CSET82 = st.text(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
    min_size=1,
    max_size=20,
)
ELEMENT: st.SearchStrategy[Element] = st.one_of(
    st.tuples(st.just("00"), digits(17).map(with_check_digit)),
    st.tuples(st.just("01"), GTIN14),
    st.tuples(st.sampled_from(["10", "21", "240"]), CSET82),
    st.tuples(st.just("17"), st.sampled_from(["251231", "300228"])),
    st.tuples(st.just("20"), digits(2)),
    st.tuples(st.just("30"), st.text("0123456789", min_size=1, max_size=8)),
    st.tuples(st.just("3102"), digits(6)),
    st.tuples(st.just("414"), digits(12).map(with_check_digit)),
    st.tuples(st.just("8005"), digits(6)),
)
ELEMENTS = st.lists(ELEMENT, min_size=1, max_size=3)
GS1_TEXT = ELEMENTS.map(join)
