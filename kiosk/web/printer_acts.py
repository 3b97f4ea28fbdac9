"""What a person does on the page of printers, and what is said about it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.errors import JournalError, PrintRefused
from kiosk.model import Batch, JobState, Level, Message, PrintJob, Reason, Why
from kiosk.ports import Asker, PrintRoom
from kiosk.web.printer_view import counted, progress_words
from kiosk.web.wording import label_title

_MOST_NOTE: Final = 200
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_NOT_WRITTEN: Final = Message(
    Level.STOP, "Not done: the kiosk cannot write its journal. Do not go on, call a technician."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page sent."""

    name: str
    """The id of a job or batch, or the name of a printer."""
    to: str = ""
    """Another printer."""
    reason: str = ""
    note: str = ""
    key: str = ""
    """Made with the question, so that a second tap is no second answer."""

    @property
    def why(self) -> Why:
        """Return the reason; one that is none says nothing."""
        is_known = self.reason in {one.value for one in Reason}
        return Why(Reason(self.reason), self.note[:_MOST_NOTE].strip()) if is_known else Why(Reason.OTHER)

    @property
    def idempotency_key(self) -> str | None:
        """Return the key, ``None`` where there is none."""
        return self.key if _KEY.fullmatch(self.key) else None


Act = Callable[[PrintRoom, Wish, Asker], Message]


def done(room: PrintRoom, act: str, wish: Wish, asker: Asker) -> Message | None:
    """Do what a page asks and return what to say about it; ``None`` where there is no such act."""
    does = _ACTS.get(act)
    if does is None:
        return None
    try:
        return does(room, wish, asker)
    except PrintRefused as error:
        return Message(Level.STOP, "{error}", {"error": str(error)})
    except JournalError:
        return _NOT_WRITTEN


def _hold(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    room.hold(wish.name, asker)
    return Message(Level.GOOD, "{printer} is paused.", {"printer": wish.name})


def _release(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    room.release(wish.name, asker)
    return Message(Level.GOOD, "{printer} goes on.", {"printer": wish.name})


def _pause(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_batch(room.pause(wish.name, asker), "Paused: {progress}.")


def _go_on(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_batch(room.go_on(wish.name, asker), "It goes on: {progress}.")


def _hurry(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_batch(room.hurry(wish.name, asker), "It goes first: {progress}.")


def _cancel(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_batch(room.cancel(wish.name, asker), "Canceled: {progress}.")


def _of_batch(batch: Batch | None, template: str) -> Message:
    if batch is None:
        return Message(Level.ASK, "These labels were canceled, or are not there.")
    return Message(Level.GOOD, template, {"progress": progress_words(batch.tally)})


def _take_over(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    moved = room.take_over(wish.name, wish.to, asker)
    if not moved:
        return Message(Level.ASK, "Nothing waits that {to} could print.", {"to": wish.to})
    values = {"labels": counted(moved), "to": wish.to}
    return Message(Level.GOOD, "{labels} moved to {to}. Fetch them there.", values)


def _reprint(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    jobs = room.reprint(wish.name, 1, wish.why, asker, wish.idempotency_key)
    return _of_job(next(iter(jobs), None), "The label of {label} is printed once more.")


def _void(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_job(room.void(wish.name, wish.why, asker), "The label of {label} does not count any more.")


def _came_out(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    return _of_job(room.confirm(wish.name, asker), "The label of {label} came out.")


def _missing(room: PrintRoom, wish: Wish, asker: Asker) -> Message:
    job = room.deny(wish.name, asker)
    is_canceled = job is not None and job.state is JobState.VOIDED
    if is_canceled:
        return _of_job(job, "The label of {label} was canceled and is not printed.")
    return _of_job(job, "The label of {label} is printed again.")


def _of_job(job: PrintJob | None, template: str) -> Message:
    if job is None:
        return Message(Level.ASK, "This label is not in doubt any more. Look at it again.")
    return Message(Level.GOOD, template, {"label": label_title(job.fields, job.subject)})


_ACTS: Final[Mapping[str, Act]] = {
    "hold": _hold,
    "release": _release,
    "pause": _pause,
    "go-on": _go_on,
    "hurry": _hurry,
    "cancel": _cancel,
    "take-over": _take_over,
    "reprint": _reprint,
    "void": _void,
    "came-out": _came_out,
    "missing": _missing,
}
