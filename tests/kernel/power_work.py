"""Somebody at work at a kiosk whose power goes: receives, prints, and tells what was acknowledged.

    python -m tests.kernel.power_work CONFIG MODULE BOOT IS_LAST

Only for the virtual machine. First it tells what the disk still has (``KEPT <id>``), before the service has
touched it; then ``READY``, and ``ACK <id>``, ``LOT <lot>`` and ``LABEL <code>`` for what the service has
acknowledged. At the last start it does nothing new, and waits until nothing waits any more.
"""

import http.client
import json
import shutil
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

STATE, SCRATCH = Path("/run/state"), Path("/run/look")
ORDER, PART = "ION/PO/5001", "ORNG-2-214"


def say(*words: object) -> None:
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def tell_what_is_there() -> None:
    """Look at a copy: to open a file of SQLite is to bring it to order."""
    SCRATCH.mkdir()
    for path in STATE.glob("kiosk.db*"):
        shutil.copy(path, SCRATCH)
    if not (SCRATCH / "kiosk.db").exists():
        say("EMPTY")
        return
    try:
        rows = sqlite3.connect(SCRATCH / "kiosk.db")
        say("INTEGRITY", rows.execute("PRAGMA integrity_check").fetchone()[0])
        for table in ("scans", "print_jobs"):
            for (id_,) in rows.execute(f"SELECT id FROM {table}"):  # noqa: S608 - our own names
                say("KEPT", id_)
        rows.close()
    except sqlite3.DatabaseError as error:
        say("UNREADABLE", error)


class Person:
    """Scans, and waits for nothing but the answers."""

    def __init__(self, port: int) -> None:
        self._port = port

    def work(self, boot: str) -> None:
        """Receive and print for ever: the power ends it."""
        number = 0
        while True:
            number += 1
            lot, code = f"LOT-{boot}-{number}", f"ION/LOC/{boot}{number:04}"
            for text in ("ION/CMD/HOME", ORDER, PART, "ION/CMD/QUANTITY/1", lot, "ION/CMD/CONFIRM"):
                say("ACK", self._post("scans", {"station": "dock-1", "text": text})["receipt"]["id"])
            say("LOT", lot)
            fields = {"code": code, "name": "A-12"}
            body = {"station": "dock-1", "label": "location", "fields": fields}
            for job in self._post("labels", body)["jobs"]:
                say("ACK", job)
            say("LABEL", code)

    def rest(self) -> None:
        """Wait until ION and the printer have everything, or a person is asked."""
        while True:
            view = self._get("stations/dock-1")
            busy = self._asked("SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending')")
            if not view["waiting"] and not busy:
                say("PARKED", view["parked"])
                say("ASKED", self._asked("SELECT count(*) FROM print_jobs WHERE state = 'unknown'"))
                return
            time.sleep(0.5)

    @staticmethod
    def _asked(query: str) -> int:
        rows = sqlite3.connect(STATE / "kiosk.db")
        (found,) = rows.execute(query).fetchone()
        rows.close()
        return int(found)

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        return self._sent("POST", path, json.dumps(body))

    def _get(self, path: str) -> dict[str, Any]:
        return self._sent("GET", path)

    def _sent(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        line.request(method, f"/api/v1/{path}", body, {"Content-Type": "application/json"} if body else {})
        answer = line.getresponse()
        found: dict[str, Any] = json.load(answer)
        line.close()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise AssertionError(f"{method} {path}: {answer.status} {found}")
        return found


def main(config: Path, module: str, boot: str, *, is_last: bool) -> int:
    """Work at a kiosk until the power goes; at the last start, verify the audit when all is done."""
    tell_what_is_there()
    python = [sys.executable, "-m"]
    service = subprocess.Popen(
        [*python, module, "serve", "--config", str(config)], stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    say("READY" if service.stdout.readline().startswith("Kiosk ready") else "BROKEN")
    person = Person(tomllib.loads(config.read_text(encoding="utf-8"))["web"]["port"])
    if not is_last:
        person.work(boot)
    person.rest()
    service.terminate()
    service.wait()
    verified = subprocess.run(
        [*python, "kiosk", "journal", "verify", "--config", str(config)], check=False, capture_output=True
    )
    say("VERIFIED" if verified.returncode == 0 else f"BROKEN {verified.stdout!r} {verified.stderr!r}")
    return verified.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], is_last=sys.argv[4] == "1"))
