"""The real service at real work under strace: what it did to its disk, what it promised, and what it sent."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.end_to_end.floor import Plant, wait_for
from tests.faults.crash_trace import CALLS, NOT_MODELLED, STRACE, Step, read_trace

ROOT = Path(__file__).parents[2]
ORDER, LOT_PART, SERIAL_PART, RUN = 5001, "ORNG-2-214", "VLV-4410", 1204
SERVICE = "kiosk"
CONTROL = "tests.faults.careless"
"""The same service with ``synchronous=NORMAL``."""
HAS_STRACE = shutil.which("strace") is not None


@dataclass(frozen=True, slots=True)
class Traced:
    """A whole life of the service, from its first start to its end."""

    folder: Path
    steps: list[Step]
    receipts: list[str]
    """Ids of scans, presses and print jobs in the order in which the service acknowledged them."""
    lots: list[str]
    """What was received, each under a name of its own."""


def traced(folder: Path, module: str, *, rounds: int) -> Traced:
    """Let the service receive, run, look up and print, a number of times; then end it."""
    trace = folder.with_name(f"{folder.name}.trace")
    with Plant(folder) as plant:
        calls = ",".join([CALLS, *sorted(NOT_MODELLED)])
        service = [sys.executable, "-m", module, "serve", "--config", str(plant.config)]
        process = subprocess.Popen(
            [*STRACE, "-o", str(trace), "-e", f"trace={calls}", *service],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        plant.processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Kiosk ready"), line
        # Until it has met ION, a kiosk that knows no order yet takes the scans and receives nothing.
        wait_for(lambda: plant.view()["ion"]["is_ready"], "ION's lamp")
        work = Work(plant)
        for number in range(rounds):
            work.round(number)
        end(process)
    return Traced(folder, read_trace(trace, folder), work.receipts, work.lots)


def end(process: "subprocess.Popen[str]") -> None:
    """Tell the service to end, not strace, which would leave it running."""
    (child,) = children(process.pid)
    os.kill(child, signal.SIGTERM)
    assert process.wait(30) == 0


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]


class Work:
    """A person at the station, who waits for nothing but the answers."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self.receipts: list[str] = []
        self.lots: list[str] = []

    def round(self, number: int) -> None:
        """Do each job once."""
        self.receive(f"LOT-CRASH-{number}")
        self.receive_serial(f"SN-CRASH-{number}")
        self.run()
        self.label(number)

    def receive(self, lot: str) -> None:
        """Receive one piece under a lot of its own."""
        self.lots.append(lot)
        for text in ("HOME", f"ION/PO/{ORDER}", LOT_PART, "QUANTITY/1", lot, "CONFIRM"):
            self.scan(text)
        self.settle()

    def receive_serial(self, serial: str) -> None:
        """Receive one piece with a serial number."""
        self.lots.append(serial)
        for text in ("HOME", f"ION/PO/{ORDER}", SERIAL_PART, serial, "CONFIRM"):
            self.scan(text)
        self.settle()

    def run(self) -> None:
        """Do the next thing that a run allows, and print its label."""
        for text in ("HOME", f"ION/RUN/{RUN}", "START", "COMPLETE", "PRINT"):
            self.scan(text)
        self.settle()

    def label(self, number: int) -> None:
        """Print a label as another program does."""
        fields = {"code": f"ION/LOC/{number}", "name": "A-12"}
        body = {"station": "dock-1", "label": "location", "fields": fields}
        self.receipts += self._taken(self._plant.post("labels", body))["jobs"]
        self.settle()

    def scan(self, text: str) -> None:
        """Scan a barcode, or a command by its verb."""
        is_code = text.startswith("ION/") or "-" in text
        code = text if is_code else f"ION/CMD/{text}"
        answer = self._taken(self._plant.post("scans", {"station": "dock-1", "text": code}))
        self.receipts.append(answer["receipt"]["id"])

    def settle(self) -> None:
        """Wait until every scan is answered and ION has everything."""
        wait_for(self._plant.has_answered, "every scan to be answered")
        wait_for(lambda: self._plant.view()["waiting"] == 0, "ION to have everything")

    @staticmethod
    def _taken(answer: httpx.Response) -> dict[str, Any]:
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
