"""The factory as it is now, for people and for tests: ``GET /data`` and the page.

Names are ION's, statuses upper case in every dialect.
"""

from typing import Any

from kiosk.simulator.derived import (
    inventory_status,
    order_status,
    ordered_steps,
    roles_of,
    run_status,
    upstream_step_ids,
)
from kiosk.simulator.rows import (
    FileAttachment,
    Issue,
    Location,
    Part,
    PartInventory,
    PartKit,
    Procedure,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    Run,
    RunStep,
    RunStepField,
    Session,
    User,
)
from kiosk.simulator.rules.files import object_at
from kiosk.simulator.schema import Dialect
from kiosk.simulator.schema.values import iso, number
from kiosk.simulator.world import World, entity_of

__all__ = ["view"]


def view(world: World, dialect: Dialect) -> dict[str, list[dict[str, Any]]]:
    """Return everything there is; uids only where the dialect has them."""
    data = {
        "parts": [_part(part) for part in world.parts],
        "partInventories": [_inventory(world, row) for row in world.part_inventories],
        "purchaseOrders": [_order(world, order) for order in world.purchase_orders],
        "receipts": [_receipt(world, receipt) for receipt in world.receipts],
        "runs": [_run(world, run) for run in world.runs],
        "locations": [_location(location) for location in world.locations],
        "partKits": [_kit(world, kit) for kit in world.part_kits],
        "issues": [_issue(issue) for issue in world.issues],
        "procedures": [_procedure(world, procedure) for procedure in world.procedures],
        "sessions": [_session(session) for session in world.sessions],
        "fileAttachments": [_file(world, file) for file in world.file_attachments],
        "users": [_user(world, user) for user in world.users],
    }
    if dialect == "documented-2026":
        for kind in ("partInventories", "runs", "locations", "partKits"):
            for row in data[kind]:
                del row["uid"]
    return data


def _part(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "_etag": part.etag,
        "partNumber": part.part_number,
        "revision": part.revision,
        "description": part.description,
        "trackingType": part.tracking_type,
        "partType": part.part_type,
    }


def _inventory(world: World, row: PartInventory) -> dict[str, Any]:
    part = world.parts[row.part_id]
    location = world.locations.get(row.location_id)
    return {
        "id": row.id,
        "_etag": row.etag,
        "uid": row.uid,
        "partId": part.id,
        "partNumber": part.part_number,
        "revision": part.revision,
        "trackingType": part.tracking_type,
        "serialNumber": row.serial_number,
        "lotNumber": row.lot_number,
        "quantity": number(row.quantity),
        "status": inventory_status(world, row),
        "unavailable": row.unavailable,
        "received": row.received,
        "locationId": row.location_id,
        "location": None if location is None else location.name,
        "purchaseOrderLineId": row.purchase_order_line_id,
        "originPartInventoryId": row.origin_part_inventory_id,
        "attributes": {each.key: each.value for each in row.attributes},
    }


def _order(world: World, order: PurchaseOrder) -> dict[str, Any]:
    lines = world.purchase_order_lines.where("purchase_order_id", order.id)
    supplier = world.suppliers.get(order.supplier_id)
    return {
        "id": order.id,
        "_etag": order.etag,
        "purchaseOrderNumber": order.purchase_order_number,
        "status": order_status(world, order),
        "supplier": None if supplier is None else supplier.name,
        "lines": [_line(world, line) for line in lines],
    }


def _line(world: World, line: PurchaseOrderLine) -> dict[str, Any]:
    part = world.parts.get(line.part_id)
    return {
        "id": line.id,
        "_etag": line.etag,
        "lineNumber": line.line_number,
        "status": line.status,
        "partId": line.part_id,
        "partNumber": None if part is None else part.part_number,
        "revision": None if part is None else part.revision,
        "trackingType": None if part is None else part.tracking_type,
        "description": line.description,
        "quantity": number(line.quantity),
        "receivedQuantity": number(line.received_quantity),
        "partInventoryIds": [
            row.id for row in world.part_inventories.where("purchase_order_line_id", line.id)
        ],
    }


def _receipt(world: World, receipt: Receipt) -> dict[str, Any]:
    items = world.receipt_items.where("receipt_id", receipt.id)
    return {
        "id": receipt.id,
        "_etag": receipt.etag,
        "purchaseOrderId": receipt.purchase_order_id,
        "note": receipt.note,
        "items": [
            {
                "id": item.id,
                "purchaseOrderLineId": item.purchase_order_line_id,
                "partInventoryId": item.part_inventory_id,
                "quantity": number(item.quantity),
            }
            for item in items
        ],
    }


def _run(world: World, run: Run) -> dict[str, Any]:
    steps = ordered_steps(world, run.id)
    return {
        "id": run.id,
        "_etag": run.etag,
        "uid": run.uid,
        "title": run.title,
        "status": run_status(world, run.id),
        "procedureId": run.procedure_id,
        "partInventoryId": run.part_inventory_id,
        "startedAt": None if run.started_at is None else iso(run.started_at),
        "completedAt": None if run.completed_at is None else iso(run.completed_at),
        "archived": run.archived,
        "steps": [_step(world, step) for step in steps],
    }


def _step(world: World, step: RunStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "_etag": step.etag,
        "title": step.title,
        "status": step.status,
        "position": step.position,
        "parentId": step.parent_id,
        "upstreamStepIds": list(upstream_step_ids(world, step)),
        "fields": [_field(field) for field in world.run_step_fields.where("run_step_id", step.id)],
    }


def _field(field: RunStepField) -> dict[str, Any]:
    return {
        "id": field.id,
        "_etag": field.etag,
        "name": field.name,
        "type": field.type,
        "required": field.required,
        "value": field.value,
    }


def _location(location: Location) -> dict[str, Any]:
    return {"id": location.id, "uid": location.uid, "name": location.name, "type": location.type}


def _user(world: World, user: User) -> dict[str, Any]:
    roles = [role.name for role in roles_of(world, user)]
    return {"id": user.id, "name": user.name, "email": user.email, "active": user.active, "roles": roles}


def _kit(world: World, kit: PartKit) -> dict[str, Any]:
    return {
        "id": kit.id,
        "_etag": kit.etag,
        "uid": kit.uid,
        "status": kit.status,
        "runId": kit.run_id,
        "deliveryLocationId": kit.delivery_location_id,
        "items": [
            {
                "id": item.id,
                "partId": item.part_id,
                "quantity": number(item.quantity),
                "partInventoryIds": [
                    each.part_inventory_id for each in world.kit_issues.where("part_kit_item_id", item.id)
                ],
            }
            for item in world.part_kit_items.where("part_kit_id", kit.id)
        ],
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "_etag": issue.etag,
        "title": issue.title,
        "status": issue.status,
        "dispositionType": issue.disposition_type,
        "runStepId": issue.run_step_id,
        "partInventoryId": issue.part_inventory_id,
        "createdById": issue.created_by_id,
    }


def _procedure(world: World, procedure: Procedure) -> dict[str, Any]:
    return {
        "id": procedure.id,
        "_etag": procedure.etag,
        "title": procedure.title,
        "type": procedure.type,
        "status": procedure.status,
        "stepIds": [step.id for step in world.steps.where("procedure_id", procedure.id)],
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "runStepId": session.run_step_id,
        "createdById": session.created_by_id,
        "checkIn": iso(session.check_in),
        "checkOut": None if session.check_out is None else iso(session.check_out),
    }


def _file(world: World, file: FileAttachment) -> dict[str, Any]:
    """Describe a file; ``attachedTo`` names the object that shows it, null where nobody does."""
    target = None if file.entity_id is None else entity_of(world, file.entity_id)
    return {
        "id": file.id,
        "filename": file.filename,
        "contentType": file.content_type,
        "entityId": file.entity_id,
        "attachedTo": None if target is None else {"type": type(target).__name__, "id": target.id},
        "isUploaded": object_at(world, file.s3_key) is not None,
    }
