"""The scanner set-up sheet: what to switch on, and barcodes that show whether it came through."""

from typing import Final

from kiosk.sheets import setup_codes
from kiosk.sheets.paper import Sheet
from printers.fonts import Face

_MARGIN_MM: Final = 14.0
_MODULE_MM: Final = 0.339
"""Four dots at 300 dpi."""

_SETTINGS: Final = (
    (
        "USB mode",
        (
            "USB serial (CDC-ACM, “virtual COM port”). Else HID POS, else RS-232; a USB keyboard only where "
            "nothing else is offered: it is the source of nearly all damaged scans."
        ),
    ),
    ("Suffix", "CR (Enter) after every barcode. Without it each scan waits for silence. No prefix."),
    (
        "Code identifier",
        (
            "AIM identifier before every barcode, such as ]d1. Not the maker's own one-letter code "
            "identifier, and never both."
        ),
    ),
    ("Control characters", "Transmit GS, RS and EOT as they are. Nothing removed, nothing replaced."),
    (
        "As a keyboard",
        (
            "US layout. Control characters as Ctrl combinations. ALT mode off, function keys off, "
            "no delay between keys."
        ),
    ),
    (
        "As a serial port",
        (
            "8 data bits, no parity, 1 stop bit; RTS/CTS, XON/XOFF and ACK/NAK off. RS-232: 115200 baud, "
            "the same as in the kiosk's settings."
        ),
    ),
    ("Afterwards", "Lock the scanner against programming barcodes, where it can be."),
)
"""The first column is what to look for in the scanner's manual."""

MAKERS: Final = (
    (
        "Zebra, Symbol",
        (
            "USB vendor 05e0. “Transmit Code ID Character” (parameter 45) to “AIM Code ID Character”; "
            "from the factory it is none, and its own identifier says “A” for UPC/EAN (DS6708 guide, "
            "4-16). A suffix is sent only once “Scan Data Transmission Format” has one (LS4208 guide, "
            "13-3). As a keyboard: GS is Ctrl+]; “Fast HID Keyboard” on, “USB Keystroke Delay” none, "
            "“Simulated Caps Lock” off (DS9208 guide)."
        ),
    ),
    (
        "Honeywell",
        (
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
        (
            "USB vendor 05f9. Every setting stands between two scans of ENTER/EXIT. “Global AIM ID” on "
            "(Gryphon GD44XX guide, 286), the suffix 0D. Leave the “Label ID pre-loaded set” alone: "
            "another one erases all other settings, the interface too (Gryphon GFS4400 guide, 56). As a "
            "keyboard: “Control Character Emulation” 00 sends GS as Ctrl+] (QuickScan QD24 guide, 293)."
        ),
    ),
)
"""As far as the makers' public manuals say it, with the page; models differ."""

_TESTS: Final = (
    ("1", "Control characters", "An ISO 15434 label: GS, RS and EOT inside.", setup_codes.separators_symbol),
    ("2", "Keyboard layout", setup_codes.KEYS, setup_codes.keys_symbol),
    ("3", "Equal characters", setup_codes.DOUBLES, setup_codes.doubles_symbol),
)


def scanner_sheet(*, paper: str = "a4", kind: str = "png") -> bytes:
    """Draw the scanner set-up sheet.

    Args:
        paper: ``a4`` or ``letter``.
        kind: ``png`` or ``pdf``.

    Raises:
        LabelError: unknown paper or kind.
    """
    sheet = Sheet.blank(paper, kind)
    width_mm = sheet.width_mm - 2 * _MARGIN_MM
    sheet.text((_MARGIN_MM, _MARGIN_MM + 6.0), "Set up a scanner", 7.5, Face.BOLD)
    sheet.text_right((sheet.width_mm - _MARGIN_MM, _MARGIN_MM + 6.0), "ION Kiosk", 5.0, Face.BOLD)
    sheet.rule(_MARGIN_MM, _MARGIN_MM + 9.0, width_mm, 0.5)
    y_mm = _heading(sheet, _MARGIN_MM + 17.0, "1  Set these, with the barcodes in the scanner's manual")
    y_mm = _table(sheet, y_mm, _SETTINGS, 3.7)
    y_mm = _heading(sheet, y_mm + 6.0, "2  Scan these from the home screen, and look at the page /scanners")
    y_mm = _tests(sheet, y_mm)
    y_mm = _heading(sheet, y_mm + 6.0, "What is known of makers")
    _table(sheet, y_mm, MAKERS, 3.2)
    return sheet.saved("ION Kiosk: set up a scanner")


def _heading(sheet: Sheet, y_mm: float, text: str) -> float:
    sheet.text((_MARGIN_MM, y_mm), text, 4.4, Face.BOLD)
    return y_mm + 6.5


def _table(sheet: Sheet, y_mm: float, rows: tuple[tuple[str, str], ...], size_mm: float) -> float:
    left_mm = 42.0
    for name, text in rows:
        sheet.text((_MARGIN_MM, y_mm), name, size_mm, Face.BOLD)
        width_mm = sheet.width_mm - 2 * _MARGIN_MM - left_mm
        y_mm += sheet.paragraph((_MARGIN_MM + left_mm, y_mm), text, size_mm, width_mm) + 1.2
    return y_mm


def _tests(sheet: Sheet, y_mm: float) -> float:
    for number, title, detail, symbol in _TESTS:
        matrix = symbol()
        at_mm = (_MARGIN_MM + 66.0, y_mm - 3.0)
        sheet.symbol(at_mm, matrix, _MODULE_MM if matrix.height == 1 else 2 * _MODULE_MM, 14.0)
        sheet.text((_MARGIN_MM, y_mm + 1.0), f"{number}  {title}", 3.6, Face.BOLD)
        sheet.text((_MARGIN_MM, y_mm + 6.0), detail, 2.8, Face.SANS if matrix.height > 1 else Face.MONO)
        y_mm += 18.0
    sheet.text(
        (_MARGIN_MM, y_mm),
        "Each shows ]d1 or ]C0 in front where the AIM identifier is on. "
        "A scanner that is not there is added there.",
        3.2,
    )
    return y_mm + 6.0
