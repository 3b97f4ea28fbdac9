from dataclasses import replace

import pytest

from kiosk.flows import on_delivered
from kiosk.flows.labels import facts_of
from kiosk.flows.sequel import outcome_message, print_message
from kiosk.model import (
    JobState,
    Json,
    LabelChoice,
    Level,
    Message,
    OperationState,
    Print,
    PrintJob,
    Session,
    Submit,
)
from kiosk.wire import object_json
from tests.flows.floor import LOT, NOW, UNIT, operation_of

RECEIPT = operation_of(Submit("receive", "order-line/1", "order/42", {"title": "BOLT-1", "quantity": "5"}))
IDLE = Session("s", "dock-1", "home", "idle")
MOVE = operation_of(Submit("move", "inventory/1", "inventory/1", {"title": "SN-1", "place": "Shelf 2"}))


@pytest.mark.parametrize("result", [None, {}, {"inventories": None}, {"inventories": []}])
def test_without_stock_there_are_no_labels(result: dict[str, Json] | None) -> None:
    assert on_delivered(replace(RECEIPT, result=result)) == ()


def test_every_row_that_a_receipt_made_gets_its_label() -> None:
    rows: list[Json] = [object_json(UNIT), object_json(LOT)]
    assert on_delivered(replace(RECEIPT, result={"inventories": rows})) == tuple(
        Print("part", facts_of(row), row.key, is_selecting=True) for row in (UNIT, LOT)
    )
    assert on_delivered(replace(MOVE, result={"inventories": rows})) == ()


def test_what_is_received_gets_the_label_that_the_station_wants() -> None:
    choices = {"receive": (LabelChoice("receiving", "Received", "dock-2", frozenset({"code", "order"})),)}
    arguments: dict[str, Json] = {
        "order_number": "PO-7",
        "line_number": "",
        "supplier": "Bolts & Sons",
        "received_on": "2026-11-20",
    }
    rows: list[Json] = [object_json(LOT)]
    receipt = replace(RECEIPT, arguments={**RECEIPT.arguments, **arguments}, result={"inventories": rows})
    receiving = {"order": "PO-7", "supplier": "Bolts & Sons", "receivedAt": "2026-11-20"}
    fields = {**facts_of(LOT), **receiving}
    assert on_delivered(receipt, choices) == (
        Print("receiving", fields, "inventory/502", printer="dock-2", is_selecting=True),
    )
    assert on_delivered(receipt, {"receive": ()}) == ()


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
    message = outcome_message(operation_of(submit, state=OperationState.DONE), IDLE)
    assert message is not None
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
    message = outcome_message(replace(RECEIPT, state=state, error="No {paper}"), IDLE)
    assert message is not None
    assert (message.level, message.text) == (level, said)


def job(state: JobState, *, copies: int = 1, copy: int = 1, error: str = "", **fields: str) -> PrintJob:
    return PrintJob(
        id="j",
        key="k",
        station="dock",
        printer="zebra",
        label="part",
        design_digest="d",
        fields=fields,
        subject="inventory/1",
        encoded="ION/PI/1",
        copy=copy,
        copies=copies,
        state=state,
        created_at=NOW,
        error=error,
    )


PRINTING = Message(Level.WAIT, "Printing the label of {title}.", {"title": "SN-1"})
ON_ITS_WAY = Message(Level.WAIT, "{what}: kept, on the way to ION.", {"what": "5 × B"})


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (job(JobState.SENDING, serialNumber="SN-1"), (Level.WAIT, "Printing the label of SN-1.")),
        (job(JobState.QUEUED, serialNumber="SN-1"), (Level.WAIT, "Printing the label of SN-1.")),
        (
            job(JobState.QUEUED, serialNumber="SN-1", error="Load labels"),
            (Level.WAIT, "The label of SN-1 waits for the printer. Load labels"),
        ),
        (job(JobState.CONFIRMED, lotNumber="L-7"), (Level.GOOD, "The label of L-7 came out.")),
        (job(JobState.CONFIRMED, copies=2, name="WH"), (Level.WAIT, "Printing the label of SN-1.")),
        (job(JobState.CONFIRMED, copies=2, copy=2, name="WH"), (Level.GOOD, "2 labels of WH came out.")),
        (
            job(JobState.SENT, title="Run 7"),
            (Level.ASK, "Run 7 is sent. The printer does not say whether it came out."),
        ),
        (
            job(JobState.UNKNOWN),
            (Level.ASK, "Did the label of ION/PI/1 come out? Look at the printer."),
        ),
        (job(JobState.FAILED, name="WH", error="no"), (Level.STOP, "No label of WH: no")),
    ],
)
def test_what_became_of_a_label_is_said(moved: PrintJob, said: tuple[Level, str]) -> None:
    told = print_message(moved, PRINTING)
    assert told is not None
    assert (told.level, told.text) == said


@pytest.mark.parametrize("state", [JobState.UNKNOWN, JobState.SENT])
def test_a_question_about_a_label_goes_once_it_is_answered_elsewhere(state: JobState) -> None:
    asked = print_message(job(state, serialNumber="SN-1"), PRINTING)
    told = print_message(job(JobState.CONFIRMED, serialNumber="SN-1", copies=2), asked)
    assert told is not None
    assert (told.level, told.text) == (Level.GOOD, "The label of SN-1 came out.")
    assert print_message(job(JobState.CONFIRMED, serialNumber="SN-2"), asked) is asked


@pytest.mark.parametrize("shown", [None, ON_ITS_WAY, Message(Level.GOOD, "The label is fine.")])
@pytest.mark.parametrize("state", [JobState.CONFIRMED, JobState.SENT, JobState.QUEUED])
def test_a_label_that_nobody_waits_for_is_not_spoken_of(shown: Message | None, state: JobState) -> None:
    assert print_message(job(state, error="x"), shown) is shown


@pytest.mark.parametrize(
    ("screen", "level", "state", "stays"),
    [
        ("problem/title", Level.ASK, OperationState.DONE, True),
        ("problem/report", Level.GOOD, OperationState.DONE, True),
        ("problem/title", Level.WAIT, OperationState.DONE, False),
        ("problem/title", Level.ASK, OperationState.REJECTED, False),
        ("receive/line", Level.ASK, OperationState.DONE, False),
        ("run/run", Level.GOOD, OperationState.DONE, True),
        ("run/run", Level.GOOD, OperationState.REJECTED, False),
    ],
)
def test_a_question_to_a_person_goes_before_good_news(
    screen: str, level: Level, state: OperationState, *, stays: bool
) -> None:
    flow, _, step = screen.partition("/")
    question = Message(level, "What is wrong?")
    session = replace(IDLE, flow=flow, step=step, message=question)
    assert (outcome_message(replace(MOVE, state=state), session) is question) is stays
