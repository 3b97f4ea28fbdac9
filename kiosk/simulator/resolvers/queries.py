"""The root fields of Query."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from graphql import GraphQLError

from kiosk.simulator.refusals import not_found
from kiosk.simulator.resolvers.filters import FILTERS, PLAIN, matches
from kiosk.simulator.resolvers.pages import connection, limited, sorted_by
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules.desk import look_up
from kiosk.simulator.rules.files import content_type_of
from kiosk.simulator.tables import Table
from kiosk.simulator.world import World

__all__ = ["QUERY_NAMES", "resolve_query"]

_LISTS: Final[Mapping[str, Callable[[World], Table[Any]]]] = {
    "users": lambda world: world.users,
    "teams": lambda world: world.teams,
    "roles": lambda world: world.roles,
    "permissionGroups": lambda world: world.permission_groups,
    "apiKeys": lambda world: world.api_clients,
    "parts": lambda world: world.parts,
    "partSubtypes": lambda world: world.part_subtypes,
    "partInventories": lambda world: world.part_inventories,
    "buildRequirements": lambda world: world.build_requirements,
    "partKits": lambda world: world.part_kits,
    "locations": lambda world: world.locations,
    "unitsOfMeasurement": lambda world: world.units,
    "suppliers": lambda world: world.suppliers,
    "currencies": lambda world: world.currencies,
    "purchaseOrders": lambda world: world.purchase_orders,
    "purchaseOrderLines": lambda world: world.purchase_order_lines,
    "receipts": lambda world: world.receipts,
    "procedures": lambda world: world.procedures,
    "steps": lambda world: world.steps,
    "labels": lambda world: world.labels,
    "runs": lambda world: world.runs,
    "runSteps": lambda world: world.run_steps,
    "runBatches": lambda world: world.run_batches,
    "sessions": lambda world: world.sessions,
    "fileAttachments": lambda world: world.file_attachments,
    "issues": lambda world: world.issues,
    "reviews": lambda world: world.reviews,
    "reviewRequests": lambda world: world.review_requests,
    "barcodeTemplates": lambda world: world.barcode_templates,
    "barcodePatterns": lambda world: world.barcode_patterns,
    "webhookReceivers": lambda world: world.webhook_receivers,
    "webhookSubscriptions": lambda world: world.webhook_subscriptions,
    "webhookDeliveries": lambda world: world.webhook_deliveries,
    "rules": lambda world: world.rules,
}

_SINGLES: Final[Mapping[str, Callable[[World], Table[Any]]]] = {
    "user": lambda world: world.users,
    "role": lambda world: world.roles,
    "part": lambda world: world.parts,
    "partInventory": lambda world: world.part_inventories,
    "buildRequirement": lambda world: world.build_requirements,
    "partKit": lambda world: world.part_kits,
    "location": lambda world: world.locations,
    "supplier": lambda world: world.suppliers,
    "purchaseOrder": lambda world: world.purchase_orders,
    "purchaseOrderLine": lambda world: world.purchase_order_lines,
    "receipt": lambda world: world.receipts,
    "receiptItem": lambda world: world.receipt_items,
    "procedure": lambda world: world.procedures,
    "step": lambda world: world.steps,
    "run": lambda world: world.runs,
    "runBatch": lambda world: world.run_batches,
    "runStep": lambda world: world.run_steps,
    "runStepField": lambda world: world.run_step_fields,
    "fileAttachment": lambda world: world.file_attachments,
    "issue": lambda world: world.issues,
    "barcodeTemplate": lambda world: world.barcode_templates,
    "webhookReceiver": lambda world: world.webhook_receivers,
    "rule": lambda world: world.rules,
}


def resolve_query(name: str, request: Request, arguments: Mapping[str, Any]) -> object:
    """Return what one root field of a query asks for."""
    if name in _OTHERS:
        return _OTHERS[name](request, arguments)
    if name in _SINGLES:
        table = _SINGLES[name](request.world)
        return look_up(table, table.row_type.__name__, arguments["id"])
    if name not in _LISTS:
        raise GraphQLError(f"The simulator does not answer {name}")
    wanted, kind = arguments.get("filters"), FILTERS.get(name, PLAIN)
    rows = [row for row in _LISTS[name](request.world) if matches(request.world, row, wanted, kind)]
    if request.dialect == "documented-2026":
        return limited(rows, arguments.get("limit"))
    return connection(sorted_by(rows, arguments.get("sort")), arguments)


def _installation(request: Request, arguments: Mapping[str, Any]) -> object:
    requirement_id, inventory_id = arguments["buildRequirementId"], arguments["partInventoryId"]
    for row in request.world.abom_installations:
        if (str(row.build_requirement_id), str(row.part_inventory_id)) == (
            str(requirement_id),
            str(inventory_id),
        ):
            return row
    raise not_found("AbomInstallation", f"{requirement_id}/{inventory_id}")


def _upload(request: Request, arguments: Mapping[str, Any]) -> object:
    filename = arguments["filename"].strip().rsplit("/", 1)[-1] or "untitled"
    s3_key = f"uploads/{request.world.new_hex()}/{filename}"
    content_type = content_type_of(filename)
    lifetime = request.desk.switches.upload_lifetime_s
    url = request.signer.upload_url(s3_key, content_type, lifetime)
    return {"uploadUrl": url, "s3Key": s3_key, "contentType": content_type}


_OTHERS: Final[Mapping[str, Callable[[Request, Mapping[str, Any]], object]]] = {
    "me": lambda request, _arguments: request.desk.user,
    "currentUser": lambda request, _arguments: request.desk.user,
    "abomInstallation": _installation,
    "requestFileUploadUrl": _upload,
}

QUERY_NAMES: Final = frozenset({*_LISTS, *_SINGLES, *_OTHERS})
