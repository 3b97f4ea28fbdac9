"""Every change that the kiosk's flows send, as the fault matrix sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from kiosk.model import Json
from kiosk.simulator.schema import Dialect
from tests.faults.site import PHOTO
from tests.ion.test_over_http import LOT, MOVE, SERIALS

__all__ = ["CASES", "Case"]

_COUNT: dict[str, Json] = {
    "inventory_id": "9017",
    "kind": "recount",
    "quantity": "80",
    "from_quantity": "84",
    "reason": "Count",
}
_SCRAP: dict[str, Json] = {**_COUNT, "kind": "scrap", "quantity": "4"}
_VALUE: dict[str, Json] = {
    "run_id": "1202",
    "step_id": "6",
    "field_id": "7",
    "type": "STRING",
    "from_value": None,
    "value": "LOT-2026-0117",
}
_PHOTO: dict[str, Json] = {
    "entity_id": "7000006",
    "filename": "scratch-3f2a.jpg",
    "content_type": "image/jpeg",
    "digest": sha256(PHOTO).hexdigest(),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One change on a fresh seed."""

    name: str
    dialect: Dialect
    operation: str
    arguments: Mapping[str, Json]
    mutation: str
    """The mutation that has the effect, by which the ledger is judged."""
    effects: int = 1
    undone_by: str = ""
    """The mutation that takes away one effect."""
    has_lock: bool = True
    """Whether ION itself refuses a second copy: by etag, or since a serial exists."""
    is_absolute: bool = False
    """Whether a second effect is the same again, which changes nothing."""
    can_look: bool = True
    """Whether this tenant lists what was made."""

    def count(self, ledger: list[str]) -> int:
        """Return how many effects stand."""
        count = ledger.count(self.mutation) - ledger.count(self.undone_by)
        return min(count, self.effects) if self.is_absolute else count


def _step(status: str, before: str) -> dict[str, Json]:
    return {"run_id": "1202", "step_id": "6", "status": status, "from_status": before}


CASES = (
    Case("lot", "classic", "receive", LOT, "addItemsToReceipt"),
    Case("serials", "classic", "receive", SERIALS, "addItemsToReceipt"),
    Case("line lot", "documented-2026", "receive", LOT, "receivePurchaseOrderLine", has_lock=False),
    Case("line serials", "documented-2026", "receive", SERIALS, "receivePurchaseOrderLine", 2),
    Case("move", "classic", "move", MOVE, "updatePartInventory"),
    Case("transfer", "documented-2026", "move", MOVE, "adjustInventory", has_lock=False, is_absolute=True),
    Case("recount", "classic", "adjust", _COUNT, "updatePartInventory"),
    Case("scrap", "classic", "adjust", _SCRAP, "updatePartInventory"),
    Case(
        "line recount",
        "documented-2026",
        "adjust",
        _COUNT,
        "adjustInventory",
        has_lock=False,
        is_absolute=True,
    ),
    Case("line scrap", "documented-2026", "adjust", _SCRAP, "adjustInventory", has_lock=False),
    Case("step", "classic", "set_step_status", _step("HOLD", "IN_PROGRESS"), "updateRunStep"),
    Case(
        "run",
        "documented-2026",
        "set_run_status",
        {"run_id": "1201", "status": "IN_PROGRESS", "from_status": "PENDING"},
        "updateRun",
    ),
    Case("value", "classic", "set_field_value", _VALUE, "updateRunStepFieldValue"),
    Case(
        "new run",
        "classic",
        "create_run",
        {"procedure_id": "12", "inventory_id": "9001", "title": "Build 7"},
        "createRun",
        has_lock=False,
    ),
    Case(
        "line new run",
        "documented-2026",
        "create_run",
        {"procedure_id": "12", "inventory_id": "9001", "title": "Build 7"},
        "createRun",
        has_lock=False,
    ),
    Case(
        "issue",
        "classic",
        "create_issue",
        {"title": "Scratch", "run_id": "1202", "run_step_id": "6", "cause": "Dropped it"},
        "createIssue",
        has_lock=False,
    ),
    Case(
        "photo",
        "classic",
        "attach_file",
        _PHOTO,
        "createFileAttachment",
        undone_by="deleteFileAttachment",
        has_lock=False,
    ),
    Case(
        "line photo",
        "documented-2026",
        "attach_file",
        _PHOTO,
        "createFileAttachment",
        has_lock=False,
        can_look=False,
    ),
)
