"""What follows when ION has answered an operation: labels, and a sentence for the operator."""

from kiosk.flows.receive import labels_of_receipt
from kiosk.flows.receive_order import receipt_message
from kiosk.model import Effect, Level, Message, Operation, OperationState

_DONE = {
    "set_step_status": {
        "IN_PROGRESS": "ION has it: {title} started.",
        "COMPLETE": "ION has it: {title} complete.",
    },
    "set_run_status": {
        "IN_PROGRESS": "ION has it: {title} started.",
        "COMPLETE": "ION has it: {title} complete.",
    },
    "move": {"": "ION has it: {title} is at {place}."},
}


def on_delivered(operation: Operation) -> tuple[Effect, ...]:
    """Return the effects that a finished operation calls for."""
    return labels_of_receipt(operation) if operation.operation == "receive" else ()


def outcome_message(operation: Operation) -> Message:
    """Return what became of an operation, in the operator's words."""
    if operation.operation == "receive":
        return receipt_message(operation)
    values = {
        "title": str(operation.arguments.get("title") or operation.subject),
        "place": str(operation.arguments.get("place") or ""),
        "error": operation.error,
    }
    if operation.state is OperationState.DONE:
        status = str(operation.arguments.get("status") or "")
        return Message(Level.GOOD, _DONE[operation.operation][status], values)
    if operation.state is OperationState.REJECTED:
        return Message(Level.STOP, "ION did not take it. {title}: {error}", values)
    return Message(Level.STOP, "{title}: it is not sure that ION has it. Tell the lead.", values)
