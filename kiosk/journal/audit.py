"""The chained record of what happened: each entry's hash covers the one before it.

An edit, a removal, an insertion or a swap breaks the chain; a tail cut off or a full rewrite does not, and
is found only by a head that was kept elsewhere.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.tables import audit
from kiosk.model import Json
from kiosk.wire import to_json

_START = "0" * 64
_ENDS = sa.select(audit.c.seq, audit.c.hash)
_ANCHOR = re.compile(r"([0-9]{1,15}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """An entry by its number and its hash, which stands for all entries up to it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return it as it is printed and logged, ``SEQ:HASH``."""
        return f"{self.seq}:{self.hash}"


BEGINNING = Head(0, _START)
"""What the first entry follows."""


def read_head(text: str) -> Head:
    """Read ``SEQ:HASH``.

    Raises:
        ValueError: it is none.
    """
    found = _ANCHOR.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r}: expected SEQ:HASH, a number and 64 hexadecimal digits.")
    return Head(int(found[1]), found[2])


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
    entry = {
        "at": happening.at,
        "boot": happening.boot,
        "station": happening.station,
        "event": happening.event,
        "details": _canonical(to_json(happening.details)),
    }
    connection.execute(sa.insert(audit).values(**entry, hash=_link(head(connection).hash, entry)))


def head(connection: Connection) -> Head:
    """Return the last entry: kept elsewhere, it later shows whether all up to it is still there."""
    row = connection.execute(_ENDS.order_by(audit.c.seq.desc()).limit(1)).one_or_none()
    return BEGINNING if row is None else Head(int(row.seq), str(row.hash))


def first_break(connection: Connection) -> int | None:
    """Return the ``seq`` of the first entry that does not follow from the one before, ``None`` if all do."""
    return follow(connection, BEGINNING)[1]


def follow(connection: Connection, after: Head, most: int = -1) -> tuple[Head, int | None]:
    """Check the entries that come after one that is trusted.

    Args:
        connection: reads.
        after: where to begin.
        most: how many to look at; all of them where it is negative.

    Returns:
        The last entry that follows from the one before, and the ``seq`` of the first that does not.
    """
    query = sa.select(audit).where(audit.c.seq > after.seq).order_by(audit.c.seq).limit(most)
    last = after
    for seq, at, boot, station, event, details, hash_ in connection.execute(query):
        entry = {"at": at, "boot": boot, "station": station, "event": event, "details": details}
        if seq != last.seq + 1 or hash_ != _link(last.hash, entry):
            return last, int(seq)
        last = Head(seq, hash_)
    return last, None


def missing_anchor(connection: Connection, anchor: Head) -> str | None:
    """Return what happened to an audit that no longer has an entry it once had; ``None`` where it has it.

    Only the hash is compared: the chain up to it is checked by ``first_break``.
    """
    last = head(connection)
    if last.seq < anchor.seq:
        return f"The audit was cut off: it once had {anchor.seq} entries, and has {last.seq}."
    found = connection.execute(_ENDS.where(audit.c.seq == anchor.seq)).one_or_none()
    if found is None or found.hash != anchor.hash:
        return f"The audit was rewritten: its entry {anchor.seq} is another than it once was."
    return None


def head_before(connection: Connection, entries: int) -> Head:
    """Return the entry that has this many after it; the beginning where there are fewer."""
    last = head(connection)
    row = connection.execute(_ENDS.where(audit.c.seq == last.seq - entries)).one_or_none()
    return BEGINNING if row is None else Head(int(row.seq), str(row.hash))


def _link(previous: str, entry: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{previous}{_canonical(entry)}".encode()).hexdigest()


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
