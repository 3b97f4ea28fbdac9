"""Print jobs as programs ask for them: what has to be signed is not theirs."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import OperatorRefused
from kiosk.journal import Journal, NewJob
from kiosk.model import PreparedLabel, Print
from kiosk.web import Changes
from kiosk.web_rooms import JobRoom
from tests.journal.opened import opened


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(opened(tmp_path)) as made:
        yield made


def printed(journal: Journal, **fields: str) -> str:
    label = Print("part", {"code": "ION/PI/9", **fields}, "inventory/9")
    prepared = PreparedLabel("part", "digest", "ION/PI/9", b"^XA^XZ", b"PNG")
    (job,) = journal.prints.add([NewJob(f"key-{len(fields)}", "dock-1", "zebra", label, prepared)])
    return job.id


def test_the_label_of_a_serial_is_not_a_program_s_to_print_again_where_a_pin_is_asked(
    journal: Journal,
) -> None:
    lot, serial = printed(journal), printed(journal, serialNumber="SN-1")
    asking = JobRoom(journal, {}, Changes(), lambda station: station == "dock-1")
    with pytest.raises(
        OperatorRefused, match="Station 'dock-1' prints the label of a serial with a PIN alone"
    ):
        asking.reprint(serial, 1, None)
    assert len(asking.reprint(lot, 1, None)) == 1
    assert len(JobRoom(journal, {}, Changes()).reprint(serial, 2, None)) == 2
    assert asking.reprint("none", 1, None) == ()
