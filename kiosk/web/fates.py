"""What became of a scan, an operation or a label, in a word, with its colour and icon."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.flows.past_words import UNDO_STUCK, UNDOING, UNDONE, row_of
from kiosk.model import Level, OperationState, Past, ScanState
from kiosk.web.wording import FLOWS, JOBS, LEVELS

OPERATIONS: dict[str, tuple[str, Level]] = {
    OperationState.QUEUED: ("waiting", Level.WAIT),
    OperationState.IN_FLIGHT: ("on its way to ION", Level.WAIT),
    OperationState.UNKNOWN: ("looking whether ION has it", Level.WAIT),
    OperationState.DONE: ("ION has it", Level.GOOD),
    OperationState.REJECTED: ("ION refused it", Level.STOP),
    OperationState.PARKED: ("a lead decides", Level.STOP),
    OperationState.DISCARDED: ("given up", Level.OFFLINE),
    UNDOING: ("being taken back", Level.WAIT),
    UNDONE: ("taken back", Level.OFFLINE),
    UNDO_STUCK: ("not taken back, a lead decides", Level.STOP),
}
_SCANS: dict[str, tuple[str, Level]] = {
    ScanState.WAITING: ("waiting", Level.WAIT),
    ScanState.SET_ASIDE: ("kept, not answered", Level.STOP),
    "unknown": ("not known", Level.STOP),
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


@dataclass(frozen=True, slots=True)
class LastView:
    """The last thing done at a station, as its home screen says it."""

    key: str
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
    """Return the last thing done, in words."""
    row = {name: str(value) for name, value in row_of(past).items()}
    return LastView(row["key"], row["title"], row["at"], became(row))


def _led_to(screen: str) -> str:
    flow = screen.partition("/")[0]
    return f"led to {FLOWS[flow][0]}" if flow in FLOWS else "taken"
