"""Printers and labels as a test says they are; what is done to them is noted."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.errors import PrintRefused
from kiosk.model import Batch, BatchState, LabelAccount, Operator, PrintJob, Why
from kiosk.ports import Asker, QueueView


@dataclass
class FakePrints:
    """A print room."""

    find: Callable[[str], PrintJob | None]
    """Gives the job of an id."""
    views: tuple[QueueView, ...] = ()
    batches: dict[str, Batch] = field(default_factory=dict)
    table: tuple[LabelAccount, ...] = ()
    doubts: tuple[PrintJob, ...] = ()
    signed_in: dict[str, Operator] = field(default_factory=dict)
    asking: Asker | None = None
    """Who asks, whatever the station."""
    refusal: str = ""
    acts: list[tuple[object, ...]] = field(default_factory=list)

    def asker(self, station: str) -> Asker:
        operator = self.signed_in.get(station)
        return self.asking or (
            Asker(operator.name, operator.role.value) if operator else Asker("", "operator")
        )

    def job(self, job_id: str) -> PrintJob | None:
        return self.find(job_id)

    def picture(self, job_id: str) -> bytes | None:
        raise NotImplementedError(job_id)

    def queues(self) -> tuple[QueueView, ...]:
        return self.views

    def hold(self, printer: str, asker: Asker) -> None:
        self._done("hold", printer, asker.name)

    def release(self, printer: str, asker: Asker) -> None:
        self._done("release", printer, asker.name)

    def batch(self, batch_id: str) -> Batch | None:
        return self.batches.get(batch_id)

    def pause(self, batch_id: str, asker: Asker) -> Batch | None:
        return self._turned(batch_id, BatchState.PAUSED, asker)

    def go_on(self, batch_id: str, asker: Asker) -> Batch | None:
        return self._turned(batch_id, BatchState.OPEN, asker)

    def hurry(self, batch_id: str, asker: Asker) -> Batch | None:
        self._done("hurry", batch_id, asker.name)
        return self.batches.get(batch_id)

    def cancel(self, batch_id: str, asker: Asker) -> Batch | None:
        return self._turned(batch_id, BatchState.CANCELED, asker)

    def take_over(self, printer: str, to: str, asker: Asker) -> int:
        self._done("take over", printer, to, asker.name)
        return 3

    def reprint(
        self, job_id: str, copies: int, why: Why, asker: Asker, key: str | None
    ) -> tuple[PrintJob, ...]:
        self._done("reprint", job_id, copies, why, asker.name, key)
        job = self.find(job_id)
        return tuple(replace(job, id=f"{job_id}-{key}-{n}") for n in range(copies)) if job else ()

    def void(self, job_id: str, why: Why, asker: Asker) -> PrintJob | None:
        self._done("void", job_id, why, asker.name)
        return self.find(job_id)

    def confirm(self, job_id: str, asker: Asker) -> PrintJob | None:
        self._done("confirm", job_id, asker.name)
        return self.find(job_id)

    def deny(self, job_id: str, asker: Asker) -> PrintJob | None:
        self._done("deny", job_id, asker.name)
        return self.find(job_id)

    def accounts(self, first: date, last: date) -> tuple[LabelAccount, ...]:
        return tuple(row for row in self.table if first <= row.day <= last)

    def unaccounted(self, first: date, last: date) -> tuple[PrintJob, ...]:
        return tuple(job for job in self.doubts if first <= job.created_at.date() <= last)

    def _turned(self, batch_id: str, state: BatchState, asker: Asker) -> Batch | None:
        self._done(state.value, batch_id, asker.name)
        batch = self.batches.get(batch_id)
        if batch is None or batch.state is BatchState.CANCELED:
            return None if state is not BatchState.CANCELED else batch
        self.batches[batch_id] = replace(batch, state=state)
        return self.batches[batch_id]

    def _done(self, *act: object) -> None:
        if self.refusal:
            raise PrintRefused(self.refusal)
        self.acts.append(act)
