"""Things that happened at a station, to look back on."""

from dataclasses import replace
from datetime import timedelta

from kiosk.model import (
    JobState,
    Json,
    KeptScan,
    Operation,
    OperationState,
    Past,
    PrintJob,
    RawScan,
    ScanState,
    Submit,
)
from kiosk.words import told
from tests.flows.floor import NOW, operation_of

MOVE = Submit(
    "move",
    "inventory/501",
    "inventory/501",
    {
        "inventory_id": "501",
        "location_id": "3",
        "from_location_id": "4",
        "quantity": "1",
        "title": "SN-1",
        "place": "WH-Receiving",
        "from_place": "Shelf 2",
    },
)
RECEIPT = Submit(
    "receive",
    "order-line/1",
    "order/42",
    {"title": "BOLT-1", "quantity": "5", "lot": "LOT-A", "order_number": "PO-7"},
)
RECEIVED: dict[str, Json] = {
    "receipt_id": "88",
    "inventories": [{"id": "9", "quantity": "5", "lot": "LOT-A", "location": {"id": "3", "name": "Dock"}}],
}
BACK: dict[str, Json] = {
    "inventory_id": "501",
    "location_id": "4",
    "from_location_id": "3",
    "quantity": "1",
    "title": "SN-1",
    "place": "Shelf 2",
}


def operation(
    submit: Submit, number: int, state: OperationState = OperationState.DONE, **more: object
) -> Operation:
    at = NOW + timedelta(minutes=number)
    made = replace(operation_of(submit, number, state), created_at=at, undoes=submit.undoes)
    return replace(made, **more)  # type: ignore[arg-type]


def scanned(number: int, data: bytes = b"PN-1", screen: str = "lookup/part") -> Past:
    raw = RawScan(f"s{number}", "dock-1", "gun", data, NOW + timedelta(minutes=number))
    return Past(KeptScan(raw, ScanState.HANDLED, screen))


def printed(number: int, state: JobState = JobState.CONFIRMED, **fields: str) -> Past:
    job = PrintJob(
        id=f"{number:032x}",
        key=f"k{number}",
        station="dock-1",
        printer="zebra",
        label="inventory",
        design_digest="d",
        fields={"lotNumber": "LOT-A", **fields},
        subject="inventory/9",
        encoded="ION/PI/9",
        copy=1,
        copies=1,
        state=state,
        created_at=NOW + timedelta(minutes=number),
    )
    return Past(job)


VALUE: dict[str, Json] = {
    "run_id": "77",
    "step_id": "s1",
    "field_id": "f2",
    "from_value": None,
    "title": "Final torque",
    "type": "NUMBER",
    "value": "1234.5",
    "unit": "N.m",
}
PROBLEM = Submit(
    "create_issue",
    "run/77",
    "run/77",
    {"title": "Leak test failed", "run_step_id": "3", "inventory_id": "501"},
)
SCRAP = Submit(
    "adjust",
    "inventory/9",
    "inventory/9",
    {"title": "LOT-A", "kind": "scrap", "quantity": "2", "from_quantity": "1200", "reason": "Damaged"},
)


def filled(number: int, **changes: Json) -> Past:
    """Return a field of a step that was filled in."""
    return Past(operation(Submit("set_field_value", "run/77", "run/77", {**VALUE, **changes}), number))


FILLED = (
    filled(1, type="DATETIME", value="2026-11-20T13:30:00+00:00"),
    filled(2, type="SIGNOFF", value=True),
    filled(3, type="BOOLEAN", value=False),
    filled(4),
)
MOVED = Past(operation(MOVE, 1))
GOT = Past(operation(RECEIPT, 2, result=RECEIVED))
_UNSENT = told(
    "{tried}: expected an answer from {place}, got {came}",
    tried=told("{call} with {values}", call="Receive", values="BOLT-1"),
    place="ION",
    came="hello",
)
_SHOWN = told("{facts}. Whose that is, ION does not tell", facts=told("{name} is gone", name="BOLT-1"))
DOUBTED = Past(operation(RECEIPT, 7, OperationState.PARKED, error=_UNSENT, facts=_SHOWN))
"""Of which nobody knows whether ION has it."""
PASTS = (
    printed(9, JobState.UNKNOWN),
    Past(operation(RECEIPT, 8, OperationState.QUEUED)),
    Past(operation(RECEIPT, 7, OperationState.REJECTED, error="Purchase order is closed", trace="9a1f")),
    printed(6),
    Past(operation(MOVE, 5), operation(MOVE, 6, OperationState.DONE)),
    scanned(4, b"BRKT-1042-07"),
    MOVED,
)
