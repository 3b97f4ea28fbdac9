"""Purchase orders and receipts: the documents of sections 8.6 and 8.7, and the rules of 10.4."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.simulator.derived import inventory_status
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Json, rows

ORDERS = """query PurchaseOrders($filterss: PurchaseOrdersInputFilters) {
  purchaseOrders(filters: $filterss) { edges { node {
    id _etag status approvals { id } fees { id } approvalRequests { id } } } } }"""
LINES = """query PurchaseOrderLines($filterss: PurchaseOrderLinesInputFilters) {
  purchaseOrderLines(filters: $filterss) { edges { node { id _etag
    partInventories { installed kitted received id abomChildren { id partInventoryId } }
    purchaseOrder { id _etag status } } } } }"""
LINE = "query PurchaseOrderLine($id: ID!) { purchaseOrderLine(id: $id) { _etag } }"
RECEIPTS = """query receipts($filters: ReceiptsInputFilters) {
  receipts(filters: $filters) { edges { node { id _etag purchaseOrderLines {
    id purchaseOrder { id } partInventories { installed } } } } } }"""
CREATE = """mutation createPO($input: CreatePurchaseOrderInput!) { createPurchaseOrder(input: $input) {
  purchaseOrder { id _etag currency { id } currencyId } } }"""
UPDATE = """mutation UpdatePurchaseOrder($input: UpdatePurchaseOrderInput!) {
  updatePurchaseOrder(input: $input) { purchaseOrder { id } } }"""
DELETE = """mutation deletePurchaseOrder($id: ID!, $etag: String!) {
  deletePurchaseOrder(id: $id, etag: $etag) { id } }"""
DELETE_LINE = """mutation deletePurchaseOrderLine($id: ID!, $etag: String!) {
  deletePurchaseOrderLine(id: $id, etag: $etag) { id } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def the_order(caller: Caller, order_id: int) -> Json:
    (order,) = rows(caller.ask(ORDERS, filterss={"id": {"eq": order_id}}))
    return order


@both_dialects
def test_an_order_is_taken_back_and_deleted_as_the_vendors_script_does(dialect: Dialect) -> None:
    caller = Caller(dialect)
    lines = rows(caller.ask(LINES, filterss={"purchaseOrderId": {"eq": 5001}}))
    assert [line["purchaseOrder"]["status"] for line in lines] == ["ORDERED"] * 3
    assert {row["received"] for line in lines for row in line["partInventories"]} == {False}
    too_soon = caller.answer(DELETE_LINE, id=7001, etag=lines[0]["_etag"])
    assert "set it to DRAFT first" in too_soon.body["errors"][0]["message"]
    caller.ask(UPDATE, input={"id": 5001, "etag": the_order(caller, 5001)["_etag"], "status": "DRAFT"})
    for line in lines:
        etag = caller.ask(LINE, id=line["id"])["purchaseOrderLine"]["_etag"]
        assert caller.ask(DELETE_LINE, id=line["id"], etag=etag) == {
            "deletePurchaseOrderLine": {"id": line["id"]}
        }
        assert caller.world.part_inventories.where("purchase_order_line_id", line["id"]) == []
    order = the_order(caller, 5001)
    assert order["status"] == "DRAFT"
    assert caller.ask(DELETE, id=5001, etag=order["_etag"]) == {"deletePurchaseOrder": {"id": 5001}}
    assert rows(caller.ask(ORDERS, filterss={"id": {"eq": 5001}})) == []


def test_what_came_keeps_its_order() -> None:
    caller = Caller()
    etag = caller.world.purchase_orders[5006].etag
    caller.ask(UPDATE, input={"id": 5006, "etag": etag, "status": "DRAFT"})
    (line, *_) = caller.world.purchase_order_lines.where("purchase_order_id", 5006)
    for answer in (
        caller.answer(DELETE_LINE, id=line.id, etag=line.etag),
        caller.answer(DELETE, id=5006, etag=caller.world.purchase_orders[5006].etag),
    ):
        assert "was received for cannot be deleted" in answer.body["errors"][0]["message"]


@both_dialects
def test_an_order_is_drawn_up_approved_ordered_and_received(dialect: Dialect) -> None:
    caller = Caller(dialect)
    order = caller.ask(CREATE, input={"supplierId": 23})["createPurchaseOrder"]["purchaseOrder"]
    assert (order["currencyId"], order["currency"]) == (1, {"id": 1})
    given = {"purchaseOrderId": order["id"], "partId": 105, "quantity": 2, "cost": "1240.00"}
    selection = "purchaseOrderLine { id lineNumber status partInventories { status } }"
    line = caller.do("createPurchaseOrderLine", selection, **given)["purchaseOrderLine"]
    assert (line["lineNumber"], line["status"]) == (1, "DRAFT")
    assert line["partInventories"] == [{"status": "ON_ORDER"}] * 2
    service = {"purchaseOrderId": order["id"], "quantity": 1}
    code, message = caller.refusal("createPurchaseOrderLine", selection, **service)
    assert (code, "needs a description" in message) == ("VALIDATION_ERROR", True)
    for status in ("IN_REVIEW", "APPROVED", "ORDERED"):
        etag = the_order(caller, order["id"])["_etag"]
        caller.ask(UPDATE, input={"id": order["id"], "etag": etag, "status": status})
        assert the_order(caller, order["id"])["status"] == status
    for serial in ("SN-1", "SN-2"):
        receive(caller, line["id"], serialNumber=serial)
    assert the_order(caller, order["id"])["status"] == "RECEIVED"


def receive(caller: Caller, line_id: int, quantity: object = 1, **more: object) -> Json:
    order_id = caller.world.purchase_order_lines[line_id].purchase_order_id
    receipt = caller.do("createReceipt", "receipt { id _etag }", purchaseOrderId=order_id)["receipt"]
    item = {"purchaseOrderLineId": line_id, "quantity": quantity, "locationId": 4, **more}
    selection = (
        "receipt { id _etag items { id quantity partInventory { id status quantity } } runs { id status } }"
    )
    given = {"receiptId": receipt["id"], "etag": receipt["_etag"], "items": [item]}
    return caller.do("addItemsToReceipt", selection, **given)["receipt"]


def test_a_line_is_changed_while_nothing_came() -> None:
    caller = Caller()
    line = caller.world.purchase_order_lines[7010]
    selection = "purchaseOrderLine { _etag quantity partInventories { quantity } }"
    changed = caller.do("updatePurchaseOrderLine", selection, id=7010, etag=line.etag, quantity=30)
    assert changed["purchaseOrderLine"]["partInventories"] == [{"quantity": 30}]
    line = caller.world.purchase_order_lines[7013]
    given = {"id": 7013, "etag": line.etag, "quantity": 30}
    assert "cannot be changed" in caller.refusal("updatePurchaseOrderLine", selection, **given)[1]


def test_inventory_is_made_part_of_a_line_and_taken_off_it() -> None:
    caller = Caller()
    row = caller.do("createPartInventory", "partInventory { id }", partId=111, quantity=3)["partInventory"]
    given = {"purchaseOrderLineId": 7010, "partInventoryId": row["id"]}
    selection = "purchaseOrderLine { id }"
    caller.do("addInventoryToPurchaseOrderLine", selection, **given)
    assert caller.world.part_inventories[row["id"]].purchase_order_line_id == 7010
    assert "of a line already" in caller.refusal("addInventoryToPurchaseOrderLine", selection, **given)[1]
    caller.do("removeInventoryFromPurchaseOrderLine", selection, **given)
    assert caller.world.part_inventories[row["id"]].purchase_order_line_id is None


def test_the_suppliers_unit_becomes_the_stocks() -> None:
    caller = Caller()
    with caller.world.transaction():
        line = caller.world.purchase_order_lines[7003]
        caller.world.purchase_order_lines.put(replace(line, conversion_factor=Decimal(100)))
    (item,) = receive(caller, 7003, 2)["items"]
    assert (item["quantity"], item["partInventory"]["quantity"]) == (2, 200)


def test_a_receipt_takes_what_nobody_ordered() -> None:
    caller = Caller()
    receipt = caller.do("createReceipt", "receipt { id _etag purchaseOrder { id } }")["receipt"]
    assert receipt["purchaseOrder"] is None
    items = [{"partId": 107, "quantity": 5, "lotNumber": "L-1", "locationId": 4}]
    selection = "receipt { items { purchaseOrderLine { id } partInventory { received status } } }"
    given = {"receiptId": receipt["id"], "etag": receipt["_etag"]}
    filled = caller.do("addItemsToReceipt", selection, **given, items=items)["receipt"]
    assert filled["items"] == [
        {"purchaseOrderLine": None, "partInventory": {"received": True, "status": "AVAILABLE"}}
    ]
    etag = caller.world.receipts[receipt["id"]].etag
    for item, message in [
        ({"quantity": 1}, "names a purchaseOrderLineId"),
        ({"purchaseOrderLineId": 7003, "quantity": 1, "locationId": 4}, "is not a line of the receipt's"),
        ({"partId": 107, "quantity": 1, "locationId": 4}, "needs a lot number"),
    ]:
        more = {"receiptId": receipt["id"], "etag": etag, "items": [item]}
        assert message in caller.refusal("addItemsToReceipt", selection, **more)[1]


def test_inventory_that_exists_is_received_and_taken_back() -> None:
    caller = Caller()
    receipt = caller.do("createReceipt", "receipt { id _etag }", purchaseOrderId=5001)["receipt"]
    row = caller.world.part_inventories.where("purchase_order_line_id", 7003)[0]
    given = {"receiptId": receipt["id"], "partInventoryId": row.id}
    selection = "receipt { _etag items { quantity } }"
    added = caller.do("addInventoryToReceipt", selection, **given, etag=receipt["_etag"], locationId=4)[
        "receipt"
    ]
    assert added["items"] == [{"quantity": 1000}]
    assert inventory_status(caller.world, caller.world.part_inventories[row.id]) == "AVAILABLE"
    assert caller.world.purchase_order_lines[7003].status == "RECEIVED"
    caller.do("removeInventoryFromReceipt", selection, **given, etag=added["_etag"])
    assert inventory_status(caller.world, caller.world.part_inventories[row.id]) == "ON_ORDER"
    line = caller.world.purchase_order_lines[7003]
    assert line.status == "ORDERED"
    assert line.received_quantity == 0


@both_dialects
def test_receipts_are_read_as_published(dialect: Dialect) -> None:
    (first, _) = rows(Caller(dialect).ask(RECEIPTS, filters={}))
    assert first["purchaseOrderLines"] == [
        {"id": 7011, "purchaseOrder": {"id": 5005}, "partInventories": [{"installed": False}] * 2}
    ]


def inspected(**switches: bool) -> Caller:
    """Return a caller whose line 7010, of a part that is inspected when it comes, is ordered."""
    caller = Caller(switches=Switches(**switches))  # type: ignore[arg-type]
    etag = caller.world.purchase_orders[5004].etag
    caller.ask(UPDATE, input={"id": 5004, "etag": etag, "status": "ORDERED"})
    return caller


def test_what_must_be_inspected_is_in_work_until_it_is() -> None:
    caller = inspected()
    receipt = receive(caller, 7010, 10, lotNumber="L-1")
    ((item,), (run,)) = receipt["items"], receipt["runs"]
    assert (run["status"], item["partInventory"]["status"]) == ("TODO", "WIP")
    cancel = {"id": run["id"], "etag": caller.world.runs[run["id"]].etag}
    assert caller.do("cancelRun", "run { status }", **cancel) == {"run": {"status": "CANCELED"}}
    row = caller.world.part_inventories[item["partInventory"]["id"]]
    assert inventory_status(caller.world, row) == "AVAILABLE"


def test_inspection_can_be_switched_off() -> None:
    receipt = receive(inspected(inspection_on_receipt=False), 7010, 10, lotNumber="L-1")
    assert (receipt["runs"], receipt["items"][0]["partInventory"]["status"]) == ([], "AVAILABLE")


@pytest.mark.parametrize(
    ("switch", "line", "item"),
    [
        ("receipt_item_needs_location", 7003, {"locationId": None}),
        ("receipt_item_needs_lot", 7002, {}),
        ("receipt_item_needs_serial", 7001, {}),
    ],
)
def test_what_an_item_needs_is_a_switch(switch: str, line: int, item: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="needs a"):
        receive(Caller(), line, **item)
    assert receive(Caller(switches=Switches(**{switch: False})), line, **item)  # type: ignore[arg-type]


def test_partially_received_and_the_early_receipt_are_switches() -> None:
    caller = Caller(switches=Switches(partially_received=False, receipt_made_when_ordered=True))
    receive(caller, 7003, 10)
    assert the_order(caller, 5001)["status"] == "ORDERED"
    etag = the_order(caller, 5004)["_etag"]
    caller.ask(UPDATE, input={"id": 5004, "etag": etag, "status": "ORDERED"})
    assert len(caller.world.receipts.where("purchase_order_id", 5004)) == 1
    assert (
        "follows from receiving"
        in caller.refusal(
            "updatePurchaseOrder",
            "purchaseOrder { id }",
            id=5004,
            etag=the_order(caller, 5004)["_etag"],
            status="RECEIVED",
        )[1]
    )


def test_receiving_by_line_leaves_a_receipt_too() -> None:
    caller = Caller("both")
    given = {"purchaseOrderLineItemId": 7003, "quantityReceived": 1, "locationId": 4}
    for _ in range(2):
        caller.do("receivePurchaseOrderLine", "partInventories { id }", **given)
    receipts = caller.world.receipts.where("purchase_order_id", 5001)
    assert [len(caller.world.receipt_items.where("receipt_id", each.id)) for each in receipts] == [2]
