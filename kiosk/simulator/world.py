"""The simulated factory: all tables of one organisation, its ledger, its clock and its maker of etags."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from kiosk.simulator.rows import (
    AbomInstallation,
    ApiClient,
    BarcodePattern,
    BuildRequirement,
    Effect,
    Location,
    Organization,
    Part,
    PartInventory,
    Procedure,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptItem,
    Run,
    RunStep,
    RunStepField,
    Step,
    Supplier,
    UnitOfMeasurement,
    User,
)
from kiosk.simulator.tables import HasId, Table

__all__ = ["World", "entity_id"]


def _now() -> datetime:
    return datetime.now(UTC)


def _random_hex() -> str:
    return uuid4().hex


class World:
    """All tables of one organisation; empty until something is put into them."""

    def __init__(
        self, *, clock: Callable[[], datetime] = _now, new_hex: Callable[[], str] = _random_hex
    ) -> None:
        """Make an empty world.

        Args:
            clock: Tells the time, aware.
            new_hex: Makes 32 hexadecimal digits that it never made before: etags and uids.
        """
        self.clock = clock
        self.new_hex = new_hex
        self.organization = Organization(id=1, name="Empty", domain="example.com")
        self.ledger: list[Effect] = []
        self.users = Table(User)
        self.api_clients = Table(ApiClient)
        self.units = Table(UnitOfMeasurement)
        self.locations = Table(Location, "name")
        self.suppliers = Table(Supplier)
        self.parts = Table(Part, "part_number")
        self.part_inventories = Table(
            PartInventory, "part_id", "purchase_order_line_id", "on_order_line_id", "serial_number"
        )
        self.build_requirements = Table(BuildRequirement, "part_inventory_id")
        self.abom_installations = Table(AbomInstallation, "build_requirement_id", "part_inventory_id")
        self.purchase_orders = Table(PurchaseOrder)
        self.purchase_order_lines = Table(PurchaseOrderLine, "purchase_order_id")
        self.receipts = Table(Receipt, "purchase_order_id")
        self.receipt_items = Table(ReceiptItem, "receipt_id", "part_inventory_id")
        self.procedures = Table(Procedure)
        self.steps = Table(Step, "procedure_id")
        self.runs = Table(Run, "part_inventory_id")
        self.run_steps = Table(RunStep, "run_id")
        self.barcode_patterns = Table(BarcodePattern)
        self.run_step_fields = Table(RunStepField, "run_step_id")

    def tables(self) -> dict[str, Table[Any]]:
        """Return every table by its name."""
        return {name: table for name, table in vars(self).items() if isinstance(table, Table)}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all changes made inside, or none if it raises."""
        try:
            yield
        except BaseException:
            for table in self.tables().values():
                table.rollback()
            raise
        for table in self.tables().values():
            table.commit()

    def record(self, operation: str, arguments: dict[str, Any]) -> Effect:
        """Add a change that happened to the ledger."""
        effect = Effect(id=len(self.ledger) + 1, operation=operation, arguments=arguments, at=self.clock())
        self.ledger.append(effect)
        return effect

    def become(self, other: "World") -> None:
        """Take over another world's rows and ledger; clock and etag maker stay."""
        self.organization = other.organization
        for name, table in other.tables().items():
            setattr(self, name, table)
        self.ledger = list(other.ledger)


_ENTITY_KINDS: Final[Sequence[type]] = (
    Part,
    PartInventory,
    Location,
    Procedure,
    Step,
    Run,
    RunStep,
    RunStepField,
)


def entity_id(row: HasId) -> int:
    """Return the id of an object's entity row, by which ION attaches files and prints labels.

    It differs from the object's own id in ION; here the kind of object makes the difference.
    """
    return (_ENTITY_KINDS.index(type(row)) + 1) * 1_000_000 + row.id
