"""The words and icons for levels, job states, flows and ION's statuses, and how numbers and times read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from markupsafe import Markup

from kiosk.model import JobState, LabelFields, Level, Reason
from kiosk.visible import visible

LEVELS: dict[Level, tuple[str, str]] = {
    Level.GOOD: ("Good", "circle-check"),
    Level.ASK: ("Your turn", "circle-question-mark"),
    Level.STOP: ("Stop", "octagon-x"),
    Level.WAIT: ("Wait", "hourglass"),
    Level.OFFLINE: ("Offline", "cloud-off"),
}
"""Each level's word and icon: colour is never the only sign."""

JOBS: dict[JobState, tuple[str, Level]] = {
    JobState.QUEUED: ("waiting for the printer", Level.WAIT),
    JobState.HELD: ("paused", Level.ASK),
    JobState.SENDING: ("printing", Level.WAIT),
    JobState.SENT: ("sent, not confirmed", Level.WAIT),
    JobState.CONFIRMED: ("printed", Level.GOOD),
    JobState.UNKNOWN: ("did it come out?", Level.ASK),
    JobState.FAILED: ("not printed", Level.STOP),
    JobState.VOIDED: ("does not count", Level.OFFLINE),
}

REASONS: dict[Reason, str] = {
    Reason.DAMAGED: "Damaged",
    Reason.LOST: "Lost",
    Reason.MISPRINTED: "Printed badly",
    Reason.MISSING: "Never came out",
    Reason.FURTHER: "One more is needed",
    Reason.CANCELED: "Canceled",
    Reason.OTHER: "As noted",
}

FLOWS: dict[str, tuple[str, str]] = {
    "receive": ("Receive", "truck"),
    "lookup": ("Look up", "search"),
    "move": ("Move", "arrow-left-right"),
    "run": ("Runs", "workflow"),
    "label": ("Labels", "tag"),
    "problem": ("Problem", "triangle-alert"),
    "adjust": ("Count", "calculator"),
}
"""Each flow's name on its tile, and its icon."""

_STATUSES = {"TODO": "To do", "PARTIAL_COMPLETE": "Partly complete", "HOLD": "On hold", "WIP": "In work"}

LINES_A_PAGE = 4
"""Lines of a list that fit the screen at 800 x 480."""

Line = TypeVar("Line")

_MOST_KEPT = 24
"""Characters of a number that still fit one line of the message bar."""

_NAMING_FIELDS = ("serialNumber", "lotNumber", "part.partNumber", "title", "name")


def words(status: str) -> str:
    """Return a status such as ``PARTIALLY_RECEIVED`` as a person writes it: *Partially received*."""
    return _STATUSES.get(status) or status.replace("_", " ").strip().capitalize()


def reason_words(name: str) -> str:
    """Return what a person says for a reason by the name it has in a state."""
    return next((words for reason, words in REASONS.items() if reason.value == name), name)


def size(text: object) -> str:
    """Return the class of type in which a number fits the screen in one line."""
    length = len(str(text))
    for limit, name in ((10, "size-5"), (14, "size-4"), (22, "size-3"), (31, "size-2")):
        if length <= limit:
            return name
    return "size-1"


def clock_time(moment: str) -> str:
    """Return an ISO 8601 time as the wall clock shows it, with the day where it is not today."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    return local.strftime("%H:%M" if local.date() == datetime.now(tz=local.tzinfo).date() else "%d %b %H:%M")


def label_title(fields: LabelFields, subject: str) -> str:
    """Return the name by which a person knows what a label is for."""
    values = (fields.get(name) for name in _NAMING_FIELDS)
    return next((value for value in values if isinstance(value, str) and value), subject)


def unbroken(text: str) -> Markup:
    """Return a sentence as HTML in which numbers such as *PO-10007* are never broken over lines."""
    return Markup(" ").join(
        Markup('<span class="keep">{}</span>').format(word)
        if len(word) <= _MOST_KEPT and "-" in word and any(character.isdigit() for character in word)
        else word
        for word in visible(text).split(" ")
    )


def page_of(lines: Sequence[Line], page: object) -> Sequence[Line]:
    """Return the lines on one page of a list, counted from 1."""
    first = (int(str(page)) - 1) * LINES_A_PAGE
    return lines[first : first + LINES_A_PAGE]


def title_of(steps: Sequence[Mapping[str, str]], step_id: str | None) -> str | None:
    """Return the title of the step of that id."""
    return next((step["title"] for step in steps if step["id"] == step_id), None)
