"""The scanner set-up sheet: what to switch on, and barcodes that show whether it came through."""

from collections.abc import Sequence
from typing import Final

from kiosk.language import Language, language
from kiosk.sheets import setup_codes
from kiosk.sheets.paper import Say, Sheet
from kiosk.words import ENGLISH, N_
from printers.fonts import Face

_MARGIN_MM: Final = 14.0
_MODULE_MM: Final = 0.339
"""Four dots at 300 dpi."""

_SETTINGS: Final = (
    (
        N_("USB mode"),
        N_(
            "USB serial (CDC-ACM, “virtual COM port”). Else HID POS, else RS-232; a USB keyboard only where "
            "nothing else is offered: it is the source of nearly all damaged scans."
        ),
    ),
    (
        N_("Suffix"),
        N_("CR (Enter) after every barcode. Without it each scan waits for silence. No prefix."),
    ),
    (
        N_("Code identifier"),
        N_(
            "AIM identifier before every barcode, such as ]d1. Not the maker's own one-letter code "
            "identifier, and never both."
        ),
    ),
    (
        N_("Control characters"),
        N_("Transmit GS, RS and EOT as they are. Nothing removed, nothing replaced."),
    ),
    (
        N_("As a keyboard"),
        N_(
            "US layout. Control characters as Ctrl combinations. ALT mode off, function keys off, "
            "no delay between keys."
        ),
    ),
    (
        N_("As a serial port"),
        N_(
            "8 data bits, no parity, 1 stop bit; RTS/CTS, XON/XOFF and ACK/NAK off. RS-232: 115200 baud, "
            "the same as in the kiosk's settings."
        ),
    ),
    (N_("Afterwards"), N_("Lock the scanner against programming barcodes, where it can be.")),
)
"""The first column is what to look for in the scanner's manual."""

MAKERS: Final = (
    (
        "Zebra, Symbol",
        N_(
            "USB vendor 05e0. “Transmit Code ID Character” (parameter 45) to “AIM Code ID Character”; "
            "from the factory it is none, and its own identifier says “A” for UPC/EAN (DS6708 guide, "
            "4-16). A suffix is sent only once “Scan Data Transmission Format” has one (LS4208 guide, "
            "13-3). As a keyboard: GS is Ctrl+]; “Fast HID Keyboard” on, “USB Keystroke Delay” none, "
            "“Simulated Caps Lock” off (DS9208 guide)."
        ),
    ),
    (
        "Honeywell",
        N_(
            "USB vendor 0c2e. USB serial is “COM port emulation”, terminal 130 (Xenon 1900 guide, 3-31). "
            "“Add Suffix” for all symbologies, which is 99, with CR; “Add Prefix” with AIM I.D.; from the "
            "factory there is neither (1900 guide, 5-1), but a Plug and Play code sets CR LF, which is "
            "fine too. Serial: 8 data bits, no parity, 1 stop bit, handshakes off; IS4825 and MS95xx "
            "engines 9600 baud, 7 data bits, space parity, 2 stop bits (IS4825 manual, 22): change those. "
            "As a keyboard: GS is Ctrl+]."
        ),
    ),
    (
        "Datalogic",
        N_(
            "USB vendor 05f9. Every setting stands between two scans of ENTER/EXIT. “Global AIM ID” on "
            "(Gryphon GD44XX guide, 286), the suffix 0D. Leave the “Label ID pre-loaded set” alone: "
            "another one erases all other settings, the interface too (Gryphon GFS4400 guide, 56). As a "
            "keyboard: “Control Character Emulation” 00 sends GS as Ctrl+] (QuickScan QD24 guide, 293)."
        ),
    ),
)
"""As far as the makers' public manuals say it, with the page; models differ."""

_TESTS: Final = (
    (
        "1",
        N_("Control characters"),
        N_("An ISO 15434 label: GS, RS and EOT inside."),
        setup_codes.separators_symbol,
    ),
    ("2", N_("Keyboard layout"), setup_codes.KEYS, setup_codes.keys_symbol),
    ("3", N_("Equal characters"), setup_codes.DOUBLES, setup_codes.doubles_symbol),
)


def scanner_sheet(*, paper: str = "a4", kind: str = "png", spoken: Language | None = None) -> bytes:
    """Draw the scanner set-up sheet.

    Args:
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.
        spoken: the language of who reads it, else English.

    Raises:
        LabelError: unknown paper or kind.
    """
    sheet, say = Sheet.blank(paper, kind), (spoken or language(ENGLISH)).text
    draw_setup(sheet, say)
    return sheet.saved(say(N_("ION Kiosk: set up a scanner")))


def draw_setup(sheet: Sheet, say: Say) -> float:
    """Draw what ``scanner_sheet`` has on it, and return where it ends, in mm from the top."""
    width_mm = sheet.width_mm - 2 * _MARGIN_MM
    sheet.text((_MARGIN_MM, _MARGIN_MM + 6.0), say(N_("Set up a scanner")), 7.5, Face.BOLD)
    sheet.text_right((sheet.width_mm - _MARGIN_MM, _MARGIN_MM + 6.0), "ION Kiosk", 5.0, Face.BOLD)
    sheet.rule(_MARGIN_MM, _MARGIN_MM + 9.0, width_mm, 0.5)
    first, second = (
        say(N_("Set these, with the barcodes in the scanner's manual")),
        say(N_("Scan these from the home screen, and look at the page /scanners")),
    )
    y_mm = _heading(sheet, _MARGIN_MM + 17.0, f"1  {first}")
    y_mm = _table(sheet, y_mm, [(say(name), say(text)) for name, text in _SETTINGS], 3.7)
    y_mm = _heading(sheet, y_mm + 6.0, f"2  {second}")
    y_mm = _tests(sheet, y_mm, say)
    y_mm = _heading(sheet, y_mm + 6.0, say(N_("What is known of makers")))
    return _table(sheet, y_mm, [(name, say(text)) for name, text in MAKERS], 3.2)


def _heading(sheet: Sheet, y_mm: float, text: str) -> float:
    room_mm = sheet.width_mm - 2 * _MARGIN_MM
    sheet.text((_MARGIN_MM, y_mm), text, sheet.fitting_mm(text, 4.4, room_mm, Face.BOLD), Face.BOLD)
    return y_mm + 6.5


def _table(sheet: Sheet, y_mm: float, rows: Sequence[tuple[str, str]], size_mm: float) -> float:
    left_mm = 42.0
    for name, text in rows:
        name_mm = sheet.fitting_mm(name, size_mm, left_mm - 2.0, Face.BOLD)
        sheet.text((_MARGIN_MM, y_mm), name, name_mm, Face.BOLD)
        width_mm = sheet.width_mm - 2 * _MARGIN_MM - left_mm
        y_mm += sheet.paragraph((_MARGIN_MM + left_mm, y_mm), text, size_mm, width_mm) + 1.2
    return y_mm


def _tests(sheet: Sheet, y_mm: float, say: Say) -> float:
    for number, title, detail, symbol in _TESTS:
        matrix = symbol()
        at_mm = (_MARGIN_MM + 66.0, y_mm - 3.0)
        sheet.symbol(at_mm, matrix, _MODULE_MM if matrix.height == 1 else 2 * _MODULE_MM, 14.0)
        sheet.text((_MARGIN_MM, y_mm + 1.0), f"{number}  {say(title)}", 3.6, Face.BOLD)
        if matrix.height > 1:
            sheet.paragraph((_MARGIN_MM, y_mm + 6.0), say(detail), 2.8, 62.0)
        else:
            sheet.text((_MARGIN_MM, y_mm + 6.0), detail, 2.8, Face.MONO)
        y_mm += 18.0
    advice = say(
        N_(
            "Each shows ]d1 or ]C0 in front where the AIM identifier is on. "
            "A scanner that is not there is added there."
        )
    )
    return y_mm + sheet.paragraph((_MARGIN_MM, y_mm), advice, 3.2, sheet.width_mm - 2 * _MARGIN_MM) + 1.7
