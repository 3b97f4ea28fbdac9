"""Mutations about purchase orders and receipts."""

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.simulator.resolvers.given import Given, Payload, attributes, columns, deleted
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import orders, receipts, receiving

__all__ = ["MUTATIONS"]

_ORDER: Final = ("purchaseOrderNumber", "supplierId", "currencyId")
_LINE: Final = ("description", "cost", "needDate")


def _update_order(request: Request, given: Given) -> Payload:
    order = orders.update_order(
        request.desk, given["id"], given["etag"], given.get("status"), columns(given, *_ORDER)
    )
    return {"purchaseOrder": order}


def _add_line(request: Request, given: Given) -> Payload:
    line = orders.add_line(
        request.desk,
        given["purchaseOrderId"],
        given.get("partId"),
        given["quantity"],
        columns(given, *_LINE, "conversionFactor"),
    )
    return {"purchaseOrderLine": line}


def _update_line(request: Request, given: Given) -> Payload:
    changes = columns(given, *_LINE, "quantity", "status")
    for name in ("quantity", "status", "cost"):
        if changes.get(name, "") is None:
            del changes[name]
    return {"purchaseOrderLine": orders.update_line(request.desk, given["id"], given["etag"], changes)}


def _move_inventory(request: Request, given: Given, *, added: bool) -> Payload:
    line = orders.move_inventory(
        request.desk, given["purchaseOrderLineId"], given["partInventoryId"], added=added
    )
    return {"purchaseOrderLine": line}


def _item(given: Given) -> receiving.ItemToReceive:
    return receiving.ItemToReceive(
        line_id=given.get("purchaseOrderLineId"),
        part_id=given.get("partId"),
        quantity=given["quantity"],
        lot_number=given.get("lotNumber"),
        serial_number=given.get("serialNumber"),
        location_id=given.get("locationId"),
    )


def _add_items(request: Request, given: Given) -> Payload:
    items = [_item(item) for item in given["items"]]
    receipt = receipts.add_items_to_receipt(request.desk, given["receiptId"], given["etag"], items)
    return {"receipt": receipt}


def _add_inventory(request: Request, given: Given) -> Payload:
    receipt = receipts.add_inventory(
        request.desk, given["receiptId"], given["etag"], given["partInventoryId"], given.get("locationId")
    )
    return {"receipt": receipt}


def _remove_inventory(request: Request, given: Given) -> Payload:
    receipt = receipts.remove_inventory(
        request.desk, given["receiptId"], given["etag"], given["partInventoryId"]
    )
    return {"receipt": receipt}


def _receive(request: Request, given: Given) -> Payload:
    item = receiving.ItemToReceive(
        line_id=given["purchaseOrderLineItemId"],
        quantity=given["quantityReceived"],
        lot_number=given.get("lotNumber"),
        serial_number=given.get("serialNumber"),
        location_id=given.get("locationId"),
        attributes=attributes(given),
    )
    received = receipts.receive_by_line(request.desk, item)
    rows = [] if received.inventory is None else [received.inventory]
    return {"purchaseOrderLineItem": received.line, "partInventories": rows}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createPurchaseOrder": lambda request, given: {
        "purchaseOrder": orders.create_order(request.desk, columns(given, *_ORDER))
    },
    "updatePurchaseOrder": _update_order,
    "deletePurchaseOrder": deleted(orders.delete_order),
    "createPurchaseOrderLine": _add_line,
    "updatePurchaseOrderLine": _update_line,
    "deletePurchaseOrderLine": deleted(orders.delete_line),
    "addInventoryToPurchaseOrderLine": lambda request, given: _move_inventory(request, given, added=True),
    "removeInventoryFromPurchaseOrderLine": lambda request, given: _move_inventory(
        request, given, added=False
    ),
    "createReceipt": lambda request, given: {
        "receipt": receipts.create_receipt(request.desk, given.get("purchaseOrderId"), given.get("note"))
    },
    "updateReceipt": lambda request, given: {
        "receipt": receipts.update_receipt(request.desk, given["id"], given["etag"], given.get("note"))
    },
    "deleteReceipt": deleted(receipts.delete_receipt),
    "addItemsToReceipt": _add_items,
    "addInventoryToReceipt": _add_inventory,
    "removeInventoryFromReceipt": _remove_inventory,
    "receivePurchaseOrderLine": _receive,
}
