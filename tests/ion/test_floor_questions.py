"""The floor's questions: fields of a run, stock at a place, runs, procedures, issues, kits."""

import logging
from decimal import Decimal

import httpx
import pytest

from kiosk.errors import IonRejected, IonUnsupported
from kiosk.ion import reading, tenant
from kiosk.ion.shapes import RunShape
from kiosk.model import (
    Asked,
    FieldKind,
    Inventory,
    Issue,
    Kit,
    KitItem,
    Location,
    Order,
    Part,
    Procedure,
    Question,
    Run,
    StepField,
    Stock,
    Subject,
    Tracking,
)
from kiosk.simulator.schema import DIALECTS, Dialect
from tests.ion.factory import Factory


@pytest.fixture(params=DIALECTS)
def factory(request: pytest.FixtureRequest) -> Factory:
    dialect: Dialect = request.param
    return Factory(dialect)


@pytest.fixture(params=["classic", "both"])
def classic(request: pytest.FixtureRequest) -> Factory:
    dialect: Dialect = request.param
    return Factory(dialect)


def ask(factory: Factory, by: Asked, value: str = "") -> tuple[Subject, ...]:
    question = Question(by, value)
    return factory.gateway().ask([question])[question]


def run_of(factory: Factory, id_: str) -> Run:
    (run,) = ask(factory, Asked.RUN_ID, id_)
    assert isinstance(run, Run)
    return run


def test_a_run_comes_with_the_fields_of_its_steps(factory: Factory) -> None:
    torque, stripe, _ = run_of(factory, "1202").steps[2].fields
    assert (torque.id, torque.name, torque.type, torque.value) == (
        "8",
        "Final torque",
        FieldKind.NUMBER,
        None,
    )
    assert torque.is_required
    assert torque.unit
    assert torque.etag == factory.world.run_step_fields[8].etag
    assert torque.entity_id
    assert stripe.type is FieldKind.BOOLEAN
    choice, signature = run_of(factory, "1202").steps[3].fields
    assert choice.options == ("Accept", "Rework", "Reject")
    assert signature.type is FieldKind.SIGNOFF


def test_bounds_are_read_where_a_tenant_tells_them() -> None:
    bounds = [
        {"function": "MIN", "value": 5},
        {"function": "MAX", "value": Decimal("7.5")},
        {"function": None, "value": 1},
    ]
    field = {"id": 2, "name": "Torque", "type": "NUMBER", "bounds": bounds}
    step = {"id": 1, "status": "TODO", "fields": [field]}
    run = RunShape.model_validate({"id": 3, "status": "TODO", "steps": [step]}).value()
    (found,) = run.steps[0].fields
    assert (found.least, found.most) == (Decimal(5), Decimal("7.5"))


def test_values_that_were_entered_are_read(factory: Factory) -> None:
    run = run_of(factory, "1203")
    values = {field.name: field.value for step in run.steps for field in step.fields}
    assert values == {
        "O-ring lot": "LOT-2026-0117",
        "Final torque": "6.2",
        "Witness stripe applied": True,
        "Remarks": None,
        "Result": "Rework",
        "Inspector": None,
    }


def test_a_step_says_to_what_files_are_attached(factory: Factory) -> None:
    run = run_of(factory, "1202")
    assert run.entity_id
    assert all(step.entity_id and step.entity_id != step.id for step in run.steps)


def test_stock_at_a_place_is_what_lies_there(factory: Factory) -> None:
    found = ask(factory, Asked.STOCK_AT, "5")
    assert {row.id for row in found if isinstance(row, Inventory)} >= {"9017", "9022"}
    assert all(isinstance(row, Inventory) and row.location and row.location.id == "5" for row in found)
    assert not {row.status for row in found if isinstance(row, Inventory)} & {"INSTALLED", "ON_ORDER"}


def test_the_runs_of_an_inventory_are_newest_first(factory: Factory) -> None:
    gateway = factory.gateway()
    for number in (1, 2):
        arguments = {"procedure_id": "12", "inventory_id": "9008", "title": f"Again {number}"}
        gateway.perform("create_run", arguments, marker=f"k:{number}")
    question = Question(Asked.RUNS_OF, "9008")
    runs = gateway.ask([question])[question]
    assert [run.title for run in runs if isinstance(run, Run)] == [
        "Again 2",
        "Again 1",
        "BRKT-ASSY-001 - ASM-00013 - Bracket Assembly",
    ]
    assert all(run.steps for run in runs if isinstance(run, Run))


def test_open_runs_are_to_do_or_in_progress(factory: Factory) -> None:
    runs = ask(factory, Asked.OPEN_RUNS)
    assert {run.id for run in runs if isinstance(run, Run)} == {"1201", "1202", "1204"}


def test_open_orders_are_ordered_or_partly_received(factory: Factory) -> None:
    every = [ask(factory, Asked.ORDER_ID, str(one.id))[0] for one in factory.world.purchase_orders]
    expected = [
        one for one in every if isinstance(one, Order) and one.status in {"ORDERED", "PARTIALLY_RECEIVED"}
    ]
    assert sorted(ask(factory, Asked.OPEN_ORDERS), key=lambda one: one.key) == expected
    assert 0 < len(expected) < len(every)


def test_all_locations_are_listed(factory: Factory) -> None:
    found = {one.id: one.name for one in ask(factory, Asked.LOCATIONS) if isinstance(one, Location)}
    assert found == {str(one.id): one.name for one in factory.world.locations}


def test_only_released_procedures_can_be_run(factory: Factory) -> None:
    procedures = ask(factory, Asked.RELEASED_PROCEDURES)
    assert {one.id for one in procedures if isinstance(one, Procedure)} == {"12", "13", "14", "15"}
    assert {one.status for one in procedures if isinstance(one, Procedure)} == {"RELEASED"}
    assert ask(factory, Asked.PROCEDURE_ID, "16")[0] == Procedure(
        "16", "Harness Rework", "DRAFT", factory.world.procedures[16].description or ""
    )


@pytest.mark.parametrize(("text", "numbers"), [("brkt", 3), ("ASSY", 2), ("zzz", 0), ("_", 0), ("%", 0)])
def test_parts_are_found_by_a_piece_of_their_number(factory: Factory, text: str, numbers: int) -> None:
    found = ask(factory, Asked.PART_TEXT, text)
    assert len(found) == numbers
    assert all(isinstance(one, Stock) and text.lower() in one.part.number.lower() for one in found)


def test_issues_of_a_step_an_inventory_or_all_that_are_open(classic: Factory) -> None:
    world = classic.world
    for issue in world.issues:
        if issue.run_step_id is not None:
            found = ask(classic, Asked.ISSUES_OF, f"run-step/{issue.run_step_id}")
            assert str(issue.id) in {one.id for one in found if isinstance(one, Issue)}
        if issue.part_inventory_id is not None:
            found = ask(classic, Asked.ISSUES_OF, f"inventory/{issue.part_inventory_id}")
            assert str(issue.id) in {one.id for one in found if isinstance(one, Issue)}
    assert {one.id for one in ask(classic, Asked.ISSUES_OF) if isinstance(one, Issue)} == {"1", "2"}
    assert ask(classic, Asked.ISSUES_OF, "run-step/1") == ()
    assert ask(classic, Asked.ISSUES_OF, "order/1") == ()


def test_an_issue_is_read_whole(classic: Factory) -> None:
    (issue,) = ask(classic, Asked.ISSUE_ID, "1")
    assert isinstance(issue, Issue)
    row = classic.world.issues[1]
    assert (issue.title, issue.status, issue.etag) == (row.title, "IN_PROGRESS", row.etag)
    assert issue.cause
    assert "[" not in issue.cause
    assert issue.entity_id


def test_a_kit_is_found_by_id_and_by_its_label(classic: Factory) -> None:
    kit = classic.world.part_kits[1]
    (by_id,) = ask(classic, Asked.KIT_ID, "1")
    assert (by_id,) == ask(classic, Asked.UID, kit.uid)
    assert isinstance(by_id, Kit)
    assert by_id.status == "IN_PROGRESS"
    assert by_id.items[1] == KitItem(
        "2",
        Part("107", "ORNG-2-214", "A", "O-ring, AS568-214, FKM 75A, batch controlled", Tracking.LOT),
        Decimal(4),
    )


@pytest.mark.parametrize("by", [Asked.KIT_ID, Asked.ISSUE_ID, Asked.ISSUES_OF])
def test_what_a_tenant_does_not_know_is_said(by: Asked) -> None:
    with pytest.raises(IonUnsupported, match="expected a document that fits this tenant's schema"):
        ask(Factory("documented-2026"), by, "1" if by is not Asked.ISSUES_OF else "")


def test_a_list_that_is_cut_short_is_shown_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in (tenant, reading):
        monkeypatch.setattr(module, "LIST_LIMIT", 3)
    monkeypatch.setitem(tenant._SIZES, "limit", 3)
    with caplog.at_level(logging.WARNING):
        ask(Factory("documented-2026"), Asked.STOCK_AT, "5")
    assert "stock-at '5': ION shows only the first 3 rows" in caplog.text


def test_a_list_without_end_is_shown_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(tenant._SIZES, "first", 2)
    with caplog.at_level(logging.WARNING):
        assert len(ask(Factory("classic"), Asked.RELEASED_PROCEDURES)) == 4
        assert caplog.text == ""
        monkeypatch.setattr(tenant, "_PAGES", 1)
        assert len(ask(Factory("classic"), Asked.RELEASED_PROCEDURES)) == 2
    assert "ReleasedProcedures: there is more than the 2 rows that are shown" in caplog.text


def test_a_list_that_goes_on_and_does_not_say_where_is_not_taken_for_whole() -> None:
    page = {"edges": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}
    factory = Factory("classic")
    factory.once("locations", lambda *_: httpx.Response(200, json={"data": {"locations": page}}))
    with pytest.raises(IonRejected, match="expected at most 5000 rows, got more"):
        ask(factory, Asked.LOCATION_NAME, "nowhere")


def test_a_field_of_a_type_that_is_new_is_entered_as_text() -> None:
    step = {
        "id": 1,
        "status": "TODO",
        "fields": [{"id": 2, "name": "Tint", "type": "COLOUR", "value": {"r": 1}}],
    }
    run = RunShape.model_validate({"id": 3, "status": "TODO", "steps": [step]}).value()
    assert run.steps[0].fields == (StepField("2", "Tint", FieldKind.STRING, '{"r": 1}'),)
