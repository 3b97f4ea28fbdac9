"""How soon a kiosk is back after its process, its scanner, its printer or the network was gone.

Each of these takes something away, gives it back, waits for the kiosk to be at work again, and returns the
seconds from the one to the other.
"""

import itertools
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import httpx
import sqlalchemy as sa

from kiosk.journal import Entry
from kiosk.journal.tables import operations
from kiosk.model import Json, OperationState, Submit
from tests.end_to_end.floor import PATIENCE_S, Plant, wait_for
from tests.end_to_end.warm import ROOT
from tests.journal.opened import opened, session

__all__ = ["UNIT", "fill", "network_back_s", "printer_back_s", "scanner_back_s", "service_back_s"]

UNIT = ROOT / "systemd" / "ion-kiosk.service"
_RESTARTED = {"always", "on-failure", "on-abnormal", "on-abort"}
"""Values of ``Restart=`` with which systemd starts a service again that was killed (systemd.service(5))."""
LINE = 7002
_AT_ONCE = 500
_numbers = itertools.count(1)


def fill(plant: Plant, *, waiting: int, done: int = 0) -> None:
    """Give a kiosk that does not run yet a journal with receipts that wait, behind others that are done."""
    lines = plant.ion.ion.world.purchase_order_lines
    lines.put(replace(lines[LINE], quantity=Decimal(10_000_000)))
    with closing(opened(plant.folder, ids="f")) as journal:
        for count, state in ((done, OperationState.DONE), (waiting, OperationState.QUEUED)):
            for start in range(0, count, _AT_ONCE):
                numbers = range(start, min(start + _AT_ONCE, count))
                submits = [(f"{state}-{number}", _receipt(f"{state}-{number}")) for number in numbers]
                journal.book.commit(Entry(session(), submits=submits))
            if state is OperationState.DONE:
                with journal.clerk.store.writing() as connection:
                    connection.execute(sa.update(operations).values(state=state))


def service_back_s(plant: Plant, patience_s: float = PATIENCE_S, unit: str = "") -> float:
    """Kill the service, and do what systemd does by the unit; it is back when it answers.

    Args:
        plant: what stands around it.
        patience_s: after which it is given up.
        unit: the unit's text where it is not that of the product.
    """
    plant.kill()
    start_s = time.perf_counter()
    pause_s = _restart_pause_s(unit or UNIT.read_text(encoding="utf-8"))
    if pause_s is not None:
        time.sleep(pause_s)
        plant.serve(has_gun=False)
    wait_for(lambda: _answers(plant), "the service", patience_s)
    return time.perf_counter() - start_s


def scanner_back_s(plant: Plant, patience_s: float = PATIENCE_S) -> float:
    """Unplug the scanner; it is back when its first scan is on the screen."""
    _scanner_is(plant, is_ready=True)
    plant.gun.unplug()
    _scanner_is(plant, is_ready=False)
    plant.gun.plug_in()
    start_s = time.perf_counter()
    _scanner_is(plant, is_ready=True, patience_s=patience_s)
    place = str(8 - next(_numbers) % 2)
    plant.gun.scan(f"ION/LOC/{place}")
    plant.wait_for_screen("lookup/location")
    wait_for(lambda: plant.view()["state"]["location"]["id"] == place, "the scan")
    return time.perf_counter() - start_s


def printer_back_s(plant: Plant, patience_s: float = PATIENCE_S) -> float:
    """Switch the printer off, and ask for a label; it is back when that has come out."""
    plant.printer.close()
    wait_for(lambda: not plant.view()["printers"][0]["is_ready"], "the printer's lamp to go out")
    code = f"ION/LOC/{next(_numbers):06}"
    body = {"station": "dock-1", "label": "location", "fields": {"code": code, "name": "A-12"}}
    plant.post("labels", body).raise_for_status()
    plant.printer.empty()
    plant.printer.switch_on()
    return _seconds_until(lambda: plant.printer.jobs, "the label", patience_s)


def network_back_s(plant: Plant, patience_s: float = PATIENCE_S) -> float:
    """Take the network away; it is back when ION has another receipt of those that wait."""
    plant.go_wrong({"kind": "offline", "on": True})
    wait_for(lambda: not plant.view()["ion"]["is_ready"], "the lamp of ION to go out")
    before = len(plant.ion.ion.world.ledger)
    plant.go_wrong({"kind": "offline", "on": False})
    return _seconds_until(lambda: len(plant.ion.ion.world.ledger) > before, "a receipt", patience_s)


def _restart_pause_s(unit: str) -> float | None:
    """Return how long systemd waits before it starts a killed service again; ``None``: for ever."""
    settings = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line)
    return float(settings["RestartSec"]) if settings.get("Restart") in _RESTARTED else None


def _answers(plant: Plant) -> bool:
    try:
        return plant.client.get(f"http://127.0.0.1:{plant.port}/healthz").is_success
    except httpx.TransportError:
        return False


def _scanner_is(plant: Plant, *, is_ready: bool, patience_s: float = PATIENCE_S) -> None:
    def is_so() -> bool:
        return plant.view()["scanners"][0]["is_ready"] is is_ready

    wait_for(is_so, f"the scanner: {is_ready=}", patience_s)


def _seconds_until(is_so: Callable[[], object], what: str, patience_s: float) -> float:
    start_s = time.perf_counter()
    wait_for(is_so, what, patience_s)
    return time.perf_counter() - start_s


def _receipt(lot: str) -> Submit:
    arguments: dict[str, Json] = {
        "order_id": "5001",
        "order_number": "PO-10482",
        "line_id": str(LINE),
        "line_number": 2,
        "part_number": "ORNG-2-214",
        "title": "ORNG-2-214",
        "part_id": "107",
        "quantity": "1",
        "lot": lot,
        "serials": [],
        "location_id": "4",
        "received_before": "0",
    }
    return Submit("receive", f"order-line/{LINE}", "order/5001", arguments)
