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
from printers.handling import AS_SET, Cut, Handling
from printers.label import Design, Field, Row, Values
from printers.languages import LANGUAGES, Language, Proof
from printers.languages.pdf import LabelSheet, centred_sheet, encode_sheets
from printers.layout import Layout, lay_out
from printers.media import Media, Tracking
from printers.printer import (
    Patience,
    PreparedLabel,
    Printer,
    PrintOutcome,
    PrintState,
    prepare,
    prepare_ready_made,
)
from printers.proof import check_readable, draw
from printers.raster import Raster, render
from printers.status import Identity, PrinterState, PrinterStatus, Reason
from printers.transports import Connection, Transport, open_transport

__all__ = [
    "AS_SET",
    "LANGUAGES",
    "Connection",
    "Cut",
    "Design",
    "Field",
    "Handling",
    "Identity",
    "LabelInvalid",
    "LabelSheet",
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
    "Proof",
    "Raster",
    "Reason",
    "Retryable",
    "Row",
    "Tracking",
    "Transport",
    "Values",
    "centred_sheet",
    "check_readable",
    "draw",
    "encode_sheets",
    "lay_out",
    "load_design",
    "load_designs",
    "open_transport",
    "prepare",
    "prepare_ready_made",
    "render",
]
