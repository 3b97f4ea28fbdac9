"""Programs that know nothing of the simulator, run against ``kiosk simulate ion`` as they are."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = Path(__file__).parent / "foreign"
READY = "Simulated ION ready: "


@pytest.fixture(params=["classic", "both"])
def base_url(request: pytest.FixtureRequest) -> Iterator[str]:
    command = [sys.executable, "-m", "kiosk", "simulate", "ion", "--port", "0", "--dialect", request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        line = simulator.stdout.readline()
        assert line.startswith(READY), line
        yield line.removeprefix(READY).split("/graphql")[0]
        simulator.terminate()
        assert simulator.wait(20) == 0


def run(base_url: str, program: str, *arguments: str) -> list[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "ION_API_URL": base_url,
        "ION_AUTH_URL": base_url,
        "ION_TOKEN_URL": f"{base_url}/realms/api-keys/protocol/openid-connect/token",
        "ION_CLIENT_ID": "kiosk",
        "ION_CLIENT_SECRET": "kiosk-secret",
    }
    command = [sys.executable, str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def get(base_url: str, path: str) -> Any:  # noqa: ANN401  any JSON
    with urllib.request.urlopen(f"{base_url}{path}", timeout=10) as response:  # noqa: S310  our own server
        return json.load(response)


def test_programs_of_other_people_run_as_they_are(base_url: str) -> None:
    labels = run(base_url, "label_locations.py", "WH-Receiving", "Rack-A1")
    assert [line for line in labels if "^A0N" in line] == [
        "^FO160,40^A0N,40,40^FDRack-A1^FS",
        "^FO160,40^A0N,40,40^FDWH-Receiving^FS",
    ]
    steps = run(base_url, "run_through.py", "1202")
    assert steps == [
        "Kit and clean parts COMPLETE",
        "Install O-rings COMPLETE",
        "Torque fasteners COMPLETE",
        "Final inspection COMPLETE",
    ]
    moved = run(base_url, "move_tools.py", "TRQ-0004")
    assert moved == ["1 9025 TOOL-TRQ-025"]
    operations = [effect["operation"] for effect in get(base_url, "/ledger")]
    assert operations.count("createBarcodeLabel") == 2
    assert operations[-1] == "updatePartInventory"
    (finished,) = [each for each in get(base_url, "/data")["runs"] if each["id"] == 1202]
    assert finished["status"] == "COMPLETE"
