"""What ION calculates and never stores: the status of runs, inventory and purchase orders."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kiosk.simulator.rows import (
    LineStatus,
    PartInventory,
    PurchaseOrder,
    PurchaseOrderLine,
    RunStep,
    StepStatus,
)
from kiosk.simulator.world import World

__all__ = [
    "InventoryStatus",
    "OrderStatus",
    "RunStatus",
    "available_quantity",
    "derive_order_status",
    "derive_run_status",
    "downstream_step_ids",
    "first_available_step",
    "installed_quantity",
    "inventory_status",
    "is_available_to_work",
    "order_status",
    "run_status",
]


class RunStatus(StrEnum):
    """What the steps of a run amount to."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    HOLD = "HOLD"
    REDLINE = "REDLINE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    COMPLETE = "COMPLETE"
    PARTIAL_COMPLETE = "PARTIAL_COMPLETE"


class InventoryStatus(StrEnum):
    """What can be done with an inventory row."""

    AVAILABLE = "AVAILABLE"
    UNAVAILABLE = "UNAVAILABLE"
    INSTALLED = "INSTALLED"
    SCRAPPED = "SCRAPPED"
    WIP = "WIP"
    KITTED = "KITTED"
    ON_ORDER = "ON_ORDER"


class OrderStatus(StrEnum):
    """What the lines of a purchase order amount to."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    ORDERED = "ORDERED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"
    CANCELED = "CANCELED"


_RUNS_IN_WORK: Final = frozenset(
    {RunStatus.TODO, RunStatus.IN_PROGRESS, RunStatus.REDLINE, RunStatus.HOLD, RunStatus.FAILED}
)


def derive_run_status(steps: Iterable[StepStatus]) -> RunStatus:
    """Return the status of a run with these steps.

    The order of the rules is that of a customer's query on ION's database. A run without steps is to do.
    """
    found = set(steps)
    if not found:
        return RunStatus.TODO
    for status in (StepStatus.REDLINE, StepStatus.HOLD, StepStatus.FAILED):
        if status in found:
            return RunStatus(status)
    for status in (StepStatus.COMPLETE, StepStatus.CANCELED, StepStatus.TODO):
        if found == {status}:
            return RunStatus(status)
    if StepStatus.IN_PROGRESS in found:
        return RunStatus.IN_PROGRESS
    if found == {StepStatus.COMPLETE, StepStatus.CANCELED}:
        return RunStatus.PARTIAL_COMPLETE
    return RunStatus.IN_PROGRESS if StepStatus.COMPLETE in found else RunStatus.COMPLETE


def run_status(world: World, run_id: int) -> RunStatus:
    """Return the status of a run."""
    return derive_run_status(step.status for step in world.run_steps.where("run_id", run_id))


def is_available_to_work(world: World, step: RunStep) -> bool:
    """Return whether a step may be worked on: upstream steps complete, its parent in progress."""
    upstream = (world.run_steps[step_id].status for step_id in step.upstream_step_ids)
    parent = world.run_steps.get(step.parent_id)
    return (
        step.status in (StepStatus.TODO, StepStatus.IN_PROGRESS)
        and all(status is StepStatus.COMPLETE for status in upstream)
        and (parent is None or parent.status is StepStatus.IN_PROGRESS)
    )


def first_available_step(world: World, run_id: int) -> RunStep | None:
    """Return the step that starting the run would start."""
    steps = sorted(world.run_steps.where("run_id", run_id), key=lambda step: step.position)
    to_do = (step for step in steps if step.status is StepStatus.TODO and is_available_to_work(world, step))
    return next(to_do, None)


def downstream_step_ids(world: World, step: RunStep) -> tuple[int, ...]:
    """Return the steps that directly wait for this one."""
    steps = world.run_steps.where("run_id", step.run_id)
    return tuple(each.id for each in steps if step.id in each.upstream_step_ids)


def derive_order_status(lines: Iterable[PurchaseOrderLine]) -> OrderStatus:
    """Return the status of a purchase order with these lines; without lines it is a draft."""
    lines = list(lines)
    found = {line.status for line in lines}
    rules = (
        (not found or LineStatus.DRAFT in found, OrderStatus.DRAFT),
        (LineStatus.REQUESTED in found, OrderStatus.IN_REVIEW),
        (LineStatus.APPROVED in found, OrderStatus.APPROVED),
        (found == {LineStatus.CANCELED}, OrderStatus.CANCELED),
        (LineStatus.ORDERED not in found, OrderStatus.RECEIVED),
        (any(line.received_quantity > 0 for line in lines), OrderStatus.PARTIALLY_RECEIVED),
    )
    return next((status for fits, status in rules if fits), OrderStatus.ORDERED)


def order_status(world: World, order: PurchaseOrder) -> OrderStatus:
    """Return the status of a purchase order."""
    return derive_order_status(world.purchase_order_lines.where("purchase_order_id", order.id))


def installed_quantity(world: World, inventory: PartInventory) -> Decimal:
    """Return how much of a row is built into assemblies."""
    installations = world.abom_installations.where("part_inventory_id", inventory.id)
    return sum((each.quantity for each in installations), Decimal(0))


def available_quantity(world: World, inventory: PartInventory) -> Decimal:
    """Return how much of a row is free to be used; nothing of a row that is not available."""
    if inventory_status(world, inventory) is not InventoryStatus.AVAILABLE:
        return Decimal(0)
    return (
        inventory.quantity
        - inventory.scrapped_quantity
        - inventory.kitted_quantity
        - installed_quantity(world, inventory)
    )


def inventory_status(world: World, inventory: PartInventory) -> InventoryStatus:
    """Return the status of an inventory row: the first rule that fits, in the vendor's order."""
    installed = installed_quantity(world, inventory)
    location = world.locations.get(inventory.location_id)
    rules = (
        (inventory.quantity == 0 and installed > 0, InventoryStatus.INSTALLED),
        (inventory.quantity == 0, InventoryStatus.UNAVAILABLE),
        (inventory.scrapped_quantity == inventory.quantity, InventoryStatus.SCRAPPED),
        (installed == inventory.quantity, InventoryStatus.INSTALLED),
        (_is_in_work(world, inventory), InventoryStatus.WIP),
        (inventory.unavailable, InventoryStatus.UNAVAILABLE),
        (inventory.kitted_quantity == inventory.quantity, InventoryStatus.KITTED),
        (inventory.on_order_line_id is not None, InventoryStatus.ON_ORDER),
        (location is not None and not location.inventory_available, InventoryStatus.UNAVAILABLE),
    )
    return next((status for fits, status in rules if fits), InventoryStatus.AVAILABLE)


def _is_in_work(world: World, inventory: PartInventory) -> bool:
    runs = world.runs.where("part_inventory_id", inventory.id)
    return any(run_status(world, run.id) in _RUNS_IN_WORK for run in runs if not run.archived)
