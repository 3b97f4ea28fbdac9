"""What agents say of a printer (RFC 2790, RFC 3805), in the vocabulary of every printer."""

from collections.abc import Mapping
from typing import Final

from printers.media import MM_PER_INCH
from printers.snmp.ber import Oid
from printers.snmp.message import Value
from printers.status import INCOMPLETE, Identity, Loaded, PrinterStatus, Reason, cleaned, told

_HOST: Final = (1, 3, 6, 1, 2, 1, 25, 3)
_PRINTER: Final = (1, 3, 6, 1, 2, 1, 43)
DESCRIPTION: Final[Oid] = (*_HOST, 2, 1, 3, 1)
"""hrDeviceDescr of the first device, which in a printer is the printer."""
DEVICE_STATUS: Final[Oid] = (*_HOST, 2, 1, 5, 1)
PRINTER_STATUS: Final[Oid] = (*_HOST, 5, 1, 1, 1)
ERROR_STATE: Final[Oid] = (*_HOST, 5, 1, 2, 1)
_INPUT: Final = (*_PRINTER, 8, 2, 1)
INPUT_UNIT: Final[Oid] = (*_INPUT, 3, 1, 1)
INPUT_LENGTH: Final[Oid] = (*_INPUT, 6, 1, 1)
INPUT_WIDTH: Final[Oid] = (*_INPUT, 7, 1, 1)
"""prtInputMediaDimXFeedDirChosen of the first input, and the one along the feed before it."""
_MARKER: Final = (*_PRINTER, 10, 2, 1)
MARKER_UNIT: Final[Oid] = (*_MARKER, 8, 1, 1)
MARKER_DOTS: Final[Oid] = (*_MARKER, 10, 1, 1)
"""prtMarkerAddressabilityXFeedDir: dots in 10,000 units."""

STATUS_NAMES: Final = (
    DEVICE_STATUS,
    PRINTER_STATUS,
    ERROR_STATE,
    INPUT_UNIT,
    INPUT_LENGTH,
    INPUT_WIDTH,
)
IDENTITY_NAMES: Final = (DESCRIPTION, MARKER_UNIT, MARKER_DOTS)

_UNIT_MM: Final = {3: MM_PER_INCH / 10_000, 4: 0.001}
"""tenThousandthsOfInches, micrometers."""
_BITS: Final = (
    Reason.MEDIA_LOW,
    Reason.MEDIA_EMPTY,
    Reason.RIBBON_LOW,
    Reason.RIBBON_EMPTY,
    Reason.HEAD_OPEN,
    Reason.MEDIA_JAM,
    Reason.OFFLINE,
    Reason.FAULT,
    Reason.FAULT,
    Reason.FAULT,
    Reason.FAULT,
    Reason.FAULT,
    Reason.FAULT,
    Reason.MEDIA_EMPTY,
    None,
)
"""hrPrinterDetectedErrorState from its first bit, the highest of the first byte: lowPaper, noPaper, lowToner,
noToner, doorOpen, jammed, offline, serviceRequested, inputTrayMissing, outputTrayMissing,
markerSupplyMissing, outputNearFull, outputFull, inputTrayEmpty, overduePreventMaint."""
_STATES: Final = frozenset({1, 3, 4, 5})
"""hrPrinterStatus without unknown: other (standby, mostly), idle, printing, warmup."""
_BUSY: Final = frozenset({4, 5})
_DOWN: Final = 5
_LARGEST_MM: Final = 2000.0


def printer_status(values: Mapping[Oid, Value]) -> PrinterStatus:
    """Read a printer's status; one that leaves its state or its errors out has not said how it is."""
    state, errors, device = (values.get(name) for name in (PRINTER_STATUS, ERROR_STATE, DEVICE_STATUS))
    if state not in _STATES or not isinstance(errors, bytes):
        return INCOMPLETE
    reasons = [
        reason
        for number, reason in enumerate(_BITS)
        if reason and number // 8 < len(errors) and errors[number // 8] & 0x80 >> number % 8
    ]
    if device == _DOWN and not reasons:
        reasons.append(Reason.FAULT)
    return told(tuple(dict.fromkeys(reasons)), is_busy=state in _BUSY, loaded=_loaded(values))


def _loaded(values: Mapping[Oid, Value]) -> Loaded | None:
    unit_mm = _UNIT_MM.get(_number(values, INPUT_UNIT))
    width, length = _number(values, INPUT_WIDTH), _number(values, INPUT_LENGTH)
    if unit_mm is None or not 0 < width * unit_mm <= _LARGEST_MM or length * unit_mm > _LARGEST_MM:
        return None
    return Loaded(((round(width * unit_mm, 1), round(max(0, length) * unit_mm, 1)),))


def printer_identity(values: Mapping[Oid, Value]) -> Identity | None:
    """Read what a printer says it is."""
    description = values.get(DESCRIPTION)
    if not isinstance(description, bytes) or not cleaned(description):
        return None
    unit_mm, dots = _UNIT_MM.get(_number(values, MARKER_UNIT)), _number(values, MARKER_DOTS)
    dots_per_mm = round(dots / (10_000 * unit_mm)) if unit_mm is not None and dots > 0 else 0
    return Identity(cleaned(description), dots_per_mm=dots_per_mm or None)


def _number(values: Mapping[Oid, Value], name: Oid) -> int:
    """Return a number; -2 is what agents say where they do not know (RFC 3805, 2.2.1)."""
    value = values.get(name)
    return value if isinstance(value, int) else -2
