"""The root fields of Mutation: arguments in, one rule, payload out; one transaction each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from graphql import GraphQLError

from kiosk.simulator.rules import inventory, patterns, receiving, runs, steps
from kiosk.simulator.rules.attributes import AttributeChange
from kiosk.simulator.rules.desk import Desk, check_may
from kiosk.simulator.schema.values import iso, number

__all__ = ["resolve_mutation"]

Input = Mapping[str, Any]
Payload = dict[str, object]


def resolve_mutation(name: str, desk: Desk, arguments: Input) -> Payload:
    """Carry out one mutation wholly and write it into the ledger, or raise ``Refusal`` and change nothing."""
    check_may(desk.user, name)
    if name not in _MUTATIONS:
        raise GraphQLError(f"The simulator does not carry out {name} yet")
    with desk.world.transaction():
        payload = _MUTATIONS[name](desk, arguments.get("input", arguments))
    desk.world.record(name, _plain(arguments))
    return payload


def _create_part_inventory(desk: Desk, given: Input) -> Payload:
    new = inventory.NewInventory(
        part_id=given["partId"],
        serial_number=given.get("serialNumber"),
        lot_number=given.get("lotNumber"),
        quantity=given.get("quantity") or Decimal(0),
        location_id=given.get("locationId"),
        unit_of_measure_id=given.get("unitOfMeasureId"),
        cost=given.get("cost"),
        last_maintained_date=given.get("lastMaintainedDate"),
        attributes=_attributes(given),
    )
    return {"partInventory": inventory.create(desk, new)}


def _update_part_inventory(desk: Desk, given: Input) -> Payload:
    columns = {
        "quantity": "quantity",
        "locationId": "location_id",
        "unavailable": "unavailable",
        "serialNumber": "serial_number",
        "lotNumber": "lot_number",
        "lastMaintainedDate": "last_maintained_date",
    }
    changes: dict[str, Any] = {columns[name]: value for name, value in given.items() if name in columns}
    if given.get("attributes") is not None:
        changes["attributes"] = _attributes(given)
    return {"partInventory": inventory.update(desk, given["id"], given["etag"], changes)}


def _attributes(given: Input) -> Sequence[AttributeChange]:
    return [
        AttributeChange(key=each["key"], value=each.get("value"), etag=each.get("etag"))
        for each in given.get("attributes") or ()
    ]


def _delete_part_inventory(desk: Desk, given: Input) -> Payload:
    return {"id": inventory.delete(desk, given["id"], given["etag"])}


def _adjust_inventory(desk: Desk, given: Input) -> Payload:
    adjustment = inventory.Adjustment(
        part_inventory_id=given["partInventoryId"],
        kind=given["adjustmentType"],
        quantity=given["quantity"],
        target_location_id=given.get("targetLocationId"),
    )
    return {"partInventory": inventory.adjust(desk, adjustment)}


def _update_purchase_order(desk: Desk, given: Input) -> Payload:
    order = receiving.update_order(desk, given["id"], given["etag"], given["status"])
    return {"purchaseOrder": order}


def _create_receipt(desk: Desk, given: Input) -> Payload:
    return {"receipt": receiving.create_receipt(desk, given["purchaseOrderId"], given.get("note"))}


def _update_receipt(desk: Desk, given: Input) -> Payload:
    return {"receipt": receiving.update_receipt(desk, given["id"], given["etag"], given.get("note"))}


def _delete_receipt(desk: Desk, given: Input) -> Payload:
    return {"id": receiving.delete_receipt(desk, given["id"], given["etag"])}


def _add_items_to_receipt(desk: Desk, given: Input) -> Payload:
    items = [
        receiving.ItemToReceive(
            line_id=item["purchaseOrderLineId"],
            quantity=item["quantity"],
            lot_number=item.get("lotNumber"),
            serial_number=item.get("serialNumber"),
            location_id=item.get("locationId"),
        )
        for item in given["items"]
    ]
    return {"receipt": receiving.add_items_to_receipt(desk, given["receiptId"], given["etag"], items)}


def _receive_purchase_order_line(desk: Desk, given: Input) -> Payload:
    item = receiving.ItemToReceive(
        line_id=given["purchaseOrderLineItemId"],
        quantity=given["quantityReceived"],
        lot_number=given.get("lotNumber"),
        serial_number=given.get("serialNumber"),
        location_id=given.get("locationId"),
    )
    line, received = receiving.receive(desk, item)
    return {"purchaseOrderLineItem": line, "partInventories": [] if received is None else [received]}


def _create_run(desk: Desk, given: Input) -> Payload:
    new = runs.NewRun(
        procedure_id=given["procedureId"],
        part_inventory_id=given.get("partInventoryId"),
        part_id=given.get("partId"),
        title=given.get("title"),
    )
    return {"run": runs.create_run(desk, new)}


def _update_run(desk: Desk, given: Input) -> Payload:
    return {"run": runs.set_run_status(desk, given["id"], given["_etag"], given["status"])}


def _archive_run(desk: Desk, given: Input) -> Payload:
    return {"run": runs.archive(desk, given["id"], given["etag"], archived=given["archived"])}


def _update_run_step(desk: Desk, given: Input) -> Payload:
    change = steps.StepChange(
        status=given.get("status"), title=given.get("title"), content=given.get("content")
    )
    return {"runStep": runs.change_run_step(desk, given["id"], given["etag"], change)}


def _update_run_step_field_value(desk: Desk, given: Input) -> Payload:
    return {"runStepField": steps.set_field_value(desk, given["id"], given["etag"], given.get("value"))}


def _create_barcode_pattern(desk: Desk, given: Input) -> Payload:
    pattern = patterns.create_pattern(
        desk, given["entityType"], given.get("expression"), given.get("barcodePatternJson")
    )
    return {"barcodePattern": pattern}


_MUTATIONS: Final[Mapping[str, Callable[[Desk, Input], Payload]]] = {
    "createBarcodePattern": _create_barcode_pattern,
    "createPartInventory": _create_part_inventory,
    "updatePartInventory": _update_part_inventory,
    "deletePartInventory": _delete_part_inventory,
    "adjustInventory": _adjust_inventory,
    "updatePurchaseOrder": _update_purchase_order,
    "createReceipt": _create_receipt,
    "updateReceipt": _update_receipt,
    "deleteReceipt": _delete_receipt,
    "addItemsToReceipt": _add_items_to_receipt,
    "receivePurchaseOrderLine": _receive_purchase_order_line,
    "createRun": _create_run,
    "updateRun": _update_run,
    "archiveRun": _archive_run,
    "updateRunStep": _update_run_step,
    "updateRunStepFieldValue": _update_run_step_field_value,
}


def _plain(value: Any) -> Any:  # noqa: ANN401  arguments as GraphQL coerced them, to JSON
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return number(value)
    return iso(value) if isinstance(value, datetime) else value
