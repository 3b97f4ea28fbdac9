"""The service itself, when it finds its journal damaged."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kiosk.cli import main
from kiosk.errors import SettingsError
from kiosk.journal import noted_damage, set_aside
from kiosk.standstill import looked_until_over
from kiosk.web import create_standstill_app
from kiosk.words import told
from tests import plain_http
from tests.end_to_end.floor import Plant, schema_file, wait_for
from tests.end_to_end.warm import Started, started
from tests.journal.opened import rows_of
from tests.web.markup import Markup

WORDS = "The journal is damaged: <page 3>."


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        yield running


def _start(plant: Plant, **environment: str) -> tuple[Started, str]:
    with _log(plant).open("a", encoding="utf-8") as log:
        process = started(
            ["serve", "--config", str(plant.config)],
            schema=schema_file(plant.ion.ion.dialect),
            environ={**os.environ, **environment},
            errors=log.fileno(),
        )
    plant.processes.append(process)
    assert process.stdout is not None
    return process, process.stdout.readline()


def _ended(plant: Plant) -> str:
    process = plant.processes[-1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    return _log(plant).read_text(encoding="utf-8")


def _log(plant: Plant) -> Path:
    return plant.folder / "log"


def test_a_damaged_journal_stops_the_kiosk_until_a_technician_begins_a_new_one(plant: Plant) -> None:
    process, line = _start(plant)
    assert line.startswith("Kiosk ready")
    _ended(plant)
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
    log = _ended(plant)
    assert "CRITICAL MainThread kiosk.standstill: «The journal is damaged" in log
    assert kept.read_bytes() == damaged


def test_damage_that_is_found_beside_the_first_scans_stops_the_kiosk_too(plant: Plant) -> None:
    """The file was closed in order, so that the start does not check it, and rots while it is off."""
    _start(plant)
    _ended(plant)
    path = plant.folder / "kiosk.db"
    before = path.stat()
    with rows_of(plant.folder) as journal:
        (page,) = journal.execute("SELECT rootpage FROM sqlite_master WHERE name = 'files'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 64)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(plant.folder / "notify"))
        process, line = _start(plant, NOTIFY_SOCKET=str(plant.folder / "notify"))
        assert line.startswith("Kiosk ready"), "it was taken for whole"
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Kiosk out of order: ")
        manager.settimeout(20)
        said: list[bytes] = []
        while said.count(b"READY=1") < 2:
            said.append(manager.recv(99))
        assert b"STOPPING=1" not in said, "systemd ends within seconds who says that they stop"
    health = plain_http.get(f"http://127.0.0.1:{plant.port}/healthz")
    assert "The journal is damaged" in health.json()["journal"]["text"]
    assert plant.post("scans", {"station": "dock-1", "text": "PN-1"}, "key-1").status_code == 503
    (kept,) = plant.folder.glob("kiosk.db.damaged-*[0-9]Z")
    assert not path.exists()
    assert kept.name in health.json()["journal"]["text"]
    _ended(plant)


def test_a_disk_that_does_not_let_the_journal_be_opened_is_said_until_it_does(plant: Plant) -> None:
    obstacle = plant.folder / "kiosk.lock"
    obstacle.mkdir()  # as on a card that is read-only, no file can be opened there to be written
    process, line = _start(plant)
    assert line.startswith("Kiosk out of order: ")
    health = plain_http.get(f"http://127.0.0.1:{plant.port}/healthz")
    assert health.status_code == 503
    assert "Cannot write beside the journal" in health.json()["journal"]["text"]
    assert plant.post("scans", {"station": "dock-1", "text": "PN-1"}, "key-1").status_code == 503
    assert not (plant.folder / "kiosk.db").exists()
    obstacle.rmdir()
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Kiosk ready")
    assert "CRITICAL MainThread kiosk.standstill: «Cannot write beside the journal" in _ended(plant)


_STOPPED_WITH_DAMAGE = """
import os, signal, sys
from pathlib import Path
from kiosk.at_work import run_until_told
from kiosk.compose import assembled
from kiosk.settings import load_settings
with assembled(load_settings(Path(sys.argv[1]))) as kiosk:
    def ready(_port):
        kiosk.journal.clerk.store.condemn("page 3")
        os.kill(os.getpid(), signal.SIGTERM)
    run_until_told(kiosk, ready)
"""
_DAMAGED_ON_A_DISK = """
import sys
from pathlib import Path
from kiosk.errors import JournalDamaged
from kiosk.settings import load_settings
from kiosk.standstill import stand_still
damage = JournalDamaged("It is damaged.", found="page 3")
print(stand_still(load_settings(Path(sys.argv[1])), damage, lambda _port: print("shown", flush=True)))
"""


def _script(plant: Plant, text: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", text, str(plant.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    plant.processes.append(process)
    return process


def test_who_is_told_to_stop_stops_whatever_was_found_meanwhile(plant: Plant) -> None:
    process = _script(plant, _STOPPED_WITH_DAMAGE)
    _, log = process.communicate(timeout=45)
    assert process.returncode == 0, log
    assert not (plant.folder / "kiosk.db.closed").exists(), "the next start looks before it takes a scan"


def test_a_damaged_journal_on_a_disk_that_lets_nothing_be_set_aside_is_said_too(plant: Plant) -> None:
    obstacle = plant.folder / "kiosk.lock"
    obstacle.mkdir()
    process = _script(plant, _DAMAGED_ON_A_DISK)
    assert process.stdout is not None
    assert process.stdout.readline() == "shown\n"
    health = plain_http.get(f"http://127.0.0.1:{plant.port}/healthz")
    assert "Cannot write beside the journal" in health.json()["journal"]["text"]
    (plant.folder / "kiosk.db").write_bytes(b"no database, and longer than the header of one" * 10)
    obstacle.rmdir()
    said, log = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "True\n"), log or "the start that follows finds the damage"


def test_it_can_be_stopped_while_it_stands_still(plant: Plant) -> None:
    (plant.folder / "kiosk.db").write_bytes(b"no database, and longer than the header of one" * 10)
    _, line = _start(plant)
    assert line.startswith("Kiosk out of order: ")
    _ended(plant)
    _, line = _start(plant)
    assert line.startswith("Kiosk out of order: "), "a restart changes nothing"
    _ended(plant)
    assert len(list(plant.folder.glob("kiosk.db.damaged-*"))) == 1


def test_a_look_that_takes_long_is_no_reason_for_the_watchdog_to_bite() -> None:
    fed = threading.Semaphore(0)

    def is_over() -> bool:
        assert [fed.acquire(timeout=20) for _ in range(3)] == [True] * 3, "starved during one look"
        return True

    assert looked_until_over(is_over, threading.Event(), fed.release)


def test_a_look_that_hangs_does_not_hold_up_who_is_told_to_stop() -> None:
    told, hangs = threading.Event(), threading.Event()

    def is_over() -> bool:
        told.set()
        return hangs.wait(20)

    assert not looked_until_over(is_over, told, lambda: None)
    hangs.set()


def test_a_look_that_fails_fails_for_who_waits() -> None:
    def is_over() -> bool:
        raise SettingsError("web: cannot serve")

    with pytest.raises(SettingsError, match="cannot serve"):
        looked_until_over(is_over, threading.Event(), lambda: None)


def _client(words: str) -> FlaskClient:
    return create_standstill_app(
        words,
        version="1.2.3",
        allowed_hosts=frozenset({"localhost"}),
        languages={"dock-1": "de", "dock-2": "es"},
        otherwise="fr",
    ).test_client()


SPOKEN = {
    "en": ("Do not scan: nothing is taken. Call a technician.", "journal is damaged (SQLite says: page 3)"),
    "de": (
        "Nicht scannen: Nichts wird angenommen. Die Technik rufen.",
        "Journal ist beschädigt (SQLite meldet: page 3)",
    ),
    "es": (
        "No escanee: no se registra nada. Llame a un técnico.",
        "diario está dañado (SQLite dice: page 3)",
    ),
    "fr": (
        "Ne scannez pas : rien n'est pris en compte. Appelez un technicien.",
        "journal est endommagé (SQLite dit : page 3)",
    ),
}


@pytest.mark.parametrize(
    ("path", "headers", "tag"),
    [
        ("/station/dock-1", {"Accept-Language": "en"}, "de"),
        ("/station/dock-2/press", {"Referer": "http://localhost/station/dock-2"}, "es"),
        ("/printers?station=dock-1", {}, "de"),
        ("/printers", {"Accept-Language": "nl, en-GB;q=0.8, de;q=0.7"}, "en"),
        ("/printers", {"Accept-Language": "nl", "Cookie": "es.0123"}, "es"),
        ("/printers", {"Cookie": "xx.0123"}, "fr"),
        ("/", {"Accept-Language": "nl"}, "fr"),
        ("/station/nowhere", {}, "fr"),
    ],
)
def test_the_page_speaks_as_the_station_or_the_browser_does(
    tmp_path: Path, path: str, headers: dict[str, str], tag: str
) -> None:
    (tmp_path / "kiosk.db").touch()
    url = f"sqlite:///{tmp_path}/kiosk.db"
    set_aside(url, told("SQLite says: {said}", said="page 3"), datetime(2026, 3, 2, 8, tzinfo=UTC))
    damage = noted_damage(url)
    assert damage is not None, "a start after the first knows it from the note"
    client = _client(damage.words)
    if "Cookie" in headers:
        client.set_cookie("kiosk_language", headers["Cookie"])
    page = Markup(client.get(path, headers=headers).get_data(as_text=True))
    assert page.elements[0] == ("html", {"lang": tag})
    for words in SPOKEN[tag]:
        assert words in page.text
    assert "2026-03-02 08:00 UTC" not in page.text
    assert "kiosk journal renew --why TEXT" in page.text


def test_the_page_tells_times_by_the_site_s_own_clock() -> None:
    at = datetime(2026, 3, 2, 21, 5).astimezone()
    words = told("{words} {moment}", words="Found", moment=at)
    for hours, shown in (("", "9:05 PM"), ("24", "21:05")):
        app = create_standstill_app(
            words,
            version="1.2.3",
            allowed_hosts=frozenset({"localhost"}),
            languages={},
            otherwise="en",
            hours=hours,
        )
        assert shown in app.test_client().get("/").get_data(as_text=True)


def test_the_page_says_why_and_escapes_it() -> None:
    client = _client(WORDS)
    page = client.get("/station/anything")
    assert page.status_code == 503
    assert "&lt;page 3&gt;" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    with client.get("/static/kiosk.css") as style:
        assert style.status_code == 200
    assert client.post("/station/dock-1/press").status_code == 503
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
