"""What ION refuses waits for a person, who decides on the page."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.ion import Ion
from kiosk.settings import load_settings
from tests import plain_http
from tests.end_to_end.floor import Plant, plant, wait_for

ORDER, SERIAL_PART = 5001, "VLV-4410"


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path) as running:
        yield running


def _received_elsewhere(dock: Plant, serial: str) -> None:
    """Let somebody enter the unit in ION by other ways."""
    given = {"part_id": "105", "quantity": "1", "serial": serial, "location_id": "4"}
    with closing(Ion(load_settings(dock.folder / "kiosk.toml").ion)) as ion:
        ion.perform("create_inventory", given, marker="by hand")


def test_a_serial_that_ion_has_already_is_given_up_on_the_page(dock: Plant) -> None:
    for text in (f"ION/PO/{ORDER}", SERIAL_PART, "SN-TWICE-1"):
        dock.gun.scan(text)
    dock.wait_for_screen("receive/line", serials=["SN-TWICE-1"])
    dock.go_wrong({"operation": "createReceipt", "kind": "rate_limit", "seconds": 3})
    dock.gun.scan("ION/CMD/CONFIRM")
    wait_for(lambda: dock.view()["waiting"] == 1, "the receipt to wait")
    _received_elsewhere(dock, "SN-TWICE-1")
    dock.wait_for_message("ION did not take it")
    assert dock.view()["parked"] == 1
    with plain_http.Client(base_url=f"http://127.0.0.1:{dock.port}") as browser:
        page = browser.get("/parked?station=dock-1").text
        assert f"Receive 1 × {SERIAL_PART}" in page
        assert "SN-TWICE-1" in page
        token = re.search(r"X-CSRF-Token&#34;: &#34;([0-9a-f]+)|X-CSRF-Token\": \"([0-9a-f]+)", page)
        path = re.search(r'"(/parked/[0-9a-f]{32})"', page)
        assert token is not None
        assert path is not None
        headers = {"X-CSRF-Token": token[1] or token[2]}
        found = browser.post(f"{path[1]}/look", headers=headers)
        assert "ION" in found.text
        left = browser.post(path[1], data={"choice": "give-up", "why": "Counted twice"}, headers=headers)
        assert "Nothing waits for a person." in left.text
    wait_for(lambda: dock.view()["parked"] == 0, "the count of what waits")
    assert len(dock.stock(serialNumber="SN-TWICE-1")) == 1
