"""The people whom the kiosk itself knows, and every PIN that was tried for them.

A PIN is here as its hash alone. A try is written before the PIN is looked at, so that a kiosk that loses
its power at the right moment forgets none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import operators, pin_tries
from kiosk.model import BadgeHolder, Json, Role

NO_STATION: Final = ""
"""Where something is done that belongs to no station."""


@dataclass(frozen=True, slots=True)
class Tries:
    """The PINs given for one person at one station."""

    operator: str
    station: str
    failures: int
    """Wrong ones since the last right one."""
    last_at: datetime
    right_at: datetime | None
    """When the last right one was given here, ``None`` where none ever was."""


class OperatorBook:
    """Keeps operators by id; a badge is one person's."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def all(self) -> Sequence[BadgeHolder]:
        """Return everybody, by name."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(sa.select(operators).order_by(operators.c.name, operators.c.badge))
            return tuple(_holder(row) for row in rows.mappings())

    def find(self, id_: str) -> BadgeHolder | None:
        """Return the person of an id."""
        return self._first(operators.c.id == id_)

    def with_badge(self, badge: str) -> BadgeHolder | None:
        """Return the person whose badge it is, in any case of letters."""
        return self._first(operators.c.badge == badge.upper())

    def pin_hash(self, id_: str) -> str | None:
        """Return the hash of a person's PIN, ``None`` where they have none."""
        with self._clerk.store.reading() as connection:
            query = sa.select(operators.c.pin_hash).where(operators.c.id == id_)
            found: str | None = connection.execute(query).scalar()
        return found

    def add(self, holder: BadgeHolder, pin_hash: str | None, by: str) -> None:
        """Keep a new person.

        Args:
            holder: who; ``has_pin`` follows from the hash.
            pin_hash: of their PIN.
            by: the id of who adds them.

        Raises:
            JournalError: they are not on disk; somebody may have that badge.
        """
        self._clerk.store.check_room()
        values = {**_values(holder), "id": holder.id, "pin_hash": pin_hash}
        with self._clerk.store.writing() as connection:
            connection.execute(sa.insert(operators).values(values))
            details = {"name": holder.name, "badge": holder.badge, "role": holder.role.value}
            self._note(connection, "operator-added", holder.id, by, details)

    def change(self, holder: BadgeHolder, by: str) -> None:
        """Keep a person as they are now: everything but the PIN.

        Raises:
            JournalError: the change is not on disk.
        """
        with self._clerk.store.writing() as connection:
            self._update(connection, holder.id, _values(holder))
            details: dict[str, Json] = {
                "name": holder.name,
                "badge": holder.badge,
                "role": holder.role.value,
                "is_disabled": holder.is_disabled,
                "expires_at": holder.expires_at.isoformat() if holder.expires_at else None,
            }
            self._note(connection, "operator-changed", holder.id, by, details)

    def set_pin(self, id_: str, pin_hash: str, by: str) -> None:
        """Give a person a new PIN; what was tried for the old one is forgotten.

        Raises:
            JournalError: the old one still counts.
        """
        with self._clerk.store.writing() as connection:
            self._update(connection, id_, {"pin_hash": pin_hash})
            connection.execute(sa.delete(pin_tries).where(pin_tries.c.operator == id_))
            self._note(connection, "operator-pin-set", id_, by, {})

    def tries(self, id_: str) -> Sequence[Tries]:
        """Return what was tried for a person, and every wrong PIN that was given for anybody."""
        is_theirs = (pin_tries.c.operator == id_) | (pin_tries.c.failures > 0)
        with self._clerk.store.reading() as connection:
            return tuple(
                _tries(row) for row in connection.execute(sa.select(pin_tries).where(is_theirs)).mappings()
            )

    def count_try(self, id_: str, station: str) -> None:
        """Count a PIN as a wrong one, before it is looked at.

        Raises:
            JournalError: it is not counted, and must not be looked at.
        """
        now = self._clerk.now()
        of_this = (pin_tries.c.operator == id_) & (pin_tries.c.station == station)
        with self._clerk.store.writing() as connection:
            changed = connection.execute(
                sa.update(pin_tries)
                .where(of_this)
                .values(failures=pin_tries.c.failures + 1, last_at=now)
                .returning(pin_tries.c.failures)
            ).scalar()
            if changed is None:
                connection.execute(
                    sa.insert(pin_tries).values(operator=id_, station=station, failures=1, last_at=now)
                )
            self._clerk.note(connection, station, "pin-tried", {"operator": id_, "wrong": changed or 1})

    def was_right(self, id_: str, station: str, *, judged: str, kept: str) -> bool:
        """Take the count back: the PIN that was counted is the right one, unless it was changed meanwhile.

        Args:
            id_: whose.
            station: where.
            judged: the hash that the PIN was compared with.
            kept: a hash of the same PIN, to be kept instead; ``judged`` itself where it stays.

        Returns:
            Whether the person still had that PIN. Where not, nothing was changed.

        Raises:
            JournalError: it still counts as a wrong one.
        """
        of_this = (pin_tries.c.operator == id_) & (pin_tries.c.station == station)
        is_judged = (operators.c.id == id_) & (operators.c.pin_hash == judged)
        with self._clerk.store.writing() as connection:
            changed = connection.execute(sa.update(operators).where(is_judged).values(pin_hash=kept))
            if changed.rowcount != 1:
                return False
            connection.execute(
                sa.update(pin_tries).where(of_this).values(failures=0, right_at=self._clerk.now())
            )
            self._clerk.note(connection, station, "pin-right", {"operator": id_})
        return True

    def forgive(self, id_: str, by: str) -> None:
        """Forget the wrong PINs that were given for a person anywhere, and keep that it was done.

        It is kept as a right one that was given at no station.

        Raises:
            JournalError: they still count.
        """
        now = self._clerk.now()
        of_theirs = pin_tries.c.operator == id_
        done = {"operator": id_, "station": NO_STATION, "failures": 0, "last_at": now, "right_at": now}
        with self._clerk.store.writing() as connection:
            connection.execute(sa.delete(pin_tries).where(of_theirs & (pin_tries.c.station == NO_STATION)))
            connection.execute(sa.update(pin_tries).where(of_theirs).values(failures=0))
            connection.execute(sa.insert(pin_tries).values(done))
            self._note(connection, "operator-forgiven", id_, by, {})

    def _first(self, condition: sa.ColumnElement[bool]) -> BadgeHolder | None:
        with self._clerk.store.reading() as connection:
            row = connection.execute(sa.select(operators).where(condition)).mappings().one_or_none()
        return _holder(row) if row else None

    def _update(self, connection: Connection, id_: str, values: Mapping[str, object]) -> None:
        changed = connection.execute(sa.update(operators).where(operators.c.id == id_).values(values))
        if changed.rowcount != 1:
            raise JournalError(f"There is no operator {id_!r}.")

    def _note(
        self, connection: Connection, event: str, id_: str, by: str, details: Mapping[str, Json]
    ) -> None:
        self._clerk.note(connection, NO_STATION, event, {"operator": id_, "by": by, **details})


def _values(holder: BadgeHolder) -> dict[str, object]:
    return {
        "name": holder.name,
        "badge": holder.badge.upper(),
        "role": holder.role.value,
        "language": holder.language,
        "is_disabled": holder.is_disabled,
        "expires_at": holder.expires_at.isoformat() if holder.expires_at else None,
    }


def _holder(row: sa.RowMapping) -> BadgeHolder:
    return BadgeHolder(
        id=row["id"],
        name=row["name"],
        badge=row["badge"],
        role=Role(row["role"]),
        language=row["language"],
        is_disabled=row["is_disabled"],
        expires_at=_time(row["expires_at"]),
        has_pin=row["pin_hash"] is not None,
    )


def _tries(row: sa.RowMapping) -> Tries:
    return Tries(
        operator=row["operator"],
        station=row["station"],
        failures=row["failures"],
        last_at=datetime.fromisoformat(row["last_at"]),
        right_at=_time(row["right_at"]),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
