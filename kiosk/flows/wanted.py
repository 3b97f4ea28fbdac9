"""What an operation was to do, as the person reads it who has to decide what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Final

from kiosk.flows.fields import value_told
from kiosk.flows.problem_entry import DISPOSITIONS
from kiosk.flows.wording import status_words
from kiosk.model import FieldKind, Json, Operation
from kiosk.words import N_, Told, told, whole

_SENTENCES: Final = {
    ("receive", ""): "Receive {quantity} × {what}",
    ("check_receipt", ""): "Receive {quantity} × {what} on {order}, which was not checked",
    ("move", ""): "Move {what} to {place}",
    ("move_part", ""): "Move {quantity} of {what} to {place}",
    ("move", "undo"): "Move {what} back to {place}",
    ("undo_receipt", ""): "Take back the receipt of {quantity} × {what}",
    ("adjust", "recount"): "Set the count of {what} to {quantity}",
    ("adjust", "scrap"): "Scrap {quantity} of {what}",
    ("create_inventory", ""): "Enter {quantity} × {what} into stock",
    ("create_run", ""): "Create a run: {what}",
    ("cancel_run", ""): "Cancel the run {what}",
    ("set_step_status", "IN_PROGRESS"): "Start {what}",
    ("set_step_status", "COMPLETE"): "Complete {what}",
    ("set_step_status", "FAILED"): "Fail {what}",
    ("set_step_status", "HOLD"): "Put {what} on hold",
    ("set_run_status", "IN_PROGRESS"): "Start {what}",
    ("set_run_status", "COMPLETE"): "Complete {what}",
    ("set_field_value", ""): "Fill in {what}: {shown}",
    ("create_issue", ""): "Report a problem: {what}",
    ("attach_file", ""): "Add a photo to {what}",
    ("delete_inventory", ""): "Take away the second copy {what}",
    ("delete_receipt", ""): "Take away the empty receipt {what}",
    ("delete_file", ""): "Take away the second copy {what}",
    ("archive_run", ""): "Archive the second copy {what}",
    ("render_label", ""): "Let ION draw a label of {what}",
    ("install", ""): "Install {quantity} × {what}",
    ("uninstall", ""): "Take out {what}",
}
_UNNAMED: Final = {
    "Receive {quantity} × {what} on {order}, which was not checked": (
        "Receive {quantity} × {what} on an order, which was not checked"
    ),
    "Move {what} to {place}": "Move {what} to another place",
    "Move {quantity} of {what} to {place}": "Move {quantity} of {what} to another place",
    "Move {what} back to {place}": "Move {what} back to where it was",
    "Fill in {what}: {shown}": "Fill in {what} with nothing",
}
"""What such a sentence is where nobody knows the name that belongs into its last place."""
_NAMED_BY: Final = {template: template.rpartition("{")[2].partition("}")[0] for template in _UNNAMED}
_FACTS: Final = (
    ("lot", "Lot"),
    ("text", "Lot or serial"),
    ("serials", N_("Serials")),
    ("serial", "Serial"),
    ("date_code", "Date code"),
    ("reason", "Reason"),
    ("from_quantity", "Count before"),
    ("received_before", "Received before"),
    ("from_status", "Status before"),
    ("disposition_type", N_("Disposition")),
    ("filename", N_("File")),
)
"""What a person compares with ION, by argument."""


def wanted(operation: Operation) -> Told:
    """Return what was to happen, in a sentence."""
    given = operation.arguments
    kind = "undo" if operation.undoes else str(given.get("status") or given.get("kind") or "")
    general = _SENTENCES.get((operation.operation, ""), "{operation}: {what}")
    template = _SENTENCES.get((operation.operation, kind), general)
    what = str(given.get("title") or given.get("part_number") or operation.subject)
    values = {
        "what": _problem(what, given) if operation.operation == "create_issue" else what,
        "quantity": str(given.get("quantity") or "1"),
        "place": str(given.get("place") or ""),
        "shown": _shown(given),
        "order": str(given.get("order_number") or ""),
        "operation": operation.operation,
    }
    place = _NAMED_BY.get(template)
    if place is not None and not values[place]:
        template = _UNNAMED[template]
    return told(template, **values)


def _problem(title: str, given: Mapping[str, Json]) -> str:
    """Return what is wrong: the kiosk's own words, or what was typed."""
    step_title = title.removesuffix(" failed")
    if given.get("run_step_id") and step_title != title:
        return told("{step_title} failed", step_title=step_title)
    return whole(title)


def _shown(given: Mapping[str, Json]) -> str:
    """Return the value of a field; where it is of no known kind, as it was shown when it was entered."""
    value, shown = given.get("value"), str(given.get("shown") or "")
    try:
        kind = FieldKind(str(given.get("type")))
    except ValueError:
        return shown or _words(value)
    # Without its unit a number is kept together with it, as it was shown.
    unit = str(given.get("unit") or shown.removeprefix(str(value)).strip())
    return value_told(kind, value, unit)


def facts(operation: Operation) -> Mapping[str, str]:
    """Return what else tells it from others of its kind: a caption to each value that is given.

    Words of the kiosk and counts are such that each language has its own (``kiosk.words.Told``).
    """
    found = {caption: _fact(name, operation.arguments.get(name)) for name, caption in _FACTS}
    return {caption: text for caption, text in found.items() if text}


def _fact(name: str, value: Json) -> str:
    text = _words(value)
    match name:
        case _ if not text:
            return ""
        case "from_quantity" | "received_before":
            return told("{count}", count=text)
        case "from_status":
            return whole(status_words(text))
        case "reason":
            return whole(text)
        case "disposition_type":
            return whole(DISPOSITIONS.get(text, text))
        case _:
            return text


def _words(value: Json) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
