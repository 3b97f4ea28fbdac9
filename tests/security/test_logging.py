"""OWASP ASVS 5.0, 16: what is written down, and in which time."""

import json
import logging
import time
from pathlib import Path

import pytest

from kiosk.errors import OperatorRefused
from kiosk.log_lines import JsonLine
from kiosk.operators import Doorway
from kiosk.settings import PeopleSettings
from tests.journal.opened import rows_of
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People


def test_times_in_the_log_are_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    record = logging.LogRecord("kiosk", logging.INFO, "", 0, "text", None, None)
    record.created = 0.0
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert json.loads(JsonLine().format(record))["at"] == "1970-01-01T00:00:00.000+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_who_is_refused_at_the_door_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    people = People(tmp_path)
    people.come("7")
    door = Doorway(people.register, people.gate, PeopleSettings(), note=people.journal.note)
    for badge in ("7", "99", f" {MIA_PIN.digits}"):
        with pytest.raises(OperatorRefused):
            door.sign_in(badge, "000001")
    assert [record.getMessage() for record in caplog.records] == [
        "On other machines a PIN of id-7 was wrong",
        "On other machines somebody came with the badge 99, which is nobody's",
        "On other machines somebody came with the badge (not told: it may be a PIN), which is nobody's",
    ]
    assert "000001" not in caplog.text
    assert MIA_PIN.digits not in caplog.text
    people.journal.close()


def test_who_came_and_went_is_in_the_audit(tmp_path: Path) -> None:
    people = People(tmp_path)
    people.come("7")
    door = Doorway(people.register, people.gate, PeopleSettings(), note=people.journal.note)
    door.sign_out(door.sign_in("7", MIA_PIN.digits))
    people.journal.close()
    with rows_of(tmp_path) as connection:
        said = connection.execute("SELECT event FROM audit WHERE station = 'other machines'").fetchall()
    assert [event for (event,) in said if event.startswith("signed")] == ["signed-in", "signed-out"]
