"""What a printer says about itself, in one vocabulary for every language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PrinterState(StrEnum):
    """What a printer is doing."""

    READY = "ready"
    """It answered, nothing waits, nothing is wrong."""
    PRINTING = "printing"
    PAUSED = "paused"
    TROUBLE = "trouble"
    """It answered that a person is needed."""
    SILENT = "silent"
    """Connected, but no whole answer came: a fault, or a printer that cannot answer. Never ok."""
    UNREACHABLE = "unreachable"


class Reason(StrEnum):
    """Why, in the words of IPP's printer-state-reasons (RFC 8011, PWG 5100.9) where it has one."""

    MEDIA_EMPTY = "media-empty"
    RIBBON_EMPTY = "marker-supply-empty"
    HEAD_OPEN = "cover-open"
    PAUSED = "paused"
    OVER_TEMPERATURE = "head-over-temperature"
    UNDER_TEMPERATURE = "head-under-temperature"
    MEMORY_LOST = "memory-lost"
    DIAGNOSTIC_MODE = "diagnostic-mode"
    BUFFER_FULL = "spool-area-full"
    LABEL_TO_TAKE = "label-to-take"
    NO_ANSWER = "no-answer"
    ANSWER_INCOMPLETE = "answer-incomplete"
    CONNECTING_FAILED = "connecting-failed"


_REMEDIES: Final = {
    Reason.HEAD_OPEN: "Close the head",
    Reason.MEDIA_EMPTY: "Load labels",
    Reason.RIBBON_EMPTY: "Load ribbon",
    Reason.OVER_TEMPERATURE: "Let the head cool down",
    Reason.MEMORY_LOST: "Turn the printer off and on",
    Reason.DIAGNOSTIC_MODE: "Turn the printer off and on",
    Reason.PAUSED: "Press PAUSE on the printer",
    Reason.LABEL_TO_TAKE: "Take the label",
    Reason.BUFFER_FULL: "Wait: the printer is busy",
    Reason.UNDER_TEMPERATURE: "Let the printer warm up",
    Reason.CONNECTING_FAILED: "Check that the printer is on and its cable is in",
    Reason.ANSWER_INCOMPLETE: "Look at the printer: its answer cannot be read",
    Reason.NO_ANSWER: "Look at the printer: it does not answer",
}
"""In the order a person can do them: a head is closed before anything else helps."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One answer of a printer, or the fact that none came."""

    state: PrinterState
    reasons: tuple[Reason, ...] = ()
    labels_waiting: int = 0
    """Labels and formats the printer still holds."""

    @property
    def is_done(self) -> bool:
        """Whether everything it was given has been printed and nothing is wrong."""
        return self.state is PrinterState.READY and self.labels_waiting == 0

    @property
    def needs_person(self) -> bool:
        """Whether printing does not go on by itself."""
        return self.state not in (PrinterState.READY, PrinterState.PRINTING)

    @property
    def remedy(self) -> str:
        """What to do, in words for a person with gloves; empty when nothing is to be done."""
        words = [text for reason, text in _REMEDIES.items() if reason in self.reasons]
        return ". ".join(dict.fromkeys(words))


SILENT: Final = PrinterStatus(PrinterState.SILENT, (Reason.NO_ANSWER,))
UNREACHABLE: Final = PrinterStatus(PrinterState.UNREACHABLE, (Reason.CONNECTING_FAILED,))
