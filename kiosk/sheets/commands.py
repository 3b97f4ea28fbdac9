"""The command sheets: a barcode for every button, so that a person with a scanner need not touch a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from kiosk.barcodes.ion import command
from kiosk.errors import LabelError
from kiosk.sheets.paper import Sheet
from printers.fonts import Face
from printers.symbols import Symbology, encode

ACTIONS: Final = (
    "CONFIRM",
    "CANCEL",
    "BACK",
    "START",
    "COMPLETE",
    "UNDO",
    "PRINT",
    "REPEAT",
    "HOME",
)
QUANTITIES: Final = ("1", "2", "5", "10", "20", "50", "+1", "+5", "100")
COPIES: Final = ("1", "2", "3", "4")
CHOICES: Final = ("1", "2", "3", "4")
STEPS: Final = {"ENTER": "Fill in", "FAIL": "Fail", "HOLD": "Hold", "YES": "Yes", "NO": "No", "NOW": "Now"}
"""What is said of a run's step and its fields."""
STOCK: Final = {
    "PROBLEM": "Problem",
    "PHOTO": "Photo",
    "CREATE": "New run",
    "RECOUNT": "Count anew",
    "SCRAP": "Scrap",
}
LOOKING: Final = {
    "HISTORY": "History",
    "SEARCH": "Search",
    "HELP": "Help",
    "STATUS": "How it is",
    "PREVIOUS": "Previous page",
}
"""What looks at more than the step on the screen."""
QUEUE: Final = {"PAUSE": "Pause", "GO": "Go on", "CANCEL": "Cancel labels"}
"""What becomes of the station's labels; whether one came out stands on the first sheet."""
KEYS: Final = (*"1234567890", "DOT", "MINUS")
_KEY_WORDS: Final = {"DOT": "Point", "MINUS": "Minus"}

_MARGIN_MM: Final = 8.0
_HEAD_MM: Final = 17.0
_FOOT_MM: Final = 4.0
_HEADING_MM: Final = 7.0
_MODULE_MM: Final = 0.254
"""10 mil: three dots at 300 dpi, six at 600; hand scanners read it from an arm's length."""
_QUIET_MM: Final = Symbology.CODE128.traits.quiet_modules * _MODULE_MM
_LEAST_PITCH_MM: Final = 13.0
_MOST_PITCH_MM: Final = 24.0
_TEXT_MM: Final = 4.6
_GAP_MM: Final = 3.6
"""White under the bars, so that a line of a laser scanner meets one symbol only."""


@dataclass(frozen=True, slots=True)
class _Code:
    word: str
    text: str

    @property
    def width_mm(self) -> float:
        """Of the bars, without the quiet zone."""
        return encode(Symbology.CODE128, self.text).width * _MODULE_MM


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    codes: tuple[_Code, ...]
    columns: int

    @classmethod
    def of(cls, title: str, codes: Sequence[_Code], paper_mm: float) -> "_Section":
        """Set codes in as many columns as leave each its quiet zone."""
        for columns in (3, 2):
            room_mm = (paper_mm - 2 * _MARGIN_MM) / columns
            # Beside the last column lies the margin, which is quiet anyway.
            spare_mm = [_MARGIN_MM if place % columns == columns - 1 else 0 for place in range(len(codes))]
            if all(
                code.width_mm + _QUIET_MM <= room_mm + spare
                for code, spare in zip(codes, spare_mm, strict=True)
            ):
                return cls(title, tuple(codes), columns)
        widest = max(codes, key=lambda code: code.width_mm)
        raise LabelError(
            f"Cannot draw {widest.text!r} on the command sheet: expected {room_mm:.0f} mm or less, "
            f"got {widest.width_mm:.0f} mm."
        )

    @property
    def rows(self) -> int:
        """How many lines of barcodes it takes."""
        return -(-len(self.codes) // self.columns)


def command_sheet(flows: Sequence[str], *, station: str = "", paper: str = "a4", kind: str = "png") -> bytes:
    """Draw the command sheet.

    Args:
        flows: names of the flows to have a barcode each.
        station: the station it hangs at, named at the top.
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.

    Raises:
        LabelError: unknown paper or kind, a flow that no barcode can name, or more flows than fit.
    """
    return _drawn(partial(_sections, flows), station=station, paper=paper, kind=kind)


def work_sheet(*, station: str = "", paper: str = "a4", kind: str = "png") -> bytes:
    """Draw the second command sheet: for runs, problems and counts, with keys to type by scanning.

    Args:
        station: the station it hangs at, named at the top.
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.

    Raises:
        LabelError: unknown paper or kind.
    """
    return _drawn(_work_sections, station=station, paper=paper, kind=kind)


def _drawn(
    sections_on: Callable[[float], tuple[_Section, ...]], *, station: str, paper: str, kind: str
) -> bytes:
    sheet = Sheet.blank(paper, kind)
    sections = sections_on(sheet.width_mm)
    rows = sum(section.rows for section in sections)
    room_mm = sheet.height_mm - 2 * _MARGIN_MM - _HEAD_MM - _FOOT_MM - _HEADING_MM * len(sections)
    pitch_mm = room_mm / rows
    if pitch_mm < _LEAST_PITCH_MM:
        raise LabelError(
            f"Cannot draw the command sheet: expected rows of {_LEAST_PITCH_MM} mm or more on {paper!r}, "
            f"got {pitch_mm:.1f} mm with {rows} rows."
        )
    pitch_mm = min(pitch_mm, _MOST_PITCH_MM)
    _head(sheet, station)
    y_mm = _MARGIN_MM + _HEAD_MM
    for section in sections:
        sheet.text((_MARGIN_MM, y_mm + 3.6), section.title, 3.6, Face.BOLD)
        y_mm += _HEADING_MM
        for place, code in enumerate(section.codes):
            row, column = divmod(place, section.columns)
            width_mm = (sheet.width_mm - 2 * _MARGIN_MM) / section.columns
            at_mm = (_MARGIN_MM + column * width_mm, y_mm + row * pitch_mm)
            _draw(sheet, code, at_mm, pitch_mm)
        y_mm += section.rows * pitch_mm
    sheet.text((_MARGIN_MM, sheet.height_mm - _MARGIN_MM), "Print at 100 %. Cover what you do not need.", 2.6)
    return sheet.saved("ION Kiosk: command barcodes")


def _sections(flows: Sequence[str], paper_mm: float) -> tuple[_Section, ...]:
    try:
        to_flows = [_Code(flow.capitalize(), command("FLOW", flow)) for flow in flows]
    except ValueError as error:
        raise LabelError(f"Cannot draw the command sheet: {error}") from error
    labels = [
        _Code("Came out", command("PRINTED", "YES")),
        _Code("Missing", command("PRINTED", "NO")),
        _Code("Shift", command("SHIFT")),
    ]
    copies = [_Code(f"{n} {'copy' if n == '1' else 'copies'}", command("COPIES", n)) for n in COPIES]
    choices = [_Code(f"Line {n}", command("CHOOSE", n)) for n in CHOICES]
    parts = {
        "Do": [_Code(verb.capitalize(), command(verb)) for verb in ACTIONS],
        "Quantity": [_Code(_quantity(n), command("QUANTITY", n)) for n in QUANTITIES],
        "Choose from the list on the screen": [
            *choices,
            _Code("Next page", command("NEXT")),
        ],
        "Labels": [*copies, *labels],
        "Go to": to_flows,
    }
    return tuple(_Section.of(title, codes, paper_mm) for title, codes in parts.items() if codes)


def _work_sections(paper_mm: float) -> tuple[_Section, ...]:
    parts = {
        "Steps and their fields": [_Code(word, command(verb)) for verb, word in STEPS.items()],
        "Look around": [_Code(word, command(verb)) for verb, word in LOOKING.items()],
        "Problems, runs and stock": [_Code(word, command(verb)) for verb, word in STOCK.items()],
        "Printer": [_Code(word, command("QUEUE", act)) for act, word in QUEUE.items()],
        "Keys, for numbers and times": [
            *(_Code(_KEY_WORDS.get(key, key), command("KEY", key)) for key in KEYS),
            _Code("Undo", command("UNDO")),
            _Code("Confirm", command("CONFIRM")),
            _Code("Back", command("BACK")),
        ],
    }
    return tuple(_Section.of(title, codes, paper_mm) for title, codes in parts.items())


def _quantity(number: str) -> str:
    return f"Add {number[1:]}" if number.startswith("+") else number


def _head(sheet: Sheet, station: str) -> None:
    right_mm = sheet.width_mm - _MARGIN_MM
    sheet.text((_MARGIN_MM, _MARGIN_MM + 6.0), "Command barcodes", 7.5, Face.BOLD)
    sheet.text((_MARGIN_MM, _MARGIN_MM + 11.0), "Scan one instead of touching the screen.", 3.4)
    sheet.text_right((right_mm, _MARGIN_MM + 6.0), station or "ION Kiosk", 5.0, Face.BOLD)
    sheet.text_right((right_mm, _MARGIN_MM + 11.0), "ION Kiosk" if station else "", 3.4)
    sheet.rule(_MARGIN_MM, _MARGIN_MM + 13.5, right_mm - _MARGIN_MM, 0.5)


def _draw(sheet: Sheet, code: _Code, at_mm: tuple[float, float], pitch_mm: float) -> None:
    matrix = encode(Symbology.CODE128, code.text)
    bars_mm = pitch_mm - _TEXT_MM - _GAP_MM
    # The word stands at the left edge of the bars: between two symbols of a row their quiet zones meet.
    width_mm = sheet.symbol((at_mm[0], at_mm[1] + _TEXT_MM), matrix, _MODULE_MM, bars_mm)
    sheet.text((at_mm[0], at_mm[1] + 3.4), code.word, 4.0, Face.BOLD)
    sheet.text_right((at_mm[0] + width_mm, at_mm[1] + 3.4), code.text, 2.3, Face.MONO)
