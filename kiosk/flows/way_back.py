"""What can be done about something that happened: taken back in ION, withdrawn before, printed once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk.flows.flow import Place
from kiosk.flows.reprint import may_reprint
from kiosk.model import (
    Effect,
    Json,
    KeptScan,
    Operation,
    OperationState,
    Past,
    PrintJob,
    Reason,
    Submit,
    Why,
    Withdraw,
)


class Way(StrEnum):
    """How it is taken back."""

    NONE = ""
    UNDO = "undo"
    """By an operation of its own, that ION is told."""
    WITHDRAW = "withdraw"
    """ION is never told of it."""
    REPRINT = "reprint"


@dataclass(frozen=True, slots=True)
class WayBack:
    """What can be done about something that happened."""

    way: Way = Way.NONE
    why: str = ""
    """Why nothing can, in words for the operator; empty where something can, or nobody would ask."""
    effect: Effect | None = None
    """What takes it back; a reprint needs its reason first."""


_UNDER_WAY = frozenset({OperationState.IN_FLIGHT, OperationState.UNKNOWN})
_FOR_A_LEAD = frozenset({OperationState.REJECTED, OperationState.PARKED})
_KEPT = ("title", "part_number", "quantity", "lot", "serials", "order_number")
"""What of a receipt is said again where it is taken back."""
_FLOW_OF = {"receive": "receive", "check_receipt": "receive", "undo_receipt": "receive", "move": "move"}


def flow_of(operation: Operation) -> str:
    """Return the flow whose rules hold for taking it back."""
    return _FLOW_OF.get(operation.operation, operation.flow)


def way_back(past: Past, place: Place) -> WayBack:
    """Return what can be done about something that happened.

    Args:
        past: what happened.
        place: with all that is outstanding on the same subject.
    """
    match past.what:
        case KeptScan():
            return WayBack()
        case PrintJob() as job:
            return _again(job, place)
        case Operation(state=OperationState.QUEUED) as operation:
            return _withdrawn(operation, place)
        case Operation(state=OperationState.DONE) as operation:
            return _undone(operation, past.undone_by, place)
        case Operation(state=state) if state in _UNDER_WAY:
            return WayBack(why="It is on its way to ION just now. Wait for the answer.")
        case Operation(state=state) if state in _FOR_A_LEAD:
            return WayBack(why="A lead decides what becomes of it.")
        case _:
            return WayBack(why="It was given up: ION does not have it.")


def _again(job: PrintJob, place: Place) -> WayBack:
    operator = place.operator
    role = operator.role.value if operator else place.unsigned
    # The reason is asked for next, and a PIN where one is needed.
    why = may_reprint(job, Why(Reason.LOST), role=role, is_proved=True, least=place.reprints_serials)
    return WayBack(why=why) if why else WayBack(Way.REPRINT)


def _withdrawn(operation: Operation, place: Place) -> WayBack:
    if operation.is_doubtful:
        return WayBack(why="ION may have it already. It is being looked for.")
    if operation.serves:
        return WayBack(why="Something else that waits needs it.")
    if _has_newer(operation, place):
        return WayBack(why="Something newer waits behind it. Take that back first.")
    return WayBack(Way.WITHDRAW, effect=Withdraw(operation.id))


def _undone(operation: Operation, undone_by: Operation | None, place: Place) -> WayBack:
    if operation.undoes:
        return WayBack(why="It took something back itself.")
    if undone_by is not None:
        return WayBack(why=_taken_words(undone_by))
    if _has_newer(operation, place):
        return WayBack(why="Something newer about it is on its way. Wait for that, or take it back first.")
    match operation.operation:
        case "move":
            return _moved_back(operation, place)
        case "receive":
            return _received_back(operation, place)
        case _:
            return WayBack(why="There is no way back for this from here. Ask a lead.")


def _taken_words(undone_by: Operation) -> str:
    if undone_by.state is OperationState.DONE:
        return "It was taken back already."
    if undone_by.state in _FOR_A_LEAD:
        return "ION did not take it back. A lead decides what becomes of that."
    return "It is being taken back."


def _has_newer(operation: Operation, place: Place) -> bool:
    """Return whether something newer about the same subject is not settled yet, at any station."""
    same = [each for each in place.outstanding if each.subject == operation.subject]
    ids = [each.id for each in same]
    later = same[ids.index(operation.id) + 1 :] if operation.id in ids else same
    # What was done, and whose news the screen has not heard, holds nothing back.
    return any(each.id != operation.id and each.state is not OperationState.DONE for each in later)


def _moved_back(operation: Operation, place: Place) -> WayBack:
    given = operation.arguments
    if given.get("from_location_id") is None:
        return WayBack(why="It had no location before, and nothing is moved to nowhere.")
    if place.lacks("move"):
        return WayBack(why="This ION does not offer to move stock. Ask a technician.")
    arguments: dict[str, Json] = {
        "inventory_id": given["inventory_id"],
        "location_id": given["from_location_id"],
        "from_location_id": given["location_id"],
        "quantity": given.get("quantity"),
        "title": given.get("title"),
        "place": given.get("from_place"),
    }
    undo = Submit("move", operation.subject, operation.about, arguments, undoes=operation.id)
    return WayBack(Way.UNDO, effect=undo)


def _received_back(operation: Operation, place: Place) -> WayBack:
    result: Any = operation.result or {}
    if place.lacks("undo_receipt"):
        return WayBack(why="This ION names no way to take a receipt back. Tell a lead: it is done in ION.")
    if not result.get("receipt_id"):
        return WayBack(why="ION did not say which receipt it is in. Tell a lead: it is done in ION.")
    rows = [_received_row(row) for row in result.get("inventories") or ()]
    if not rows:
        return WayBack(why="Nothing came into stock by it.")
    given = operation.arguments
    kept = {name: given[name] for name in _KEPT if name in given}
    arguments: dict[str, Json] = {**kept, "receipt_id": result["receipt_id"], "rows": rows}
    undo = Submit("undo_receipt", operation.subject, operation.about, arguments, undoes=operation.id)
    return WayBack(Way.UNDO, effect=undo)


def _received_row(row: Mapping[str, Any]) -> dict[str, Json]:
    place = row.get("location") or {}
    return {"id": str(row["id"]), "quantity": str(row["quantity"]), "location_id": place.get("id")}
