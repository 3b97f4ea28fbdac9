"""The command sheets: a barcode for every button, so that a person with a scanner need not touch a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.barcodes.ion import command
from kiosk.errors import LabelError
from kiosk.flows.paging import LINES
from kiosk.flows.wording import JOB_WORDS
from kiosk.language import Language, language
from kiosk.sheets.paper import Say, Sheet
from kiosk.words import ENGLISH, N_
from printers.fonts import Face
from printers.symbols import Symbology, encode

ACTIONS: Final = {
    "CONFIRM": N_("Confirm"),
    "CANCEL": N_("Cancel"),
    "BACK": N_("Back"),
    "START": N_("Start"),
    "COMPLETE": N_("Complete"),
    "UNDO": N_("Undo"),
    "PRINT": N_("Print"),
    "REPEAT": N_("Repeat"),
    "HOME": N_("Home"),
}
QUANTITIES: Final = ("1", "2", "5", "10", "20", "50", "+1", "+5", "100")
COPIES: Final = ("1", "2", "3", "4")
CHOICES: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
"""Lines of a list; those that every screen shows stand on the first sheet."""
STEPS: Final = {
    "ENTER": N_("Fill in"),
    "FAIL": N_("Fail"),
    "HOLD": N_("Hold"),
    "YES": N_("Yes"),
    "NO": N_("No"),
    "NOW": N_("Now"),
}
"""What is said of a run's step and its fields."""
STOCK: Final = {
    "PROBLEM": N_("Problem"),
    "PHOTO": N_("Photo"),
    "CREATE": N_("New run"),
    "RECOUNT": N_("Count anew"),
    "SCRAP": N_("Scrap"),
}
LOOKING: Final = {
    "HISTORY": N_("History"),
    "SEARCH": N_("Search"),
    "HELP": N_("Help"),
    "STATUS": N_("How it is"),
    "PREVIOUS": N_("Previous page"),
}
"""What looks at more than the step on the screen."""
QUEUE: Final = {"PAUSE": N_("Pause"), "GO": N_("Go on"), "CANCEL": N_("Cancel labels")}
"""What becomes of the station's labels; whether one came out stands on the first sheet."""
KEYS: Final = (*"1234567890", "DOT", "MINUS")
_KEY_WORDS: Final = {"DOT": N_("Point"), "MINUS": N_("Minus")}

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
_WORD_MM: Final = 4.0
_CODE_MM: Final = 2.3
_APART_MM: Final = 1.5
"""Between the word and what the barcode says."""
_TITLE: Final = N_("ION Kiosk: command barcodes")
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


def command_sheet(
    flows: Sequence[str],
    *,
    station: str = "",
    paper: str = "a4",
    kind: str = "png",
    spoken: Language | None = None,
) -> bytes:
    """Draw the command sheet.

    Args:
        flows: names of the flows to have a barcode each.
        station: the station it hangs at, named at the top.
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.
        spoken: the language of who reads it, else English.

    Raises:
        LabelError: unknown paper or kind, a flow that no barcode can name, or more flows than fit.
    """
    sheet, say = Sheet.blank(paper, kind), (spoken or language(ENGLISH)).text
    draw_commands(sheet, flows, station, say)
    return sheet.saved(say(_TITLE))


def work_sheet(
    *,
    station: str = "",
    paper: str = "a4",
    kind: str = "png",
    lines: int = LINES,
    spoken: Language | None = None,
) -> bytes:
    """Draw the second command sheet: for runs, problems and counts, with keys to type by scanning.

    Args:
        station: the station it hangs at, named at the top.
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.
        lines: of a list, on the station's screen.
        spoken: the language of who reads it, else English.

    Raises:
        LabelError: unknown paper or kind.
    """
    sheet, say = Sheet.blank(paper, kind), (spoken or language(ENGLISH)).text
    draw_work(sheet, station, say, lines)
    return sheet.saved(say(_TITLE))


def draw_commands(sheet: Sheet, flows: Sequence[str], station: str, say: Say) -> None:
    """Draw what ``command_sheet`` has on it.

    Raises:
        LabelError: a flow that no barcode can name, or more flows than fit.
    """
    try:
        to_flows = [_Code(_job(flow, say), command("FLOW", flow)) for flow in flows]
    except ValueError as error:
        raise LabelError(f"Cannot draw the command sheet: {error}") from error
    copies = [
        _Code(say(N_("1 copy")) if n == "1" else say(N_("{number} copies"), number=n), command("COPIES", n))
        for n in COPIES
    ]
    labels = [
        _Code(say(N_("Came out")), command("PRINTED", "YES")),
        _Code(say(N_("Missing")), command("PRINTED", "NO")),
        _Code(say(N_("Shift")), command("SHIFT")),
    ]
    choices = _choices(CHOICES[:LINES], say)
    parts = (
        (N_("Do"), _verbs(ACTIONS, say)),
        (N_("Quantity"), [_Code(_quantity(n, say), command("QUANTITY", n)) for n in QUANTITIES]),
        (N_("Choose from the list on the screen"), [*choices, _Code(say(N_("Next page")), command("NEXT"))]),
        (N_("Labels"), [*copies, *labels]),
        (N_("Go to"), to_flows),
    )
    _draw_parts(sheet, parts, station, say)


def draw_work(sheet: Sheet, station: str, say: Say, lines: int = LINES) -> None:
    """Draw what ``work_sheet`` has on it."""
    parts = (
        (N_("Steps and their fields"), _verbs(STEPS, say)),
        (N_("Look around"), _verbs(LOOKING, say)),
        (N_("Problems, runs and stock"), _verbs(STOCK, say)),
        (N_("Choose from the list on the screen"), _choices(CHOICES[LINES:lines], say)),
        (N_("Printer"), [_Code(say(word), command("QUEUE", act)) for act, word in QUEUE.items()]),
        (
            N_("Keys, for numbers and times"),
            [
                *(_Code(say(_KEY_WORDS.get(key, key)), command("KEY", key)) for key in KEYS),
                *_verbs({verb: ACTIONS[verb] for verb in ("UNDO", "CONFIRM", "BACK")}, say),
            ],
        ),
    )
    _draw_parts(sheet, parts, station, say)


def _choices(numbers: Sequence[str], say: Say) -> list[_Code]:
    return [_Code(say(N_("Line {number}"), number=n), command("CHOOSE", n)) for n in numbers]


def _verbs(words: Mapping[str, str], say: Say) -> list[_Code]:
    return [_Code(say(word), command(verb)) for verb, word in words.items()]


def _job(flow: str, say: Say) -> str:
    return say(JOB_WORDS[flow]) if flow in JOB_WORDS else flow.capitalize()


def _draw_parts(sheet: Sheet, parts: Sequence[tuple[str, Sequence[_Code]]], station: str, say: Say) -> None:
    sections = [_Section.of(say(title), codes, sheet.width_mm) for title, codes in parts if codes]
    rows = sum(section.rows for section in sections)
    room_mm = sheet.height_mm - 2 * _MARGIN_MM - _HEAD_MM - _FOOT_MM - _HEADING_MM * len(sections)
    pitch_mm = room_mm / rows
    if pitch_mm < _LEAST_PITCH_MM:
        raise LabelError(
            f"Cannot draw the command sheet: expected rows of {_LEAST_PITCH_MM} mm or more on "
            f"{sheet.height_mm:.0f} mm of paper, got {pitch_mm:.1f} mm with {rows} rows."
        )
    pitch_mm = min(pitch_mm, _MOST_PITCH_MM)
    _head(sheet, station, say)
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
    advice = say(N_("Print at 100 %. Cover what you do not need."))
    sheet.text((_MARGIN_MM, sheet.height_mm - _MARGIN_MM), advice, 2.6)


def _quantity(number: str, say: Say) -> str:
    return say(N_("Add {number}"), number=number[1:]) if number.startswith("+") else number


def _head(sheet: Sheet, station: str, say: Say) -> None:
    right_mm = sheet.width_mm - _MARGIN_MM
    sheet.text((_MARGIN_MM, _MARGIN_MM + 6.0), say(N_("Command barcodes")), 7.5, Face.BOLD)
    sheet.text((_MARGIN_MM, _MARGIN_MM + 11.0), say(N_("Scan one instead of touching the screen.")), 3.4)
    sheet.text_right((right_mm, _MARGIN_MM + 6.0), station or "ION Kiosk", 5.0, Face.BOLD)
    sheet.text_right((right_mm, _MARGIN_MM + 11.0), "ION Kiosk" if station else "", 3.4)
    sheet.rule(_MARGIN_MM, _MARGIN_MM + 13.5, right_mm - _MARGIN_MM, 0.5)


def _draw(sheet: Sheet, code: _Code, at_mm: tuple[float, float], pitch_mm: float) -> None:
    matrix = encode(Symbology.CODE128, code.text)
    bars_mm = pitch_mm - _TEXT_MM - _GAP_MM
    # The word stands at the left edge of the bars: between two symbols of a row their quiet zones meet.
    width_mm = sheet.symbol((at_mm[0], at_mm[1] + _TEXT_MM), matrix, _MODULE_MM, bars_mm)
    room_mm = width_mm - sheet.width_of_mm(code.text, _CODE_MM, Face.MONO) - _APART_MM
    size_mm = sheet.fitting_mm(code.word, _WORD_MM, room_mm, Face.BOLD)
    sheet.text((at_mm[0], at_mm[1] + 3.4), code.word, size_mm, Face.BOLD)
    sheet.text_right((at_mm[0] + width_mm, at_mm[1] + 3.4), code.text, _CODE_MM, Face.MONO)
