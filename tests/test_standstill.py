"""The service itself, when it finds its journal damaged."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.web import create_standstill_app
from tests import plain_http
from tests.end_to_end.floor import Plant, wait_for

WORDS = "The journal is damaged: <page 3>."


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        yield running


def _start(plant: Plant) -> "tuple[subprocess.Popen[str], str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "serve", "--config", str(plant.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    plant.processes.append(process)
    assert process.stdout is not None
    return process, process.stdout.readline()


def _ended(process: "subprocess.Popen[str]") -> str:
    process.terminate()
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0
    return log


def test_a_damaged_journal_stops_the_kiosk_until_a_technician_begins_a_new_one(plant: Plant) -> None:
    process, line = _start(plant)
    assert line.startswith("Kiosk ready")
    _ended(process)
    path = plant.folder / "kiosk.db"
    damaged = path.read_bytes()[:4096] + b"\xff" * 20_000
    path.write_bytes(damaged)

    process, line = _start(plant)
    assert line.startswith("Kiosk out of order: ")
    base = f"http://127.0.0.1:{plant.port}"
    health = plain_http.get(f"{base}/healthz")
    assert health.status_code == 503
    assert health.json()["status"] == "failing"
    assert "The journal is damaged" in health.json()["journal"]["text"]
    page = plain_http.get(f"{base}/station/dock-1")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Do not scan: nothing is taken. Call a technician." in page.text
    refusal = plant.post("scans", {"station": "dock-1", "text": "PN-1"}, "key-1")
    assert refusal.status_code == 503
    assert "nothing is taken" in refusal.json()["detail"]
    (kept,) = plant.folder.glob("kiosk.db.damaged-*")
    assert kept.read_bytes() == damaged
    assert kept.name in health.json()["journal"]["text"]
    assert not path.exists()

    words = ["journal", "renew", "--why", "card replaced", "--config", str(plant.config)]
    said = CliRunner().invoke(main, words)
    assert (said.exit_code, kept.name in said.output) == (0, True), said.output
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Kiosk ready")
    wait_for(lambda: plain_http.get(f"{base}/healthz").status_code == 200, "the kiosk at work")
    log = _ended(process)
    assert "CRITICAL MainThread kiosk.standstill: «The journal is damaged" in log
    assert kept.read_bytes() == damaged


def test_it_can_be_stopped_while_it_stands_still(plant: Plant) -> None:
    (plant.folder / "kiosk.db").write_bytes(b"no database, and longer than the header of one" * 10)
    process, line = _start(plant)
    assert line.startswith("Kiosk out of order: ")
    _ended(process)
    process, line = _start(plant)
    assert line.startswith("Kiosk out of order: "), "a restart changes nothing"
    _ended(process)
    assert len(list(plant.folder.glob("kiosk.db.damaged-*"))) == 1


def test_the_page_says_why_and_escapes_it() -> None:
    app = create_standstill_app(WORDS, version="1.2.3", allowed_hosts=frozenset({"localhost"}))
    client = app.test_client()
    page = client.get("/station/anything")
    assert page.status_code == 503
    assert "&lt;page 3&gt;" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    with client.get("/static/kiosk.css") as style:
        assert style.status_code == 200
    assert client.post("/station/dock-1/press").status_code == 503
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
