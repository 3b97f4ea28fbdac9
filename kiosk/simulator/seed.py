"""The world a simulation starts from, built from a readable file.

The file names things as people do ("BRKT-ASSY-001/B", "WH-Receiving"). What was received on an order is
received here once more, by the rules.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from kiosk.simulator import rows, saved
from kiosk.simulator.refusals import Refusal
from kiosk.simulator.rules import receiving, runs
from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.switches import Switches
from kiosk.simulator.tables import HasId, Table
from kiosk.simulator.world import World

__all__ = ["read_world", "seed_world"]

Row = TypeVar("Row", bound=HasId)
Entry = Mapping[str, Any]


def seed_world(world: World) -> World:
    """Fill an empty world with the seed that comes with the simulator, and return it."""
    return _Seeder(world).plant(json.loads(files(__package__).joinpath("seed.json").read_text("utf-8")))


def read_world(path: Path, world: World) -> World:
    """Fill an empty world from a file: one written like the seed, or one that was saved.

    Raises:
        ValueError: The file is neither, or names something it does not hold.
    """
    data = json.loads(path.read_text("utf-8"))
    if not isinstance(data, dict):
        found = type(data).__name__
        raise ValueError(f"cannot read a world from {str(path)!r}: it holds {found}, not an object")  # noqa: TRY004
    if "format" in data:
        saved.fill(world, data)
        return world
    return _Seeder(world).plant(data)


class _Seeder:
    """Plants one file's entries, in an order in which everything named stands already."""

    def __init__(self, world: World) -> None:
        self._world = world

    def plant(self, data: Entry) -> World:
        planters: Mapping[str, Callable[[Entry], None]] = {
            "users": partial(self._plant_user, data.get("permissionSets", {})),
            "apiClients": self._plant_api_client,
            "locations": self._plant_location,
            "suppliers": self._plant_supplier,
            "parts": self._plant_part,
            "inventory": self._plant_inventory,
            "assemblies": self._plant_assembly,
            "purchaseOrders": self._plant_order,
            "procedures": self._plant_procedure,
            "runs": self._plant_run,
            "barcodePatterns": partial(_plant_pattern, self._world),
        }
        with self._world.transaction():
            self._world.organization = rows.Organization(**data["organization"])
            for name in data.get("units", ["EA"]):
                self._world.units.put(rows.UnitOfMeasurement(id=self._world.units.new_id(), type=name))
            for section, plant_entry in planters.items():
                for entry in data.get(section, []):
                    try:
                        plant_entry(entry)
                    except (
                        ArithmeticError,
                        AttributeError,
                        LookupError,
                        TypeError,
                        ValueError,
                        Refusal,
                    ) as exc:
                        raise ValueError(f"cannot plant {section} {entry!r}: {exc}") from exc
            self._give_lasting_uids()
        return self._world

    def _plant_user(self, sets: Mapping[str, Sequence[str]], entry: Entry) -> None:
        self._world.users.put(
            rows.User(
                id=entry["id"],
                name=entry["name"],
                email=entry["email"],
                roles=tuple(entry.get("roles", ())),
                permissions=tuple(permission for name in entry.get("may", ()) for permission in sets[name]),
            )
        )

    def _plant_api_client(self, entry: Entry) -> None:
        self._world.api_clients.put(
            rows.ApiClient(
                id=self._world.api_clients.new_id(),
                client_id=entry["clientId"],
                client_secret=entry["clientSecret"],
                user_id=_find(self._world.users, "email", entry["user"]).id,
            )
        )

    def _plant_location(self, entry: Entry) -> None:
        parent = entry.get("in")
        self._world.locations.put(
            rows.Location(
                id=entry["id"],
                etag=self._world.new_hex(),
                uid=self._world.new_hex(),
                name=entry["name"],
                type=entry["type"],
                status=entry.get("status", "ACTIVE"),
                inventory_available=entry.get("inventoryAvailable", True),
                parent_id=parent and _find(self._world.locations, "name", parent).id,
            )
        )

    def _plant_supplier(self, entry: Entry) -> None:
        attributes = self._attributes(entry)
        self._world.suppliers.put(rows.Supplier(id=entry["id"], name=entry["name"], attributes=attributes))

    def _plant_part(self, entry: Entry) -> None:
        tracking = entry.get("tracking")
        picture = entry.get("thumbnail")
        self._world.parts.put(
            rows.Part(
                id=entry["id"],
                etag=self._world.new_hex(),
                part_number=entry["partNumber"],
                revision=entry.get("revision", "A"),
                description=entry["description"],
                tracking_type=tracking and rows.Tracking(tracking),
                part_type=entry.get("type", "PART"),
                status=entry.get("status", "RELEASED"),
                inventoried=entry.get("inventoried", True),
                unit_of_measure_id=_find(self._world.units, "type", entry.get("unit", "EA")).id,
                subtypes=tuple(entry.get("subtypes", ())),
                maintenance_interval_seconds=entry.get("maintenanceIntervalSeconds"),
                thumbnail=picture and _picture(entry["id"], picture),
                attributes=self._attributes(entry),
            )
        )

    def _plant_inventory(self, entry: Entry) -> None:
        part, location, maintained = self._part(entry["part"]), entry.get("location"), entry.get("maintained")
        self._world.part_inventories.put(
            rows.PartInventory(
                id=entry["id"],
                etag=self._world.new_hex(),
                uid=self._world.new_hex(),
                part_id=part.id,
                serial_number=entry.get("serial"),
                lot_number=entry.get("lot"),
                quantity=Decimal(entry["quantity"]),
                scrapped_quantity=Decimal(entry.get("scrapped", 0)),
                kitted_quantity=Decimal(entry.get("kitted", 0)),
                unavailable=entry.get("unavailable", False),
                location_id=location and _find(self._world.locations, "name", location).id,
                unit_of_measure_id=part.unit_of_measure_id,
                last_maintained_date=maintained and datetime.fromisoformat(maintained),
                attributes=self._attributes(entry),
            )
        )

    def _plant_assembly(self, entry: Entry) -> None:
        world = self._world
        for need in entry["needs"]:
            world.build_requirements.put(
                rows.BuildRequirement(
                    id=need["id"],
                    etag=world.new_hex(),
                    part_inventory_id=world.part_inventories[entry["inventory"]].id,
                    part_id=self._part(need["part"]).id,
                    quantity=Decimal(need["quantity"]),
                )
            )
            for installed in need.get("installed", ()):
                world.abom_installations.put(
                    rows.AbomInstallation(
                        id=world.abom_installations.new_id(),
                        build_requirement_id=need["id"],
                        part_inventory_id=world.part_inventories[installed["inventory"]].id,
                        quantity=Decimal(installed["quantity"]),
                    )
                )

    def _plant_order(self, entry: Entry) -> None:
        world = self._world
        approver = entry.get("approvedBy")
        approvals = (
            [rows.Approval(id=entry["id"], reviewer_id=_find(world.users, "email", approver).id)]
            if approver
            else []
        )
        order = world.purchase_orders.put(
            rows.PurchaseOrder(
                id=entry["id"],
                etag=world.new_hex(),
                purchase_order_number=entry["number"],
                supplier_id=_find(world.suppliers, "name", entry["supplier"]).id,
                approvals=tuple(approvals),
                fees=(rows.Fee(id=entry["id"], amount=Decimal(entry["fee"])),) if "fee" in entry else (),
            )
        )
        lines = [self._plant_line(order, number, line) for number, line in enumerate(entry["lines"], start=1)]
        desk = Desk(world, next(iter(world.users)), Switches())
        for receipt in entry.get("receipts", ()):
            opened = receiving.create_receipt(desk, order.id, receipt.get("note"))
            items = [self._item(lines[item["line"] - 1], item) for item in receipt["items"]]
            receiving.add_items_to_receipt(desk, opened.id, opened.etag, items)

    def _plant_line(self, order: rows.PurchaseOrder, number: int, entry: Entry) -> rows.PurchaseOrderLine:
        world = self._world
        part = self._part(entry["part"]) if entry["part"] is not None else None
        need_date = entry.get("needDate")
        line = world.purchase_order_lines.put(
            rows.PurchaseOrderLine(
                id=entry["id"],
                etag=world.new_hex(),
                purchase_order_id=order.id,
                line_number=number,
                status=rows.LineStatus(entry.get("status", "ORDERED")),
                part_id=None if part is None else part.id,
                description=entry["description"],
                quantity=Decimal(entry["quantity"]),
                unit_cost=Decimal(entry.get("unitCost", 0)),
                need_date=need_date and datetime.fromisoformat(need_date),
            )
        )
        if part is not None and part.inventoried and line.status is not rows.LineStatus.CANCELED:
            self._plant_on_order(order, line, part)
        return line

    def _plant_on_order(
        self, order: rows.PurchaseOrder, line: rows.PurchaseOrderLine, part: rows.Part
    ) -> None:
        """Make the rows that exist from the order on: one a unit for serial parts, else one."""
        serial = part.tracking_type is rows.Tracking.SERIAL
        for quantity in [Decimal(1)] * int(line.quantity) if serial else [line.quantity]:
            self._world.part_inventories.put(
                rows.PartInventory(
                    id=self._world.part_inventories.new_id(),
                    etag=self._world.new_hex(),
                    uid=self._world.new_hex(),
                    part_id=part.id,
                    quantity=quantity,
                    cost=line.unit_cost,
                    supplier_id=order.supplier_id,
                    unit_of_measure_id=part.unit_of_measure_id,
                    purchase_order_line_id=line.id,
                )
            )

    def _item(self, line: rows.PurchaseOrderLine, entry: Entry) -> receiving.ItemToReceive:
        location = entry.get("location")
        return receiving.ItemToReceive(
            line_id=line.id,
            quantity=Decimal(entry["quantity"]),
            lot_number=entry.get("lot"),
            serial_number=entry.get("serial"),
            location_id=location and _find(self._world.locations, "name", location).id,
        )

    def _plant_procedure(self, entry: Entry) -> None:
        self._world.procedures.put(
            rows.Procedure(
                id=entry["id"],
                family_id=entry.get("familyId", entry["id"]),
                title=entry["title"],
                description=entry.get("description"),
                type=entry.get("type", "BUILD"),
                status=rows.ProcedureStatus(entry.get("status", "RELEASED")),
            )
        )
        for position, step in enumerate(entry["steps"], start=1):
            location = step.get("at")
            self._world.steps.put(
                rows.Step(
                    id=step["id"],
                    procedure_id=entry["id"],
                    title=step["title"],
                    content=step.get("content"),
                    position=position,
                    parent_id=step.get("inside"),
                    upstream_step_ids=tuple(step.get("after", ())),
                    location_id=location and _find(self._world.locations, "name", location).id,
                    fields=tuple(_step_field(field) for field in step.get("fields", ())),
                )
            )

    def _plant_run(self, entry: Entry) -> None:
        world = self._world
        started, completed = entry.get("started"), entry.get("completed")
        procedure = world.procedures[entry["procedure"]]
        inventory = world.part_inventories[entry["inventory"]]
        run = world.runs.put(
            rows.Run(
                id=entry["id"],
                etag=world.new_hex(),
                uid=world.new_hex(),
                title=entry.get("title") or runs.default_title(world, procedure, inventory),
                procedure_id=procedure.id,
                part_inventory_id=inventory.id,
                created=datetime.fromisoformat(entry["created"]),
                started_at=started and datetime.fromisoformat(started),
                completed_at=completed and datetime.fromisoformat(completed),
            )
        )
        runs.add_steps(world, run)
        for step, status in zip(
            world.run_steps.where("run_id", run.id), entry.get("statuses", ()), strict=False
        ):
            world.run_steps.put(replace(step, status=rows.StepStatus(status)))
        values = entry.get("values", {})
        for step in world.run_steps.where("run_id", run.id):
            for field in world.run_step_fields.where("run_step_id", step.id):
                world.run_step_fields.put(replace(field, value=values.get(field.name)))

    def _give_lasting_uids(self) -> None:
        """Make a seed's uids the same at every start, so that a label printed once stays good."""
        world = self._world
        for location in world.locations:
            world.locations.put(replace(location, uid=_lasting_uid("location", location.id)))
        for inventory in world.part_inventories:
            world.part_inventories.put(replace(inventory, uid=_lasting_uid("inventory", inventory.id)))
        for run in world.runs:
            world.runs.put(replace(run, uid=_lasting_uid("run", run.id)))

    def _part(self, name: str) -> rows.Part:
        number, _, revision = name.rpartition("/")
        for part in self._world.parts.where("part_number", number):
            if part.revision == revision:
                return part
        raise LookupError(f"no part {name!r}: expected <part number>/<revision> of a part in the file")

    def _attributes(self, entry: Entry) -> tuple[rows.Attribute, ...]:
        values: Mapping[str, str] = entry.get("attributes", {})
        return tuple(
            rows.Attribute(key=key, value=value, etag=self._world.new_hex()) for key, value in values.items()
        )


def _find(table: Table[Row], column: str, value: str) -> Row:
    for row in table:
        if getattr(row, column) == value:
            return row
    raise LookupError(f"no {table.row_type.__name__} with {column} {value!r}")


def _picture(part_id: int, filename: str) -> rows.StoredFile:
    key = f"parts/{part_id}/{filename}"
    return rows.StoredFile(id=part_id, filename=filename, content_type="image/png", s3_key=key)


def _plant_pattern(world: World, entry: Entry) -> None:
    by_json: Mapping[str, str] | None = entry.get("json")
    world.barcode_patterns.put(
        rows.BarcodePattern(
            id=entry["id"],
            etag=world.new_hex(),
            entity_type=entry["entityType"],
            expression=entry.get("expression"),
            barcode_pattern_json=None if by_json is None else json.dumps(by_json),
        )
    )


def _step_field(entry: Entry) -> rows.StepField:
    options = entry.get("options")
    return rows.StepField(
        id=entry["id"],
        name=entry["name"],
        type=entry["type"],
        required=entry.get("required", False),
        options=options and tuple(options),
        unit=entry.get("unit"),
    )


def _lasting_uid(kind: str, row_id: int) -> str:
    return sha256(f"{kind}/{row_id}".encode()).hexdigest()[:32]
