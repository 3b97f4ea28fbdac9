"""What follows when ION has answered an operation: labels, uploads, and a sentence for the operator."""

from collections.abc import Mapping

from kiosk.flows.ion_labels import RENDER, label_drawn
from kiosk.flows.labels import RECEIVE, USUAL, Choices, labels_of
from kiosk.flows.photos import attachments
from kiosk.flows.receive_unverified import receipt_checked
from kiosk.flows.run_fields import photo_value
from kiosk.model import (
    Effect,
    Inventory,
    JobState,
    Level,
    Message,
    Operation,
    OperationState,
    Print,
    PrintJob,
    Session,
)
from kiosk.wire import from_json

_DONE = {
    ("receive", ""): "ION has it: {what} received.",
    ("move", ""): "ION has it: {what} is at {place}.",
    ("move_part", ""): "ION has it: {quantity} of {what} are at {place}.",
    ("undo_receipt", ""): "ION has it: {what} is taken back.",
    ("set_step_status", "IN_PROGRESS"): "ION has it: {what} started.",
    ("set_step_status", "COMPLETE"): "ION has it: {what} complete.",
    ("set_run_status", "IN_PROGRESS"): "ION has it: {what} started.",
    ("set_run_status", "COMPLETE"): "ION has it: {what} complete.",
    ("set_step_status", "FAILED"): "ION has it: {what} failed.",
    ("set_step_status", "HOLD"): "ION has it: {what} is on hold.",
    ("create_run", ""): "ION has it: run {what} created.",
    ("create_issue", ""): "ION has it: {what} is reported.",
    ("adjust", "recount"): "ION has it: {quantity} of {what} counted.",
    ("adjust", "scrap"): "ION has it: {quantity} of {what} scrapped.",
}
_SILENT = frozenset(
    {
        "set_field_value",
        "attach_file",
        "check_receipt",
        "delete_inventory",
        "delete_receipt",
        "delete_file",
        "archive_run",
    }
)
"""What is done beside the work on the screen; a person is told of it only where it went wrong."""
_QUESTIONS = frozenset(
    {
        "run/field",
        "run/procedures",
        "run/new",
        "problem/title",
        "problem/disposition",
        "problem/report",
        "adjust/entry",
        "adjust/reason",
    }
)
"""Screens whose question stands in the message."""


_NAMING = ("title", "serialNumber", "lotNumber", "part.partNumber", "name")
"""The fields of a label that a person knows it by, the best first."""
_OF_RECEIPT = {
    "order": "order_number",
    "line": "line_number",
    "supplier": "supplier",
    "receivedAt": "received_on",
}
"""Field of a label to the argument of a receipt that it shows."""


_ASKS = "Did the label of {label} come out? Look at the printer."
_SAYS_NOT = "{label} is sent. The printer does not say whether it came out."
_WAITS = "The label of {label} waits for the printer. {error}"


def on_delivered(operation: Operation, choices: Choices = USUAL) -> tuple[Effect, ...]:
    """Return the effects that a finished operation calls for.

    A label for each row that a receipt made, the photos that were taken with a receipt or an issue, and the
    value of a field that takes a photo.

    Args:
        operation: with what ION answered.
        choices: the labels that its station prints.
    """
    result = operation.result or {}
    match operation.operation:
        case "receive":
            rows = result.get("inventories")
            made = [from_json(Inventory, row) for row in rows] if isinstance(rows, list | tuple) else []
            entity = next((row.entity_id for row in made if row.entity_id), None)
            labels = (_received(row, operation, choices) for row in made)
            return (*filter(None, labels), *attachments(operation, entity))
        case "render_label":
            drawn = label_drawn(operation)
            return (drawn,) if drawn is not None else ()
        case "check_receipt":
            return (receipt_checked(operation.arguments, result),)
        case "attach_file":
            value = photo_value(operation.arguments, result)
            return (value,) if value is not None else ()
        case "create_issue":
            issue = result.get("issue")
            return attachments(operation, issue.get("entity_id") if isinstance(issue, Mapping) else None)
        case _:
            return ()


def _received(stock: Inventory, operation: Operation, choices: Choices) -> Print | None:
    """Return the label of a row that a receipt made, with what is known of the receipt."""
    known = {field: operation.arguments.get(name) for field, name in _OF_RECEIPT.items()}
    receipt = {field: str(value) for field, value in known.items() if value}
    return next(iter(labels_of(stock, choices, use=RECEIVE, also=receipt)), None)


def label_name(job: PrintJob) -> str:
    """Return what a person knows a label by."""
    names = [name for field in _NAMING if isinstance(name := job.fields.get(field), str) and name]
    return (*names, job.encoded)[0]


def print_message(job: PrintJob, shown: Message | None) -> Message | None:
    """Return what became of a label, where the operator waits for it or has to do something about it.

    Args:
        job: as it is now.
        shown: what the screen says; it gives way only where it was about printing.
    """
    values = {"label": label_name(job), "error": job.error, "copies": str(job.copies)}
    is_last = job.copy == job.copies
    match job.state:
        case JobState.UNKNOWN:
            return Message(Level.ASK, _ASKS, values)
        case JobState.FAILED:
            return Message(Level.STOP, "No label of {label}: {error}", values)
        case JobState.QUEUED if job.error and _is_waiting(shown):
            return Message(Level.WAIT, _WAITS, values)
        case JobState.QUEUED | JobState.SENDING if shown is not None and shown.template == _WAITS:
            return Message(Level.WAIT, "Printing the label of {label}.", values)
        case JobState.CONFIRMED if shown is not None and _asks_about(shown, values["label"]):
            return Message(Level.GOOD, "The label of {label} came out.", values)
        case JobState.CONFIRMED if is_last and _is_waiting(shown):
            if job.copies > 1:
                return Message(Level.GOOD, "{copies} labels of {label} came out.", values)
            return Message(Level.GOOD, "The label of {label} came out.", values)
        case JobState.SENT if is_last and _is_waiting(shown):
            return Message(Level.ASK, _SAYS_NOT, values)
        case _:
            return shown


def _asks_about(shown: Message, label: str) -> bool:
    """Return whether the screen asks, or does not know, whether that label came out."""
    return shown.template in {_ASKS, _SAYS_NOT} and shown.values.get("label") == label


def _is_waiting(shown: Message | None) -> bool:
    """Return whether the screen says that a label is on its way; an operation's way to ION is not meant."""
    return shown is not None and shown.level is Level.WAIT and "label" in shown.template.lower()


def outcome_message(operation: Operation, session: Session) -> Message | None:
    """Return what became of an operation, in the operator's words.

    Args:
        operation: as it is now.
        session: what the screen says stays where ION has done what was asked and nobody waits for that: what
            a person is being asked, or was just told, goes before good news of the work before.
    """
    shown = session.message
    is_done = operation.state is OperationState.DONE and not operation.error
    is_waiting = shown is None or shown.level is Level.WAIT
    is_asking = not is_waiting and f"{session.flow}/{session.step}" in _QUESTIONS
    # At a run a person goes on while ION still takes the step before: what was filled in is said last.
    is_newer = session.flow == "run" and _is_told(shown)
    if is_done and (is_asking or is_newer or operation.operation in _SILENT):
        return shown
    if operation.operation == RENDER:
        return _render_message(operation)
    values = {
        "what": _what(operation),
        "quantity": str(operation.arguments.get("quantity") or ""),
        "place": str(operation.arguments.get("place") or ""),
        "error": operation.error,
    }
    match operation.state:
        case OperationState.DONE:
            return _done(operation, values)
        case OperationState.REJECTED:
            return Message(Level.STOP, "ION did not take it. {what}: {error}", values)
        case OperationState.DISCARDED:
            return Message(Level.ASK, "{what}: given up. {error}", values)
        case _:
            return Message(Level.STOP, "{what}: it is not sure that ION has it. Tell the lead.", values)


def _render_message(operation: Operation) -> Message:
    """Return what became of a label that ION was to draw; nobody has to look after one that was not."""
    given = operation.arguments
    values = {"label": str(given["template"]), "title": str(given["title"]), "error": operation.error}
    match operation.state:
        case OperationState.DONE if operation.error:
            return Message(Level.STOP, "ION drew the label {label} of {title}. {error}", values)
        case OperationState.DONE if label_drawn(operation) is None:
            return Message(Level.STOP, "ION gave no label {label} of {title}.", values)
        case OperationState.DONE:
            return Message(Level.WAIT, "Printing the label {label} of {title}.", values)
        case OperationState.REJECTED:
            return Message(Level.STOP, "ION does not draw the label {label} of {title}: {error}", values)
        case OperationState.DISCARDED:
            return Message(Level.ASK, "The label {label} of {title}: given up.", values)
        case _:
            return Message(Level.STOP, "ION did not answer about the label {label} of {title}.", values)


def _is_told(shown: Message | None) -> bool:
    """Return whether the screen says that something went well which is no news of ION's."""
    return shown is not None and shown.level is Level.GOOD and shown.template not in _DONE.values()


def _done(operation: Operation, values: Mapping[str, str]) -> Message:
    kind = str(operation.arguments.get("status") or operation.arguments.get("kind") or "")
    template = _DONE.get((operation.operation, kind), "ION has it: {what}.")
    if operation.error:
        # ION has done it, and something of the kiosk's own that should follow was not possible.
        return Message(Level.STOP, template + " {error}", values)
    return Message(Level.GOOD, template, values)


def _what(operation: Operation) -> str:
    arguments = operation.arguments
    name = str(arguments.get("title") or arguments.get("part_number") or operation.subject)
    is_counted = operation.operation in {"receive", "undo_receipt"}
    return f"{arguments.get('quantity')} × {name}" if is_counted else name
