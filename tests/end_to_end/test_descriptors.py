"""A kiosk that can open nothing any more: no file, no socket, no database (EMFILE, open(2))."""

import resource
import time
from pathlib import Path

import httpx
import pytest

from tests import plain_http
from tests.end_to_end.floor import plant, wait_for
from tests.journal.opened import rows_of

CODES = ("SN-000173", "LOT-2026-0117", "BRKT-1042-07")
BETWEEN_S = 0.2
"""More than a scan's silence, so that each is one of its own."""


def test_scans_are_kept_while_nothing_can_be_opened_and_work_goes_on_after_it(tmp_path: Path) -> None:
    with plant(tmp_path) as floor:
        pid = floor.processes[-1].pid
        usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, usual[1]))
        with pytest.raises(httpx.TimeoutException):
            plain_http.get(f"http://127.0.0.1:{floor.port}/healthz", timeout=1.0)
        for code in CODES:
            floor.gun.scan(f"{code}\r")
            time.sleep(BETWEEN_S)

        def kept() -> tuple[str, ...]:
            with rows_of(tmp_path) as journal:
                return tuple(row[0].decode() for row in journal.execute("SELECT raw FROM scans ORDER BY seq"))

        wait_for(lambda: len(kept()) >= len(CODES), "the scans")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)

        def is_asked_again() -> bool:
            floor.gun.scan("ION/PO/5001\r")
            time.sleep(BETWEEN_S)
            return bool(floor.view()["screen"] == "receive/order")

        wait_for(is_asked_again, "ION to be asked again")
        assert kept()[: len(CODES)] == CODES
        assert floor.client.get(f"http://127.0.0.1:{floor.port}/healthz").json()["status"] == "ok"
