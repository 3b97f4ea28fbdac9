"""Labels for programs and for people at a workstation: what they ask for, made whole and queued as one."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from kiosk.errors import IonError, KeyReused, LabelError, OrderRefused
from kiosk.flows.labels import USUAL, has_label, labels_of
from kiosk.flows.signing import serial_on
from kiosk.flows.wording import KIND_WORDS, detail, title
from kiosk.journal import Journal, NewBatch, NewJob
from kiosk.label_shelf import Designs
from kiosk.label_subjects import NO_ANSWER, LabelSubjects, Meant, labelled
from kiosk.model import LabelFields, PreparedLabel, Print, PrintJob, Reason, Subject, Why
from kiosk.ports import Asker, Ids, Labelled, LabelOrder, LabelWish, Ordered, Search
from kiosk.printing import LabelShop
from kiosk.serial_rule import SerialRule
from kiosk.visible import visible
from kiosk.wire import to_json
from kiosk.words import told

MOST_SHOWN: Final = 60
"""Things that a search shows; who looks for another one types more of it."""
_LEAST_TEXT: Final = 2
_OF_A_PART: Final = ("part", "small-part")
"""Designs that show a part in general."""
_MOST_CHOICES: Final = 10
_ALL: Final = 1_000_000
_HAS_ONE: Final = "This serial has a label already."
_OFFLINE: Final = "ION does not answer. Only what the kiosk remembers is shown."
_REFUSED: Final = "ION does not answer this question: {why}"


@dataclass(slots=True)
class _Made:
    """What an order comes to, while it is put together."""

    order: LabelOrder
    jobs: list[tuple[str, str, Print, PreparedLabel, PrintJob | None]] = field(default_factory=list)
    """Station, printer, label, the label as it is sent, and the print of it that is out already."""
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    prepared: dict[tuple[str, str], PreparedLabel] = field(default_factory=dict)
    as_of: datetime | None = None


class _Fault(Exception):
    """One label cannot be made: which part of what was asked is at fault, and why."""

    def __init__(self, part: str, text: str) -> None:
        super().__init__(text)
        self.part = part


@dataclass(frozen=True, slots=True)
class LabelService:
    """See ``kiosk.ports.LabelService``."""

    journal: Journal
    shop: LabelShop
    subjects: LabelSubjects
    stations: Mapping[str, str]
    """The printer of each station, empty where it has none."""
    desks: Mapping[str, object]
    """Who prints, by printer."""
    tell: Callable[[str, str], None]
    """Told the printer and the station of labels that are queued."""
    ids: Ids
    rule: SerialRule

    def order(self, order: LabelOrder) -> Ordered:
        """See ``kiosk.ports.LabelService``."""
        request = _digest(order)
        key = f"{order.client}/{order.key or self.ids()}"
        known = self.journal.batches.of_key(key)
        if known is None:
            made = self._made(order)
            stations = {station for station, *_ in made.jobs}
            jobs = [
                NewJob(
                    f"{key}/{number}",
                    station,
                    printer,
                    label,
                    prepared,
                    again=again,
                    mark=partial(self.shop.marked, printer, label, prepared.design_digest),
                )
                for number, (station, printer, label, prepared, again) in enumerate(made.jobs)
            ]
            batch = self.journal.batches.order(
                NewBatch(
                    key,
                    stations.pop() if len(stations) == 1 else "",
                    jobs,
                    title=order.title,
                    by=order.by,
                    priority=order.priority,
                    request=request,
                    as_of=made.as_of,
                    why=order.why,
                )
            )
            for printer, station in dict.fromkeys((job.printer, job.station) for job in jobs):
                self.tell(printer, station)
        else:
            batch = known
        if batch.request != request:
            raise KeyReused(
                "This idempotency key was used for another order. Expected the same labels, or a new key."
            )
        return Ordered(batch, self.jobs(batch.id), is_repeat=known is not None)

    def prepare(self, wish: LabelWish) -> PreparedLabel:
        """See ``kiosk.ports.LabelService``."""
        try:
            return self._wished(wish, self._meant([wish], is_memory_first=True), _Made(LabelOrder([wish])))[3]
        except _Fault as fault:
            raise OrderRefused([(0, fault.part, str(fault))]) from fault

    def latest(self, wish: LabelWish) -> PrintJob | None:
        """See ``kiosk.ports.LabelService``."""
        try:
            meant = self._meant([wish], is_memory_first=True)
            _, _, label, prepared = self._wished(wish, meant, _Made(LabelOrder([wish])))
        except _Fault as fault:
            raise OrderRefused([(0, fault.part, str(fault))]) from fault
        return self._out(label, prepared)

    def search(self, text: str) -> Search:
        """See ``kiosk.ports.LabelService``."""
        wanted = text.strip()
        if not wanted:
            return Search(())
        meant = self.subjects.meant([wanted])[wanted]
        if not meant.subjects and not meant.error and len(wanted) >= _LEAST_TEXT:
            meant = self.subjects.like(wanted)
        found = [
            Labelled(
                code, KIND_WORDS[subject.kind], title(subject), detail(subject), self._fitting(subject, label)
            )
            for subject, code, label in labelled(meant.subjects)
        ]
        return Search(
            tuple(found[:MOST_SHOWN]),
            len(found) > MOST_SHOWN,
            meant.as_of,
            meant.is_remembered,
            _trouble(meant),
        )

    def printers(self) -> tuple[str, ...]:
        """See ``kiosk.ports.LabelService``."""
        return tuple(self.desks)

    def title(self, label: str) -> str:
        """See ``kiosk.ports.LabelService``."""
        design = self.shop.designs.good.get(label)
        return design.title if design else label

    def jobs(self, batch_id: str) -> tuple[PrintJob, ...]:
        """See ``kiosk.ports.LabelService``."""
        return self.journal.batches.jobs(batch_id, limit=_ALL)

    def uses(self, batch_id: str) -> frozenset[tuple[str, str]]:
        """See ``kiosk.ports.LabelService``."""
        return self.journal.batches.uses(batch_id)

    def _made(self, order: LabelOrder) -> _Made:
        """Make every label of an order."""
        made = _Made(order)
        meant = self._meant(order.wishes, is_memory_first=order.is_as_shown)
        for number, wish in enumerate(order.wishes):
            try:
                station, printer, label, prepared = self._wished(wish, meant, made)
                again = self._again(order, label, prepared)
            except _Fault as fault:
                made.faults.append((number, fault.part, str(fault)))
                continue
            made.jobs.append((station, printer, label, prepared, again))
        if made.faults:
            raise OrderRefused(made.faults)
        return made

    def _again(self, order: LabelOrder, label: Print, prepared: PreparedLabel) -> PrintJob | None:
        """Return the print that is out already of a label of a serial, if the asker may have another.

        Raises:
            _Fault: they may not, or did not say why.
        """
        out = self._out(label, prepared)
        if out is None:
            return None
        asker = order.asker or Asker()
        refusal = self.rule.reprint_refusal(out, order.why or Why(Reason.OTHER), asker)
        if refusal:
            raise _Fault("reason" if order.why is None else "label", f"{_HAS_ONE} {refusal}")
        return out

    def _out(self, label: Print, prepared: PreparedLabel) -> PrintJob | None:
        if not serial_on(label.fields, label.subject):
            return None
        return self.journal.accounts.latest(prepared.label, prepared.encoded)

    def _meant(self, wishes: Sequence[LabelWish], *, is_memory_first: bool = False) -> Mapping[str, Meant]:
        """Ask about the subjects.

        Raises:
            IonError: nobody knows what one of them is.
        """
        codes = tuple(dict.fromkeys(wish.subject for wish in wishes if wish.fields is None))
        meant = self.subjects.meant(codes, is_memory_first=is_memory_first) if codes else {}
        for one in meant.values():
            if one.error is not None:
                raise one.error
        return meant

    def _wished(
        self, wish: LabelWish, meant: Mapping[str, Meant], made: _Made
    ) -> tuple[str, str, Print, PreparedLabel]:
        station, printer = self._place(wish)
        if wish.fields is not None:
            label = Print(wish.label, wish.fields, f"label/{wish.label}", wish.copies)
        else:
            label = self._label(wish, meant[wish.subject], station)
            printer = wish.printer or label.printer or printer
            as_of = meant[wish.subject].as_of
            if as_of is not None:
                made.as_of = min(as_of, made.as_of or as_of)
        if made.order.scope is not None:
            made.order.scope.check(label=label.label, printer=printer)
        content = (printer, json.dumps([label.label, label.copies, to_json(label.fields)], sort_keys=True))
        if content not in made.prepared:
            try:
                made.prepared[content] = self.shop.prepare_for(printer, label)
            except LabelError as error:
                raise _Fault(
                    "fields" if label.label in self._designs.good else "label", str(error)
                ) from error
        return station, printer, label, made.prepared[content]

    def _place(self, wish: LabelWish) -> tuple[str, str]:
        """Return the station that is told of a label, and the printer that prints it."""
        if wish.station and wish.station not in self.stations:
            raise _Fault("station", f"No such station: expected one of {sorted(self.stations)}.")
        if wish.printer and wish.printer not in self.desks:
            raise _Fault("printer", f"No such printer: expected one of {sorted(self.desks)}.")
        printing = [name for name, own in self.stations.items() if own]
        station = wish.station or (printing[0] if len(printing) == 1 and not wish.printer else "")
        if station:
            printer = wish.printer or self.stations[station]
            if not printer:
                raise _Fault("station", "This station has no printer: name a printer.")
            return station, printer
        if not wish.printer and len(self.desks) != 1:
            raise _Fault("printer", f"Which printer? Expected one of {sorted(self.desks)}, or a station.")
        printer = wish.printer or next(iter(self.desks))
        return next((name for name, own in self.stations.items() if own == printer), ""), printer

    def _label(self, wish: LabelWish, meant: Meant, station: str) -> Print:
        """Return the label of a subject, of the design that is asked for."""
        found = [
            (code, label, subject)
            for subject, code, label in labelled(meant.subjects, self.shop.choices(station))
            if any(subject is one for one in meant.subjects)  # of a part, not each of its rows
        ]
        if not found:
            raise _Fault(
                "subject",
                "Nothing that has a label is known by this code. "
                "Expected a part, a piece, lot or quantity in stock, a run or a location.",
            )
        if len(found) > 1:
            choices = ", ".join(f"{code} ({title(subject)})" for code, _, subject in found[:_MOST_CHOICES])
            raise _Fault(
                "subject", visible(f"This code means {len(found)} things. Expected one of: {choices}.")
            )
        _, own, subject = found[0]
        if wish.label in {"", own.label}:
            return replace(own, copies=wish.copies)
        design = self._designs.good.get(wish.label)
        if design is None:
            raise _Fault("label", f"No such label: expected one of {list(self._fitting(subject, own))}.")
        missing = sorted(name for name, must in design.takes.items() if must and name not in own.fields)
        if missing:
            raise _Fault(
                "label",
                f"Label {wish.label!r} needs {missing}, which ION does not say of it. "
                f"Expected one of {list(self._fitting(subject, own))}, or fields.",
            )
        return replace(own, label=wish.label, copies=wish.copies, printer="")

    @property
    def _designs(self) -> Designs:
        return self.shop.designs

    def _fitting(self, subject: Subject, own: Print) -> tuple[str, ...]:
        """Return the labels that are usual for a thing, and those of the site that its data fill."""
        designs = self._designs
        usual = [label.label for label in labels_of(subject, USUAL)] if has_label(subject) else _OF_A_PART
        of_site = [
            name
            for name, design in designs.good.items()
            if name not in designs.packaged
            and design.encodes in own.fields
            and _is_filled(design.takes, own.fields)
        ]
        return tuple(name for name in dict.fromkeys([*usual, *sorted(of_site)]) if name in designs.good)


def _is_filled(takes: Mapping[str, bool], fields: LabelFields) -> bool:
    return all(name in fields for name, must in takes.items() if must)


def _digest(order: LabelOrder) -> str:
    """Return SHA-256 in hex of what is asked; who asks and under which key is no part of it."""
    asked = {"wishes": to_json(tuple(order.wishes)), "title": order.title, "priority": order.priority}
    if order.why is not None:
        asked["why"] = [order.why.reason.value, order.why.note]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _trouble(meant: Meant) -> str:
    if meant.error is None:
        return _OFFLINE if meant.is_remembered else ""
    if isinstance(meant.error, NO_ANSWER):
        return _OFFLINE
    return told(_REFUSED, why=meant.error.words if isinstance(meant.error, IonError) else meant.error)
