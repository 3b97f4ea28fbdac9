"""Every thread of a kiosk ends once; each comes back, and a receipt goes the whole way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.at_work import running
from kiosk.compose import assembled
from kiosk.settings import load_settings
from tests.end_to_end.floor import Plant, wait_for


def _ending_once(step: Callable[[], None]) -> Callable[[], None]:
    ways = iter([SystemExit()])

    def ending() -> None:
        if (way := next(ways, None)) is not None:
            raise way
        step()

    return ending


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_thread_that_ends_comes_back_and_work_goes_on(tmp_path: Path) -> None:
    with Plant(tmp_path) as plant, assembled(load_settings(plant.config)) as kiosk:
        supervisor = kiosk.supervisor
        loops = supervisor._loops
        assert {"delivery", "scanner dock-gun", "station dock-1"} <= {loop.name for loop in loops}
        for loop in loops:
            loop.step = _ending_once(loop.step)
        with running(kiosk):
            wait_for(lambda: set(supervisor.health().values()) == {"hung"}, "every thread to end")
            supervisor.revive()
            wait_for(lambda: set(supervisor.health().values()) == {"ok"}, "every thread to be back")
            wait_for(lambda: plant.view()["scanners"][0]["is_ready"], "the scanner's lamp")
            wait_for(lambda: plant.view()["ion"]["is_ready"], "ION's lamp")
            for text in ("ION/PO/5001", "ORNG-2-214", "ION/CMD/QUANTITY/1", "LOT-BACK-1", "ION/CMD/CONFIRM"):
                plant.gun.scan(text)
            wait_for(lambda: plant.stock(lotNumber="LOT-BACK-1"), "the receipt in ION")
            wait_for(plant.printer.codes, "its label")
