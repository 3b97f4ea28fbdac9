"""Changes of the floor one by one: values by their type, conflicts, whose a new thing is."""

from pathlib import Path

import httpx
import pytest

from kiosk.errors import IonConflict, IonRejected, IonUnknown, IonUnsupported
from kiosk.ion.changes import Memory
from kiosk.model import Json
from kiosk.ports import Found, Unsure
from tests.ion.factory import Factory, Mishap, lose_the_answer
from tests.ion.floor_cases import CASES, FIELD, MARKER, Arguments, Bench

# Step and field, their kind, what is entered, and what ION keeps of it.
VALUES: list[tuple[tuple[str, str], str, Json, object]] = [
    (("6", "7"), "STRING", "LOT-1", "LOT-1"),
    (("7", "8"), "NUMBER", "6.25", 6.25),
    (("7", "8"), "NUMBER", 6, 6),
    (("7", "9"), "BOOLEAN", True, True),
    (("8", "11"), "SELECT", "Accept", "Accept"),
    (("8", "12"), "SIGNOFF", True, True),
]


@pytest.mark.parametrize(("place", "kind", "value", "kept"), VALUES)
def test_a_value_is_encoded_by_its_type(place: tuple[str, str], kind: str, value: Json, kept: object) -> None:
    factory = Factory("classic")
    step, field = place
    arguments: Arguments = {**FIELD, "step_id": step, "field_id": field, "type": kind, "value": value}
    ion = factory.gateway()
    ion.perform("set_field_value", arguments, marker=MARKER)
    assert factory.world.run_step_fields[int(field)].value == kept
    assert isinstance(ion.find_effect("set_field_value", arguments, marker=MARKER), Found)


def test_a_value_is_taken_away_by_none() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    ion.perform("set_field_value", {**FIELD, "value": "x"}, marker="k:1")
    ion.perform("set_field_value", {**FIELD, "value": None, "from_value": "x"}, marker="k:2")
    assert factory.world.run_step_fields[7].value is None


def test_a_value_that_somebody_else_entered_is_a_conflict() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    ion.perform("set_field_value", {**FIELD, "value": "LOT-1"}, marker="k:1")
    with pytest.raises(IonConflict) as caught:
        ion.perform("set_field_value", {**FIELD, "value": "LOT-2"}, marker="k:2")
    assert str(caught.value) == (
        "Enter 'LOT-2' into 'O-ring lot' of step 'Install O-rings': expected nothing there, got 'LOT-1'; "
        "somebody changed it in between"
    )
    assert caught.value.words.startswith("Enter 'LOT-2'")


def test_a_number_that_is_none_is_not_sent() -> None:
    factory = Factory("classic")
    arguments: Arguments = {**FIELD, "step_id": "7", "field_id": "8", "type": "NUMBER", "value": "tight"}
    with pytest.raises(IonRejected, match="Enter 'tight': expected a number"):
        factory.gateway().perform("set_field_value", arguments, marker=MARKER)
    assert factory.mutations == []


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(IonRejected, match="Field '99' of step '6': expected one of '7', got none of them"):
        Factory("classic").gateway().perform(
            "set_field_value", {**FIELD, "field_id": "99", "value": "x"}, marker=MARKER
        )


def test_a_quantity_that_somebody_else_changed_is_a_conflict() -> None:
    case = CASES["recount"]
    with pytest.raises(IonConflict, match="expected a quantity of 90, got 84"):
        Factory("classic").gateway().perform(
            case.operation, {**case.arguments, "from_quantity": "90"}, marker=MARKER
        )


def test_scrap_that_looks_done_but_never_was_ours_is_a_conflict() -> None:
    case = CASES["scrap"]
    factory = Factory("classic")
    with pytest.raises(IonConflict, match="Scrap 4 of inventory '9017': expected a quantity of 88, got 84"):
        factory.gateway().perform(case.operation, {**case.arguments, "from_quantity": "88"}, marker=MARKER)
    assert factory.effects == []


@pytest.mark.parametrize("quantity", ["0", "-1", "85"])
def test_nobody_scraps_what_is_not_there(quantity: str) -> None:
    case = CASES["scrap"]
    with pytest.raises(IonRejected, match="expected"):
        Factory("classic").gateway().perform(
            case.operation, {**case.arguments, "quantity": quantity}, marker=MARKER
        )


def meanwhile(operation: str, **arguments: Json) -> Mishap:
    """Let somebody else do something before the request arrives."""

    def act(factory: Factory, request: httpx.Request) -> httpx.Response:
        factory.gateway().perform(operation, arguments, marker="k:somebody else")
        return factory.answer(request)

    return act


def test_an_edit_whose_etag_went_stale_by_something_else_is_made_all_the_same() -> None:
    bench = Bench(CASES["recount"], "classic")
    move = meanwhile("move", inventory_id="9017", location_id="2", from_location_id="5")
    bench.factory.once("updatePartInventory", move)
    result = bench.perform()
    assert bench.is_done(result)
    assert bench.effects == ["updatePartInventory"] * 2
    assert bench.sent == ["updatePartInventory"] * 3


def test_a_conflict_says_what_changed() -> None:
    bench = Bench(CASES["recount"], "classic")
    count = meanwhile("adjust", inventory_id="9017", kind="recount", quantity="83", from_quantity="84")
    bench.factory.once("updatePartInventory", count)
    with pytest.raises(IonConflict) as caught:
        bench.perform()
    assert str(caught.value) == (
        "Recount inventory '9017' to 80: expected a quantity of 84, got 83; somebody changed it in between: "
        "quantity '84' -> '83'"
    )
    assert caught.value.words.startswith(str(caught.value))
    assert bench.effects == ["updatePartInventory"]


def test_a_serial_that_exists_is_refused_before_anything_is_sent() -> None:
    factory = Factory("classic")
    arguments = {**CASES["serial created"].arguments, "serial": "SN-000119"}
    with pytest.raises(IonRejected, match="expected a new serial, got one that already exists"):
        factory.gateway().perform("create_inventory", arguments, marker=MARKER)
    assert factory.mutations == []


@pytest.mark.parametrize("name", ["lot created", "issue on a step"])
def test_a_marker_proves_whose_it_is_also_after_a_restart(name: str) -> None:
    case = CASES[name]
    factory = Factory("classic")
    ion = factory.new_gateway(marker_attribute="kiosk")
    factory.once(case.mutation, lose_the_answer)
    with pytest.raises(IonUnknown):
        ion.perform(case.operation, case.arguments, marker=MARKER)
    restarted = factory.new_gateway(marker_attribute="kiosk")
    assert isinstance(restarted.find_effect(case.operation, case.arguments, marker=MARKER), Found)
    assert isinstance(restarted.find_effect(case.operation, case.arguments, marker="k:other"), Unsure)
    restarted.perform(case.operation, case.arguments, marker=MARKER)
    assert factory.effects.count(case.mutation) == 1


@pytest.mark.parametrize("name", ["lot created", "issue on a step", "run created"])
def test_without_a_marker_a_restart_leaves_it_to_a_person(name: str) -> None:
    case = CASES[name]
    factory = Factory("classic")
    factory.once(case.mutation, lose_the_answer)
    with pytest.raises(IonUnknown):
        factory.gateway().perform(case.operation, case.arguments, marker=MARKER)
    finding = factory.gateway().find_effect(case.operation, case.arguments, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert "expected one that is new, got " in finding.facts
    assert "got none" not in finding.facts


def test_two_alike_are_for_a_person() -> None:
    case = CASES["issue on a step"]
    factory = Factory("classic")
    ion = factory.gateway()
    factory.once(case.mutation, lose_the_answer)
    with pytest.raises(IonUnknown):
        ion.perform(case.operation, case.arguments, marker=MARKER)
    factory.gateway().perform(case.operation, case.arguments, marker="k:somebody else")
    assert isinstance(ion.find_effect(case.operation, case.arguments, marker=MARKER), Unsure)


def test_what_a_tenant_has_no_place_for_is_not_left_out_silently() -> None:
    with pytest.raises(IonUnsupported, match="CreateRun: expected this tenant's ION to take part"):
        Factory("documented-2026").gateway().perform(
            "create_run", {"procedure_id": "12", "part_id": "105"}, marker=MARKER
        )
    with pytest.raises(IonUnsupported, match="CreateIssue: expected this tenant's ION to take run"):
        Factory("classic").gateway().perform("create_issue", {"title": "x", "run_id": "1202"}, marker=MARKER)


def test_a_run_that_builds_a_part() -> None:
    factory = Factory("classic")
    result = factory.gateway().perform("create_run", {"procedure_id": "12", "part_id": "103"}, marker=MARKER)
    run = result["run"]
    assert isinstance(run, dict)
    assert run["inventory_id"]
    assert factory.effects == ["createRun"]


def test_a_run_is_canceled_step_by_step_where_nothing_cancels_it_as_a_whole(tmp_path: Path) -> None:
    packaged = Path("kiosk/ion/operations/cancel_run.classic.graphql").read_text(encoding="utf-8")
    without = packaged.replace("cancelRun(", "endRun(")
    (tmp_path / "cancel_run.graphql").write_text(without, encoding="utf-8")
    factory = Factory("classic")
    ion = factory.new_gateway(documents=tmp_path)
    result = ion.perform("cancel_run", {"run_id": "1202"}, marker=MARKER)
    run = result["run"]
    assert isinstance(run, dict)
    steps = run["steps"]
    assert isinstance(steps, list)
    assert [step["status"] for step in steps] == ["COMPLETE", "CANCELED", "CANCELED", "CANCELED"]
    assert factory.effects == ["updateRunStep"] * 3


def test_a_serial_that_is_there_after_a_restart_is_for_a_person() -> None:
    case = CASES["serial created"]
    factory = Factory("classic")
    factory.once(case.mutation, lose_the_answer)
    with pytest.raises(IonUnknown):
        factory.gateway().perform(case.operation, case.arguments, marker=MARKER)
    finding = factory.gateway().find_effect(case.operation, case.arguments, marker=MARKER)
    assert isinstance(finding, Unsure)
    assert finding.facts.endswith(": 1 at 'WH-Receiving' (id '4'); whose it is, ION does not tell")


def test_a_conflict_says_who_was_faster_where_ion_tells_it(tmp_path: Path) -> None:
    packaged = Path("kiosk/ion/operations/adjust.classic.graphql").read_text(encoding="utf-8")
    (tmp_path / "adjust.graphql").write_text(
        packaged.replace("updatedBy @optional", "createdBy"), encoding="utf-8"
    )
    factory = Factory("classic")
    ion = factory.new_gateway(documents=tmp_path)
    made = ion.perform("create_inventory", {"part_id": "107", "quantity": "9", "lot": "L"}, marker="k:1")
    row = made["inventory"]
    assert isinstance(row, dict)
    count = {"inventory_id": row["id"], "kind": "recount", "quantity": "8", "from_quantity": "7"}
    with pytest.raises(IonConflict) as caught:
        ion.perform("adjust", count, marker=MARKER)
    assert caught.value.by == "Kiosk Service"
    assert str(caught.value).endswith("got 9; Kiosk Service changed it in between")


def test_what_is_remembered_of_changes_has_an_end() -> None:
    memory = Memory()
    for number in range(1500):
        memory.doubt(f"k:{number}")
        memory.remember_before(f"k:{number}", frozenset())
    assert len(memory.doubtful) == len(memory.before) == 1000
    assert "k:1499" in memory.doubtful
    memory.forget("k:1499")
    assert "k:1499" not in {**memory.doubtful, **memory.before}
