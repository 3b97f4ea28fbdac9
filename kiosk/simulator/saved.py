"""A world as JSON and back: what ``POST /save`` writes and a later start reads."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from kiosk.simulator.rows import Effect, FieldValue, Organization, RichText
from kiosk.simulator.world import World

__all__ = ["FORMAT", "dump", "fill", "save"]

FORMAT: Final = "ion-simulator/2"


def dump(world: World) -> dict[str, Any]:
    """Return the whole world in plain JSON values."""
    return {
        "format": FORMAT,
        "organization": _encode(world.organization),
        "tables": {
            name: {"next_id": table.next_id, "rows": [_encode(row) for row in table]}
            for name, table in world.tables().items()
        },
        "ledger": [_encode(effect) for effect in world.ledger],
    }


def save(world: World, path: Path) -> None:
    """Write the world to a file that is either the old or the new one, whatever happens meanwhile."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(dump(world), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def fill(world: World, data: Mapping[str, Any]) -> None:
    """Put what ``dump`` returned into a world; whatever was in it is gone.

    Raises:
        ValueError: The data is not a dump of this format.
    """
    if data.get("format") != FORMAT:
        raise ValueError(f"cannot load a world: expected format {FORMAT!r}, got {data.get('format')!r}")
    loaded = World()
    try:
        loaded.organization = _decode(Organization, data["organization"])
        loaded.ledger = [_decode(Effect, effect) for effect in data["ledger"]]
        for name, table in loaded.tables().items():
            saved = data["tables"][name]
            for row in saved["rows"]:
                table.put(_decode(table.row_type, row))
            table.next_id = saved["next_id"]
            table.commit()
    except (KeyError, TypeError, ArithmeticError) as exc:
        raise ValueError(f"cannot load a world: the data is damaged: {exc!r}") from exc
    world.become(loaded)


def _encode(value: Any) -> Any:  # noqa: ANN401  any JSON value
    if is_dataclass(value):
        return {each.name: _encode(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, tuple):
        return [_encode(each) for each in value]
    return value


def _decode(kind: Any, value: Any) -> Any:  # noqa: ANN401  any JSON value, by any annotation
    if kind in (FieldValue, RichText) or value is None:
        return value
    if isinstance(kind, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return _decode(inner, value)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        kinds = kinds[:1] * len(value) if kinds[-1] is Ellipsis else kinds
        return tuple(_decode(each, item) for each, item in zip(kinds, value, strict=True))
    return _decode_plain(kind, value)


def _decode_plain(kind: Any, value: Any) -> Any:  # noqa: ANN401  any JSON value, by any annotation
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], item) for name, item in value.items()})
    if kind is bytes:
        return b64decode(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Decimal | StrEnum) else value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """Return the annotations of a row, which take longer to read than all its values."""
    return get_type_hints(kind)
