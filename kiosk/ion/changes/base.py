"""What every change has in common: made once, looked for, and never in doubt longer than it must be.

An ``Edit`` changes something that is there already. Read; if the target holds, nothing is sent. Else send
once with the etag just read, so that an older copy that arrives late is refused, and ION's refusal of *ours*
is looked into before it is reported: it may have been our own earlier copy that made the etag stale.

A ``Creation`` makes something new, for which ION has no lock. What is there is read before it is sent, so
that what is new afterwards can be told; where the site names an attribute for it, the new thing carries the
operation's marker. What is new is counted after every send, and of several copies those that carry the marker
and are unused are taken away again, but for the first.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from pydantic import BaseModel

from kiosk.errors import IonBehind, IonConflict, IonError, IonRejected, IonUncounted, IonUnreachable
from kiosk.ion.arguments import checked
from kiosk.ion.changes.errand import Errand
from kiosk.ion.differences import differences
from kiosk.ion.documents import Call
from kiosk.ion.mapping import dump, read
from kiosk.ion.wording import quoted, shown
from kiosk.model import Json, Submit
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.words import listed, told

__all__ = [
    "RECENT",
    "SOMEBODYS",
    "Change",
    "Creation",
    "Edit",
    "age_of",
    "carries_marker",
]

_CONFLICT: Final = "CONCURRENCY_ERROR"
_NOT_FOUND: Final = "NOT_FOUND_ERROR"
_CATCH_UP_S: Final = 2.0
RECENT: Final = 100
"""Rows looked at before and after a creation; what is new stands among the newest."""
SOMEBODYS: Final = told(
    "It was not there when it was looked for first: it came late, or somebody else did the same. "
    "Which of them, ION does not tell"
)
A = TypeVar("A", bound=BaseModel)
S = TypeVar("S", bound="Identified")


class Identified(Protocol):
    """Something of ION's that has an id."""

    @property
    def id(self) -> str:
        """Return the id."""

    @property
    def etag(self) -> str | None:
        """Return the etag, ``None`` where ION gave none."""


class Change(ABC, Generic[A]):
    """One operation with its arguments: to be made, or to be looked for."""

    takes: ClassVar[type[BaseModel]]

    @classmethod
    def fits(cls, calls: Mapping[str, Call]) -> bool:
        """Return whether a document's calls are those of this way to make the change."""
        del calls
        return True

    def __init__(self, errand: Errand, arguments: Mapping[str, Json]) -> None:
        """Check the arguments; nothing is sent.

        Raises:
            IonRejected: they are not complete.
        """
        self._errand = errand
        self._tenant = errand.tenant
        self._calls = errand.calls
        self._arguments: A = checked(self.model(errand.operation), errand.operation, arguments)  # type: ignore[assignment]

    @classmethod
    def model(cls, operation: str) -> type[BaseModel]:
        """Return what checks the arguments of an operation."""
        del operation
        return cls.takes

    @abstractmethod
    def perform(self) -> Mapping[str, Json]:
        """Make the change once (see ``kiosk.ports.IonWriter``)."""

    @abstractmethod
    def find_effect(self) -> Finding:
        """Look whether an earlier ``perform`` took effect (see ``kiosk.ports.IonWriter``)."""

    def _check_shown(self, key: str, etag: str | None) -> None:
        """See to it that a read shows what ION answered lately that it made (see ``Memory.is_unshown``).

        Raises:
            IonBehind: it does not yet.
        """
        if self._errand.memory.is_unshown(key, etag):
            raise IonBehind(
                told("{key}: ION answered that it made it, and does not show it yet", key=quoted(key)),
                retry_after_s=_CATCH_UP_S,
            )

    def _check_newest(self, id_: str, etag: str | None, facts: str) -> None:
        """See to it that a read does not show something as it was before a change that is known of.

        Raises:
            IonBehind: it does, as it may for some seconds.
        """
        errand = self._errand
        if errand.memory.is_behind(id_, etag, errand.operation, errand.marker):
            raise IonBehind(
                told("{facts}: ION shows it as it was before it was changed last", facts=facts),
                retry_after_s=_CATCH_UP_S,
            )

    def _not_shown(self, result: Mapping[str, Json], facts: str) -> IonUncounted:
        """Return what to raise where ION's reads do not show yet what it answered; the answer is kept."""
        self._errand.memory.remember_answer(self._errand.marker, result)
        return IonUncounted(
            told("{facts}: ION answered that it did this, and does not show it yet", facts=facts)
        )


class Edit(Change[A], Generic[A, S]):
    """Changes one object: ``S`` is what is read of it."""

    reads: ClassVar[str]
    kind: ClassVar[type[Any]]
    result_name: ClassVar[str]
    is_absolute: ClassVar[bool] = True
    """Whether the target says all: who finds it reached has nothing to do, whoever reached it."""
    moves_etag: ClassVar[bool] = False
    """Whether the change makes the etag of what is read another, by which an old read is known."""

    def perform(self) -> Mapping[str, Json]:
        """Make the change once, unless it is made already.

        Raises:
            IonConflict: the object is in another state than the operator saw.
            IonUnknown: among others where nothing locks it, and it seems to be made more than once.
            IonError: see ``kiosk.ports.IonWriter``.
        """
        before = self._fresh()
        if self._holds(before) and self._may_be_done(before):
            return self._settled(before)
        if not self._is_as_seen(before):
            raise IonConflict(
                told(
                    "{facts}; {somebody} changed it in between",
                    facts=self._facts(before),
                    somebody=self._somebody or told("somebody"),
                ),
                by=self._somebody,
                code=_CONFLICT,
            )
        memory, sent = self._errand.memory, before
        try:
            after = self._send(before)
        except IonConflict as error:
            # ION refused it for its etag, so nothing happened. Our own earlier copy may have made it stale,
            # or somebody changed something else about the object.
            memory.supersede(*self._version(before))
            now = sent = self._fresh()
            if self._holds(now):
                return self._settled(now)
            if not self._is_as_seen(now):
                raise self._conflict(before, now, error) from error
            try:
                after = self._send(now)
            except IonConflict as again:
                raise self._conflict(before, self._read(), again) from again
        memory.supersede(*self._version(sent))
        if not self._is_fenced():
            self._count(after)
        return self._settled(after)

    def find_effect(self) -> Finding:
        """Read the object again and say whether the target holds."""
        # What ION answered to this very change is waited for by itself, and holds up no other.
        now = self._read() if self._errand.marker in self._errand.memory.answered else self._fresh()
        if self._holds(now):
            if not self._is_fenced() and not self.is_absolute and self._errand.may_be_others:
                return Unsure(listed((self._facts(now), SOMEBODYS), between=". "))
            return Found(self._settled(now))
        self._errand.memory.doubt(self._errand.marker)
        self._errand.memory.miss(self._errand.marker)
        if self._is_fenced():
            return Absent()
        if self._is_as_seen(now):
            return Absent(late_s=self._errand.request_life_s)
        return Unsure(
            told(
                "{facts}. ION takes no etag here, so it does not tell whose change that was",
                facts=self._facts(now),
            )
        )

    def _count(self, after: S) -> None:
        """Read once more what nothing locks.

        Raises:
            IonUncounted: it is neither as it was nor as it was meant to be, or does not show yet.
        """
        try:
            now = self._read()
        except IonError:
            return  # it was made; what cannot be read now proves nothing else
        if self._holds(now):
            return
        if not self._is_as_seen(now):
            raise IonUncounted(told("{facts} after it was made: perhaps made twice", facts=self._facts(now)))
        if not self.is_absolute:
            raise self._not_shown(self._result(after), self._facts(now))

    def _fresh(self) -> S:
        """Read the object.

        Raises:
            IonBehind: ION shows it as it was before a change that is known of; it does so for some seconds.
        """
        now = self._read()
        self._check_newest(*self._version(now), self._facts(now))
        return now

    def _version(self, now: S) -> tuple[str, str | None]:
        """Return the id and the etag of what is changed; ``None`` where the etag tells nothing of it."""
        thing: Any = self._changes(now)
        return thing.id, (thing.etag or None) if self.moves_etag else None

    def _changes(self, now: S) -> object:
        """Return that of the object which is changed."""
        return now

    def _is_fenced(self) -> bool:
        return True

    def _may_be_done(self, before: S) -> bool:
        del before
        return self.is_absolute or self._errand.marker in self._errand.memory.doubtful

    def _only(self, values: Mapping[str, object]) -> S:
        """Read the one object whose id is the query's only variable, which is named like its kind.

        Raises:
            IonBehind: ION answered lately that it made it, and does not show it so yet.
            IonRejected: there is none.
        """
        (key,) = (f"{name}/{id_}" for name, id_ in values.items())
        try:
            noun = self._one_of(values)
        except IonRejected as error:
            if error.code == _NOT_FOUND:
                self._check_shown(key, None)
            raise
        self._check_shown(key, noun.etag or "")
        return noun

    def _one_of(self, values: Mapping[str, object]) -> S:
        call = self._calls[self.reads]
        tried = told("{call} with {values}", call=call.name, values=quoted(repr(dict(values))))
        found = [row for rows in self._tenant.rows(call, values).values() for row in rows if row is not None]
        if len(found) != 1:
            raise IonRejected(
                told(
                    "{tried}: expected one {kind}, got {count}",
                    tried=tried,
                    kind=self.kind.__name__,
                    count=len(found),
                ),
                code=_NOT_FOUND,
            )
        self._row = found[0]
        noun: S = read(self.kind, found[0], tried=tried)
        return noun

    @property
    def _somebody(self) -> str:
        """Return who changed the object last, empty where this tenant does not tell."""
        who = self._row.get("changed_by") if isinstance(self._row, dict) else None
        name = who.get("name") if isinstance(who, dict) else None
        return shown(name, length=80) if isinstance(name, str) else ""

    def _conflict(self, before: S, now: S, error: IonConflict) -> IonConflict:
        changed = differences(before, now)[:5]
        return IonConflict(
            told(
                "{facts}; {somebody} changed it in between: {changed}",
                facts=self._facts(now),
                somebody=self._somebody or told("somebody"),
                changed=listed(changed) if changed else told("something that the kiosk does not read"),
            ),
            by=self._somebody,
            code=error.code or _CONFLICT,
            trace_id=error.trace_id,
        )

    def _settled(self, now: S) -> dict[str, Json]:
        self._errand.memory.forget(self._errand.marker)
        return self._result(now)

    def _result(self, now: S) -> dict[str, Json]:
        return {self.result_name: dump(now)}

    @abstractmethod
    def _read(self) -> S: ...

    @abstractmethod
    def _holds(self, now: S) -> bool: ...

    def _is_as_seen(self, now: S) -> bool:
        del now
        return True

    @abstractmethod
    def _send(self, before: S) -> S: ...

    @abstractmethod
    def _facts(self, now: S) -> str: ...


class Creation(Change[A], Generic[A, S]):
    """Makes one object: ``S``."""

    reads: ClassVar[str]
    makes: ClassVar[str]
    kind: ClassVar[type[Any]]
    result_name: ClassVar[str]

    def perform(self) -> Mapping[str, Json]:
        """Make it once, unless an earlier copy of this very operation has made it.

        Raises:
            IonError: see ``kiosk.ports.IonWriter``.
        """
        there = self._there()
        ours = self._ours(there)
        if ours is not None:
            return self._settled(ours)
        self._check(tuple(there.values()))
        self._errand.memory.remember_before(self._errand.marker, frozenset(there))
        made = self._make()
        if not self._is_fenced():
            self._count(made)
        return self._settled(made)

    def find_effect(self) -> Finding:
        """Look for what carries the marker, else for the only new thing that is as it was asked for."""
        there = self._there()
        self._errand.memory.doubt(self._errand.marker)
        ours = self._ours(there)
        if ours is not None:
            extra = [self._undo(row) for row in self._copies(there) if row.id != ours.id]
            surplus = tuple(undo for undo in extra if undo is not None)
            if len(surplus) == len(extra):
                return Found(self._settled(ours), surplus)
        like = [there[id_] for id_ in self._marked] or self._in_the_way(there)
        if not like:
            return Absent(late_s=0.0 if self._is_fenced() else self._errand.request_life_s)
        rows = listed(map(self._named, like[:5]))
        return Unsure(
            told(
                "{facts}: expected one that is new, got {rows}; the kiosk cannot take the others away"
                if self._marked
                else "{facts}: expected one that is new, got {rows}; whose it is, ION does not tell",
                facts=self._facts(),
                rows=rows,
            )
        )

    def _count(self, made: S) -> None:
        """Look how many were made.

        Raises:
            IonUncounted: more than one, or the list does not show it yet.
        """
        try:
            there = self._there()
            copies = self._copies(there)
        except IonError:
            return  # it was made; what cannot be read now proves nothing else
        if len(copies) > 1:
            rows = listed(map(self._named, copies[:5]))
            raise IonUncounted(told("{facts}: expected one, got {rows}", facts=self._facts(), rows=rows))
        if made.id and made.id not in there:
            raise self._not_shown(self._result(made), self._facts())

    def _copies(self, there: Mapping[str, S]) -> list[S]:
        """Return what this operation has made, or seems to have: by the marker where there is one."""
        if self._marked:
            return [there[id_] for id_ in self._marked]
        if self._errand.marker not in self._errand.memory.before:
            return []
        return [row for row in self._new(there) if self._is_like(row)]

    def _undo(self, row: S) -> Submit | None:
        """Return what takes away a second copy, ``None`` where it is not surely ours, or in use, or stays."""
        del row
        return None

    def _can(self, operation: str) -> bool:
        """Return whether a copy that carries the marker can be taken away by this change."""
        return bool(self._marked) and self._tenant.catalogue.offers(operation)

    def _is_fenced(self) -> bool:
        return False

    def _in_the_way(self, there: Mapping[str, S]) -> list[S]:
        """Return what may be ours, or would be taken for a second copy of it."""
        return [row for row in self._new(there) if self._is_like(row)]

    def _check(self, there: tuple[S, ...]) -> None:
        """Refuse what cannot be made beside what is there; ``IonRejected`` says why."""

    def _there(self) -> dict[str, S]:
        """Return the newest objects by id; what cannot be read cannot be ours."""
        call = self._calls[self.reads]
        self._marked: list[str] = []
        self._raw: dict[str, Mapping[str, Any]] = {}
        found: dict[str, S] = {}
        for rows in self._tenant.rows(call, {**self._like(), "recent": RECENT}).values():
            for row in rows:
                try:
                    noun: S = read(self.kind, row, tried=call.name)
                except IonUnreachable:
                    continue
                found[noun.id] = noun
                self._raw[noun.id] = row if isinstance(row, dict) else {}
                if carries_marker(row, self._errand.marker):
                    self._marked.append(noun.id)
        self._marked.sort(key=age_of)
        return found

    def _ours(self, there: Mapping[str, S]) -> S | None:
        """Return what an earlier copy of this operation made, where that is sure."""
        copies = self._copies(there)
        return copies[0] if self._marked or len(copies) == 1 else None

    def _new(self, there: Mapping[str, S]) -> list[S]:
        before = self._errand.memory.before.get(self._errand.marker, frozenset())
        return [row for id_, row in there.items() if id_ not in before]

    def _settled(self, made: S) -> dict[str, Json]:
        self._errand.memory.forget(self._errand.marker)
        return self._result(made)

    def _result(self, made: S) -> dict[str, Json]:
        return {self.result_name: dump(made)}

    def _make(self) -> S:
        call = self._calls[self.makes]
        values = {**self._values(), "marker": self._errand.marker, "marker_key": self._errand.marker_key}
        made = self._tenant.change(call, values, "made")
        noun: S = read(self.kind, made, tried=call.name, is_mutation=True)
        self._errand.memory.remember_made(f"{self.result_name}/{noun.id}")
        return noun

    def _like(self) -> Mapping[str, object]:
        """Return the values of the query that lists what is alike."""
        return {}

    @abstractmethod
    def _is_like(self, row: S) -> bool:
        """Return whether this may be what was asked for."""

    def _values(self) -> Mapping[str, object]:
        """Return the values of the mutation."""
        return {}

    @abstractmethod
    def _facts(self) -> str: ...

    @abstractmethod
    def _named(self, row: S) -> str: ...


def carries_marker(row: object, marker: str) -> bool:
    """Return whether an object as ION shows it has an attribute with this operation's marker."""
    attributes = row.get("attributes") if isinstance(row, dict) else None
    return isinstance(attributes, list) and any(
        isinstance(each, dict) and each.get("value") == marker for each in attributes
    )


def age_of(id_: str) -> tuple[int, str]:
    """Return what sorts ids by age: ION counts up where they are numbers."""
    return (int(id_), "") if id_.isdecimal() else (0, id_)
