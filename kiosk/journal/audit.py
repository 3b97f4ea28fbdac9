"""The chained record of what happened: each entry's hash covers the one before it.

An edit, a removal, an insertion or a swap breaks the chain; a tail cut off or a full rewrite does not, and
is found only by a head that was kept elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.tables import audit
from kiosk.model import Json
from kiosk.wire import to_json

_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened."""

    at: str
    boot: str
    station: str
    event: str
    details: Mapping[str, Json]


def append(connection: Connection, happening: Happening) -> None:
    """Add an entry, in the transaction of what it tells."""
    last = connection.execute(sa.select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).scalar()
    entry = {
        "at": happening.at,
        "boot": happening.boot,
        "station": happening.station,
        "event": happening.event,
        "details": _canonical(to_json(happening.details)),
    }
    connection.execute(sa.insert(audit).values(**entry, hash=_link(last or _START, entry)))


def first_break(connection: Connection) -> int | None:
    """Return the ``seq`` of the first entry that does not follow from the one before, ``None`` if all do."""
    previous, expected_seq = _START, 1
    for row in connection.execute(sa.select(audit).order_by(audit.c.seq)).mappings():
        entry = {name: str(row[name]) for name in ("at", "boot", "station", "event", "details")}
        if row["seq"] != expected_seq or row["hash"] != _link(previous, entry):
            return int(row["seq"])
        previous, expected_seq = str(row["hash"]), expected_seq + 1
    return None


def _link(previous: str, entry: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{previous}{_canonical(entry)}".encode()).hexdigest()


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
