"""Every change that flows make, in the dialects that have it, with the answer or the request lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kiosk.errors import IonConflict, IonRejected, IonUnknown, IonUnreachable, IonUnsupported
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.simulator.schema import Dialect
from tests.ion.factory import (
    Factory,
    Mishap,
    gateway_page,
    hold,
    lose_the_answer,
    lose_the_request,
    refuse_the_connection,
)

MARKER = "k:dock-1:17:9f3c"
Arguments = dict[str, Json]


def prepare_nothing(_ion: Ion) -> None:
    """Take the seed as it is."""


@dataclass(frozen=True)
class Case:
    """One operation on a fresh seed."""

    operation: str
    arguments: Arguments
    mutation: str
    seen: str
    """What of the result says that it is done: a path, ``=`` and a text."""
    dialects: tuple[Dialect, ...] = ("classic", "both")
    is_fenced: bool = True
    """Whether a late copy can do no harm, so that what is not there may be sent again."""
    prepare: Callable[[Ion], None] = prepare_nothing


def start_session(ion: Ion) -> None:
    ion.perform("check_in", {"run_id": "1202", "step_id": "6"}, marker="k:before")


def review_issue(ion: Ion) -> None:
    ion.perform("update_issue", {"issue_id": "1", "status": "IN_REVIEW"}, marker="k:before")


FIELD: Arguments = {"run_id": "1202", "step_id": "6", "field_id": "7", "type": "STRING", "from_value": None}
CASES = {
    "step held": Case(
        "set_step_status",
        {"run_id": "1202", "step_id": "6", "status": "HOLD", "from_status": "IN_PROGRESS"},
        "updateRunStep",
        "run.steps.1.status=HOLD",
    ),
    "step failed": Case(
        "set_step_status",
        {"run_id": "1202", "step_id": "6", "status": "FAILED", "from_status": "IN_PROGRESS"},
        "updateRunStep",
        "run.steps.1.status=FAILED",
    ),
    "step redlined": Case(
        "set_step_status",
        {"run_id": "1201", "step_id": "1", "status": "REDLINE", "from_status": "TODO"},
        "updateRunStep",
        "run.steps.0.status=REDLINE",
    ),
    "field": Case(
        "set_field_value",
        {**FIELD, "value": "LOT-2026-0117"},
        "updateRunStepFieldValue",
        "run.steps.1.fields.0.value=LOT-2026-0117",
    ),
    "run canceled": Case("cancel_run", {"run_id": "1204"}, "cancelRun", "run.steps.4.status=CANCELED"),
    "run created": Case(
        "create_run",
        {"procedure_id": "12", "inventory_id": "9001", "title": "Build 7"},
        "createRun",
        "run.title=Build 7",
        ("classic", "both", "documented-2026"),
        is_fenced=False,
    ),
    "recount": Case(
        "adjust",
        {
            "inventory_id": "9017",
            "kind": "recount",
            "quantity": "80",
            "from_quantity": "84",
            "reason": "Count",
        },
        "updatePartInventory",
        "inventory.quantity=80",
    ),
    "scrap": Case(
        "adjust",
        {"inventory_id": "9017", "kind": "scrap", "quantity": "4", "from_quantity": "84", "reason": "Bent"},
        "updatePartInventory",
        "inventory.quantity=80",
    ),
    "recount without etag": Case(
        "adjust",
        {
            "inventory_id": "9017",
            "kind": "recount",
            "quantity": "80",
            "from_quantity": "84",
            "reason": "Count",
        },
        "adjustInventory",
        "inventory.quantity=80",
        ("documented-2026",),
        is_fenced=False,
    ),
    "scrap without etag": Case(
        "adjust",
        {"inventory_id": "9017", "kind": "scrap", "quantity": "4", "from_quantity": "84", "reason": "Bent"},
        "adjustInventory",
        "inventory.quantity=80",
        ("documented-2026",),
        is_fenced=False,
    ),
    "lot created": Case(
        "create_inventory",
        {"part_id": "107", "quantity": "12", "lot": "LOT-9", "location_id": "4"},
        "createPartInventory",
        "inventory.lot=LOT-9",
        is_fenced=False,
    ),
    "serial created": Case(
        "create_inventory",
        {"part_id": "101", "quantity": "1", "serial": "SN-777", "location_id": "4"},
        "createPartInventory",
        "inventory.serial=SN-777",
    ),
    "issue on a step": Case(
        "create_issue",
        {
            "title": "Scratch",
            "run_id": "1202",
            "run_step_id": "6",
            "cause": "Dropped it",
            "expected": "No scratch",
            "disposition_type": "repair",
        },
        "createIssue",
        "issue.cause=Dropped it",
        is_fenced=False,
    ),
    "issue on an inventory": Case(
        "create_issue",
        {"title": "Scratch", "inventory_id": "9002"},
        "createIssue",
        "issue.inventory_id=9002",
        is_fenced=False,
    ),
    "issue changed": Case(
        "update_issue",
        {"issue_id": "1", "title": "Witness stripe missing", "disposition": "Rework it"},
        "updateIssue",
        "issue.disposition=Rework it",
    ),
    "issue reviewed": Case(
        "update_issue",
        {"issue_id": "1", "status": "IN_REVIEW"},
        "updateIssue",
        "issue.status=IN_REVIEW",
    ),
    "issue resolved": Case(
        "update_issue",
        {"issue_id": "1", "status": "RESOLVED", "disposition_type": "rework"},
        "updateIssue",
        "issue.status=RESOLVED",
        prepare=review_issue,
    ),
    "checked in": Case(
        "check_in",
        {"run_id": "1202", "step_id": "6"},
        "checkIn",
        "run.id=1202",
        is_fenced=False,
    ),
    "checked out": Case(
        "check_out",
        {"run_id": "1202", "step_id": "6"},
        "checkOut",
        "run.id=1202",
        prepare=start_session,
    ),
}
ALL = [
    pytest.param(case, dialect, id=f"{name}-{dialect}")
    for name, case in CASES.items()
    for dialect in case.dialects
]
every_case = pytest.mark.parametrize(("case", "dialect"), ALL)
every_fenced_case = pytest.mark.parametrize(
    ("case", "dialect"),
    [each for each in ALL if each.values[0].is_fenced],  # type: ignore[union-attr]
)


class Bench:
    """A factory with its gateway, and the case's effects since it was prepared."""

    def __init__(self, case: Case, dialect: Dialect) -> None:
        self.case, self.factory = case, Factory(dialect)
        self.ion = self.factory.gateway()
        case.prepare(self.ion)
        self._before, self._sent_before = len(self.factory.effects), len(self.factory.mutations)

    @property
    def effects(self) -> list[str]:
        return [name for name in self.factory.effects[self._before :] if name == self.case.mutation]

    @property
    def sent(self) -> list[str]:
        return [name for name in self.factory.mutations[self._sent_before :] if name == self.case.mutation]

    def perform(self) -> Mapping[str, Json]:
        return self.ion.perform(self.case.operation, self.case.arguments, marker=MARKER)

    def find(self) -> Finding:
        return self.ion.find_effect(self.case.operation, self.case.arguments, marker=MARKER)

    def is_done(self, result: object) -> bool:
        path, _, wanted = self.case.seen.partition("=")
        for name in path.split("."):
            result = result[int(name)] if isinstance(result, list) else result[name]  # type: ignore[index]
        return result == wanted


@every_case
def test_it_is_made_once_and_found(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    result = bench.perform()
    assert bench.is_done(result), result
    assert bench.effects == [case.mutation]
    assert bench.sent == [case.mutation]
    assert case.operation in bench.ion.offers()


@every_case
@pytest.mark.parametrize("mishap", [lose_the_answer, gateway_page])
def test_an_effect_without_an_answer_is_found(case: Case, dialect: Dialect, mishap: Mishap) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, mishap)
    with pytest.raises(IonUnknown):
        bench.perform()
    found = bench.find()
    assert isinstance(found, Found), found
    assert bench.is_done(found.result)
    assert bench.effects == [case.mutation]
    assert bench.sent == [case.mutation]


@every_case
def test_a_lost_request_is_sent_again_only_where_a_late_copy_could_do_no_harm(
    case: Case, dialect: Dialect
) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        bench.perform()
    finding = bench.find()
    if not case.is_fenced:
        assert isinstance(finding, Unsure)
        assert "a late copy could still arrive" in finding.facts
        return
    assert finding == Absent()
    assert bench.is_done(bench.perform())
    assert bench.effects == [case.mutation]


@every_fenced_case
def test_a_late_copy_is_refused_or_is_our_own(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, hold)
    with pytest.raises(IonUnknown):
        bench.perform()
    assert bench.find() == Absent()
    bench.factory.release()
    assert bench.is_done(bench.perform())
    assert bench.effects == [case.mutation]


@every_fenced_case
def test_a_held_copy_that_arrives_after_the_second_send_changes_nothing(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, hold)
    with pytest.raises(IonUnknown):
        bench.perform()
    assert bench.find() == Absent()
    bench.perform()
    bench.factory.release()
    assert bench.effects == [case.mutation]


@every_case
def test_a_refused_connection_is_proved_not_executed(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    bench.factory.once(case.mutation, refuse_the_connection)
    with pytest.raises(IonUnreachable):
        bench.perform()
    assert bench.effects == []


@every_case
def test_arguments_that_are_not_complete_are_refused(case: Case, dialect: Dialect) -> None:
    bench = Bench(case, dialect)
    posted = len(bench.factory.posted)
    for act in (bench.ion.perform, bench.ion.find_effect):
        with pytest.raises(IonRejected, match="expected complete arguments"):
            act(case.operation, {"title": 5}, marker=MARKER)
    assert len(bench.factory.posted) == posted


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
