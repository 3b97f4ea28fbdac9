"""What became of a scan, an operation or a label, in a word, with its colour and icon."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.flows.past_words import UNDO_STUCK, UNDOING, UNDONE, row_of, title_of
from kiosk.model import Level, OperationState, Past, ScanState
from kiosk.web.wording import FLOWS, JOBS, LEVELS
from kiosk.words import N_, Told, told

OPERATIONS: dict[str, tuple[str, Level]] = {
    OperationState.QUEUED: (N_("waiting"), Level.WAIT),
    OperationState.IN_FLIGHT: (N_("on its way to ION"), Level.WAIT),
    OperationState.UNKNOWN: (N_("looking whether ION has it"), Level.WAIT),
    OperationState.DONE: (N_("ION has it"), Level.GOOD),
    OperationState.REJECTED: (N_("ION refused it"), Level.STOP),
    OperationState.PARKED: (N_("a lead decides"), Level.STOP),
    OperationState.DISCARDED: (N_("given up"), Level.ASK),
    UNDOING: (N_("being taken back"), Level.WAIT),
    UNDONE: (N_("taken back"), Level.GOOD),
    UNDO_STUCK: (N_("not taken back, a lead decides"), Level.STOP),
}
_SCANS: dict[str, tuple[str, Level]] = {
    ScanState.WAITING: (N_("waiting"), Level.WAIT),
    ScanState.SET_ASIDE: (N_("kept, not answered"), Level.STOP),
    "unknown": (N_("not known"), Level.STOP),
}
_LABELS: dict[str, tuple[str, Level]] = {state.value: words for state, words in JOBS.items()}
_ICONS = {"scan": "scan-barcode", "operation": "cloud", "label": "tag"}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one thing."""

    word: str
    level: Level
    icon: str
    """Of the level."""
    kind_icon: str
    """Of what it is."""


_LONGEST_TITLE = 80
"""Characters of a title that are ever drawn; a scan can have thousands."""


@dataclass(frozen=True, slots=True)
class LastView:
    """One thing that happened at a station, in a line."""

    key: str
    kind: str
    """*scan*, *operation* or *label*."""
    title: str
    at: str
    fate: Fate


def became(row: Mapping[str, str]) -> Fate:
    """Return what became of a row that ``kiosk.flows.past_words.row_of`` made."""
    kind, fate = row["kind"], row["fate"]
    if kind == "scan":
        word, level = _SCANS.get(fate) or (_led_to(row["screen"]), Level.GOOD)
    else:
        known = _LABELS if kind == "label" else OPERATIONS
        word, level = known.get(fate, (fate, Level.ASK))
    return Fate(word, level, LEVELS[level][1], _ICONS.get(kind, "circle-question-mark"))


def last_view(past: Past) -> LastView:
    """Return a thing that happened, in words."""
    row = {name: str(value) for name, value in row_of(past).items()}
    return LastView(row["key"], row["kind"], _clipped(title_of(past)), row["at"], became(row))


def _clipped(title: str) -> str:
    if isinstance(title, Told):
        return told(title.template, **{name: _clipped(value) for name, value in title.values.items()})
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _led_to(screen: str) -> str:
    flow = screen.partition("/")[0]
    return FLOWS[flow][0] if flow in FLOWS else N_("taken")
