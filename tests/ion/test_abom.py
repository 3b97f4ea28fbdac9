"""What is built into what: installed, taken out, shown as a tree, compared."""

from functools import cache
from typing import Any

import httpx
import pytest
from graphql import build_schema

from kiosk.errors import IonConflict, IonRejected, IonUnknown, IonUnsupported
from kiosk.ion import Catalogue, Ion
from kiosk.ion.tenant import Tenant
from kiosk.model import Json
from kiosk.ports import Absent, Found
from kiosk.simulator.schema import DIALECTS, Dialect, sdl
from tests.ion.factory import Factory, Mishap, hold, lose_the_answer, lose_the_request

MARKER = "k:dock-1:17:9f3c"
UNIT: dict[str, Json] = {
    "parent_id": "9006",
    "requirement_id": "601",
    "inventory_id": "9001",
    "quantity": "1",
}
LOT: dict[str, Json] = {
    "parent_id": "9006",
    "requirement_id": "602",
    "inventory_id": "9020",
    "quantity": "5",
}
TAKEN: dict[str, Json] = {"parent_id": "9006", "installation_id": "1"}


def emptied(dialect: Dialect) -> tuple[Factory, Ion]:
    """Return a factory in which nothing is installed in assembly 9006 any more."""
    factory = Factory(dialect)
    ion = factory.gateway()
    for installation in ("1", "2"):
        ion.perform("uninstall", {**TAKEN, "installation_id": installation}, marker=f"k:{installation}")
    return factory, ion


def installed(factory: Factory) -> int:
    return factory.effects.count("createAbomInstallation")


every_dialect = pytest.mark.parametrize("dialect", DIALECTS)
classic = pytest.mark.parametrize("dialect", ["classic", "both"])


@classic
@pytest.mark.parametrize("arguments", [UNIT, LOT], ids=["unit", "lot"])
def test_it_is_installed_once_and_found(dialect: Dialect, arguments: dict[str, Json]) -> None:
    factory, ion = emptied(dialect)
    factory.once("createAbomInstallation", lose_the_answer)
    with pytest.raises(IonUnknown):
        ion.perform("install", arguments, marker=MARKER)
    found = ion.find_effect("install", arguments, marker=MARKER)
    assert isinstance(found, Found)
    inventory = found.result["inventory"]
    assert isinstance(inventory, dict)
    assert inventory["id"] == "9006"
    ion.perform("install", arguments, marker=MARKER)
    assert installed(factory) == 1


@classic
def test_a_unit_that_was_lost_is_installed_and_its_late_copy_refused(dialect: Dialect) -> None:
    factory, ion = emptied(dialect)
    factory.once("createAbomInstallation", hold)
    with pytest.raises(IonUnknown):
        ion.perform("install", UNIT, marker=MARKER)
    assert ion.find_effect("install", UNIT, marker=MARKER) == Absent()
    ion.perform("install", UNIT, marker=MARKER)
    factory.release()
    assert installed(factory) == 1


@classic
def test_a_quantity_that_was_lost_is_sent_again_once_no_copy_can_be_late(dialect: Dialect) -> None:
    factory, ion = emptied(dialect)
    factory.once("createAbomInstallation", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("install", LOT, marker=MARKER)
    finding = ion.find_effect("install", LOT, marker=MARKER)
    assert isinstance(finding, Absent)
    assert finding.late_s > 0


@classic
def test_it_is_taken_out_once(dialect: Dialect) -> None:
    factory = Factory(dialect)
    ion = factory.gateway()
    factory.once("deleteAbomInstallation", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("uninstall", TAKEN, marker=MARKER)
    assert ion.find_effect("uninstall", TAKEN, marker=MARKER) == Absent()
    factory.once("deleteAbomInstallation", lose_the_answer)
    with pytest.raises(IonUnknown):
        ion.perform("uninstall", TAKEN, marker=MARKER)
    assert isinstance(ion.find_effect("uninstall", TAKEN, marker=MARKER), Found)
    ion.perform("uninstall", TAKEN, marker=MARKER)
    assert factory.effects == ["deleteAbomInstallation"]


def test_installing_is_not_offered_where_nothing_installs() -> None:
    with pytest.raises(IonUnsupported):
        Factory("documented-2026").gateway().perform("install", UNIT, marker=MARKER)


def tree(factory: Factory, inventory: str) -> Any:  # noqa: ANN401  JSON
    (found,) = factory.gateway().ask_plain("abom_tree", {"inventory_id": inventory})["abom_tree"]
    return found


@every_dialect
def test_a_tree_has_everything_that_is_installed(dialect: Dialect) -> None:
    found = tree(Factory(dialect), "9006")
    assert (found["id"], found["serial"], found["part"]) == ("9006", "ASM-00011", "BRKT-ASSY-001")
    requirements = {one["id"]: one for one in found["requirements"]}
    assert requirements["601"]["part"] == "BRKT-001"
    assert [(one["id"], one["serial"]) for one in requirements["601"]["installed"]] == [("9001", "SN-000118")]
    assert requirements["601"]["installed"][0]["requirements"] == []


def test_a_tree_is_asked_level_by_level() -> None:
    factory = Factory("classic")
    tree(factory, "9006")
    assert len(factory.posted) == 2


def test_an_inventory_that_stands_in_itself_ends_the_tree() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    itself = {
        "id": 9001,
        "serial": "S",
        "part": {"number": "P"},
        "requirements": [
            {
                "id": 1,
                "quantity": 1,
                "part": {"number": "P"},
                "installed": [{"id": 1, "inventory": {"id": 9001, "serial": "S"}}],
            }
        ],
    }
    factory.once("partInventory", lambda *_: _answer({"inventories": itself}))
    (found,) = ion.ask_plain("abom_tree", {"inventory_id": "9001"})["abom_tree"]
    assert isinstance(found, dict)
    inner: Any = found["requirements"]
    assert inner[0]["installed"][0]["requirements"] == []


def _answer(data: object) -> Any:  # noqa: ANN401  JSON
    return httpx.Response(200, json={"data": data})


@every_dialect
def test_two_assemblies_are_compared_by_part_and_quantity(dialect: Dialect) -> None:
    ion = Factory(dialect).gateway()
    found = ion.ask_plain("compare_aboms", {"inventory_id": "9006", "other_id": "9007"})["compare_aboms"]
    assert {"part": "ORNG-2-214", "quantity": "0", "other_quantity": "2"} in found
    assert all(isinstance(row, dict) and row["part"] != "BRKT-001" for row in found)
    assert ion.ask_plain("compare_aboms", {"inventory_id": "9006", "other_id": "9006"}) == {
        "compare_aboms": []
    }


@every_dialect
@pytest.mark.parametrize("operation", ["abom_tree", "compare_aboms"])
def test_an_assembly_that_is_not_there_is_said(dialect: Dialect, operation: str) -> None:
    ion = Factory(dialect).gateway()
    arguments: dict[str, Json] = {"inventory_id": "99999"}
    if operation == "compare_aboms":
        arguments["other_id"] = "9006"
    with pytest.raises(IonRejected):
        ion.ask_plain(operation, arguments)


# --- the legacy way: an item of the aBOM gets its inventory


@cache
def _legacy_catalogue() -> Catalogue:
    """Return a tenant that knows no other way."""
    text = sdl("classic").replace("createAbomInstallation(", "installByAnUnknownName(")
    return Catalogue(build_schema(text), unused=frozenset({"marker", "marker_key"}))


def legacy() -> tuple[Factory, Ion]:
    factory, ion = emptied("classic")
    ion._tenancy._tenant = Tenant(ion._client, _legacy_catalogue())
    return factory, ion


def test_the_legacy_way_is_chosen_where_there_is_no_other() -> None:
    choice = _legacy_catalogue().choice("install")
    assert (choice.document, choice.dialect) == ("install.classic-legacy.graphql", "classic")


@pytest.mark.parametrize("mishap", [lose_the_answer, None])
@pytest.mark.parametrize("arguments", [UNIT, {**LOT, "quantity": "8"}], ids=["unit", "lot"])
def test_an_item_gets_its_inventory_once(arguments: dict[str, Json], mishap: Mishap | None) -> None:
    factory, ion = legacy()
    if mishap is not None:
        factory.once("updateAbomItem", mishap)
        with pytest.raises(IonUnknown):
            ion.perform("install", arguments, marker=MARKER)
    result = ion.perform("install", arguments, marker=MARKER)
    assert isinstance(ion.find_effect("install", arguments, marker=MARKER), Found)
    assert isinstance(result["inventory"], dict)
    assert result["inventory"]["id"] == "9006"
    assert factory.effects.count("updateAbomItem") == 1


def test_a_late_copy_of_an_item_dies_of_its_etag() -> None:
    factory, ion = legacy()
    factory.once("updateAbomItem", hold)
    with pytest.raises(IonUnknown):
        ion.perform("install", UNIT, marker=MARKER)
    assert ion.find_effect("install", UNIT, marker=MARKER) == Absent()
    ion.perform("install", UNIT, marker=MARKER)
    factory.release()
    assert factory.effects.count("updateAbomItem") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quantity": "3"}, "expected all 8 that it takes, got 3"),
        ({"requirement_id": "699"}, "expected item '699' in the aBOM of '9006'"),
    ],
)
def test_what_an_item_cannot_take_is_refused_unsent(changes: dict[str, Json], said: str) -> None:
    factory, ion = legacy()
    with pytest.raises(IonRejected, match=said):
        ion.perform("install", {**LOT, **changes}, marker=MARKER)
    assert "updateAbomItem" not in factory.mutations


def test_an_item_that_is_taken_is_a_conflict() -> None:
    factory, ion = legacy()
    ion.perform("install", UNIT, marker=MARKER)
    with pytest.raises(IonConflict, match="which holds 9001"):
        ion.perform("install", {**UNIT, "inventory_id": "9002"}, marker="k:dock-1:18:0000")
    assert factory.effects.count("updateAbomItem") == 1
