from dataclasses import replace
from typing import Any

import pytest

from kiosk.simulator.derived import inventory_status, order_status
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller

RECEIPT = """receipt { id _etag note items { id quantity partInventory {
    id serialNumber lotNumber quantity status received location { name } } } }"""
RECEIVED = """purchaseOrderLineItem { id receivedQuantity status }
    partInventories { id serialNumber lotNumber quantity location { id name } }"""


def open_receipt(caller: Caller, order_id: int = 5001, note: str | None = None) -> dict[str, Any]:
    receipt: dict[str, Any] = caller.do("createReceipt", RECEIPT, purchaseOrderId=order_id, note=note)[
        "receipt"
    ]
    return receipt


def item(line_id: int, quantity: object = 1, **more: object) -> dict[str, object]:
    return {"purchaseOrderLineId": line_id, "quantity": quantity, "locationId": 4} | more


def add(caller: Caller, receipt: dict[str, Any], *items: dict[str, object]) -> dict[str, Any]:
    payload = caller.do(
        "addItemsToReceipt", RECEIPT, receiptId=receipt["id"], etag=receipt["_etag"], items=list(items)
    )
    added: dict[str, Any] = payload["receipt"]
    return added


def line_status(caller: Caller, line_id: int) -> tuple[str, int, str]:
    line = caller.world.purchase_order_lines[line_id]
    order = caller.world.purchase_orders[line.purchase_order_id]
    return line.status, int(line.received_quantity), order_status(caller.world, order)


def test_a_delivery_is_received_by_receipt_and_items() -> None:
    caller = Caller()
    receipt = open_receipt(caller, note="k:dock-1:7:ab12")
    added = add(
        caller,
        receipt,
        item(7001, serialNumber="SN-000200"),
        item(7001, serialNumber="SN-000201"),
        item(7002, "150", lotNumber="LOT-2026-0200"),
        item(7003, 1000),
    )
    assert added["_etag"] != receipt["_etag"]
    assert [(each["quantity"], each["partInventory"]) for each in added["items"]] == [
        (1, received(9026, serialNumber="SN-000200", quantity=1)),
        (1, received(9027, serialNumber="SN-000201", quantity=1)),
        (150, received(9047, lotNumber="LOT-2026-0200", quantity=150)),
        (1000, received(9032, quantity=1000)),
    ]
    assert line_status(caller, 7001) == ("ORDERED", 2, "PARTIALLY_RECEIVED")
    assert line_status(caller, 7003) == ("RECEIVED", 1000, "PARTIALLY_RECEIVED")
    assert caller.world.part_inventories[9031].quantity == 50  # still on order
    assert [effect.operation for effect in caller.world.ledger] == ["createReceipt", "addItemsToReceipt"]


def received(row_id: int, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": row_id,
        "serialNumber": None,
        "lotNumber": None,
        "status": "AVAILABLE",
        "received": True,
        "location": {"name": "WH-Receiving"},
    }
    return row | more


def test_all_items_of_a_call_are_received_or_none() -> None:
    caller = Caller()
    receipt = open_receipt(caller)
    good, bad = item(7001, serialNumber="SN-000200"), item(7001, serialNumber="SN-000123")
    code, message = caller.refusal(
        "addItemsToReceipt", RECEIPT, receiptId=receipt["id"], etag=receipt["_etag"], items=[good, bad]
    )
    assert (code, message) == (
        "VALIDATION_ERROR",
        "Serial number 'SN-000123' already exists for part 'VLV-4410'",
    )


@pytest.mark.parametrize(
    ("order_id", "bad", "message"),
    [
        (5001, item(7002, 0, lotNumber="L"), "Quantity must be greater than 0, got 0"),
        (5001, item(7002, -3, lotNumber="L"), "Quantity must be greater than 0, got -3"),
        (5001, item(7002, 201, lotNumber="L"), "Quantity 201 is more than the 200 that remain on line 2"),
        (5006, item(7013, 41, lotNumber="L"), "Quantity 41 is more than the 40 that remain on line 2"),
        (5001, item(7002, 1), "Part 'ORNG-2-214' is lot tracked: an item needs a lot number"),
        (5001, item(7002, 1, lotNumber=" "), "Part 'ORNG-2-214' is lot tracked: an item needs a lot number"),
        (5001, item(7001, 1), "Part 'VLV-4410' is serial tracked: an item needs a serial number"),
        (
            5001,
            item(7001, 2, serialNumber="SN-1"),
            "Part 'VLV-4410' is serial tracked: quantity must be 1, got 2",
        ),
        (5001, item(7003, 1, serialNumber="SN-1"), "is not serial tracked, got serial 'SN-1'"),
        (5001, item(7003, 1, locationId=None), "A received item needs a location"),
        (5001, item(7004, 1, serialNumber="SN-1"), "Line 7004 is not a line of the receipt's purchase order"),
        (5003, item(7009, 1, lotNumber="L"), "Line 4 is canceled"),
    ],
)
def test_an_item_that_breaks_a_rule_is_refused(order_id: int, bad: dict[str, object], message: str) -> None:
    caller = Caller()
    receipt = open_receipt(caller, order_id)
    refusal = caller.refusal(
        "addItemsToReceipt", RECEIPT, receiptId=receipt["id"], etag=receipt["_etag"], items=[bad]
    )
    assert (refusal[0], message in refusal[1]) == ("VALIDATION_ERROR", True), refusal


def test_items_must_name_something_that_exists() -> None:
    caller = Caller()
    receipt = open_receipt(caller)
    given: dict[str, object] = {"receiptId": receipt["id"], "etag": receipt["_etag"]}
    for items, code in [
        ([], "VALIDATION_ERROR"),
        ([item(1)], "NOT_FOUND_ERROR"),
        ([item(7003, locationId=77)], "NOT_FOUND_ERROR"),
    ]:
        assert caller.refusal("addItemsToReceipt", RECEIPT, **given, items=items)[0] == code
    given["receiptId"] = 99
    assert caller.refusal("addItemsToReceipt", RECEIPT, **given, items=[item(7003)])[0] == "NOT_FOUND_ERROR"


@pytest.mark.parametrize(("order_id", "status"), [(5004, "DRAFT"), (5005, "RECEIVED")])
def test_only_an_ordered_purchase_order_can_be_received(order_id: int, status: str) -> None:
    caller = Caller()
    code, message = caller.refusal("createReceipt", RECEIPT, purchaseOrderId=order_id)
    assert code == "VALIDATION_ERROR"
    assert f"is {status}; only an ORDERED one can be received" in message
    assert caller.refusal("createReceipt", RECEIPT, purchaseOrderId=1)[0] == "NOT_FOUND_ERROR"


def test_services_and_consumables_become_no_inventory() -> None:
    caller = Caller()
    added = add(caller, open_receipt(caller, 5002), item(7005, locationId=None))
    assert [each["partInventory"] for each in added["items"]] == [None]
    rows = len(caller.world.part_inventories)
    add(caller, open_receipt(caller, 5003), item(7008, 24))
    assert len(caller.world.part_inventories) == rows
    assert line_status(caller, 7008) == ("RECEIVED", 24, "PARTIALLY_RECEIVED")


def test_an_order_whose_lines_are_all_received_or_canceled_is_received() -> None:
    caller = Caller()
    before = caller.world.purchase_orders[5003].etag
    receipt = open_receipt(caller, 5003)
    receipt = add(caller, receipt, item(7006, 2000), item(7007, "4.5", lotNumber="LOT-2026-0300"))
    assert line_status(caller, 7008)[2] == "PARTIALLY_RECEIVED"
    add(caller, receipt, item(7008, 24))
    assert line_status(caller, 7008)[2] == "RECEIVED"
    assert caller.world.purchase_orders[5003].etag != before


def test_over_receipt_is_a_switch() -> None:
    caller = Caller(switches=Switches(allow_over_receipt=True))
    add(caller, open_receipt(caller), item(7002, 250, lotNumber="LOT-2026-0200"))
    assert line_status(caller, 7002) == ("RECEIVED", 250, "PARTIALLY_RECEIVED")
    added = add(caller, open_receipt(caller), item(7002, 1, lotNumber="LOT-2026-0201"))
    assert added["items"][0]["partInventory"]["id"] == 9047
    assert caller.world.part_inventories[9047].purchase_order_line_id == 7002


def test_adding_checks_and_changes_the_receipts_etag_unless_switched_off() -> None:
    caller = Caller()
    receipt = open_receipt(caller)
    add(caller, receipt, item(7003, 1))
    stale: dict[str, object] = {
        "receiptId": receipt["id"],
        "etag": receipt["_etag"],
        "items": [item(7003, 1)],
    }
    assert caller.refusal("addItemsToReceipt", RECEIPT, **stale)[0] == "CONCURRENCY_ERROR"

    caller = Caller(switches=Switches(adding_checks_receipt_etag=False, adding_changes_receipt_etag=False))
    receipt = open_receipt(caller)
    assert add(caller, receipt | {"_etag": "anything"}, item(7003, 1))["_etag"] == receipt["_etag"]


@pytest.mark.parametrize("changes", [True, False])
def test_receiving_changes_the_lines_etag_unless_switched_off(changes: bool) -> None:
    caller = Caller(switches=Switches(receiving_changes_line_etag=changes))
    before = caller.world.purchase_order_lines[7003].etag
    add(caller, open_receipt(caller), item(7003, 1))
    assert (caller.world.purchase_order_lines[7003].etag != before) is changes


def test_a_note_is_a_fence() -> None:
    caller = Caller()
    receipt = open_receipt(caller, note="k:dock-1:7:ab12")
    payload = caller.do(
        "updateReceipt", RECEIPT, id=receipt["id"], etag=receipt["_etag"], note="k:dock-1:7:ab12 2"
    )
    assert payload["receipt"]["note"] == "k:dock-1:7:ab12 2"
    late: dict[str, object] = {"receiptId": receipt["id"], "etag": receipt["_etag"], "items": [item(7003, 1)]}
    assert caller.refusal("addItemsToReceipt", RECEIPT, **late)[0] == "CONCURRENCY_ERROR"
    found = caller.ask(
        "query ($note: String!) { receipts(filters: {note: {eq: $note}}) { edges { node { id } } } }",
        note="k:dock-1:7:ab12 2",
    )
    assert found == {"receipts": {"edges": [{"node": {"id": receipt["id"]}}]}}


def test_an_empty_receipt_can_be_deleted() -> None:
    caller = Caller()
    delete = "mutation ($id: ID!, $etag: String!) { deleteReceipt(id: $id, etag: $etag) { id } }"
    empty = open_receipt(caller)
    assert caller.ask(delete, id=empty["id"], etag=empty["_etag"]) == {"deleteReceipt": {"id": empty["id"]}}
    full = add(caller, open_receipt(caller), item(7003, 1))
    for receipt_id, etag, code in [
        (full["id"], full["_etag"], "VALIDATION_ERROR"),
        (full["id"], "x", "CONCURRENCY_ERROR"),
        (empty["id"], empty["_etag"], "NOT_FOUND_ERROR"),
    ]:
        (error,) = caller.answer(delete, id=receipt_id, etag=etag).body["errors"]
        assert error["extensions"] == {"code": code}


def test_a_line_is_received_at_once_in_the_other_dialect() -> None:
    caller = Caller("documented-2026")
    payload = caller.do(
        "receivePurchaseOrderLine",
        RECEIVED,
        purchaseOrderLineItemId=7002,
        quantityReceived=100,
        lotNumber="LOT-2026-0123",
        locationId=4,
    )
    assert payload == {
        "purchaseOrderLineItem": {"id": 7002, "receivedQuantity": 100, "status": "ordered"},
        "partInventories": [
            {
                "id": 9047,
                "serialNumber": None,
                "lotNumber": "LOT-2026-0123",
                "quantity": 100,
                "location": {"id": 4, "name": "WH-Receiving"},
            }
        ],
    }
    service = caller.do(
        "receivePurchaseOrderLine", RECEIVED, purchaseOrderLineItemId=7005, quantityReceived=1
    )
    assert service["partInventories"] == []


def test_a_serial_unit_may_have_a_lot_too() -> None:
    caller = Caller("both")
    payload = caller.do(
        "receivePurchaseOrderLine",
        RECEIVED,
        purchaseOrderLineItemId=7001,
        quantityReceived=1,
        serialNumber="SN-000200",
        lotNumber="HEAT-77",
        locationId=4,
    )
    (row,) = payload["partInventories"]
    assert (row["serialNumber"], row["lotNumber"]) == ("SN-000200", "HEAT-77")


def test_an_order_goes_back_to_draft_and_is_ordered_again() -> None:
    caller = Caller(user_id=42)
    selection = "purchaseOrder { _etag status }"
    etag = caller.world.purchase_orders[5001].etag
    order = caller.do("updatePurchaseOrder", selection, id=5001, etag=etag, status="DRAFT")["purchaseOrder"]
    assert order["status"] == "DRAFT"
    assert caller.refusal("createReceipt", RECEIPT, purchaseOrderId=5001)[0] == "VALIDATION_ERROR"
    given: dict[str, object] = {"id": 5001, "etag": order["_etag"]}
    assert (
        caller.refusal("updatePurchaseOrder", selection, **given, status="RECEIVED")[0] == "VALIDATION_ERROR"
    )
    order = caller.do("updatePurchaseOrder", selection, **given, status="ORDERED")["purchaseOrder"]
    assert order["status"] == "ORDERED"
    assert caller.refusal("updatePurchaseOrder", selection, **given, status="DRAFT")[0] == "CONCURRENCY_ERROR"


def test_an_archived_place_takes_nothing() -> None:
    caller = Caller()
    caller.world.locations.put(replace(caller.world.locations[4], status="ARCHIVED"))
    receipt = open_receipt(caller)
    code, message = caller.refusal(
        "addItemsToReceipt", RECEIPT, receiptId=receipt["id"], etag=receipt["_etag"], items=[item(7003)]
    )
    assert (code, message) == ("VALIDATION_ERROR", "Location 'WH-Receiving' is archived")


def test_who_has_no_permission_changes_nothing() -> None:
    caller = Caller(user_id=43)
    code, message = caller.refusal("createReceipt", RECEIPT, purchaseOrderId=5001)
    assert code == "AUTHORIZATION_ERROR"
    assert message.startswith("User does not have permission to update this resource")


def test_stock_on_order_stays_the_sum_of_what_is_to_come() -> None:
    caller = Caller()
    receipt = open_receipt(caller)
    for quantity in (1, 99, 40):
        receipt = add(caller, receipt, item(7002, quantity, lotNumber="LOT-1"))
    rows = caller.world.part_inventories.where("purchase_order_line_id", 7002)
    on_order = [row.quantity for row in rows if inventory_status(caller.world, row) == "ON_ORDER"]
    assert on_order == [60]
    assert sum(row.quantity for row in rows) == 200
