"""From a scanner's bytes to ION and to a printer's bytes, through a real process."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import plain_http
from tests.end_to_end.floor import Plant, plant, wait_for

ORDER, LOT_PART, SERIAL_PART = 5001, "ORNG-2-214", "VLV-4410"
RUN = 1204


@pytest.fixture(params=["both", "classic", "documented-2026"])
def floor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path, request.param) as running:
        yield running


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path) as running:
        yield running


def _received(floor: Plant, part: str) -> float:
    data = floor.data()
    (part_id,) = [one["id"] for one in data["parts"] if one["partNumber"] == part]
    (order,) = [one for one in data["purchaseOrders"] if str(one["id"]) == str(ORDER)]
    (line,) = [one for one in order["lines"] if one["partId"] == part_id]
    return float(line["receivedQuantity"])


def test_a_lot_is_received_by_scanning_alone_and_its_label_is_scanned(floor: Plant) -> None:
    before = _received(floor, LOT_PART)
    for text in (f"ION/PO/{ORDER}", LOT_PART, "ION/CMD/QUANTITY/5", "LOT-E2E-1", "ION/CMD/CONFIRM"):
        floor.gun.scan(text)
    floor.wait_for_message("ION has it", LOT_PART)

    (row,) = wait_for(lambda: floor.stock(lotNumber="LOT-E2E-1"), "the stock in ION")
    assert float(row["quantity"]) == 5
    assert _received(floor, LOT_PART) == before + 5

    (code,) = wait_for(floor.printer.codes, "a label at the printer")
    floor.gun.scan(code)
    view = floor.wait_for_screen("lookup/inventory")
    shown = view["state"]["inventory"]
    assert (shown["lot"], shown["quantity"], shown["location"]["name"]) == ("LOT-E2E-1", "5", "WH-Receiving")
    assert view["waiting"] == view["parked"] == 0


def test_a_suppliers_label_is_received_once(dock: Plant) -> None:
    before = _received(dock, LOT_PART)
    fields = ("KPO-10482", f"P{LOT_PART}", "Q5", "1TLOT-SUP-1", "9D2245", "3SBOX-E2E-1")
    label = "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields))
    dock.gun.scan(label)
    dock.wait_for_screen("receive/line", quantity="5", lot="LOT-SUP-1", date_code="2245")
    dock.gun.scan("ION/CMD/CONFIRM")
    dock.wait_for_message("ION has it", LOT_PART)
    assert _received(dock, LOT_PART) == before + 5
    dock.gun.scan("ION/CMD/HOME")
    dock.gun.scan(label)
    dock.wait_for_screen("home/agree", agrees="again")
    dock.gun.scan("ION/CMD/BACK")
    dock.wait_for_screen("receive/order")
    assert _received(dock, LOT_PART) == before + 5


def test_serials_are_counted_one_scan_a_unit_and_each_gets_its_label(floor: Plant) -> None:
    for text in (f"ION/PO/{ORDER}", SERIAL_PART, "SN-E2E-1", "SN-E2E-2", "SN-E2E-1"):
        floor.gun.scan(text)
    floor.wait_for_message("SN-E2E-1", "already")
    floor.gun.scan("ION/CMD/CONFIRM")
    floor.wait_for_message("ION has it", SERIAL_PART)
    assert [len(floor.stock(serialNumber=serial)) for serial in ("SN-E2E-1", "SN-E2E-2")] == [1, 1]
    codes = wait_for(lambda: codes if len(codes := floor.printer.codes()) == 2 else None, "two labels")
    assert len(set(codes)) == 2


def test_a_run_is_started_and_completed_by_scanning_alone(floor: Plant) -> None:
    floor.gun.scan(f"ION/RUN/{RUN}")
    view = floor.wait_for_screen("run/run")
    while view["state"]["can_start"] or view["state"]["can_complete"]:
        verb, words = ("START", "started") if view["state"]["can_start"] else ("COMPLETE", "complete")
        floor.gun.scan(f"ION/CMD/{verb}")
        floor.wait_for_message("ION has it", words)
        view = floor.view()
    (run,) = [run for run in floor.data()["runs"] if str(run["id"]) == str(RUN)]
    assert run["status"].upper() == "COMPLETE"
    assert {step["status"].upper() for step in run["steps"]} == {"COMPLETE"}
    floor.gun.scan("ION/CMD/PRINT")
    (code,) = wait_for(floor.printer.codes, "the run's label")
    floor.gun.scan("ION/CMD/HOME")
    floor.gun.scan(code)
    assert floor.wait_for_screen("run/run")["state"]["run"]["id"] == str(RUN)


def test_a_traveler_comes_out_and_each_of_its_codes_leads_to_its_step(dock: Plant) -> None:
    dock.gun.scan(f"ION/RUN/{RUN}")
    steps = dock.wait_for_screen("run/run")["state"]["run"]["steps"]
    dock.gun.scan("ION/CMD/PRINT/TRAVELER")
    (codes,) = wait_for(dock.printer.square_codes, "the traveler")
    assert {f"ION/STEP/{RUN}:{step['id']}" for step in steps} < set(codes)
    assert len(codes) == len(steps) + 1
    for step in steps:
        dock.gun.scan("ION/CMD/HOME")
        dock.wait_for_screen("home/idle")
        dock.gun.scan(f"ION/STEP/{RUN}:{step['id']}")
        assert dock.wait_for_screen("run/run", scanned=step["id"])["state"]["run"]["id"] == str(RUN)


def test_a_label_that_ion_draws_comes_out_as_it_drew_it(dock: Plant) -> None:
    dock.gun.scan("WH-Receiving")
    dock.wait_for_screen("lookup/location")
    dock.gun.scan("ION/CMD/FLOW/LABEL")
    dock.wait_for_screen("label/label", next="ION: Location 2 x 1", count="2")
    dock.gun.scan("ION/CMD/NEXT")
    dock.wait_for_screen("label/label", is_by_ion=True)
    dock.gun.scan("ION/CMD/PRINT")
    (zpl,) = wait_for(lambda: dock.printer.jobs, "the label that ION drew")
    assert zpl.startswith("^XA\n^FO20,15^BQN")
    assert "^FDWH-Receiving^FS" in zpl
    assert [effect["operation"] for effect in dock.effects()] == ["createBarcodeLabel"]
    assert dock.view()["parked"] == 0


def test_the_same_works_through_the_api(dock: Plant) -> None:
    for text in (f"ION/PO/{ORDER}", LOT_PART, "ION/CMD/QUANTITY/7", "LOT-API-1", "ION/CMD/CONFIRM"):
        assert dock.post("scans", {"station": "dock-1", "text": text}).status_code == 202
    dock.wait_for_message("ION has it", LOT_PART)
    (row,) = dock.stock(lotNumber="LOT-API-1")
    assert float(row["quantity"]) == 7


def test_a_repeated_request_finds_its_first_answer(dock: Plant) -> None:
    for text in (f"ION/PO/{ORDER}", SERIAL_PART):
        dock.post("scans", {"station": "dock-1", "text": text})
    dock.wait_for_screen("receive/line")
    first = dock.post("scans", {"station": "dock-1", "text": "SN-KEY-1"}, key="one").json()["receipt"]
    again = dock.post("scans", {"station": "dock-1", "text": "SN-KEY-1"}, key="one").json()["receipt"]
    assert first["id"] == again["id"]
    dock.wait_for_screen("receive/line", serials=["SN-KEY-1"])


@pytest.mark.parametrize(
    "data", [b"", bytes(range(256)), b"\x1d" * 9000, b"A" * 1_000_000], ids=["empty", "all", "gs", "1 MB"]
)
def test_a_hostile_scan_gets_an_answer_and_the_next_one_too(dock: Plant, data: bytes) -> None:
    answer = dock.post("scans", {"station": "dock-1", "data_base64": base64.b64encode(data).decode()})
    assert answer.status_code == 202
    assert dock.wait_for_screen("home/unknown")["state"]["length"] == len(data)
    dock.gun.scan("ION/LOC/4")
    dock.wait_for_screen("lookup/location")


def test_an_unknown_barcode_says_what_it_is_not(dock: Plant) -> None:
    dock.gun.scan(b"ZZ\x1d9")
    state = dock.wait_for_screen("home/unknown")["state"]
    assert state["text"] == "ZZ\u241d9"
    assert {"ion-uid", "ion-ref", "command"} <= {one["kind"] for one in state["rejected"]}
    assert all(one["reason"] for one in state["rejected"])


def test_two_browsers_on_one_screen_make_one_effect(dock: Plant) -> None:
    for text in (f"ION/PO/{ORDER}", LOT_PART, "ION/CMD/QUANTITY/3", "LOT-TWO-1"):
        dock.gun.scan(text)
    drawn = dock.wait_for_screen("receive/line", lot="LOT-TWO-1")["revision"]
    for _ in range(2):
        dock.post("stations/dock-1/events", {"action": "CONFIRM", "revision": drawn})
    dock.wait_for_message("ION has it")
    assert len(dock.stock(lotNumber="LOT-TWO-1")) == 1
    assert dock.view()["waiting"] == 0


def test_an_order_that_is_not_ordered_is_refused_in_words(dock: Plant) -> None:
    dock.gun.scan("ION/PO/5004")
    assert "draft" in dock.wait_for_message("PO-10485", "Only an ordered one")


def test_the_scanner_is_heard_again_after_it_was_unplugged(dock: Plant) -> None:
    dock.gun.unplug()
    gone = wait_for(
        lambda: lamps[0] if not (lamps := dock.view()["scanners"])[0]["is_ready"] else None,
        "the lamp to go out",
    )
    assert gone["name"] == "dock-gun"
    dock.gun.plug_in()
    wait_for(lambda: dock.view()["scanners"][0]["is_ready"], "the lamp to come back", timeout_s=3)
    dock.gun.scan("ION/LOC/4")
    dock.wait_for_screen("lookup/location")


def test_a_scanner_that_is_plugged_in_after_the_start_is_heard(tmp_path: Path) -> None:
    with Plant(tmp_path) as dock:
        dock.gun.unplug()
        dock.serve(has_gun=False)
        gone = wait_for(lambda: dock.view()["scanners"][0]["text"], "a word about the scanner")
        assert "it is not there" in gone
        dock.gun.plug_in()
        wait_for(lambda: dock.view()["scanners"][0]["is_ready"], "the lamp to come on", timeout_s=3)
        dock.gun.scan("ION/LOC/4")
        dock.wait_for_screen("lookup/location")


def test_the_pages_answer_while_ion_does_not(dock: Plant) -> None:
    dock.gun.scan(f"ION/PO/{ORDER}")
    dock.wait_for_screen("receive/order")
    dock.go_wrong({"kind": "offline", "on": True})
    dock.gun.scan("ION/LOC/99999")
    assert dock.wait_for_screen("home/unknown")["state"]["is_offline"]
    for text in (f"ION/PO/{ORDER}", LOT_PART, "ION/CMD/QUANTITY/2", "LOT-OFF-1", "ION/CMD/CONFIRM"):
        dock.gun.scan(text)
    wait_for(lambda: dock.view()["waiting"] == 1, "the receipt to wait")
    assert dock.stock(lotNumber="LOT-OFF-1") == []
    assert not dock.view()["ion"]["is_ready"]
    dock.go_wrong({"kind": "offline", "on": False})
    dock.wait_for_message("ION has it", LOT_PART)
    assert len(dock.stock(lotNumber="LOT-OFF-1")) == 1
    plain_http.get(f"http://127.0.0.1:{dock.port}/healthz").raise_for_status()


def test_what_the_tenant_taught_is_known_after_a_restart_without_network(dock: Plant) -> None:
    def kinds_read() -> list[str]:
        dock.gun.scan("ION/CMD/HOME")
        dock.wait_for_screen("home/idle")
        dock.gun.scan("HRE|NO-SUCH-PART|LOT-1|2245")
        return [one["kind"] for one in dock.wait_for_screen("home/unknown")["state"]["readings"]]

    wait_for(lambda: "ion-pattern" in kinds_read(), "ION's patterns")
    dock.go_wrong({"kind": "offline", "on": True})
    dock.kill()
    dock.serve()
    assert kinds_read() == ["ion-pattern", "text"]
    assert dock.view()["state"]["is_offline"]
