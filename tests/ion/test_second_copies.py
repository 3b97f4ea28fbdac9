"""What ION makes twice without a lock: counted, and taken away again where it is surely ours and unused."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kiosk.errors import IonConflict, IonUncounted, IonUnknown, IonUnreachable
from kiosk.ion import Ion
from kiosk.ion.changes.runs import NewRun
from kiosk.model import Asked, Json, Question, Run
from kiosk.ports import Absent, Found, Unsure
from tests.ion.factory import Factory, lose_the_request, refuse_the_connection, twice

MARKER = "k:dock-1:17:9f3c"
LOT: dict[str, Json] = {"part_id": "107", "quantity": "12", "lot": "LOT-9", "location_id": "4"}
RUN: dict[str, Json] = {"procedure_id": "12", "inventory_id": "9001", "title": "Build 7"}
ISSUE: dict[str, Json] = {"title": "Scratch", "inventory_id": "9002"}


def made_twice(
    operation: str, arguments: Mapping[str, Json], mutation: str, *, marked: bool = True
) -> tuple[Factory, Ion]:
    factory = Factory("classic")
    ion = factory.new_gateway(marker_attribute="kiosk" if marked else None)
    factory.once(mutation, twice)
    with pytest.raises(IonUncounted, match=": expected one, got "):
        ion.perform(operation, arguments, marker=MARKER)
    return factory, ion


def lots(factory: Factory) -> list[int]:
    return [row.id for row in factory.world.part_inventories if row.lot_number == "LOT-9"]


def test_the_newer_lot_is_taken_away_by_its_etag() -> None:
    factory, ion = made_twice("create_inventory", LOT, "createPartInventory")
    first, second = lots(factory)
    found = ion.find_effect("create_inventory", LOT, marker=MARKER)
    assert isinstance(found, Found)
    row = found.result["inventory"]
    assert isinstance(row, dict)
    assert row["id"] == str(first)
    (undo,) = found.surplus
    assert (undo.operation, undo.arguments["inventory_id"]) == ("delete_inventory", str(second))
    ion.perform(undo.operation, undo.arguments, marker="k:undo")
    assert lots(factory) == [first]
    assert ion.perform(undo.operation, undo.arguments, marker="k:undo") == {"changed": None}


def test_a_copy_that_somebody_touched_meanwhile_stays() -> None:
    factory, ion = made_twice("create_inventory", LOT, "createPartInventory")
    found = ion.find_effect("create_inventory", LOT, marker=MARKER)
    assert isinstance(found, Found)
    (undo,) = found.surplus
    rows = factory.world.part_inventories
    rows.put(replace(rows[lots(factory)[1]], etag="changed"))
    with pytest.raises(IonConflict):
        ion.perform(undo.operation, undo.arguments, marker="k:undo")
    assert len(lots(factory)) == 2


def test_a_copy_in_use_is_for_a_person() -> None:
    factory, ion = made_twice("create_inventory", LOT, "createPartInventory")
    rows = factory.world.part_inventories
    second = rows[lots(factory)[1]]
    rows.put(replace(second, quantity=second.quantity - 1))
    finding = ion.find_effect("create_inventory", LOT, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith("the kiosk cannot take the others away")


@pytest.mark.parametrize(("run_id", "is_unused"), [("1201", True), ("1202", False)])
def test_a_second_run_is_archived_unless_somebody_started_it(run_id: str, is_unused: bool) -> None:
    """Of this tenant's runs none can carry a marker, so the change is told that this one does."""
    ion = Factory("classic").gateway()
    question = Question(Asked.RUN_ID, run_id)
    (run,) = ion.ask([question])[question]
    change = ion._change(ion._tenancy.tenant(), "create_run", RUN, MARKER)
    assert isinstance(change, NewRun)
    assert isinstance(run, Run)
    change._marked = [run_id]
    undo = change._undo(run)
    assert (undo is not None) is is_unused
    if undo is not None:
        ion.perform(undo.operation, undo.arguments, marker="k:undo")
        assert undo.operation == "archive_run"


def test_a_second_issue_stays_since_ion_deletes_none() -> None:
    _, ion = made_twice("create_issue", ISSUE, "createIssue")
    finding = ion.find_effect("create_issue", ISSUE, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.count("issue ") == 3


@pytest.mark.parametrize(
    ("operation", "arguments", "mutation"),
    [
        ("create_inventory", LOT, "createPartInventory"),
        ("create_run", RUN, "createRun"),
        ("create_issue", ISSUE, "createIssue"),
    ],
)
def test_without_a_marker_nothing_is_taken_away(
    operation: str, arguments: dict[str, Json], mutation: str
) -> None:
    _, ion = made_twice(operation, arguments, mutation, marked=False)
    finding = ion.find_effect(operation, arguments, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith("whose it is, ION does not tell")


def test_scrap_that_ion_takes_off_twice_is_for_a_person() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    scrap: dict[str, Json] = {"inventory_id": "9017", "kind": "scrap", "quantity": "4", "from_quantity": "84"}
    factory.once("adjustInventory", twice)
    with pytest.raises(IonUncounted, match="perhaps made twice"):
        ion.perform("adjust", scrap, marker=MARKER)
    finding = ion.find_effect("adjust", scrap, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert "expected a quantity of 84, got 76" in finding.facts


@pytest.mark.parametrize(
    ("operation", "arguments", "mutation"),
    [
        ("create_inventory", LOT, "createPartInventory"),
        ("create_run", RUN, "createRun"),
        ("create_issue", ISSUE, "createIssue"),
    ],
)
def test_what_somebody_made_after_a_send_that_never_arrived_is_not_taken_for_ours(
    operation: str, arguments: dict[str, Json], mutation: str
) -> None:
    """The network may be away for days between the two sends."""
    factory = Factory("classic")
    ion, theirs = factory.gateway(), factory.gateway()
    factory.once(mutation, refuse_the_connection)
    with pytest.raises(IonUnreachable):
        ion.perform(operation, arguments, marker=MARKER)
    theirs.perform(operation, arguments, marker="k:dock-2:1:0000")
    ion.perform(operation, arguments, marker=MARKER)
    assert factory.effects.count(mutation) == 2


def test_what_was_there_before_a_doubtful_send_is_still_known_after_one_that_never_arrived() -> None:
    factory = Factory("classic")
    ion = factory.gateway(works_alone=True)
    factory.once("createIssue", lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform("create_issue", ISSUE, marker=MARKER)
    assert isinstance(ion.find_effect("create_issue", ISSUE, marker=MARKER), Absent)
    factory.once("createIssue", refuse_the_connection)
    with pytest.raises(IonUnreachable):
        ion.perform("create_issue", ISSUE, marker=MARKER)
    factory.gateway().perform("create_issue", ISSUE, marker="the late copy")
    ion.perform("create_issue", ISSUE, marker=MARKER)
    assert factory.effects.count("createIssue") == 1
