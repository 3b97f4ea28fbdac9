from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.barcodes import IonPattern
from kiosk.model import Asked, Inventory, Question, Stock, Subject
from kiosk.resolve.taught import fitting, questions_of
from tests.flows.floor import BOLT, LOT, ORDER, RUN, SHELF, UNIT, VALVE


def taught(entity: str = "PARTS_INVENTORY", **fields: str) -> IonPattern:
    return IonPattern("1", fields, entity)


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        (
            taught(part_partNumber="BOLT-1", lotNumber="L"),
            (Question(Asked.LOT, "L"), Question(Asked.PART_NUMBER, "BOLT-1")),
        ),
        (taught(serialNumber="S", part_partNumber__prefix="VLV"), (Question(Asked.SERIAL, "S"),)),
        (taught(serialNumber__suffix="S", part_partNumber__prefix="VLV"), ()),
        (taught(uid="ABCDEF"), (Question(Asked.UID, "abcdef"),)),
        (taught("parts_inventory", id="7"), (Question(Asked.INVENTORY_ID, "7"),)),
        (taught(part_id="8"), (Question(Asked.PART_ID, "8"),)),
        (taught("PARTS", partNumber="X"), (Question(Asked.PART_NUMBER, "X"),)),
        (taught("LOCATIONS", name="Dock"), (Question(Asked.LOCATION_NAME, "Dock"),)),
        (taught("RUNS", id="7"), (Question(Asked.RUN_ID, "7"),)),
        (taught("PURCHASE_ORDERS", purchaseOrderNumber="PO-7"), (Question(Asked.ORDER_NUMBER, "PO-7"),)),
        (taught("KITS", id="7"), ()),
        (taught(serialNumber="", shoeSize="44"), ()),
    ],
)  # fmt: skip
def test_exact_fields_are_asked(pattern: IonPattern, asked: tuple[Question, ...]) -> None:
    assert questions_of(pattern) == asked


OTHER = replace(UNIT, id="504", serial="SN-22", lot="L-9")
VALVES = Stock(VALVE, (UNIT, OTHER))


@pytest.mark.parametrize(
    ("pattern", "found", "meant"),
    [
        (taught(serialNumber="SN-1"), (UNIT,), (UNIT,)),
        (taught(serialNumber="SN-1", part_partNumber="VLV-1"), (UNIT, VALVES), (UNIT,)),
        (taught(serialNumber="SN-1", part_partNumber="BOLT-1"), (UNIT, Stock(BOLT)), (Stock(BOLT),)),
        (taught(serialNumber__prefix="SN-2", part_partNumber="VLV-1"), (VALVES,), (OTHER,)),
        (taught(serialNumber__suffix="-1", part_partNumber="VLV-1"), (VALVES,), (UNIT,)),
        (taught(serialNumber__contains="N-", part_partNumber="VLV-1"), (VALVES,), (UNIT, OTHER)),
        (taught(lotNumber__contains="L", part_partNumber="VLV-1"), (VALVES,), (OTHER,)),
        (taught(serialNumber__contains="Z", part_partNumber="VLV-1"), (VALVES,), (VALVES,)),
        (taught(part_partNumber="VLV-1"), (VALVES,), (VALVES,)),
        (taught(part_partNumber="VLV-1", part_revision="B"), (VALVES,), ()),
        (taught(lotNumber="LOT-A", part_partNumber__prefix="VLV"), (LOT,), ()),
        (taught(lotNumber="LOT-A", part_partNumber__prefix="BO"), (LOT,), (LOT,)),
        (taught(lotNumber="LOT-A", shoeSize="44", lotNumber__like="%"), (LOT,), (LOT,)),
        (taught("PARTS", partNumber="VLV-1", revision="A"), (VALVES,), (VALVES,)),
        (taught("LOCATIONS", name="Shelf 2", id__prefix="9"), (SHELF,), ()),
        (taught("RUNS", id="77", title__contains="Valve"), (RUN,), (RUN,)),
        (taught("PURCHASE_ORDERS", purchaseOrderNumber="PO-7"), (ORDER,), (ORDER,)),
    ],
)
def test_partial_fields_are_compared(
    pattern: IonPattern, found: tuple[Subject, ...], meant: tuple[Subject, ...]
) -> None:
    assert fitting(pattern, found) == meant


def test_a_row_that_is_found_twice_is_the_one_that_was_asked_for() -> None:
    bare = Inventory("501", VALVE, Decimal(1), "AVAILABLE", serial="SN-1")
    pattern = taught(serialNumber="SN-1", part_partNumber="VLV-1")
    assert fitting(pattern, (UNIT, Stock(VALVE, (bare,)))) == (UNIT,)
