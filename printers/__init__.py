"""Label printers: designs, symbols, languages and transports, without a kiosk."""

from printers.design_source import ElementBox, boxes_of, check_plain, line_of_fault, with_numbers
from printers.designs import check_design, load_design, load_designs, prove
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
from printers.label import Design, Field, Row, Values, texts_of
from printers.label_toml import parse_design
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
from printers.snmp import SnmpAgent
from printers.status import Identity, PrinterState, PrinterStatus, Reason
from printers.transports import Connection, Transport, open_transport

__all__ = [
    "AS_SET",
    "LANGUAGES",
    "Connection",
    "Cut",
    "Design",
    "ElementBox",
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
    "SnmpAgent",
    "Tracking",
    "Transport",
    "Values",
    "boxes_of",
    "centred_sheet",
    "check_design",
    "check_plain",
    "check_readable",
    "draw",
    "encode_sheets",
    "lay_out",
    "line_of_fault",
    "load_design",
    "load_designs",
    "open_transport",
    "parse_design",
    "prepare",
    "prepare_ready_made",
    "prove",
    "render",
    "texts_of",
    "with_numbers",
]
