"""The world a simulation starts from, built from a readable file.

The file names things as people do ("BRKT-ASSY-001/B", "WH-Receiving"). What was received on an order is
received here once more, by the rules.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from kiosk.simulator import rows, saved
from kiosk.simulator.refusals import Refusal
from kiosk.simulator.seeding import catalogue, people, setup, stock, work
from kiosk.simulator.seeding.names import Entry
from kiosk.simulator.switches import change_switches
from kiosk.simulator.world import World

__all__ = ["read_world", "seed_world"]


def seed_world(world: World) -> World:
    """Fill an empty world with the seed that comes with the simulator, and return it."""
    return _plant(world, json.loads(files(__package__).joinpath("seed.json").read_text("utf-8")))


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
    return _plant(world, data)


def _plant(world: World, data: Entry) -> World:
    """Plant one file's entries, in an order in which everything named stands already."""
    sets = data.get("permissionSets", {})
    planters: Mapping[str, Callable[[Entry], None]] = {
        "roles": partial(people.plant_role, world, sets),
        "users": partial(people.plant_user, world, sets),
        "teams": partial(people.plant_team, world),
        "apiClients": partial(people.plant_api_client, world),
        "oauthClients": partial(people.plant_oauth_client, world),
        "locations": partial(catalogue.plant_location, world),
        "suppliers": partial(catalogue.plant_supplier, world),
        "parts": partial(catalogue.plant_part, world),
        "mboms": partial(catalogue.plant_mbom, world),
        "procedures": partial(work.plant_procedure, world),
        "partProcedures": partial(catalogue.plant_part_procedure, world),
        "inventory": partial(stock.plant_inventory, world),
        "assemblies": partial(stock.plant_assembly, world),
        "purchaseOrders": partial(stock.plant_order, world),
        "runs": partial(work.plant_run, world),
        "kits": partial(stock.plant_kit, world),
        "dispositionTypes": partial(setup.plant_disposition_type, world),
        "issues": partial(setup.plant_issue, world),
        "files": partial(setup.plant_file, world),
        "barcodeTemplates": partial(setup.plant_template, world),
        "barcodePatterns": partial(setup.plant_pattern, world),
        "webhooks": partial(setup.plant_webhook, world),
        "rules": partial(setup.plant_rule, world),
    }
    with world.transaction():
        world.organization = rows.Organization(**data["organization"])
        world.switches = change_switches(world.switches, data.get("switches", {}))
        people.plant_permission_groups(world)
        for name in data.get("units", ["EA"]):
            unit = rows.UnitOfMeasurement(id=world.units.new_id(), etag=world.new_hex(), type=name)
            world.units.put(unit)
        for code in data.get("currencies", ["USD"]):
            world.currencies.put(rows.Currency(id=world.currencies.new_id(), code=code))
        for section, plant_entry in planters.items():
            for entry in data.get(section, []):
                _plant_one(section, plant_entry, entry)
        _give_lasting_uids(world)
    return world


def _plant_one(section: str, plant_entry: Callable[[Entry], None], entry: Any) -> None:  # noqa: ANN401  as it came
    try:
        plant_entry(entry)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Refusal) as exc:
        raise ValueError(f"cannot plant {section} {entry!r}: {exc}") from exc


def _give_lasting_uids(world: World) -> None:
    """Make a seed's uids the same at every start, so that a label printed once stays good."""
    for location in world.locations:
        world.locations.put(replace(location, uid=_lasting_uid("location", location.id)))
    for inventory in world.part_inventories:
        world.part_inventories.put(replace(inventory, uid=_lasting_uid("inventory", inventory.id)))
    for run in world.runs:
        world.runs.put(replace(run, uid=_lasting_uid("run", run.id)))
    for kit in world.part_kits:
        world.part_kits.put(replace(kit, uid=_lasting_uid("kit", kit.id)))


def _lasting_uid(kind: str, row_id: int) -> str:
    return sha256(f"{kind}/{row_id}".encode()).hexdigest()[:32]
