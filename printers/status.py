"""What a printer says about itself, in one vocabulary for every language."""

import re
from dataclasses import dataclass, field
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
    MEDIA_LOW = "media-low"
    MEDIA_JAM = "media-jam"
    MEDIA_WRONG = "media-needed"
    RIBBON_EMPTY = "marker-supply-empty"
    RIBBON_LOW = "marker-supply-low"
    RIBBON_WRONG = "ribbon-mode-wrong"
    HEAD_OPEN = "cover-open"
    PAUSED = "paused"
    OFFLINE = "offline"
    OVER_TEMPERATURE = "head-over-temperature"
    UNDER_TEMPERATURE = "head-under-temperature"
    MOTOR_TOO_HOT = "motor-over-temperature"
    HEAD_BROKEN = "head-failure"
    HEAD_WORN = "head-near-end-of-life"
    HEAD_DIRTY = "head-to-clean"
    CUTTER = "cutter-failure"
    BATTERY_LOW = "battery-low"
    TO_CALIBRATE = "media-to-calibrate"
    MEMORY_LOST = "memory-lost"
    MEMORY_FULL = "memory-full"
    DIAGNOSTIC_MODE = "diagnostic-mode"
    BUFFER_FULL = "spool-area-full"
    LABEL_TO_TAKE = "label-to-take"
    NOT_UNDERSTOOD = "document-format-error"
    FAULT = "other"
    NO_ANSWER = "no-answer"
    ANSWER_INCOMPLETE = "answer-incomplete"
    CONNECTING_FAILED = "connecting-failed"


_REMEDIES: Final = {
    Reason.HEAD_OPEN: "Close the head",
    Reason.MEDIA_JAM: "Open the printer and take the jammed label out",
    Reason.CUTTER: "Free the cutter",
    Reason.MEDIA_EMPTY: "Load labels",
    Reason.MEDIA_WRONG: "Load the right labels",
    Reason.RIBBON_EMPTY: "Load ribbon",
    Reason.RIBBON_WRONG: "Set the printer to its ribbon, or correct the settings",
    Reason.OVER_TEMPERATURE: "Let the head cool down",
    Reason.MOTOR_TOO_HOT: "Let the printer cool down",
    Reason.BATTERY_LOW: "Charge the battery",
    Reason.MEMORY_LOST: "Turn the printer off and on",
    Reason.MEMORY_FULL: "Turn the printer off and on",
    Reason.DIAGNOSTIC_MODE: "Turn the printer off and on",
    Reason.OFFLINE: "Put the printer online",
    Reason.PAUSED: "Press PAUSE on the printer",
    Reason.LABEL_TO_TAKE: "Take the label",
    Reason.BUFFER_FULL: "Wait: the printer is busy",
    Reason.UNDER_TEMPERATURE: "Let the printer warm up",
    Reason.NOT_UNDERSTOOD: "Check the language in the settings: the printer did not understand",
    Reason.HEAD_BROKEN: "Call service: the print head is broken",
    Reason.FAULT: "Look at the printer: it reports a fault",
    Reason.MEDIA_LOW: "Have labels ready: few are left",
    Reason.RIBBON_LOW: "Have ribbon ready: little is left",
    Reason.TO_CALIBRATE: "Calibrate the printer for its labels",
    Reason.HEAD_DIRTY: "Clean the print head",
    Reason.HEAD_WORN: "Order a print head: this one is worn",
    Reason.CONNECTING_FAILED: "Check that the printer is on and its cable is in",
    Reason.ANSWER_INCOMPLETE: "Look at the printer: its answer cannot be read",
    Reason.NO_ANSWER: "Look at the printer: it does not answer",
}
"""In the order a person can do them: a head is closed before anything else helps."""

_NO_TROUBLE: Final = frozenset(
    {
        Reason.MEDIA_LOW,
        Reason.RIBBON_LOW,
        Reason.UNDER_TEMPERATURE,
        Reason.HEAD_WORN,
        Reason.HEAD_DIRTY,
        Reason.TO_CALIBRATE,
        Reason.BUFFER_FULL,
        Reason.LABEL_TO_TAKE,
        Reason.PAUSED,
    }
)
"""Printing goes on by itself, or with the press of a key."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a printer says is in it."""

    sizes_mm: tuple[tuple[float, float], ...] = ()
    """Width and length of the stock in each of its trays; length 0 for continuous stock. Empty: not said."""
    has_ribbon: bool | None = None
    """Whether it prints by thermal transfer; None: not said."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One answer of a printer, or the fact that none came."""

    state: PrinterState
    reasons: tuple[Reason, ...] = ()
    labels_waiting: int | None = 0
    """Labels and formats the printer still holds; None where it does not say."""
    labels_printed: int = 0
    """How many labels the printer reports by itself to be out since it last spoke."""
    details: str = ""
    """What is wrong, in words, where the reasons alone do not say it."""
    loaded: Loaded | None = field(default=None, compare=False)
    """Where the printer can tell; two printers are alike whatever lies in them."""

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
        words += [self.details] if self.details else []
        return ". ".join(dict.fromkeys(words))


def told(
    reasons: tuple[Reason, ...],
    *,
    is_busy: bool = False,
    labels_waiting: int | None = None,
    labels_printed: int = 0,
    loaded: Loaded | None = None,
) -> PrinterStatus:
    """Make the status of a printer that answered.

    Args:
        reasons: All that it complains of.
        is_busy: Whether it says that it prints.
        labels_waiting: What it still holds; None where it does not say.
        labels_printed: How many it says are out.
        loaded: What is in it.
    """
    if not _NO_TROUBLE.issuperset(reasons):
        state = PrinterState.TROUBLE
    elif Reason.PAUSED in reasons:
        state = PrinterState.PAUSED
    elif is_busy or labels_waiting or Reason.BUFFER_FULL in reasons:
        state = PrinterState.PRINTING
    else:
        state = PrinterState.READY
    return PrinterStatus(state, reasons, labels_waiting, labels_printed, loaded=loaded)


SILENT: Final = PrinterStatus(PrinterState.SILENT, (Reason.NO_ANSWER,))
INCOMPLETE: Final = PrinterStatus(PrinterState.SILENT, (Reason.ANSWER_INCOMPLETE,))
"""Something came that is no answer, or only a part of one."""
UNREACHABLE: Final = PrinterStatus(PrinterState.UNREACHABLE, (Reason.CONNECTING_FAILED,))


@dataclass(frozen=True, slots=True)
class Identity:
    """What a printer says it is. Its texts are printable ASCII, and not to be trusted beyond that."""

    model: str
    firmware: str = ""
    dots_per_mm: int | None = None


LONGEST_NAME: Final = 64
_UNPRINTABLE: Final = re.compile(rb"[^\x20-\x7e]")


def cleaned(text: bytes) -> str:
    """Return a printer's text as something that may be shown: printable ASCII, not too much of it."""
    return _UNPRINTABLE.sub(b"", text[: 4 * LONGEST_NAME]).decode("ascii").strip()[:LONGEST_NAME]
