"""Barcode patterns: how codes of other systems are read."""

import json
from typing import Any

from kiosk.simulator.rows import BarcodePattern
from kiosk.simulator.rules.desk import Desk, invalid

__all__ = ["create_pattern"]


def create_pattern(
    desk: Desk, entity_type: str, expression: str | None, pattern_json: str | None
) -> BarcodePattern:
    """Teach ION a barcode: by a regular expression, or by a JSON map of field names to keys."""
    if bool(expression) == bool(pattern_json):
        raise invalid("A barcode pattern has exactly one of expression and barcodePatternJson")
    if pattern_json and not _is_map(pattern_json):
        raise invalid("barcodePatternJson must be a JSON object of texts")
    patterns = desk.world.barcode_patterns
    return patterns.put(
        BarcodePattern(
            id=patterns.new_id(),
            etag=desk.world.new_hex(),
            entity_type=entity_type,
            expression=expression or None,
            barcode_pattern_json=pattern_json or None,
        )
    )


def _is_map(text: str) -> bool:
    try:
        found: Any = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and all(isinstance(key, str) for key in found.values())
