"""A kiosk that dies while two receipts of a line are in doubt: each is in ION once, and none called refused.

The second was queued while the first stood in ION already and was still in doubt here, so that what the kiosk
knew of the line counted the first twice.
"""

import pytest

from tests.faults.test_model import DocumentedKiosk, Step, walked

FIRST = {"station": "dock-1", "gesture": "once", "fate": "lives", "at": 1}
SECOND = {**FIRST, "station": "dock-2"}
DIES = ("deliver", {"fate": "killed after", "steps": 12})


@pytest.mark.parametrize("what", ["receive_a_lot", "receive_a_serial"])
def test_what_ion_has_is_found_by_the_next_start(what: str) -> None:
    steps: list[Step] = [(what, FIRST), DIES, (what, SECOND), DIES, ("deliver_all", {})]
    walked(DocumentedKiosk, steps)
