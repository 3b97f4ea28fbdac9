"""The changes ION can make: how each is made once, and how its effect is found."""

from collections.abc import Mapping
from typing import Any, Final

from kiosk.errors import IonUnsupported
from kiosk.ion.changes.base import Change
from kiosk.ion.changes.checked_receipt import CheckedReceipt
from kiosk.ion.changes.errand import Errand
from kiosk.ion.changes.files import ByAttachment, ByUpload
from kiosk.ion.changes.issues import ChangedIssue, NewIssue
from kiosk.ion.changes.labour import CheckedIn, CheckedOut
from kiosk.ion.changes.lines import ByLine
from kiosk.ion.changes.memory import Memory
from kiosk.ion.changes.plain import plain_change
from kiosk.ion.changes.receipts import ByReceipt
from kiosk.ion.changes.runs import CanceledRun, EnteredValue, NewRun, RunStatus, StepStatus
from kiosk.ion.changes.stock import (
    AdjustedInventory,
    InstalledInventory,
    InstalledItem,
    MovedInventory,
    MovedPart,
    NewInventory,
    UninstalledInventory,
)
from kiosk.ion.changes.undone_receipt import UndoneReceipt
from kiosk.ion.plain import PLAIN_CHANGES
from kiosk.ion.wording import quoted
from kiosk.model import Json
from kiosk.words import told

__all__ = ["CHANGES", "Change", "Errand", "Memory", "change"]

CHANGES: Final[Mapping[str, tuple[type[Change[Any]], ...]]] = {
    "receive": (ByReceipt, ByLine),
    "check_receipt": (CheckedReceipt,),
    "undo_receipt": (UndoneReceipt,),
    "move": (MovedInventory,),
    "move_part": (MovedPart,),
    "adjust": (AdjustedInventory,),
    "create_inventory": (NewInventory,),
    "install": (InstalledInventory, InstalledItem),
    "uninstall": (UninstalledInventory,),
    "create_run": (NewRun,),
    "set_run_status": (RunStatus,),
    "cancel_run": (CanceledRun,),
    "set_step_status": (StepStatus,),
    "set_field_value": (EnteredValue,),
    "create_issue": (NewIssue,),
    "update_issue": (ChangedIssue,),
    "attach_file": (ByAttachment, ByUpload),
    "add_asset": (ByAttachment,),
    "check_in": (CheckedIn,),
    "check_out": (CheckedOut,),
}
"""Which class makes which change; of two the one whose document the tenant's schema fits."""


def change(errand: Errand, arguments: Mapping[str, Json]) -> Change[Any]:
    """Return a change with its arguments checked; nothing is sent.

    Raises:
        IonUnsupported: nobody knows such an operation.
        IonRejected: the arguments are not complete.
    """
    if errand.operation in PLAIN_CHANGES:
        return plain_change(errand, arguments)
    kinds = CHANGES.get(errand.operation)
    if kinds is None:
        known = ", ".join([*CHANGES, *PLAIN_CHANGES])
        raise IonUnsupported(
            told(
                "Change {operation}: expected one of {names}", operation=quoted(errand.operation), names=known
            )
        )
    kind = kinds[0] if len(kinds) == 1 or kinds[0].fits(errand.calls) else kinds[1]
    return kind(errand, arguments)
