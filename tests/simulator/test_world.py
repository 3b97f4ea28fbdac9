import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kiosk.language import language
from kiosk.simulator import saved
from kiosk.simulator.barcodes import ScanPadItem, scan_pad
from kiosk.simulator.schema import DIALECTS, Dialect
from kiosk.simulator.seed import read_world, seed_world
from kiosk.simulator.tables import Table
from kiosk.simulator.world import World
from tests.simulator.asking import Caller, lived_in, new_world, seeded


@dataclass(frozen=True)
class Box:
    id: int
    colour: str = "red"


def test_a_table_finds_rows_by_id_and_key() -> None:
    table = Table(Box, "colour")
    for box in (Box(3), Box(1), Box(2, "blue")):
        table.put(box)
    assert list(table) == [Box(1), Box(2, "blue"), Box(3)]
    assert (len(table), table.get(1), table.get(9), table.get(None)) == (3, Box(1), None, None)
    assert table.where("colour", "red") == [Box(1), Box(3)]
    table.put(Box(1, "blue"))
    table.remove(3)
    assert (table.where("colour", "red"), table.where("colour", "blue")) == (
        [],
        [Box(1, "blue"), Box(2, "blue")],
    )
    assert table.new_id() == 4


def test_a_table_can_take_back_what_was_not_committed() -> None:
    table = Table(Box, "colour")
    table.put(Box(1))
    table.commit()
    table.put(Box(1, "blue"))
    table.put(Box(2))
    table.remove(1)
    table.rollback()
    assert (list(table), table.where("colour", "red"), table.where("colour", "blue")) == (
        [Box(1)],
        [Box(1)],
        [],
    )
    table.rollback()
    assert list(table) == [Box(1)]


def test_a_transaction_is_all_or_nothing() -> None:
    world = seeded()
    before = saved.dump(world)

    def break_off() -> None:
        with world.transaction():
            world.runs.remove(1201)
            world.locations.remove(4)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert saved.dump(world) == before
    with world.transaction():
        world.runs.remove(1201)
    assert world.runs.get(1201) is None


def test_a_world_of_its_own_makes_etags_and_tells_the_time() -> None:
    world = World()
    made = {world.new_hex() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in made)
    assert world.clock().utcoffset() is not None


def changed() -> World:
    """Return a world in which something of everything happened."""
    caller = Caller()
    caller.do("createRun", "run { id }", procedureId=12, partId=103)
    receipt = caller.do("createReceipt", "receipt { id _etag }", purchaseOrderId=5001, note="n")["receipt"]
    item = {"purchaseOrderLineId": 7002, "quantity": "1.5", "lotNumber": "L", "locationId": 4}
    caller.do(
        "addItemsToReceipt", "receipt { id }", receiptId=receipt["id"], etag=receipt["_etag"], items=[item]
    )
    step = caller.world.run_steps.where("run_id", 1201)[0]
    caller.do("updateRunStep", "runStep { id }", id=step.id, etag=step.etag, status="REDLINE")
    return caller.world


@pytest.mark.parametrize("make", [changed, lived_in])
def test_what_is_saved_comes_back_whole(tmp_path: Path, make: Callable[[], World]) -> None:
    world, path = make(), tmp_path / "world.json"
    saved.save(world, path)
    back = read_world(path, new_world())
    assert saved.dump(back) == saved.dump(world)
    for name, table in world.tables().items():
        assert list(back.tables()[name]) == list(table)
        assert back.tables()[name].new_id() == table.new_id()
    assert back.ledger == world.ledger


def test_saving_replaces_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text("old")
    (tmp_path / ".world.json.part").mkdir()
    with pytest.raises(IsADirectoryError):
        saved.save(seeded(), path)
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data | {"format": "ion-simulator/1"},
        lambda data: {"format": data["format"]},
        lambda data: data | {"tables": {}},
        lambda data: data | {"ledger": [{"id": 1}]},
        lambda data: data | {"tables": data["tables"] | {"runs": {"next_id": 1, "rows": [{"id": 1}]}}},
        lambda data: data | {"tables": data["tables"] | {"runs": {"next_id": 1, "rows": 5}}},
    ],
)
def test_a_damaged_file_is_refused_and_changes_nothing(
    damage: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    world = seeded()
    before = saved.dump(world)
    with pytest.raises(ValueError, match="cannot load a world"):
        saved.fill(world, damage(saved.dump(seeded())))
    assert saved.dump(world) == before


def test_the_seed_is_the_same_every_time() -> None:
    assert saved.dump(seeded()) == saved.dump(seeded())
    uids = {row.id: row.uid for row in seed_world(World()).part_inventories}
    assert uids == {row.id: row.uid for row in seed_world(World()).part_inventories}
    assert len(set(uids.values())) == len(uids)


def test_the_seed_names_a_part_in_two_revisions_and_a_serial_in_two_parts() -> None:
    world = seeded()
    assert {part.revision for part in world.parts.where("part_number", "BRKT-ASSY-001")} == {"A", "B"}
    assert {row.part_id for row in world.part_inventories.where("serial_number", "SN-000118")} == {101, 105}
    assert {part.tracking_type for part in world.parts} == {"SERIAL", "LOT", None}


SMALL: dict[str, Any] = {
    "organization": {"id": 1, "name": "Small", "domain": "small.example"},
    "permissionSets": {"all": ["CreateRun"]},
    "users": [{"id": 1, "name": "A", "email": "a@small.example", "may": ["all"]}],
    "locations": [{"id": 1, "name": "Here", "type": "RACK"}],
    "suppliers": [{"id": 1, "name": "S"}],
    "parts": [{"id": 1, "partNumber": "P/1", "description": "d"}],
    "inventory": [{"id": 1, "part": "P/1/A", "quantity": 2, "location": "Here"}],
}


def test_a_file_of_ones_own_replaces_the_seed(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(SMALL))
    world = read_world(path, new_world())
    (row,) = world.part_inventories
    assert (world.organization.name, world.parts[row.part_id].part_number, row.quantity) == (
        "Small",
        "P/1",
        Decimal(2),
    )


def test_a_file_says_how_the_organisation_is_set(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(SMALL | {"switches": {"partially_received": False, "enum_case": "lower"}}))
    switches = read_world(path, new_world()).switches
    assert (switches.partially_received, switches.enum_case) == (False, "lower")
    path.write_text(json.dumps(SMALL | {"switches": {"fly": True}}))
    with pytest.raises(ValueError, match="there is no switch 'fly'"):
        read_world(path, new_world())


ORDER = {"id": 1, "number": "PO-1", "supplier": "S", "lines": []}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"inventory": [{"id": 1, "part": "P/1/B", "quantity": 1}]}, "no part 'P/1/B'"),
        ({"inventory": [{"id": 1, "part": "P/1/A", "quantity": "x"}]}, "cannot plant inventory"),
        (
            {"inventory": [{"id": 1, "part": "P/1/A", "quantity": 1, "location": "No"}]},
            "no Location with name 'No'",
        ),
        ({"inventory": [{"part": "P/1/A", "quantity": 1}]}, "cannot plant inventory"),
        ({"inventory": [5]}, "cannot plant inventory 5"),
        ({"users": [{"id": 2, "name": "B", "email": "b", "may": ["fly"]}]}, "cannot plant users"),
        (
            {"parts": [{"id": 1, "partNumber": "P", "description": "d", "tracking": "X"}]},
            "'X' is not a valid Tracking",
        ),
        ({"purchaseOrders": [ORDER | {"supplier": "T"}]}, "no Supplier with name 'T'"),
        ({"purchaseOrders": [ORDER | {"receipts": [{"items": []}]}]}, "'PO-1' is DRAFT; only an ORDERED"),
        (
            {"runs": [{"id": 1, "procedure": 1, "inventory": 1, "created": "2026-01-01T00:00:00Z"}]},
            "cannot plant runs",
        ),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, entries: dict[str, Any], message: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(SMALL | entries))
    world = new_world()
    with pytest.raises(ValueError, match="cannot plant") as caught:
        read_world(path, world)
    assert message in str(caught.value)
    assert len(world.users) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "null"])
def test_a_file_that_is_no_world_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"cannot read a world|Expecting"):
        read_world(path, new_world())


def test_the_scan_pad_has_a_barcode_for_everything() -> None:
    items = scan_pad(seeded(), "classic")
    groups = {item.group: sum(1 for each in items if each.group == item.group) for item in items}
    assert groups == {
        "Purchase orders": 6,
        "Parts on order": 9,
        "Inventory": 29,
        "Runs": 6,
        "Locations": 8,
        "Commands": 22,
    }
    assert items[0] == ScanPadItem(
        "Purchase orders", "PO-10482", "ordered, Kessler Fluid Controls GmbH", "ION/PO/5001"
    )
    assert [item.text for item in items if item.group == "Commands"] == [
        f"ION/CMD/{verb}"
        for verb in [
            "CONFIRM",
            "CANCEL",
            "BACK",
            "START",
            "COMPLETE",
            "PRINT",
            "REPEAT",
            "QUANTITY/5",
            "COPIES/2",
            "ENTER",
            "YES",
            "NO",
            "NOW",
            "CHOOSE/1",
            "FAIL",
            "HOLD",
            "PROBLEM",
            "CREATE",
            "RECOUNT",
            "SCRAP",
            "FLOW/MOVE",
            "VALUE/5",
        ]
    ]
    assert (
        ScanPadItem("Parts on order", "ORNG-2-214", "40 to come, lot, PO-10478 line 2", "ORNG-2-214") in items
    )


def test_what_each_barcode_is_is_said_in_any_language() -> None:
    said = {item.text: language("de").sentence(item.detail) for item in scan_pad(seeded(), "classic")}
    assert said["ION/PO/5001"] == "bestellt, Kessler Fluid Controls GmbH"
    assert said["ORNG-2-214"] == "40 erwartet, Charge, PO-10478 Zeile 2"
    assert said["ION/CMD/FAIL"] == "Schritt nicht bestanden"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_inventory_is_scanned_by_uid_where_there_is_one(dialect: Dialect) -> None:
    world = seeded()
    uid = json.dumps({"uid": world.part_inventories[9017].uid}, separators=(",", ":"))
    texts = [item.text for item in scan_pad(world, dialect) if item.detail.startswith("84 at")]
    assert texts == ["ION/PI/9017" if dialect == "documented-2026" else uid]
