from collections.abc import Mapping
from decimal import Decimal

import pytest

from kiosk.errors import IonConflict, IonError, IonRejected, IonUnknown, IonUnreachable, IonUnsupported
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Found, Unsure
from kiosk.simulator.schema import DIALECTS
from tests.ion.factory import (
    LATE,
    Factory,
    Mishap,
    gateway_page,
    hold,
    lose_the_answer,
    lose_the_request,
    refuse_the_connection,
)

MARKER = "k:dock-1:17:9f3c"
Case = tuple[str, dict[str, Json], str]


def started(run: str, factory: Factory) -> dict[str, Json]:
    steps = sorted(
        (step for step in factory.world.run_steps if step.run_id == int(run)), key=lambda step: step.position
    )
    step = next(step for step in steps if step.status == "TODO")
    return {"run_id": run, "step_id": str(step.id), "status": "IN_PROGRESS", "from_status": "TODO"}


def case_of(kind: str) -> tuple[Factory, str, dict[str, Json], str]:
    """Return a factory, an operation, its arguments and the mutation's name."""
    if kind == "step":
        factory = Factory("classic")
        return factory, "set_step_status", started("1201", factory), "updateRunStep"
    if kind == "run":
        arguments: dict[str, Json] = {"run_id": "1201", "status": "IN_PROGRESS", "from_status": "PENDING"}
        return Factory("documented-2026"), "set_run_status", arguments, "updateRun"
    move: dict[str, Json] = {"inventory_id": "9002", "location_id": "4", "from_location_id": "2"}
    if kind == "move":
        return Factory("classic"), "move", move, "updatePartInventory"
    return Factory("documented-2026"), "move", move, "adjustInventory"


KINDS = ("step", "run", "move", "transfer")
FENCED = ("step", "run", "move")


def is_done(factory: Factory, kind: str, result: Mapping[str, Json]) -> bool:
    if kind in {"move", "transfer"}:
        row = result["inventory"]
        assert isinstance(row, dict)
        location = row["location"]
        assert isinstance(location, dict)
        return bool(factory.world.part_inventories[9002].location_id == 4 and location["id"] == "4")
    run = result["run"]
    assert isinstance(run, dict)
    return bool(run["id"] == "1201" and run["status"] == "IN_PROGRESS")


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_made_once(kind: str) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    ion = factory.gateway()
    result = ion.perform(operation, arguments, marker=MARKER)
    assert is_done(factory, kind, result)
    assert factory.effects == [mutation]
    assert is_done(factory, kind, ion.perform(operation, arguments, marker=MARKER))
    assert factory.mutations == [mutation]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mishap", [lose_the_answer, gateway_page])
def test_an_effect_without_an_answer_is_found(kind: str, mishap: Mishap) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    ion = factory.gateway()
    factory.once(mutation, mishap)
    with pytest.raises(IonUnknown):
        ion.perform(operation, arguments, marker=MARKER)
    assert factory.mutations == [mutation]
    found = ion.find_effect(operation, arguments, marker=MARKER)
    assert isinstance(found, Found)
    assert is_done(factory, kind, found.result)
    assert factory.effects == [mutation]


@pytest.mark.parametrize("kind", FENCED)
def test_a_lost_request_is_found_absent_and_sent_again(kind: str) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    ion = factory.gateway()
    factory.once(mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform(operation, arguments, marker=MARKER)
    assert ion.find_effect(operation, arguments, marker=MARKER) == Absent()
    assert is_done(factory, kind, ion.perform(operation, arguments, marker=MARKER))
    assert factory.effects == [mutation]


@pytest.mark.parametrize("kind", FENCED)
def test_a_late_copy_dies_of_its_etag(kind: str) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    ion = factory.gateway()
    factory.once(mutation, hold)
    with pytest.raises(IonUnknown):
        ion.perform(operation, arguments, marker=MARKER)
    assert ion.find_effect(operation, arguments, marker=MARKER) == Absent()
    ion.perform(operation, arguments, marker=MARKER)
    factory.release()
    assert factory.effects == [mutation]


@pytest.mark.parametrize("kind", FENCED)
def test_a_late_copy_that_comes_first_is_our_own(kind: str) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    ion = factory.gateway()
    factory.once(mutation, hold)
    with pytest.raises(IonUnknown):
        ion.perform(operation, arguments, marker=MARKER)

    def overtaken(factory: Factory, request: object) -> object:
        factory.release()
        return factory.answer(request)  # type: ignore[arg-type]

    factory.once(mutation, overtaken)  # type: ignore[arg-type]
    assert is_done(factory, kind, ion.perform(operation, arguments, marker=MARKER))
    assert factory.effects == [mutation]


def test_a_transfer_that_is_not_there_may_arrive_late() -> None:
    factory, operation, arguments, mutation = case_of("transfer")
    ion = factory.gateway()
    factory.once(mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        ion.perform(operation, arguments, marker=MARKER)
    assert ion.find_effect(operation, arguments, marker=MARKER) == LATE
    elsewhere: dict[str, Json] = {**arguments, "location_id": "5"}
    ion.perform(operation, elsewhere, marker="k:dock-2:1:0000")
    assert ion.find_effect(operation, arguments, marker=MARKER) == Unsure(
        "Move inventory '9002' to location id '4': expected it at location id '2', "
        "got 'Shelf-A1-03' (id '5'). "
        "ION takes no etag here, so it does not tell whose change that was"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_connection_is_not_executed(kind: str) -> None:
    factory, operation, arguments, mutation = case_of(kind)
    factory.once(mutation, refuse_the_connection)
    with pytest.raises(IonUnreachable):
        factory.gateway().perform(operation, arguments, marker=MARKER)
    assert factory.effects == []


def test_a_step_somebody_else_moved_is_a_conflict() -> None:
    factory, operation, arguments, _ = case_of("step")
    arguments |= {"status": "COMPLETE", "from_status": "IN_PROGRESS"}
    with pytest.raises(IonConflict) as caught:
        factory.gateway().perform(operation, arguments, marker=MARKER)
    assert "to COMPLETE: expected it in IN_PROGRESS, got 'TODO'; somebody changed it in between" in str(
        caught.value
    )
    assert factory.mutations == []


def test_an_inventory_somebody_else_moved_is_a_conflict() -> None:
    factory, operation, arguments, _ = case_of("move")
    with pytest.raises(IonConflict, match="expected it at location id '3', got 'Rack-A1'"):
        factory.gateway().perform(operation, {**arguments, "from_location_id": "3"}, marker=MARKER)
    with pytest.raises(IonConflict, match="expected it at no location, got 'Rack-A1'"):
        factory.gateway().perform(operation, {**arguments, "from_location_id": None}, marker=MARKER)
    assert factory.mutations == []


def test_ions_own_refusal_reaches_the_operator_word_for_word() -> None:
    factory = Factory("classic")
    steps = [step for step in factory.world.run_steps if step.run_id == 1201]
    last = max(steps, key=lambda step: step.position)
    arguments: dict[str, Json] = {
        "run_id": "1201",
        "step_id": str(last.id),
        "status": "IN_PROGRESS",
        "from_status": "TODO",
    }
    with pytest.raises(IonRejected) as caught:
        factory.gateway().perform("set_step_status", arguments, marker=MARKER)
    assert caught.value.code == "VALIDATION_ERROR"
    assert factory.effects == []


def test_the_run_of_a_finished_change_is_told_even_if_it_cannot_be_read_again() -> None:
    factory, operation, arguments, mutation = case_of("step")
    ion = factory.gateway()
    factory.once("run", lambda factory, request: factory.answer(request))
    factory.once("run", refuse_the_connection)
    result = ion.perform(operation, arguments, marker=MARKER)
    assert factory.effects == [mutation]
    run = result["run"]
    assert isinstance(run, dict)
    steps = run["steps"]
    assert isinstance(steps, list)
    assert [step["status"] for step in steps if step["id"] == arguments["step_id"]] == ["IN_PROGRESS"]


@pytest.mark.parametrize(
    ("operation", "arguments", "words"),
    [
        ("set_step_status", {"run_id": "1201"}, "step_id: Field required"),
        (
            "set_step_status",
            {"run_id": "1", "step_id": "2", "status": "on hold", "from_status": "TODO"},
            "status: ",
        ),
        ("move", {"inventory_id": 5, "location_id": "4"}, "inventory_id: "),
        ("receive", {"order_id": "1", "line_id": "2", "quantity": "-1"}, "quantity: "),
        ("receive", {"order_id": "1", "line_id": "2", "quantity": "NaN"}, "quantity: "),
    ],
)
def test_incomplete_arguments_are_refused_before_anything_is_sent(
    operation: str, arguments: dict[str, Json], words: str
) -> None:
    factory = Factory("both")
    ion = factory.gateway()
    for act in (ion.perform, ion.find_effect):
        with pytest.raises(IonRejected, match="expected complete arguments") as caught:
            act(operation, arguments, marker=MARKER)
        assert words in str(caught.value)
    assert factory.posted == []


def test_what_a_tenant_does_not_offer_is_said() -> None:
    with pytest.raises(IonUnsupported, match=r"it has no Mutation\.updateRun"):
        Factory("classic").gateway().perform("set_run_status", {}, marker=MARKER)
    with pytest.raises(IonUnsupported, match=r"Change 'drop tables': expected one of receive, "):
        Factory("classic").gateway().perform("drop tables", {}, marker=MARKER)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_offers_follow_the_schema(dialect: str) -> None:
    factory = Factory(dialect)  # type: ignore[arg-type]
    ion = factory.new_gateway()
    writes = {"receive", "set_step_status", "set_run_status", "move"} & ion.offers()
    assert (
        writes
        == {
            "classic": {"receive", "set_step_status", "move"},
            "documented-2026": {"receive", "set_run_status", "move"},
            "both": {"receive", "set_step_status", "set_run_status", "move"},
        }[dialect]
    )
    ion.choices()
    assert len(factory.posted) == 1
    ion.refresh()
    ion.offers()
    assert len(factory.posted) == 2


def test_a_forced_dialect_leaves_the_other_out() -> None:
    ion = Factory("both").new_gateway(dialect="documented-2026")
    choices = {choice.operation: choice for choice in ion.choices()}
    assert choices["set_run_status"].document == "set_run_status.documented-2026.graphql"
    assert choices["set_step_status"].document is None
    assert choices["set_step_status"].missing == ("a document: nothing of this kind is published",)
    assert choices["location_by_name"].document == "location_by_name.documented-2026.graphql"
    assert choices["location_by_uid"].document is None


def test_an_unknown_run_or_step_is_a_refusal() -> None:
    factory, operation, arguments, _ = case_of("step")
    ion = factory.gateway()
    for wrong in ({"run_id": "99999"}, {"step_id": "99999"}, {"run_id": "x'y"}):
        with pytest.raises(IonError) as caught:
            ion.perform(operation, {**arguments, **wrong}, marker=MARKER)
        assert isinstance(caught.value, IonRejected)
    assert factory.mutations == []


def test_a_quantity_survives_a_transfer() -> None:
    factory = Factory("documented-2026")
    arguments: dict[str, Json] = {"inventory_id": "9022", "location_id": "4", "from_location_id": "5"}
    result = factory.gateway().perform("move", arguments, marker=MARKER)
    row = result["inventory"]
    assert isinstance(row, dict)
    assert Decimal(str(row["quantity"])) == Decimal("3.5")


def test_closing_twice_is_fine() -> None:
    ion: Ion = Factory("classic").gateway()
    ion.close()
    ion.close()
