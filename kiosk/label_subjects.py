"""What codes mean to somebody who wants labels: asked of ION in bounded time, else remembered."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.barcodes import Readings
from kiosk.errors import IonBusy, IonError, IonRejected, IonUnknown, IonUnreachable, IonUnsupported
from kiosk.flows.labels import USUAL, Choices, label_of, part_label_of, reference_of
from kiosk.inquiry import Inquiry
from kiosk.model import Asked, Inventory, Kit, Location, Print, Question, Run, Stock, Subject
from kiosk.resolve import Resolution, questions, resolve
from kiosk.words import told

_LOG = logging.getLogger(__name__)
NO_ANSWER: Final = (IonUnreachable, IonBusy, IonUnknown)
"""ION cannot be asked now: what it said before counts."""
PATIENCE_S: Final = 10.0
"""After this long no further question is begun; each takes as long as ``ion.read_timeout_s`` says at most."""
_AT_ONCE: Final = 20
"""Codes in one round of questions."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a code means."""

    subjects: tuple[Subject, ...]
    as_of: datetime | None = None
    """When ION gave the oldest of the answers; ``None`` where there was nothing to ask."""
    is_remembered: bool = False
    """ION could not be asked now."""
    error: IonError | None = None
    """Why nobody knows."""


class LabelSubjects:
    """Finds the things that codes and texts are about."""

    def __init__(self, inquiry: Inquiry, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._inquiry = inquiry
        self._monotonic_s = monotonic_s

    def meant(self, codes: Sequence[str], *, is_memory_first: bool = False) -> Mapping[str, Meant]:
        """Return what each code means.

        Args:
            codes: texts as a scanner would give them.
            is_memory_first: whether ION is asked only about what is not remembered.
        """
        readings = {code: self._inquiry.read(code.encode("utf-8", "surrogatepass")) for code in codes}
        found: dict[str, Meant] = {}
        for code, read in readings.items():
            if not questions(read):
                found[code] = Meant(())
            elif is_memory_first and (known := self._remembered(read)) is not None:
                found[code] = known
        unknown = [code for code in readings if code not in found]
        end_s = self._monotonic_s() + PATIENCE_S
        trouble: IonError | None = None
        for start in range(0, len(unknown), _AT_ONCE):
            asked = {code: readings[code] for code in unknown[start : start + _AT_ONCE]}
            if trouble is None and self._monotonic_s() >= end_s:
                trouble = IonUnreachable(
                    told(
                        "Asking ION about {count} codes: expected all answers within {seconds} s, "
                        "got those of {answered}",
                        count=len(unknown),
                        seconds=f"{PATIENCE_S:g}",
                        answered=start,
                    )
                )
            if trouble is None:
                trouble = self._asked(asked, found)
            for code in asked.keys() - found.keys():
                found[code] = self._remembered(readings[code]) or Meant((), error=trouble)
        return found

    def like(self, text: str) -> Meant:
        """Return the parts whose number contains a text, and the open runs whose title or part does."""
        wanted = text.casefold()
        parts, runs = Question(Asked.PART_TEXT, text), Question(Asked.OPEN_RUNS, "")
        subjects: list[Subject] = []
        times: list[datetime] = []
        is_remembered, error = False, None
        for question in (parts, runs):
            try:
                answer = self._inquiry.answered(question)
            except IonError as reason:
                _LOG.info("ION was not asked for labels of %r: %s", question.by, reason)
                error = reason
                known = self._inquiry.recalled(question)
                if known is None:
                    continue
                answer, is_remembered = known, True
            subjects += [one for one in answer.subjects if question is parts or _is_like(one, wanted)]
            times.append(answer.at)
        return Meant(
            tuple({subject.key: subject for subject in subjects}.values()),
            min(times, default=None),
            is_remembered,
            error,
        )

    def _asked(self, asked: Mapping[str, Readings], found: dict[str, Meant]) -> IonError | None:
        """Ask about some codes in one round; return why ION cannot be asked at all."""
        wanted = [question for read in asked.values() for question in questions(read)]
        try:
            answers = self._inquiry.answers(tuple(dict.fromkeys(wanted)))
        except NO_ANSWER as error:
            return error
        except (IonRejected, IonUnsupported) as error:
            # One code that ION refuses must not take the others along.
            if len(asked) == 1:
                found[next(iter(asked))] = Meant((), error=error)
                return None
            for code, read in asked.items():
                trouble = self._asked({code: read}, found)
                if trouble is not None:
                    return trouble
            return None
        except IonError as error:
            found.update({code: Meant((), error=error) for code in asked})
            return None
        for code, read in asked.items():
            resolution = resolve(read, lambda own: {question: answers[question] for question in own})
            found[code] = _meant(resolution) if resolution is not None else Meant(())
        return None

    def _remembered(self, readings: Readings) -> Meant | None:
        resolution = self._inquiry.remembered(readings)
        return None if resolution is None else _meant(resolution, is_remembered=True)


def labelled(subjects: Sequence[Subject], choices: Choices = USUAL) -> Iterator[tuple[Subject, str, Print]]:
    """Yield each thing that has a label, the kiosk's reference to it, and the label; also a part's stock."""
    for subject in subjects:
        if isinstance(subject, Stock):
            label = part_label_of(subject)
            yield subject, str(label.fields["code"]), label
            yield from labelled(subject.rows, choices)
        elif isinstance(subject, Inventory | Location | Run | Kit):
            own = label_of(subject, choices)
            if own is not None:
                yield subject, reference_of(subject), own


def _meant(resolution: Resolution, *, is_remembered: bool = False) -> Meant:
    return Meant(resolution.subjects, resolution.as_of, is_remembered)


def _is_like(subject: Subject, wanted: str) -> bool:
    return isinstance(subject, Run) and any(
        wanted in text.casefold()
        for text in (subject.title, subject.part_number, subject.serial or "", subject.procedure, subject.id)
    )
