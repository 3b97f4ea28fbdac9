"""What ION calculates and never stores: the status of runs, inventory and orders, and who may do what."""

from kiosk.simulator.derived.orders import OrderStatus, derive_order_status, order_status
from kiosk.simulator.derived.people import is_engineer, permissions_of, roles_of
from kiosk.simulator.derived.runs import (
    RunStatus,
    derive_run_status,
    downstream_step_ids,
    first_available_step,
    is_available_to_work,
    ordered_steps,
    run_status,
    upstream_step_ids,
)
from kiosk.simulator.derived.stock import (
    InventoryStatus,
    available_quantity,
    earliest_run_id,
    installed_quantity,
    inventory_status,
    missing_quantity,
)

__all__ = [
    "InventoryStatus",
    "OrderStatus",
    "RunStatus",
    "available_quantity",
    "derive_order_status",
    "derive_run_status",
    "downstream_step_ids",
    "earliest_run_id",
    "first_available_step",
    "installed_quantity",
    "inventory_status",
    "is_available_to_work",
    "is_engineer",
    "missing_quantity",
    "order_status",
    "ordered_steps",
    "permissions_of",
    "roles_of",
    "run_status",
    "upstream_step_ids",
]
