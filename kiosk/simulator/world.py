"""The simulated factory: all tables of one organisation, its ledger, its clock and its maker of etags."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from kiosk.simulator import rows
from kiosk.simulator.switches import Switches
from kiosk.simulator.tables import HasId, Table

__all__ = ["Change", "World", "entity_id", "entity_of"]

_HISTORY: Final = 1000
"""How many transactions back the past can be seen."""


def _now() -> datetime:
    return datetime.now(UTC)


def _random_hex() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction did to one row; None: it was not there, or no longer is."""

    table: str
    row_id: int
    before: Any
    after: Any


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
        self.switches = Switches()
        self.organization = rows.Organization(id=1, name="Empty", domain="example.com")
        self.ledger: list[rows.Effect] = []
        self._history: deque[tuple[datetime, dict[str, list[tuple[int, Any]]]]] = deque(maxlen=_HISTORY)
        self._make_tables()

    def _make_tables(self) -> None:
        self.permission_groups = Table(rows.PermissionGroup)
        self.roles = Table(rows.Role)
        self.users = Table(rows.User)
        self.teams = Table(rows.Team)
        self.api_clients = Table(rows.ApiClient)
        self.oauth_clients = Table(rows.OAuthClient)
        self.units = Table(rows.UnitOfMeasurement)
        self.currencies = Table(rows.Currency)
        self.locations = Table(rows.Location, "name")
        self.suppliers = Table(rows.Supplier)
        self.part_subtypes = Table(rows.PartSubtype)
        self.parts = Table(rows.Part, "part_number")
        self.mbom_items = Table(rows.MBomItem, "parent_part_id")
        self.part_procedures = Table(rows.PartProcedure, "part_id")
        self.part_inventories = Table(
            rows.PartInventory, "part_id", "purchase_order_line_id", "on_order_line_id", "serial_number"
        )
        self.build_requirements = Table(rows.BuildRequirement, "part_inventory_id")
        self.abom_installations = Table(rows.AbomInstallation, "build_requirement_id", "part_inventory_id")
        self.part_kits = Table(rows.PartKit)
        self.part_kit_items = Table(rows.PartKitItem, "part_kit_id")
        self.kit_issues = Table(rows.KitIssue, "part_kit_item_id", "part_inventory_id")
        self.purchase_orders = Table(rows.PurchaseOrder)
        self.purchase_order_lines = Table(rows.PurchaseOrderLine, "purchase_order_id")
        self.receipts = Table(rows.Receipt, "purchase_order_id")
        self.receipt_items = Table(rows.ReceiptItem, "receipt_id", "part_inventory_id")
        self.labels = Table(rows.Label)
        self.procedures = Table(rows.Procedure)
        self.steps = Table(rows.Step, "procedure_id", "parent_id")
        self.step_fields = Table(rows.StepField, "step_id")
        self.step_edges = Table(rows.StepEdge, "step_id", "upstream_step_id")
        self.datagrid_columns = Table(rows.DatagridColumn, "step_id", "run_step_id")
        self.datagrid_rows = Table(rows.DatagridRow, "step_id", "run_step_id")
        self.run_batches = Table(rows.RunBatch)
        self.runs = Table(rows.Run, "part_inventory_id", "run_batch_id")
        self.run_steps = Table(rows.RunStep, "run_id")
        self.run_step_edges = Table(rows.StepEdge, "step_id", "upstream_step_id")
        self.run_step_fields = Table(rows.RunStepField, "run_step_id")
        self.sessions = Table(rows.Session, "run_step_id")
        self.file_attachments = Table(rows.FileAttachment, "entity_id", "s3_key")
        self.objects = Table(rows.StoredObject, "s3_key")
        self.disposition_types = Table(rows.DispositionType)
        self.issues = Table(rows.Issue, "run_step_id", "part_inventory_id")
        self.review_requests = Table(rows.ReviewRequest, "entity_id")
        self.reviews = Table(rows.Review, "entity_id")
        self.barcode_templates = Table(rows.BarcodeTemplate)
        self.barcode_labels = Table(rows.BarcodeLabel)
        self.barcode_patterns = Table(rows.BarcodePattern)
        self.webhook_receivers = Table(rows.WebhookReceiver)
        self.webhook_subscriptions = Table(rows.WebhookSubscription, "receiver_id")
        self.webhook_deliveries = Table(rows.WebhookDelivery)
        self.rules = Table(rows.Rule)

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
        undo = {name: changes for name, table in self.tables().items() if (changes := table.commit())}
        if undo:
            self._history.append((self.clock(), undo))

    def changes(self) -> list[Change]:
        """Return what the transaction that is open did so far, one entry a row."""
        found: list[Change] = []
        for name, table in self.tables().items():
            first: dict[int, Any] = {}
            for row_id, before in table.changes:
                first.setdefault(row_id, before)
            changed = [Change(name, row_id, before, table.get(row_id)) for row_id, before in first.items()]
            found += [each for each in changed if each.before != each.after]
        return found

    def as_of(self, moment: datetime) -> "World":
        """Return the factory as it was then, to be read only."""
        return self._before([undo for at, undo in self._history if at > moment])

    def before_last_change(self) -> "World":
        """Return the factory as it was before the last transaction, to be read only."""
        return self._before([undo for _, undo in self._history][-1:])

    def _before(self, undone: Sequence[dict[str, list[tuple[int, Any]]]]) -> "World":
        if not undone:
            return self
        past = World(clock=self.clock, new_hex=self.new_hex)
        past.switches, past.organization, past.ledger = self.switches, self.organization, self.ledger
        for name, table in self.tables().items():
            changes = [change for undo in undone for change in undo.get(name, ())]
            setattr(past, name, table.before(changes) if changes else table)
        return past

    def record(self, operation: str, arguments: dict[str, Any], user_id: int | None = None) -> rows.Effect:
        """Add a change that happened to the ledger."""
        effect = rows.Effect(
            id=len(self.ledger) + 1,
            operation=operation,
            arguments=arguments,
            at=self.clock(),
            user_id=user_id,
        )
        self.ledger.append(effect)
        return effect

    def become(self, other: "World") -> None:
        """Take over another world's rows and ledger; clock, switches and etag maker stay."""
        self.organization = other.organization
        for name, table in other.tables().items():
            setattr(self, name, table)
        self.ledger = list(other.ledger)
        self._history.clear()


_ENTITY_TABLES: Final = (
    "parts",
    "part_inventories",
    "locations",
    "procedures",
    "steps",
    "runs",
    "run_steps",
    "run_step_fields",
    "part_kits",
    "issues",
    "purchase_orders",
    "receipts",
)
_ENTITY_KINDS: Final[Sequence[type]] = (
    rows.Part,
    rows.PartInventory,
    rows.Location,
    rows.Procedure,
    rows.Step,
    rows.Run,
    rows.RunStep,
    rows.RunStepField,
    rows.PartKit,
    rows.Issue,
    rows.PurchaseOrder,
    rows.Receipt,
)
_KIND: Final = 1_000_000


def entity_id(row: HasId) -> int:
    """Return the id of an object's entity row, by which ION attaches files and prints labels.

    It differs from the object's own id in ION; here the kind of object makes the difference.
    """
    return (_ENTITY_KINDS.index(type(row)) + 1) * _KIND + row.id


def entity_of(world: World, entity: int) -> Any:  # noqa: ANN401  any kind of row
    """Return the object whose entity row has this id, None if there is no such row."""
    kind, row_id = divmod(entity, _KIND)
    if not 0 < kind <= len(_ENTITY_TABLES):
        return None
    return world.tables()[_ENTITY_TABLES[kind - 1]].get(row_id)
