"""Draws the symbols that ZPL names by `^BC`, `^BQ` and `^BX`.

Code 128 is written here once more, from ISO/IEC 15417 and Zebra's own list of invocation codes, so that it
can judge; for the two-dimensional kinds there is one writer in the house, and a scanner has to judge them.
"""

from typing import Final

from PIL import Image

from printers.errors import LabelInvalid
from printers.symbols import Matrix, Symbology, encode

__all__ = ["code128", "data_matrix", "qr"]

_WIDTHS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
"""Bars and spaces of the code words 0 to 105, six digits each (ISO/IEC 15417, table 1)."""
_STOP: Final = "2331112"
_STARTS: Final = {"9": (103, "A"), ":": (104, "B"), ";": (105, "C")}
_SWITCHES: Final = {"5": (99, "C"), "6": (100, "B"), "7": (101, "A")}
_LITERALS: Final = {"0": ">", "<": "^", "=": "~"}
"""After `>` in set B (ZPL II guide, "Code 128 invocation codes")."""
_FNC1: Final = 102
_CHECK_MODULUS: Final = 103
_SPACE, _LAST_OF_B, _LAST_OF_A = 0x20, 0x7E, 0x5F


def code128(data: str, module: int, height: int) -> Image.Image:
    """Draw what `^BC` draws in mode N, where the data itself names its sets; set B unless it says another.

    Raises:
        ValueError: The data is not what the set in force can hold.
    """
    words, state, place = [104], "B", 0
    while place < len(data):
        code = data[place + 1 : place + 2] if data[place] == ">" else ""
        if code in _STARTS and code and place == 0:
            start, state = _STARTS[code]
            words, place = [start], 2
        elif code and code in _SWITCHES:
            word, state = _SWITCHES[code]
            words.append(word)
            place += 2
        elif code == "8":
            words.append(_FNC1)
            place += 2
        elif state == "C":
            digits = data[place : place + 2]
            if len(digits) != 2 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - a pair
                raise ValueError(f"expected pairs of digits in set C, got {digits!r}")
            words.append(int(digits))
            place += 2
        else:
            character, place = (_LITERALS.get(code), place + 2) if code else (data[place], place + 1)
            words.append(_word(character, state))
    check = (words[0] + sum(position * word for position, word in enumerate(words[1:], 1))) % _CHECK_MODULUS
    widths = "".join(_WIDTHS[6 * word : 6 * word + 6] for word in [*words, check]) + _STOP
    bars = "".join(("1", "0")[number % 2] * int(width) for number, width in enumerate(widths))
    row = Image.new("1", (len(bars), 1), 1)
    row.putdata([int(bar == "0") for bar in bars])
    return row.resize((len(bars) * module, height), Image.Resampling.NEAREST)


def _word(character: str | None, state: str) -> int:
    value = -1 if character is None or len(character) != 1 else ord(character)
    if _SPACE <= value <= (_LAST_OF_B if state == "B" else _LAST_OF_A):
        return value - _SPACE
    if state == "A" and 0 <= value < _SPACE:
        return value + 64
    raise ValueError(f"expected a character of set {state}, got {character!r}")


def qr(data: str, module: int) -> Image.Image:
    """Draw what `^BQ` draws: a level of correction, `A` for automatic, a comma, and the text.

    Raises:
        ValueError: The data says otherwise, or is too long.
    """
    level, mode, text = data[:1], data[1:2], data[3:]
    if level not in "HQML" or mode != "A" or data[2:3] != ",":
        raise ValueError(f"expected data that begins like 'MA,', got {data[:10]!r}")
    return _drawn(_encoded(Symbology.QR, text, level), module)


def data_matrix(data: str, module: int, columns: int, rows: int) -> Image.Image:
    """Draw what `^BX` draws for ECC 200, in the size it names.

    Raises:
        ValueError: The text does not make a symbol of this size.
    """
    matrix = _encoded(Symbology.DATAMATRIX, data, "")
    if (columns, rows) not in ((0, 0), (matrix.width, matrix.height)):
        raise ValueError(
            f"expected data for {columns} x {rows} modules, got {matrix.width} x {matrix.height}"
        )
    return _drawn(matrix, module)


def _encoded(symbology: Symbology, text: str, correction: str) -> Matrix:
    try:
        return encode(symbology, text, correction=correction)
    except LabelInvalid as error:
        raise ValueError(str(error)) from error


def _drawn(matrix: Matrix, module: int) -> Image.Image:
    picture = Image.new("1", (matrix.width, matrix.height), 1)
    picture.putdata([1 - black for black in matrix.modules])
    return picture.resize((matrix.width * module, matrix.height * module), Image.Resampling.NEAREST)
