"""Barcodes of other systems that a tenant has taught ION (``barcodePatterns``): named groups or JSON maps.

A regex has to fit the whole barcode. The names of ION's fields are kept as they are: ``part_partNumber`` is
the part's number, the suffixes ``__prefix``, ``__suffix`` and ``__contains`` ask for a partial match. A
barcode that is a JSON object or list is tried against JSON maps only, as ION does; a bare number is text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.barcodes.expression import Effort, ExpressionRefused, TooMuchEffort, compiled, fullmatch
from kiosk.barcodes.payload import Payload, quoted
from kiosk.barcodes.reading import IonPattern, Rejected

STEPS_PER_SCAN = 100_000
"""What all patterns together may cost a scan: about a tenth of a second on a Raspberry Pi."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One ``barcodePattern`` of the tenant; it has either an expression or a JSON map."""

    id: str
    entity_type: str
    """What it finds, such as ``PARTS_INVENTORY``."""
    expression: str | None = None
    """Regular expression with Python's named groups."""
    json_map: Mapping[str, str] | None = None
    """ION's field name -> key in the barcode's JSON."""

    @property
    def fault(self) -> str:
        """Return why the pattern can never be read, in words; empty where it can."""
        if (self.expression is None) == (self.json_map is None):
            return "has both or neither of a regex and a JSON map"
        if self.expression is None:
            return "" if self.json_map else "has an empty JSON map"
        try:
            return "" if compiled(self.expression).names else "has no named group"
        except ExpressionRefused as refused:
            return str(refused)


def read_patterns(payload: Payload, patterns: Sequence[Pattern]) -> tuple[IonPattern, ...] | Rejected:
    """Return a reading for every pattern that fits, in the tenant's order."""
    if not patterns:
        return Rejected(IonPattern.kind, "no barcode patterns of the tenant are known")
    scanned = _json_of(payload.text)
    effort = Effort(STEPS_PER_SCAN)
    readings: list[IonPattern] = []
    reasons: list[str] = []
    for pattern in patterns:
        answer = pattern.fault or _read(pattern, payload.text, scanned, effort)
        if isinstance(answer, str):
            reasons.append(f"pattern {pattern.id}: {answer}")
        else:
            readings.append(IonPattern(pattern.id, answer, pattern.entity_type))
    if readings:
        return tuple(readings)
    more = [f"{len(reasons) - _SHOWN} more"] if len(reasons) > _SHOWN else []
    reasons = [*reasons[:_SHOWN], *more]
    return Rejected(IonPattern.kind, f"fits none of the tenant's patterns: {'; '.join(reasons)}")


_SHOWN = 5
_NOT_JSON = object()


def _read(pattern: Pattern, text: str, scanned: object, effort: Effort) -> dict[str, str] | str:
    if pattern.json_map is not None:
        return _mapped(pattern.json_map, scanned)
    if scanned is not _NOT_JSON:
        return "is for text and not for JSON"
    try:
        fields = fullmatch(compiled(pattern.expression or ""), text, effort)
    except TooMuchEffort:
        return "took too long on this barcode"
    return "does not fit" if fields is None else fields


def _mapped(json_map: Mapping[str, str], scanned: object) -> dict[str, str] | str:
    if not isinstance(scanned, dict):
        return "is for a JSON object"
    fields: dict[str, str] = {}
    for name, key in json_map.items():
        value = scanned.get(key)
        if not isinstance(value, str):
            return f"the JSON has no text or number under {quoted(key)}"
        fields[name] = value
    return fields


def _json_of(text: str) -> object:
    """Return the JSON object or list that the text is, numbers as they are written; else ``_NOT_JSON``."""
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return _NOT_JSON
    try:
        scanned: Any = json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return _NOT_JSON
    return scanned
