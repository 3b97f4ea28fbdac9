"""Sheets of barcodes to print on paper and hang up: the commands, and how to set up a scanner."""

from kiosk.sheets.commands import command_sheet, work_sheet
from kiosk.sheets.paper import FORMATS, PAPERS, Sheet
from kiosk.sheets.scanner import scanner_sheet
from kiosk.sheets.setup_codes import Finding, findings

__all__ = [
    "FORMATS",
    "PAPERS",
    "Finding",
    "Sheet",
    "command_sheet",
    "findings",
    "scanner_sheet",
    "work_sheet",
]
