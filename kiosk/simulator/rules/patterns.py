"""Barcode patterns: how codes of other systems are read."""

import json
from dataclasses import replace
from typing import Any

from kiosk.simulator.rows import BarcodePattern
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up

__all__ = ["create_pattern", "delete_pattern", "update_pattern"]


def create_pattern(
    desk: Desk, entity_type: str, expression: str | None, pattern_json: str | None
) -> BarcodePattern:
    """Teach ION a barcode: by a regular expression, or by a JSON map of field names to keys."""
    patterns = desk.world.barcode_patterns
    new = BarcodePattern(id=patterns.new_id(), etag="", entity_type=entity_type)
    return _put(desk, new, expression, pattern_json)


def update_pattern(
    desk: Desk, pattern_id: str | int, etag: str, expression: str | None, pattern_json: str | None
) -> BarcodePattern:
    """Teach a barcode anew."""
    pattern = look_up(desk.world.barcode_patterns, "BarcodePattern", pattern_id)
    check_etag("the barcode pattern", pattern.etag, etag)
    return _put(desk, pattern, expression, pattern_json)


def delete_pattern(desk: Desk, pattern_id: str | int, etag: str) -> int:
    """Forget a barcode."""
    pattern = look_up(desk.world.barcode_patterns, "BarcodePattern", pattern_id)
    check_etag("the barcode pattern", pattern.etag, etag)
    desk.world.barcode_patterns.remove(pattern.id)
    return pattern.id


def _put(
    desk: Desk, pattern: BarcodePattern, expression: str | None, pattern_json: str | None
) -> BarcodePattern:
    if bool(expression) == bool(pattern_json):
        raise invalid("A barcode pattern has exactly one of expression and barcodePatternJson")
    if pattern_json and not _is_map(pattern_json):
        raise invalid("barcodePatternJson must be a JSON object of texts")
    return desk.world.barcode_patterns.put(
        replace(
            pattern,
            etag=desk.world.new_hex(),
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
