from dataclasses import replace

import pytest

from kiosk.flows import on_delivered
from kiosk.flows.labels import label_of
from kiosk.flows.sequel import outcome_message
from kiosk.model import Json, Level, OperationState, Submit
from kiosk.wire import object_json
from tests.flows.floor import LOT, UNIT, operation_of

RECEIPT = operation_of(Submit("receive", "order-line/1", "order/42", {"title": "BOLT-1", "quantity": "5"}))
MOVE = operation_of(Submit("move", "inventory/1", "inventory/1", {"title": "SN-1", "place": "Shelf 2"}))


@pytest.mark.parametrize("result", [None, {}, {"inventories": None}, {"inventories": []}])
def test_without_stock_there_are_no_labels(result: dict[str, Json] | None) -> None:
    assert on_delivered(replace(RECEIPT, result=result)) == ()


def test_every_row_that_a_receipt_made_gets_its_label() -> None:
    rows: list[Json] = [object_json(UNIT), object_json(LOT)]
    assert on_delivered(replace(RECEIPT, result={"inventories": rows})) == (label_of(UNIT), label_of(LOT))
    assert on_delivered(replace(MOVE, result={"inventories": rows})) == ()


def change(operation: str, status: str) -> Submit:
    return Submit(operation, "run/7", "run/7", {"title": "Inspect", "status": status})


@pytest.mark.parametrize(
    ("submit", "said"),
    [
        (Submit("receive", "l", "o", {"title": "B", "quantity": "5"}), "ION has it: 5 × B received."),
        (Submit("receive", "l", "o", {"part_number": "B", "quantity": "5"}), "ION has it: 5 × B received."),
        (Submit("move", "i/1", "i/1", {"title": "SN", "place": "{x}"}), "ION has it: SN is at {x}."),
        (change("set_step_status", "IN_PROGRESS"), "ION has it: Inspect started."),
        (change("set_step_status", "COMPLETE"), "ION has it: Inspect complete."),
        (change("set_run_status", "IN_PROGRESS"), "ION has it: Inspect started."),
        (change("set_run_status", "COMPLETE"), "ION has it: Inspect complete."),
        (Submit("scrap", "inventory/1", "i", {}), "ION has it: inventory/1."),
    ],
)
def test_what_was_done_is_said(submit: Submit, said: str) -> None:
    message = outcome_message(operation_of(submit, state=OperationState.DONE))
    assert (message.level, message.text) == (Level.GOOD, said)


@pytest.mark.parametrize(
    ("state", "level", "said"),
    [
        (OperationState.DONE, Level.STOP, "ION has it: 5 × BOLT-1 received. No {paper}"),
        (OperationState.REJECTED, Level.STOP, "ION did not take it. 5 × BOLT-1: No {paper}"),
        (OperationState.DISCARDED, Level.ASK, "5 × BOLT-1: given up. No {paper}"),
        (OperationState.PARKED, Level.STOP, "5 × BOLT-1: it is not sure that ION has it. Tell the lead."),
    ],
)
def test_what_went_wrong_is_said(state: OperationState, level: Level, said: str) -> None:
    message = outcome_message(replace(RECEIPT, state=state, error="No {paper}"))
    assert (message.level, message.text) == (level, said)
