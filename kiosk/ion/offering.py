"""Every operation of the kiosk, and what its document must hold."""

from collections.abc import Mapping
from typing import Final

from kiosk.ion.plain import PLAIN_CHANGES, PLAIN_QUESTIONS, Kind

__all__ = ["CHANGES", "LOOK_UPS", "OPERATIONS"]

LOOK_UPS: Final = (
    "inventory_by_id",
    "inventory_by_uid",
    "inventory_by_serial",
    "inventory_by_lot",
    "part_by_id",
    "part_by_number",
    "part_by_text",
    "stock_at",
    "order_by_id",
    "order_by_number",
    "open_orders",
    "run_by_id",
    "run_by_uid",
    "runs_of",
    "open_runs",
    "procedure_by_id",
    "released_procedures",
    "issue_by_id",
    "issues_of_step",
    "issues_of_inventory",
    "open_issues",
    "kit_by_id",
    "kit_by_uid",
    "location_by_id",
    "location_by_uid",
    "location_by_name",
    "locations",
)
"""Their documents hold a single query of any name."""

CHANGES: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "receive": (
        frozenset({"ReceiptsOf", "CreateReceipt", "AddItems", "TouchReceipt"}),
        frozenset({"ReceiveLine", "OrderOf", "RowsOf"}),
    ),
    "undo_receipt": (frozenset({"ReceiptOf", "TakeOut"}),),
    "move": (frozenset({"InventoryOf", "MoveWithEtag"}), frozenset({"InventoryOf", "Transfer"})),
    "move_part": (frozenset({"InventoryOf", "TransferPart"}),),
    "adjust": (frozenset({"InventoryOf", "Recount"}), frozenset({"InventoryOf", "Adjust"})),
    "create_inventory": (frozenset({"RowsLike", "CreateInventory"}),),
    "install": (
        frozenset({"InventoryOf", "InstalledOf", "Install"}),
        frozenset({"InventoryOf", "InstallItem"}),
    ),
    "uninstall": (frozenset({"InventoryOf", "Uninstall"}),),
    "create_run": (frozenset({"RunsLike", "CreateRun"}),),
    "set_run_status": (frozenset({"RunOf", "ChangeRun"}),),
    "cancel_run": (frozenset({"RunOf", "ChangeStep"}), frozenset({"RunOf", "CancelRun"})),
    "set_step_status": (frozenset({"RunOf", "ChangeStep"}),),
    "set_field_value": (frozenset({"RunOf", "ChangeField"}),),
    "create_issue": (frozenset({"IssuesLike", "CreateIssue"}),),
    "update_issue": (frozenset({"IssueOf", "ChangeIssue"}),),
    "attach_file": (
        frozenset({"CreateAttachment", "DeleteAttachment", "FileOf"}),
        frozenset({"RequestUpload", "RegisterUpload"}),
    ),
    "add_asset": (frozenset({"CreateAttachment", "DeleteAttachment", "FileOf"}),),
    "check_in": (frozenset({"SessionsOf", "CheckIn"}),),
    "check_out": (frozenset({"SessionsOf", "CheckOut"}),),
}
"""The named GraphQL operations that a change's document must hold: one of these sets.

A document may hold more that are marked ``@optional``.
"""

_PLAIN: Final = (frozenset({"Now", "Change"}),)

OPERATIONS: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    **dict.fromkeys((*LOOK_UPS, *PLAIN_QUESTIONS), ()),
    **CHANGES,
    **{
        operation: (frozenset({"Change"}),) if row.kind is Kind.RENDERING else _PLAIN
        for operation, row in PLAIN_CHANGES.items()
    },
}
"""All of them; a look-up has no sets."""
