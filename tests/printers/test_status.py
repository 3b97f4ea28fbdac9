import pytest

from printers import PrinterState, PrinterStatus, Reason
from printers.status import SILENT, UNREACHABLE


@pytest.mark.parametrize(
    ("status", "is_done", "needs_person", "remedy"),
    [
        (PrinterStatus(PrinterState.READY), True, False, ""),
        (PrinterStatus(PrinterState.PRINTING, (), 3), False, False, ""),
        (PrinterStatus(PrinterState.READY, (Reason.LABEL_TO_TAKE,)), True, False, "Take the label"),
        (PrinterStatus(PrinterState.PAUSED, (Reason.PAUSED,)), False, True, "Press PAUSE on the printer"),
        (
            PrinterStatus(PrinterState.TROUBLE, (Reason.MEDIA_EMPTY, Reason.PAUSED, Reason.HEAD_OPEN)),
            False,
            True,
            "Close the head. Load labels. Press PAUSE on the printer",
        ),
        (
            PrinterStatus(PrinterState.TROUBLE, (Reason.MEMORY_LOST, Reason.DIAGNOSTIC_MODE)),
            False,
            True,
            "Turn the printer off and on",
        ),
        (SILENT, False, True, "Look at the printer: it does not answer"),
        (UNREACHABLE, False, True, "Check that the printer is on and its cable is in"),
    ],
)
def test_status_says_what_a_person_has_to_do(
    status: PrinterStatus, is_done: bool, needs_person: bool, remedy: str
) -> None:
    assert (status.is_done, status.needs_person, status.remedy) == (is_done, needs_person, remedy)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_remedy(reason: Reason) -> None:
    assert PrinterStatus(PrinterState.TROUBLE, (reason,)).remedy
