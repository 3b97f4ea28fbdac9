"""What the fields of objects read, where it is not simply the row's own column."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import (
    InventoryStatus,
    RunStatus,
    available_quantity,
    downstream_step_ids,
    inventory_status,
    order_status,
    run_status,
)
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import (
    AbomInstallation,
    Approval,
    BuildRequirement,
    Location,
    Part,
    PartInventory,
    Procedure,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptItem,
    Run,
    RunStep,
    StoredFile,
    User,
)
from kiosk.simulator.world import entity_id

__all__ = ["resolve_field", "shown_run_status"]

Resolver = Callable[[Any, Request], object]

_COLUMNS: Final = {"_etag": "etag", "Etag": "etag", "_created": "created", "Attributes": "attributes"}
_CAPITAL: Final = re.compile("[A-Z]")


def resolve_field(row: Any, type_name: str, field_name: str, request: Request) -> object:  # noqa: ANN401  any row
    """Return the value of one field of an object."""
    resolver = _FIELDS.get(type_name, {}).get(field_name) or _EVERYWHERE.get(field_name)
    if resolver is not None:
        return resolver(row, request)
    if isinstance(row, dict):
        return row.get(field_name)
    column = _COLUMNS.get(field_name) or _CAPITAL.sub(lambda letter: f"_{letter[0].lower()}", field_name)
    value: object = getattr(row, column)
    return value


def shown_run_status(run: Run, request: Request) -> str:
    """Return a run's status as the dialect names it: documented-2026 calls a run nobody started pending."""
    status = run_status(request.world, run.id)
    if request.dialect == "documented-2026" and status is RunStatus.TODO and run.started_at is None:
        return "PENDING"
    return status


def _numbered(names: tuple[str, ...]) -> list[dict[str, object]]:
    return [{"id": number, "name": name} for number, name in enumerate(names, start=1)]


def _roles(user: User, request: Request) -> list[dict[str, object]]:
    known = sorted({role for each in request.world.users for role in each.roles})
    return [{"id": known.index(role) + 1, "name": role} for role in user.roles]


def _part_quantity(part: Part, request: Request) -> Decimal:
    rows = request.world.part_inventories.where("part_id", part.id)
    return sum((row.quantity for row in rows), Decimal(0))


def _runs_of_part(part: Part, request: Request) -> list[Run]:
    rows = request.world.part_inventories.where("part_id", part.id)
    return [run for row in rows for run in request.world.runs.where("part_inventory_id", row.id)]


def _url(file: StoredFile, _request: Request) -> str:
    return f"https://{file.s3_bucket}.s3.amazonaws.com/{file.s3_key}"


def _is(status: InventoryStatus) -> Resolver:
    def resolver(row: PartInventory, request: Request) -> bool:
        return inventory_status(request.world, row) is status

    return resolver


def _requirements(row: PartInventory, request: Request) -> list[BuildRequirement]:
    return request.world.build_requirements.where("part_inventory_id", row.id)


def _legacy_items(row: PartInventory, request: Request) -> list[dict[str, object]]:
    """Return the aBOM of a row the older way: one item a requirement, with the first thing installed."""
    items: list[dict[str, object]] = []
    for each in _requirements(row, request):
        installed = _installations(each, request)
        filled_by = installed[0].part_inventory_id if installed else None
        item = {"id": each.id, "_etag": each.etag, "quantity": each.quantity, "partInventoryId": filled_by}
        items.append(item)
    return items


def _installed_in(row: PartInventory, request: Request) -> list[AbomInstallation]:
    return request.world.abom_installations.where("part_inventory_id", row.id)


def _assembly_of(row: PartInventory, request: Request) -> PartInventory | None:
    for installation in _installed_in(row, request):
        requirement = request.world.build_requirements[installation.build_requirement_id]
        return request.world.part_inventories[requirement.part_inventory_id]
    return None


def _installations(requirement: BuildRequirement, request: Request) -> list[AbomInstallation]:
    return request.world.abom_installations.where("build_requirement_id", requirement.id)


def _installed(installation: AbomInstallation, request: Request) -> PartInventory:
    return request.world.part_inventories[installation.part_inventory_id]


def _order_lines(order: PurchaseOrder, request: Request) -> list[PurchaseOrderLine]:
    return request.world.purchase_order_lines.where("purchase_order_id", order.id)


def _order_cost(order: PurchaseOrder, request: Request) -> Decimal:
    lines = sum((line.quantity * line.unit_cost for line in _order_lines(order, request)), Decimal(0))
    return lines + sum((fee.amount for fee in order.fees), Decimal(0))


def _receipt_items(receipt: Receipt, request: Request) -> list[ReceiptItem]:
    return request.world.receipt_items.where("receipt_id", receipt.id)


def _receipt_lines(receipt: Receipt, request: Request) -> list[PurchaseOrderLine]:
    line_ids = {item.purchase_order_line_id for item in _receipt_items(receipt, request)}
    return [request.world.purchase_order_lines[line_id] for line_id in sorted(line_ids)]


def _run_steps(run: Run, request: Request) -> list[RunStep]:
    return sorted(request.world.run_steps.where("run_id", run.id), key=lambda step: step.position)


def _part_of(row: PartInventory | BuildRequirement, request: Request) -> Part:
    return request.world.parts[row.part_id]


def _location_of(row: PartInventory, request: Request) -> Location | None:
    return request.world.locations.get(row.location_id)


def _reviewer(approval: Approval, request: Request) -> User:
    return request.world.users[approval.reviewer_id]


def _procedure_of(run: Run, request: Request) -> Procedure:
    return request.world.procedures[run.procedure_id]


_EVERYWHERE: Final[Mapping[str, Resolver]] = {
    "entityId": lambda row, _request: entity_id(row),
    "entity": lambda row, _request: {"id": entity_id(row)},
}

_FIELDS: Final[Mapping[str, Mapping[str, Resolver]]] = {
    "User": {
        "organization": lambda _user, request: request.world.organization,
        "organizationId": lambda _user, request: request.world.organization.id,
        "roles": _roles,
        "permissionGroups": lambda user, _request: _numbered(user.permissions),
    },
    "FileAttachment": {"url": _url},
    "Part": {
        "quantity": _part_quantity,
        "partsInventory": lambda part, request: request.world.part_inventories.where("part_id", part.id),
        "runs": _runs_of_part,
        "partSubtypes": lambda part, _request: _numbered(part.subtypes),
    },
    "PartInventory": {
        "part": _part_of,
        "trackingType": lambda row, request: _part_of(row, request).tracking_type,
        "location": _location_of,
        "unitOfMeasure": lambda row, request: request.world.units.get(row.unit_of_measure_id),
        "supplier": lambda row, request: request.world.suppliers.get(row.supplier_id),
        "runs": lambda row, request: request.world.runs.where("part_inventory_id", row.id),
        "status": lambda row, request: inventory_status(request.world, row),
        "state": lambda row, request: inventory_status(request.world, row),
        "quantityAvailable": lambda row, request: available_quantity(request.world, row),
        "installed": _is(InventoryStatus.INSTALLED),
        "kitted": _is(InventoryStatus.KITTED),
        "buildRequirements": _requirements,
        "abomInstallations": _installed_in,
        "abomItems": _legacy_items,
        "abomChildren": _legacy_items,
        "parentPartInventory": _assembly_of,
    },
    "BuildRequirement": {
        "part": _part_of,
        "abomInstallations": _installations,
        "installations": _installations,
    },
    "AbomInstallation": {
        "buildRequirement": lambda row, request: request.world.build_requirements[row.build_requirement_id],
        "partInventory": _installed,
        "installedPartInventory": _installed,
    },
    "Location": {"parent": lambda row, request: request.world.locations.get(row.parent_id)},
    "Approval": {"reviewer": _reviewer},
    "PurchaseOrder": {
        "status": lambda order, request: order_status(request.world, order),
        "supplier": lambda order, request: request.world.suppliers.get(order.supplier_id),
        "purchaseOrderLines": _order_lines,
        "estimatedTotalCost": _order_cost,
    },
    "PurchaseOrderLine": {
        "part": lambda line, request: request.world.parts.get(line.part_id),
        "partInventories": lambda line, request: request.world.part_inventories.where(
            "purchase_order_line_id", line.id
        ),
        "purchaseOrder": lambda line, request: request.world.purchase_orders[line.purchase_order_id],
    },
    "Receipt": {
        "purchaseOrder": lambda receipt, request: request.world.purchase_orders[receipt.purchase_order_id],
        "purchaseOrderLines": _receipt_lines,
        "items": _receipt_items,
    },
    "ReceiptItem": {
        "partInventory": lambda item, request: request.world.part_inventories.get(item.part_inventory_id),
        "purchaseOrderLine": lambda item, request: request.world.purchase_order_lines[
            item.purchase_order_line_id
        ],
    },
    "Procedure": {"steps": lambda row, request: request.world.steps.where("procedure_id", row.id)},
    "Run": {
        "status": shown_run_status,
        "procedure": _procedure_of,
        "partInventory": lambda run, request: request.world.part_inventories.get(run.part_inventory_id),
        "steps": _run_steps,
    },
    "RunStep": {
        "downstreamStepIds": lambda step, request: downstream_step_ids(request.world, step),
        "fields": lambda step, request: request.world.run_step_fields.where("run_step_id", step.id),
    },
}
