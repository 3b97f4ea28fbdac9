"""How the plain changes of the table are made, and how their effect is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel

from kiosk.errors import IonRejected
from kiosk.ion.changes.base import RECENT, Change, Creation, Edit
from kiosk.ion.changes.errand import Errand
from kiosk.ion.plain import PLAIN_CHANGES, Kind, Now, Row
from kiosk.ion.shapes import rich_text, rows_of
from kiosk.ion.taking import as_json, model_of, values_of
from kiosk.ion.variables import Word
from kiosk.ion.wording import quoted, shown
from kiosk.model import Json
from kiosk.ports import Absent, Finding, Found
from kiosk.words import told

__all__ = ["plain_change"]


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of ION's that is no noun of the kiosk's."""

    id: str
    etag: str | None
    fields: Mapping[str, Any]


def plain_change(errand: Errand, arguments: Mapping[str, Json]) -> Change[BaseModel]:
    """Return a change of the table with its arguments checked; nothing is sent.

    Raises:
        IonRejected: the arguments are not complete.
    """
    kinds: dict[Kind, Callable[[Errand, Mapping[str, Json]], Change[BaseModel]]] = {
        Kind.EDIT: _PlainEdit,
        Kind.MEMBERSHIP: _PlainEdit,
        Kind.CREATION: _PlainCreation,
        Kind.REMOVAL: _PlainRemoval,
        Kind.RENDERING: _PlainRendering,
    }
    kind = kinds[PLAIN_CHANGES[errand.operation].kind]
    return kind(errand, arguments)


class _Plain(Change[BaseModel]):
    @classmethod
    def model(cls, operation: str) -> type[BaseModel]:
        """Return what checks the arguments: as the table says."""
        row = PLAIN_CHANGES[operation]
        return model_of(operation, row.takes, row.beside)

    @property
    def _row_of(self) -> Row:
        return PLAIN_CHANGES[self._errand.operation]

    @property
    def _wanted(self) -> dict[str, object]:
        """Return the arguments and what the change itself says, by variable."""
        return {**values_of(self._arguments, self._row_of.takes), **self._row_of.sets}

    @property
    def _tried(self) -> str:
        values = values_of(self._arguments, self._row_of.takes)
        return told("{call} with {values}", call=self._errand.operation, values=quoted(repr(values)))

    def _rows(self) -> list[dict[str, Any]]:
        found = self._tenant.rows(self._calls["Now"], {**self._wanted, "recent": RECENT})
        picked = self._wanted.get(self._row_of.picks)
        return [
            inner
            for rows in found.values()
            for row in rows
            if isinstance(row, dict)
            for inner in (rows_of(row["rows"]) if "rows" in row else [row])
            if isinstance(inner, dict) and (picked is None or str(inner.get("id")) == picked)
        ]

    def _is_done(self, now: Now) -> bool:
        if self._row_of.holds is not None:
            return self._row_of.holds(self._wanted, now)
        return all(_is_equal(value, now[name]) for name, value in self._wanted.items() if name in now)

    def _changed(self, values: Mapping[str, object]) -> dict[str, Json]:
        # What only says where to look is no part of the change.
        looks = self._calls["Now"].variables if "Now" in self._calls else {}
        call = self._calls["Change"]
        return {"changed": as_json(self._tenant.change(call, values, "changed", may_miss=frozenset(looks)))}


class _PlainEdit(_Plain, Edit[BaseModel, Thing]):
    reads: ClassVar[str] = "Now"
    kind: ClassVar[type[Any]] = Thing

    def _is_fenced(self) -> bool:
        return self._row_of.kind is Kind.MEMBERSHIP or "etag" in self._calls["Change"].variables

    def _read(self) -> Thing:
        rows = self._rows()
        if len(rows) != 1:
            raise IonRejected(
                told("{tried}: expected one, got {count}", tried=self._tried, count=len(rows)),
                code="NOT_FOUND_ERROR",
            )
        self._row = rows[0]
        return _thing(rows[0])

    def _holds(self, now: Thing) -> bool:
        return self._is_done(now.fields)

    def _send(self, before: Thing) -> Thing:
        values = dict(self._wanted)
        if "etag" in self._calls["Change"].variables:
            values["etag"] = before.etag
        changed = self._changed(values)["changed"]
        return _thing(changed) if isinstance(changed, dict) else before

    def _facts(self, now: Thing) -> str:
        got = shown(repr(dict(now.fields)))
        return told("{tried}: expected it done, got {got}", tried=self._tried, got=got)

    def _result(self, now: Thing) -> dict[str, Json]:
        return {"changed": as_json(dict(now.fields))}


class _PlainCreation(_Plain, Creation[BaseModel, Thing]):
    makes: ClassVar[str] = "Change"

    def _there(self) -> dict[str, Thing]:
        self._marked = []
        things = [_thing(row) for row in self._rows()]
        return {thing.id: thing for thing in things if thing.id}

    def _make(self) -> Thing:
        changed = self._changed(self._wanted)["changed"]
        return _thing(changed if isinstance(changed, dict) else {})

    def _is_like(self, row: Thing) -> bool:
        return self._is_done(row.fields)

    def _facts(self) -> str:
        return self._tried

    def _named(self, row: Thing) -> str:
        return shown(repr(dict(row.fields)), length=100)

    def _result(self, made: Thing) -> dict[str, Json]:
        return {"changed": as_json(dict(made.fields))}


class _PlainRemoval(_Plain):
    def perform(self) -> Mapping[str, Json]:
        """Take it away, unless it is gone already."""
        now = self._now()
        if now is None:
            return {"changed": None}
        # An etag that was given is of the moment when it was decided; what was changed since then stays.
        etag = self._wanted.get("etag") or now.get("etag")
        is_fenced = "etag" in self._calls["Change"].variables
        return self._changed({**self._wanted, "etag": etag if is_fenced else None})

    def find_effect(self) -> Finding:
        """Look whether it is gone."""
        return Found({"changed": None}) if self._now() is None else Absent()

    def _now(self) -> dict[str, Any] | None:
        try:
            return next(iter(self._rows()), None)
        except IonRejected as error:
            if error.code == "NOT_FOUND_ERROR":
                return None
            raise


class _PlainRendering(_Plain):
    def perform(self) -> Mapping[str, Json]:
        """Ask for it."""
        return self._changed(self._wanted)

    def find_effect(self) -> Finding:
        """Say that it may be asked for again."""
        return Absent()


def _thing(row: Mapping[str, Any]) -> Thing:
    etag = row.get("etag")
    return Thing(str(row.get("id") or ""), etag if isinstance(etag, str) else None, dict(row))


def _is_equal(wanted: object, there: object) -> bool:
    if isinstance(wanted, bool) or isinstance(there, bool):
        return wanted is there
    if isinstance(wanted, Decimal):
        return not isinstance(there, dict | list) and Decimal(str(there or 0)) == wanted
    if isinstance(wanted, Word):
        return str(there).upper() == wanted.upper()
    return str(rich_text(there) if isinstance(there, list) else there or "") == str(wanted or "")
