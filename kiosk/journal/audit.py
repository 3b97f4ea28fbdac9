"""The chained record of what happened: each entry's hash covers the one before it.

An edit, a removal, an insertion or a swap breaks the chain; a tail cut off or a full rewrite does not, and
is found only by a head that was kept elsewhere.

The kiosk itself removes what is older than it keeps: then the chain begins after a cut, whose head is kept
in a row of its own and named by a later entry of the chain. A row that no entry names is forged.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.tables import audit, cuts
from kiosk.model import Json
from kiosk.wire import to_json

_START = "0" * 64
_ENDS = sa.select(audit.c.seq, audit.c.hash)
_HEAD = _ENDS.order_by(audit.c.seq.desc()).limit(1)
# Made once: to build a statement anew takes SQLAlchemy longer than SQLite needs to execute it.
_APPEND = sa.insert(audit)
_CUT = "audit-cut"
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


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the audit begins since its first entries were removed."""

    after: Head
    """The last entry that was removed."""
    at: str
    """When, ISO 8601."""
    noted: int
    """The entry that says so."""


def append(connection: Connection, happening: Happening) -> Head:
    """Add an entry, in the transaction of what it tells, and return it."""
    entry = {
        "at": happening.at,
        "boot": happening.boot,
        "station": happening.station,
        "event": happening.event,
        "details": _canonical(to_json(happening.details)),
    }
    hash_ = _link(head(connection).hash, entry)
    return Head(int(connection.execute(_APPEND, {**entry, "hash": hash_}).lastrowid), hash_)


def head(connection: Connection) -> Head:
    """Return the last entry: kept elsewhere, it later shows whether all up to it is still there."""
    row = connection.execute(_HEAD).one_or_none()
    return BEGINNING if row is None else Head(int(row.seq), str(row.hash))


def last_cut(connection: Connection) -> Cut | None:
    """Return where the audit begins, ``None`` where nothing of it was removed."""
    row = connection.execute(sa.select(cuts).order_by(cuts.c.seq.desc()).limit(1)).one_or_none()
    return None if row is None else Cut(Head(int(row.entry), str(row.hash)), str(row.at), int(row.noted))


def cut(connection: Connection, after: Head, happening: Happening) -> None:
    """Let the chain begin after an entry; what comes before may be removed from then on.

    Args:
        connection: the transaction.
        after: the last entry that may go.
        happening: why, when and by whom; which entry it is, is added.
    """
    details = {**happening.details, "after": str(after)}
    noted = append(connection, replace(happening, event=_CUT, details=details))
    values = {"at": happening.at, "entry": after.seq, "hash": after.hash, "noted": noted.seq}
    connection.execute(sa.insert(cuts).values(**values))


def remove_before_cut(connection: Connection, most: int) -> int:
    """Remove the oldest entries that a cut gave free; return how many."""
    found = last_cut(connection)
    if found is None:
        return 0
    oldest = sa.select(audit.c.seq).where(audit.c.seq <= found.after.seq).order_by(audit.c.seq).limit(most)
    return connection.execute(sa.delete(audit).where(audit.c.seq.in_(oldest))).rowcount


def begin(connection: Connection) -> tuple[Head, int | None]:
    """Return what the first entry follows, and the ``seq`` of the first that does not fit to it.

    After a cut that is not named in the chain, or with remains before it that do not lead to it, somebody
    else than the kiosk has been at the beginning.
    """
    found = last_cut(connection)
    if found is None:
        return BEGINNING, None
    remains = sa.select(audit).where(audit.c.seq <= found.after.seq).order_by(audit.c.seq)
    last: Head | None = None
    for row in connection.execute(remains):
        following = Head(int(row.seq), str(row.hash)) if last is None else _following(last, row)
        if following is None:
            return found.after, int(row.seq)
        last = following
    query = sa.select(audit.c.event, audit.c.details).where(audit.c.seq == found.noted)
    named = connection.execute(query).one_or_none()
    is_named = (
        named is not None
        and named.event == _CUT
        and json.loads(named.details).get("after") == str(found.after)
    )
    if not is_named or last not in {None, found.after}:
        return found.after, found.after.seq + 1
    return found.after, None


def first_break(connection: Connection) -> int | None:
    """Return the ``seq`` of the first entry that does not follow from the one before, ``None`` if all do."""
    origin, broken_at = begin(connection)
    return broken_at if broken_at is not None else follow(connection, origin)[1]


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
    for row in connection.execute(query):
        following = _following(last, row)
        if following is None:
            return last, int(row.seq)
        last = following
    return last, None


def missing_anchor(connection: Connection, anchor: Head) -> str | None:
    """Return what happened to an audit that no longer has an entry it once had; ``None`` where it has it.

    Only the hash is compared: the chain up to it is checked by ``first_break``.
    """
    last, begun = head(connection), last_cut(connection)
    if begun is not None and anchor.seq < begun.after.seq:
        return (
            f"Entry {anchor.seq} cannot be looked for any more: the audit begins after entry "
            f"{begun.after.seq}, since what was older was removed at {begun.at}."
        )
    if begun is not None and anchor.seq == begun.after.seq:
        return None if anchor == begun.after else _rewritten(anchor)
    if last.seq < anchor.seq:
        return f"The audit was cut off: it once had {anchor.seq} entries, and has {last.seq}."
    found = connection.execute(_ENDS.where(audit.c.seq == anchor.seq)).one_or_none()
    if found is None or found.hash != anchor.hash:
        return _rewritten(anchor)
    return None


def head_before(connection: Connection, entries: int) -> Head:
    """Return the entry that has this many after it; what the first follows where there are fewer."""
    last, found = head(connection), last_cut(connection)
    origin = BEGINNING if found is None else found.after
    if last.seq - entries <= origin.seq:
        return origin
    row = connection.execute(_ENDS.where(audit.c.seq == last.seq - entries)).one_or_none()
    return origin if row is None else Head(int(row.seq), str(row.hash))


def _rewritten(anchor: Head) -> str:
    return f"The audit was rewritten: its entry {anchor.seq} is another than it once was."


def _following(last: Head, row: Sequence[Any]) -> Head | None:
    """Return an entry's head, ``None`` where it does not follow from the one before."""
    seq, at, boot, station, event, details, hash_ = row
    entry = {"at": at, "boot": boot, "station": station, "event": event, "details": details}
    return Head(seq, hash_) if seq == last.seq + 1 and hash_ == _link(last.hash, entry) else None


def _link(previous: str, entry: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{previous}{_canonical(entry)}".encode()).hexdigest()


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
