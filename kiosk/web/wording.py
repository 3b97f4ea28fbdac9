"""The words and icons for levels, job states, flows and ION's statuses."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kiosk.flows.wording import JOB_WORDS
from kiosk.model import JobState, LabelFields, Level, Reason
from kiosk.visible import visible
from kiosk.words import N_

LEVELS: dict[Level, tuple[str, str]] = {
    Level.GOOD: (N_("Good"), "circle-check"),
    Level.ASK: (N_("Your turn"), "circle-question-mark"),
    Level.STOP: (N_("Stop"), "octagon-x"),
    Level.WAIT: (N_("Wait"), "hourglass"),
    Level.OFFLINE: (N_("Offline"), "cloud-off"),
}
"""Each level's word and icon: colour is never the only sign."""

JOBS: dict[JobState, tuple[str, Level]] = {
    JobState.QUEUED: (N_("waiting for the printer"), Level.WAIT),
    JobState.HELD: (N_("paused"), Level.ASK),
    JobState.SENDING: (N_("printing"), Level.WAIT),
    JobState.SENT: (N_("sent, not confirmed"), Level.WAIT),
    JobState.CONFIRMED: (N_("printed"), Level.GOOD),
    JobState.UNKNOWN: (N_("did it come out?"), Level.ASK),
    JobState.FAILED: (N_("not printed"), Level.STOP),
    JobState.VOIDED: (N_("does not count"), Level.OFFLINE),
}

REASONS: dict[Reason, str] = {
    Reason.DAMAGED: N_("Damaged"),
    Reason.LOST: N_("Lost"),
    Reason.MISPRINTED: N_("Printed badly"),
    Reason.MISSING: N_("Never came out"),
    Reason.FURTHER: N_("One more is needed"),
    Reason.CANCELED: N_("Canceled"),
    Reason.OTHER: N_("As noted"),
}

_FLOW_ICONS = {
    "receive": "truck",
    "lookup": "search",
    "move": "arrow-left-right",
    "run": "workflow",
    "label": "tag",
    "problem": "triangle-alert",
    "adjust": "calculator",
}
FLOWS: dict[str, tuple[str, str]] = {name: (JOB_WORDS[name], icon) for name, icon in _FLOW_ICONS.items()}
"""Each flow's name on its tile, and its icon."""

_STATUSES = {"TODO": "To do", "PARTIAL_COMPLETE": "Partly complete", "HOLD": "On hold", "WIP": "In work"}

STATUSES: tuple[str, ...] = (
    N_("To do"), N_("Partly complete"), N_("On hold"), N_("In work"), N_("Pending"), N_("In progress"),
    N_("Complete"), N_("Failed"), N_("Canceled"), N_("Redline"), N_("Draft"), N_("Approved"), N_("Ordered"),
    N_("Received"), N_("Partially received"), N_("Available"), N_("Installed"), N_("On order"), N_("Kitted"),
    N_("Scrapped"), N_("Quarantined"), N_("Open"), N_("Closed"), N_("Resolved"), N_("Released"),
    N_("In review"), N_("Requested"), N_("Fulfilled"), N_("In stock"), N_("Archived"), N_("In transit"),
    N_("Partial"),
    N_("to do"), N_("partly complete"), N_("on hold"), N_("in work"), N_("pending"), N_("in progress"),
    N_("complete"), N_("failed"), N_("canceled"), N_("redline"), N_("draft"), N_("approved"), N_("ordered"),
    N_("received"), N_("partially received"), N_("available"), N_("installed"), N_("on order"), N_("kitted"),
    N_("scrapped"), N_("quarantined"), N_("open"), N_("closed"), N_("resolved"), N_("released"),
    N_("in review"), N_("requested"), N_("fulfilled"), N_("in stock"), N_("archived"), N_("in transit"),
    N_("partial"),
)  # fmt: skip
"""Statuses of ION that have words in every language, alone and in a sentence; others stay as ION has them."""

KINDS: tuple[str, ...] = (
    N_("Inventory"), N_("Stock"), N_("Order"), N_("Order line"), N_("Run"), N_("Location"), N_("Kit"),
    N_("Procedure"), N_("Issue"), N_("Label template"), N_("Step"), N_("Field"), N_("Text"), N_("Part"),
)  # fmt: skip
"""The kinds of things that a choice lists."""

NAMES: tuple[str, ...] = (
    N_("receive"), N_("lookup"), N_("move"), N_("run"), N_("label"), N_("problem"), N_("adjust"),
    N_("start"), N_("complete"), N_("fail"), N_("hold"), N_("enter"), N_("started"),
    N_("lot"), N_("quantity"), N_("location"), N_("serials"), N_("serial"), N_("part"),
)  # fmt: skip
"""Jobs, what is done to a step, and what may be missing, as sentences name them."""

ROLES: Mapping[str, str] = {"operator": N_("operator"), "lead": N_("lead"), "technician": N_("technician")}

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


def title_of(steps: Sequence[Mapping[str, str]], step_id: str | None) -> str | None:
    """Return the title of the step of that id."""
    return next((step["title"] for step in steps if step["id"] == step_id), None)
