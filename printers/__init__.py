"""Label printers: designs, symbols, languages and transports, without a kiosk."""

from printers.designs import load_design, load_designs
from printers.errors import (
    LabelInvalid,
    LabelUnreadable,
    PrinterError,
    PrinterNotReady,
    PrinterUnreachable,
    PrintUnknown,
    Retryable,
)
from printers.label import Design, Field, Row, Values
from printers.languages import LANGUAGES, Language
from printers.layout import Layout, lay_out
from printers.media import Media
from printers.printer import Patience, PreparedLabel, Printer, PrintOutcome, PrintState, prepare
from printers.raster import Raster, render
from printers.status import PrinterState, PrinterStatus, Reason
from printers.transports import Connection, Transport, open_transport

__all__ = [
    "LANGUAGES",
    "Connection",
    "Design",
    "Field",
    "LabelInvalid",
    "LabelUnreadable",
    "Language",
    "Layout",
    "Media",
    "Patience",
    "PreparedLabel",
    "PrintOutcome",
    "PrintState",
    "PrintUnknown",
    "Printer",
    "PrinterError",
    "PrinterNotReady",
    "PrinterState",
    "PrinterStatus",
    "PrinterUnreachable",
    "Raster",
    "Reason",
    "Retryable",
    "Row",
    "Transport",
    "Values",
    "lay_out",
    "load_design",
    "load_designs",
    "open_transport",
    "prepare",
    "render",
]
