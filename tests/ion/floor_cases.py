"""Every change that flows make, on a fresh seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Finding
from kiosk.simulator.schema import Dialect
from tests.ion.factory import Factory

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
    "a part moved": Case(
        "move_part",
        {
            "inventory_id": "9017",
            "quantity": "4",
            "from_quantity": "84",
            "location_id": "4",
            "from_location_id": "5",
        },
        "adjustInventory",
        "inventory.quantity=80",
        ("documented-2026", "both"),
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
