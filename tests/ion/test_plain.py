"""The operations of the tables against the simulator, their answers or requests lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.errors import IonRejected, IonUnknown, IonUnsupported
from kiosk.ion import Ion
from kiosk.ion.plain import COMPUTED_QUESTIONS, PLAIN_CHANGES, PLAIN_QUESTIONS, Kind
from kiosk.model import Asked, Json, Question, Run
from kiosk.ports import Absent, Finding, Found, Unsure
from kiosk.simulator.schema import Dialect
from tests.ion.factory import LATE, Factory, hold, lose_the_answer, lose_the_request

MARKER = "k:dock-1:17:9f3c"
Arguments = dict[str, Json]


def nothing(_ion: Ion) -> Arguments:
    return {}


def redlined(ion: Ion) -> Arguments:
    ion.perform(
        "set_step_status",
        {"run_id": "1201", "step_id": "2", "status": "REDLINE", "from_status": "TODO"},
        marker="k:before",
    )
    return {}


def with_edge(ion: Ion) -> Arguments:
    redlined(ion)
    made = ion.perform("add_redline_step", {"run_id": "1201", "title": "Dry"}, marker="k:step")
    step = _inner(made, "changed")["id"]
    made = ion.perform("add_step_edge", {"run_step_id": step, "upstream_step_id": "1"}, marker="k:edge")
    return {"run_step_id": step, "edge_id": _inner(made, "changed")["id"]}


def with_new_step(ion: Ion) -> Arguments:
    redlined(ion)
    made = ion.perform("add_redline_step", {"run_id": "1201", "title": "Dry"}, marker="k:step")
    return {"run_step_id": _inner(made, "changed")["id"]}


def with_draft_in_review(ion: Ion) -> Arguments:
    ion.perform("submit_procedure", {"procedure_id": "16"}, marker="k:before")
    return {}


def with_request(ion: Ion) -> Arguments:
    with_draft_in_review(ion)
    made = ion.perform("request_review", {"procedure_id": "16", "reviewer_id": "42"}, marker="k:request")
    return {"review_request_id": _inner(made, "changed")["id"]}


def with_receiver(ion: Ion) -> Arguments:
    made = ion.perform(
        "create_webhook_receiver", {"name": "Kiosk", "uri": "https://kiosk.test/hook"}, marker="k:before"
    )
    return {"receiver_id": _inner(made, "changed")["id"]}


def with_subscription(ion: Ion) -> Arguments:
    receiver = with_receiver(ion)
    made = ion.perform(
        "subscribe_webhook", {**receiver, "resource": "RUN", "action": "UPDATE"}, marker="k:sub"
    )
    return {"subscription_id": _inner(made, "changed")["id"]}


def with_asset(ion: Ion) -> Arguments:
    tenant = ion._tenancy.tenant()
    redlined(ion)
    (question,) = [Question(Asked.RUN_ID, "1201")]
    (run,) = ion.ask([question])[question]
    assert isinstance(run, Run)
    entity = run.steps[1].entity_id
    call = tenant.catalogue.calls("add_asset")["CreateAttachment"]
    made = tenant.send(call, {"filename": "drawing.png", "entity": entity})["attachment"]["made"]
    return {"file_id": str(made["id"])}


def with_stock(ion: Ion) -> Arguments:
    arguments: Arguments = {"part_id": "107", "quantity": "12", "lot": "LOT-9", "location_id": "4"}
    made = ion.perform("create_inventory", arguments, marker="k:stock")
    return {"inventory_id": _inner(made, "inventory")["id"]}


def with_receipt(ion: Ion) -> Arguments:
    tenant = ion._tenancy.tenant()
    call = tenant.catalogue.calls("receive")["CreateReceipt"]
    made = tenant.send(call, {"order": "5001", "marker": "k:empty"})["createReceipt"]["receipt"]
    return {"receipt_id": str(made["id"]), "etag": made["etag"]}


def _inner(result: Mapping[str, Json], name: str) -> dict[str, Any]:
    inner = result[name]
    assert isinstance(inner, dict)
    return inner


@dataclass(frozen=True)
class Case:
    """One row of the table of changes, on a fresh seed."""

    arguments: Arguments
    mutation: str
    prepare: Callable[[Ion], Arguments] = nothing


CASES = {
    "edit_redline": Case({"run_step_id": "2", "title": "Install O-rings dry"}, "updateRunStep", redlined),
    "add_redline_step": Case({"run_id": "1201", "title": "Dry"}, "createRunStep", redlined),
    "add_step_edge": Case({"upstream_step_id": "1"}, "createRunStepEdge", with_new_step),
    "remove_step_edge": Case({}, "deleteRunStepEdge", with_edge),
    "cancel_redline": Case({"run_step_id": "2"}, "cancelRunStepRedline", redlined),
    "archive_run": Case({"run_id": "1204"}, "archiveRun"),
    "create_kit": Case({"assigned_to_id": "42", "delivery_location_id": "4"}, "createPartKit"),
    "create_kit_for_run": Case({"run_id": "1202"}, "createKitForRun"),
    "add_kit_item": Case({"kit_id": "1", "part_id": "105", "quantity": "2"}, "createPartKitItem"),
    "set_kit_status": Case({"kit_id": "1", "status": "DELIVERED"}, "updatePartKit"),
    "issue_to_kit": Case(
        {"kit_id": "1", "kit_item_id": "2", "inventory_id": "9017", "quantity": "2"}, "issueItemToKit"
    ),
    "take_from_kit": Case({"kit_id": "1", "kit_item_id": "1", "inventory_id": "9013"}, "moveItemToInventory"),
    "submit_procedure": Case({"procedure_id": "16"}, "updateProcedure"),
    "request_review": Case(
        {"procedure_id": "16", "reviewer_id": "42"}, "createReviewRequest", with_draft_in_review
    ),
    "withdraw_review_request": Case({"procedure_id": "16"}, "deleteReviewRequest", with_request),
    "add_review": Case(
        {"procedure_id": "16", "status": "PENDING", "comment": "Looks right"},
        "createReview",
        with_draft_in_review,
    ),
    "delete_inventory": Case({}, "deletePartInventory", with_stock),
    "delete_receipt": Case({}, "deleteReceipt", with_receipt),
    "delete_file": Case({"file_id": "1"}, "deleteFileAttachment"),
    "delete_asset": Case({}, "deleteAsset", with_asset),
    "render_label": Case({"entity_id": "3000004", "template_id": "12"}, "createBarcodeLabel"),
    "teach_pattern": Case(
        {"entity_type": "LOCATIONS", "expression": "LOC-(?P<name>.*)"}, "createBarcodePattern"
    ),
    "create_webhook_receiver": Case(
        {"name": "Kiosk", "uri": "https://kiosk.test/hook", "expected_code": "204"}, "createWebhookReceiver"
    ),
    "delete_webhook_receiver": Case({}, "deleteWebhookReceiver", with_receiver),
    "subscribe_webhook": Case(
        {"resource": "RUN", "action": "UPDATE"}, "createWebhookSubscription", with_receiver
    ),
    "delete_webhook_subscription": Case({}, "deleteWebhookSubscription", with_subscription),
}
DIALECTS: tuple[Dialect, ...] = ("classic", "both")


class Bench:
    """A factory with its gateway, prepared for one case."""

    def __init__(self, operation: str, dialect: Dialect) -> None:
        case = CASES[operation]
        self.operation, self.mutation = operation, case.mutation
        self.factory = Factory(dialect)
        self.ion = self.factory.gateway()
        self.arguments = {**case.prepare(self.ion), **case.arguments}
        self._before = len(self.factory.effects)

    @property
    def effects(self) -> list[str]:
        return [name for name in self.factory.effects[self._before :] if name == self.mutation]

    def perform(self) -> Mapping[str, Json]:
        return self.ion.perform(self.operation, self.arguments, marker=MARKER)

    def find(self) -> Finding:
        return self.ion.find_effect(self.operation, self.arguments, marker=MARKER)


def test_every_row_has_its_case() -> None:
    assert CASES.keys() == PLAIN_CHANGES.keys()
    assert QUESTIONS.keys() == PLAIN_QUESTIONS.keys() | COMPUTED_QUESTIONS.keys()


every_change = pytest.mark.parametrize(
    ("operation", "dialect"), [(name, dialect) for name in CASES for dialect in DIALECTS]
)


@every_change
def test_a_plain_change_is_made_once(operation: str, dialect: Dialect) -> None:
    bench = Bench(operation, dialect)
    assert "changed" in bench.perform()
    assert bench.effects == [bench.mutation]
    expected = {Kind.CREATION: Unsure, Kind.RENDERING: Absent}
    assert isinstance(bench.find(), expected.get(PLAIN_CHANGES[operation].kind, Found))


@every_change
def test_a_plain_change_without_an_answer_is_found(operation: str, dialect: Dialect) -> None:
    bench = Bench(operation, dialect)
    bench.factory.once(bench.mutation, lose_the_answer)
    with pytest.raises(IonUnknown):
        bench.perform()
    is_rendering = PLAIN_CHANGES[operation].kind is Kind.RENDERING
    assert isinstance(bench.find(), Absent if is_rendering else Found)
    assert bench.effects == [bench.mutation]


@every_change
def test_a_plain_change_that_was_lost_is_told_apart(operation: str, dialect: Dialect) -> None:
    bench = Bench(operation, dialect)
    bench.factory.once(bench.mutation, lose_the_request)
    with pytest.raises(IonUnknown):
        bench.perform()
    finding = bench.find()
    if operation in UNFENCED:
        assert finding == LATE
        return
    assert finding == Absent()
    bench.perform()
    assert bench.effects == [bench.mutation]


UNFENCED = {name for name, row in PLAIN_CHANGES.items() if row.kind is Kind.CREATION} | {"issue_to_kit"}
HARMLESS = sorted(PLAIN_CHANGES.keys() - UNFENCED - {"render_label"})


@pytest.mark.parametrize("operation", HARMLESS)
def test_a_late_copy_does_no_harm(operation: str) -> None:
    bench = Bench(operation, "classic")
    bench.factory.once(bench.mutation, hold)
    with pytest.raises(IonUnknown):
        bench.perform()
    assert bench.find() == Absent()
    bench.perform()
    bench.factory.release()
    assert isinstance(bench.find(), Found)
    assert len(bench.effects) == 1 or PLAIN_CHANGES[operation].kind is Kind.MEMBERSHIP


QUESTIONS: dict[str, tuple[Arguments, str, tuple[Dialect, ...]]] = {
    "who_am_i": ({}, "user", ("classic", "documented-2026", "both")),
    "serialized_units": ({"part_id": "101"}, "units", ("classic", "documented-2026", "both")),
    "stock_by_location": ({"part_id": "107"}, "stock", ("classic", "documented-2026", "both")),
    "procedure_with_steps": ({"procedure_id": "12"}, "procedure", ("classic", "documented-2026", "both")),
    "review_requests": ({"procedure_id": "16"}, "requests", ("classic", "both")),
    "reviews": ({"procedure_id": "16"}, "reviews", ("classic", "both")),
    "file": ({"file_id": "1"}, "file", ("classic", "documented-2026", "both")),
    "files_of": ({"entity_id": "1"}, "files", ("classic", "both")),
    "unattached_files": ({}, "files", ("classic", "both")),
    "label_templates": ({"entity_type": "LOCATIONS"}, "templates", ("classic", "both")),
    "barcode_patterns": ({}, "patterns", ("classic", "both")),
    "webhook_receivers": ({}, "receivers", ("classic", "both")),
    "webhook_subscriptions": ({}, "subscriptions", ("classic", "both")),
    "abom": ({"inventory_id": "9008"}, "inventories", ("classic", "documented-2026", "both")),
    "kits": ({"status": "IN_PROGRESS"}, "kits", ("classic", "both")),
    "sessions_of": ({"run_step_id": "6"}, "sessions", ("classic", "both")),
    "abom_tree": ({"inventory_id": "9008"}, "abom_tree", ("classic", "documented-2026", "both")),
    "compare_aboms": (
        {"inventory_id": "9007", "other_id": "9008"},
        "compare_aboms",
        ("classic", "documented-2026", "both"),
    ),
}


@pytest.mark.parametrize(
    ("operation", "dialect"), [(name, each) for name, row in QUESTIONS.items() for each in row[2]]
)
def test_a_plain_question_has_its_answer(operation: str, dialect: Dialect) -> None:
    arguments, root, _ = QUESTIONS[operation]
    ion = Factory(dialect).gateway()
    assert operation in ion.questions
    answer = ion.ask_plain(operation, arguments)
    assert list(answer) == [root]
    assert all(isinstance(row, dict) for row in answer[root])


def test_a_template_can_be_asked_for_by_what_it_is_for() -> None:
    ion = Factory("classic").gateway()
    (only,) = ion.ask_plain("label_templates", {"entity_type": "LOCATIONS"})["templates"]
    assert isinstance(only, dict)
    assert only["name"] == "Location 2 x 1"
    assert len(ion.ask_plain("label_templates", {})["templates"]) == 4


def test_a_label_that_ion_renders_is_zpl() -> None:
    bench = Bench("render_label", "classic")
    assert str(_inner(bench.perform(), "changed")["zpl"]).startswith("^XA")


def test_what_the_kiosk_keeps_with_a_label_is_not_sent() -> None:
    bench = Bench("render_label", "classic")
    kept: dict[str, Json] = {"template": "Location 2 x 1", "title": "WH", "code": "ION/LOC/4", "copies": 2}
    bench.arguments |= kept
    bench.perform()
    assert bench.effects == [bench.mutation]
    bench.arguments |= {"colour": "red"}
    with pytest.raises(IonRejected, match="colour: Extra inputs are not permitted"):
        bench.perform()


def test_a_kiosks_permissions_can_be_read() -> None:
    (user,) = Factory("classic").gateway().ask_plain("who_am_i", {})["user"]
    assert isinstance(user, dict)
    assert user["permissions"]


def test_units_without_a_serial_are_none_and_their_parents_are_told() -> None:
    for dialect in ("classic", "documented-2026"):
        ion = Factory(dialect).gateway()
        units = ion.ask_plain("serialized_units", {"part_id": "101"})["units"]
        assert units
        assert all(isinstance(row, dict) and row["serial"] for row in units)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("abom", {}),
        ("abom", {"inventory_id": ""}),
        ("abom", {"inventory_id": "9008", "depth": "3"}),
        ("compare_aboms", {"inventory_id": "9008"}),
        ("kits", {"status": "in progress"}),
    ],
)
def test_a_question_takes_what_the_table_says_and_no_more(operation: str, arguments: Arguments) -> None:
    with pytest.raises(IonRejected, match="expected complete arguments"):
        Factory("classic").gateway().ask_plain(operation, arguments)


@pytest.mark.parametrize("operation", sorted(PLAIN_CHANGES))
def test_a_change_takes_what_the_table_says_and_no_more(operation: str) -> None:
    factory = Factory("classic")
    with pytest.raises(IonRejected, match="expected complete arguments"):
        factory.gateway().perform(operation, {"levitate": "1"}, marker=MARKER)
    assert factory.posted == []


def test_an_address_for_hooks_is_an_address() -> None:
    with pytest.raises(IonRejected, match="uri: "):
        Factory("classic").gateway().perform(
            "create_webhook_receiver", {"name": "x", "uri": "javascript:alert(1)"}, marker=MARKER
        )


def test_what_nobody_knows_is_unsupported() -> None:
    ion = Factory("classic").gateway()
    with pytest.raises(IonUnsupported, match="Question 'dance': expected one of who_am_i"):
        ion.ask_plain("dance", {})
    with pytest.raises(IonUnsupported, match="'kits': expected a document that fits"):
        Factory("documented-2026").gateway().ask_plain("kits", {})


def test_an_unknown_object_is_a_refusal() -> None:
    ion = Factory("classic").gateway()
    with pytest.raises(IonRejected):
        ion.perform("archive_run", {"run_id": "99999"}, marker=MARKER)
    assert isinstance(ion.find_effect("delete_file", {"file_id": "99999"}, marker=MARKER), Found)
