"""What people do about labels after they were asked for: queues, batches, reprints, the account of all."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from kiosk.errors import PrintRefused
from kiosk.journal import Journal, NewReprint
from kiosk.model import URGENT_PRIORITY, Batch, DeviceState, LabelAccount, Print, PrintJob, Proof, Why
from kiosk.ports import Asker, BatchView, LabelRoom, Operators, QueueView
from kiosk.printer_desk import PrinterDesk
from kiosk.serial_rule import SerialRule

_BATCHES_SHOWN = 20
_GONE = "The settings do not name this printer any more. Let another take over, or cancel."


@dataclass(frozen=True, slots=True)
class PrintRoom:
    """See ``kiosk.ports.PrintRoom``."""

    journal: Journal
    desks: Mapping[str, PrinterDesk]
    printers_of: Mapping[str, Collection[str]]
    """The names of the printers on which a station prints."""
    people: Operators
    publish: Callable[[], None]
    """Told that something about printing changed."""
    rule: SerialRule
    """Who may print a label with a serial number once more, and void one."""
    unsigned: str
    """The role of who is not signed in."""
    labels: LabelRoom

    def asker(self, station: str) -> Asker:
        """See ``kiosk.ports.PrintRoom``."""
        presence = self.people.acted(station) if station else None
        if presence is None:
            return Asker("", self.unsigned, is_proved=True)
        operator, is_proved = presence.operator, presence.proof >= Proof.FRESH
        return Asker(operator.name, operator.role.value, operator.id, is_proved, presence.has_pin)

    def job(self, job_id: str) -> PrintJob | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self.journal.prints.find(job_id)

    def picture(self, job_id: str) -> bytes | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self.journal.prints.picture(job_id)

    def queues(self) -> tuple[QueueView, ...]:
        """See ``kiosk.ports.PrintRoom``."""
        names = dict.fromkeys([*self.desks, *self.journal.queues.names()])
        return tuple(sorted(map(self._queue, names), key=lambda queue: queue.printer.is_ready))

    def hold(self, printer: str, asker: Asker) -> None:
        """See ``kiosk.ports.PrintRoom``."""
        self.journal.prints.hold(printer, asker.name)
        self._stir()

    def release(self, printer: str, asker: Asker) -> None:
        """See ``kiosk.ports.PrintRoom``."""
        self.journal.prints.release(printer, asker.name)
        self._stir()

    def batch(self, batch_id: str) -> Batch | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self.journal.batches.find(batch_id)

    def pause(self, batch_id: str, asker: Asker) -> Batch | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self._stirred(self.journal.batches.pause(batch_id, asker.name))

    def go_on(self, batch_id: str, asker: Asker) -> Batch | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self._stirred(self.journal.batches.go_on(batch_id, asker.name))

    def hurry(self, batch_id: str, asker: Asker) -> Batch | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self._stirred(self.journal.batches.prioritize(batch_id, URGENT_PRIORITY, asker.name))

    def cancel(self, batch_id: str, asker: Asker) -> Batch | None:
        """See ``kiosk.ports.PrintRoom``."""
        return self._stirred(self.journal.batches.cancel(batch_id, asker.name))

    def take_over(self, printer: str, to: str, asker: Asker) -> int:
        """See ``kiosk.ports.PrintRoom``."""
        taker = self.desks.get(to)
        if taker is None or to == printer:
            raise PrintRefused(f"Cannot take over from {printer!r}: there is no other printer {to!r}.")
        own = self.desks.get(printer)
        made_for, takes = own.kind if own is not None else "", taker.kind
        if own is not None and made_for != takes:
            raise PrintRefused(
                f"{to} cannot print what waits for {printer}: that is made for {made_for}, and it is {takes}."
            )
        kinds = [takes, ""] if own is not None else [takes]
        moved = self.journal.queues.take_over(printer, to, kinds, asker.name)
        self._stir()
        return moved

    def reprint(
        self, job_id: str, copies: int, why: Why, asker: Asker, key: str | None
    ) -> tuple[PrintJob, ...]:
        """See ``kiosk.ports.PrintRoom``."""
        job = self.journal.prints.find(job_id)
        if job is None:
            return ()
        batch_key = f"again/{job_id}/{key or uuid.uuid4().hex}"
        if self.journal.batches.of_key(batch_key) is None:
            refusal = self.rule.reprint_refusal(job, why, asker)
            if refusal:
                raise PrintRefused(refusal)
        label = Print(job.label, job.fields, job.subject)
        mark = partial(self.labels.marked, job.printer, label, job.design_digest)
        new = NewReprint(job_id, batch_key, copies, why, asker.name, mark)
        jobs = self.journal.accounts.reprint(new)
        self._stir()
        return jobs

    def void(self, job_id: str, why: Why, asker: Asker) -> PrintJob | None:
        """See ``kiosk.ports.PrintRoom``."""
        job = self.journal.prints.find(job_id)
        if job is None:
            return None
        voided = None
        refusal = self.rule.void_refusal(job, why, asker)
        if not refusal:
            voided = self.journal.accounts.void(job_id, why, asker.name)
            refusal = "This label changed just now. Look at it again."
        if voided is None:
            raise PrintRefused(refusal)
        self._stir()
        return voided

    def confirm(self, job_id: str, asker: Asker) -> PrintJob | None:
        """See ``kiosk.ports.PrintRoom``."""
        job = self.journal.accounts.confirm(job_id, asker.name)
        self._stir()
        return job

    def deny(self, job_id: str, asker: Asker) -> PrintJob | None:
        """See ``kiosk.ports.PrintRoom``."""
        doubtful = self.journal.prints.find(job_id)
        if doubtful is not None and (refusal := self.rule.pin_refusal(doubtful, asker)):
            raise PrintRefused(refusal)
        job = self.journal.accounts.deny(job_id, asker.name)
        self._stir()
        return job

    def accounts(self, first: date, last: date) -> tuple[LabelAccount, ...]:
        """See ``kiosk.ports.PrintRoom``."""
        return self.journal.accounts.days(first, last, None)

    def unaccounted(self, first: date, last: date) -> tuple[PrintJob, ...]:
        """See ``kiosk.ports.PrintRoom``."""
        return self.journal.accounts.unaccounted(first, last, None)

    def _queue(self, name: str) -> QueueView:
        queues, desk = self.journal.queues, self.desks.get(name)
        batches = [
            BatchView(batch, job)
            for batch in self.journal.batches.pending(name, _BATCHES_SHOWN)
            if (job := queues.next_of(batch.id, name)) is not None
        ]
        return QueueView(
            printer=desk.lamp if desk else DeviceState(name, is_ready=False, text=_GONE),
            since=desk.since if desk else None,
            kind=desk.kind if desk else "",
            stations=tuple(station for station, printers in self.printers_of.items() if name in printers),
            is_held=self.journal.prints.held(name) is not None,
            waiting=queues.waiting(name),
            in_flight=queues.in_flight(name),
            batches=tuple(batches),
            asked=queues.asked(name),
            printed=queues.newest(name),
            takers=self._takers(name, [one.next for one in batches]),
        )

    def _takers(self, name: str, waiting: Collection[PrintJob]) -> tuple[str, ...]:
        """Return the printers that could print what waits for one; where it is gone, the labels tell."""
        own = self.desks.get(name)
        kinds = {own.kind} if own is not None else {job.made_for for job in waiting}
        return tuple(
            other for other, desk in self.desks.items() if other != name and waiting and desk.kind in kinds
        )

    def _stirred(self, batch: Batch | None) -> Batch | None:
        self._stir()
        return batch

    def _stir(self) -> None:
        """Let the printers look for work, and everybody see what changed."""
        for desk in self.desks.values():
            desk.wake()
        self.publish()
