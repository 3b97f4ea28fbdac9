"""What stands around a kiosk in the factory: scanner, printer, ION, and the kiosk's own process."""

import atexit
import contextlib
import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import httpx
import zxingcpp
from graphql import get_introspection_query
from PIL import Image
from zebrafy.zebrafy_zpl import ZebrafyZPL

from kiosk.simulator.ion import Ion, Question
from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests import plain_http
from tests.end_to_end.warm import ROOT, Started, started
from tests.journal.opened import fresh

PATIENCE_S = 45.0
Process: TypeAlias = subprocess.Popen[str] | Started
Got = TypeVar("Got")


def wait_for(look: Callable[[], Got | None], what: str, timeout_s: float = PATIENCE_S) -> Got:
    """Return what ``look`` finds, soon after there is something; it looks less often the longer it waits."""
    end_s = time.monotonic() + timeout_s
    pause_s = 0.01
    while time.monotonic() < end_s:
        found = look()
        if found:
            return found
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.2, 0.1)
    raise AssertionError(f"waited {timeout_s:.0f} s for {what}")


class Gun:
    """A scanner on a pseudo terminal, with the path that udev would give it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, int] | None = None
        self.plug_in()

    def plug_in(self) -> None:
        """Appear at the stable path, as a new device."""
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(theirs))
        self._ends = (ours, theirs)

    def unplug(self) -> None:
        """Vanish, path and all."""
        if self._ends is not None:
            self.path.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = None

    def scan(self, text: str | bytes) -> None:
        """Send a barcode and the suffix CR."""
        assert self._ends is not None
        os.write(self._ends[0], (text if isinstance(text, bytes) else text.encode()) + b"\r")


class PaperPrinter:
    """A printer on TCP that only takes bytes, and says nothing; its labels are read by others' decoders."""

    def __init__(self) -> None:
        self._received: list[bytes] = []
        self.arrivals: list[float] = []
        """When the first byte of each connection that sent anything came, on the performance clock."""
        self.port = 0
        """Where it listens."""
        self.switch_on()

    def switch_on(self) -> None:
        """Take connections, where it did before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listener.settimeout(0.1)
        self.port = int(self._listener.getsockname()[1])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="paper-printer")
        self._thread.start()

    @property
    def jobs(self) -> list[str]:
        """Return every whole label it was sent."""
        text = b"".join(self._received).decode("ascii")
        return [part[part.index("^XA") :] + "^XZ" for part in text.split("^XZ")[:-1] if "^XA" in part]

    def codes(self) -> list[str]:
        """Return what a scanner reads from the labels, the main symbol of each."""
        return [square[0] for square in self.square_codes()]

    def square_codes(self) -> list[list[str]]:
        """Return what a scanner reads from the square symbols of each label."""
        found = []
        for zpl in self.jobs:
            picture: Image.Image = ZebrafyZPL(zpl).to_images()[0]
            read = zxingcpp.read_barcodes(picture.convert("L"))
            found.append([one.text for one in read if one.symbology_identifier[1] in "dQ"])
        return found

    def empty(self) -> None:
        """Take the labels away."""
        self._received.clear()

    def close(self) -> None:
        """Stop listening, as switched off."""
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._listener.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(0.1)
                self._drain(line)

    def _drain(self, line: socket.socket) -> None:
        is_first = True
        while not self._stopping.is_set():
            try:
                data = line.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                return
            if not data:
                return
            if is_first and b"^XA" in data:
                self.arrivals.append(time.perf_counter())
                is_first = False
            self._received.append(data)


@dataclass
class Plant:
    """One factory for one test; stop everything by leaving it."""

    folder: Path
    dialect: str = "both"
    processes: list[Process] = field(default_factory=list)
    is_warm: bool = True
    """Whether a kiosk that is started has its modules imported and its journal made, and is else the same."""
    control: str = ""
    """A module whose ``apply()`` takes a protection away from the kiosks that are started warm."""

    def __enter__(self) -> Self:
        """Start ION, printer and scanner."""
        # A client of one's own for each request would read all authorities of the machine each time.
        self.client = plain_http.Client(limits=httpx.Limits(max_keepalive_connections=0), timeout=PATIENCE_S)
        self.ion = IonServer(seed_world(World()), dialect=self.dialect)  # type: ignore[arg-type] # a test's text
        self.ion.start()
        self.printer = PaperPrinter()
        self.gun = Gun(self.folder / "gun")
        self.port = _free_port()
        self.config = self.folder / "kiosk.toml"
        self.config.write_text(self._settings())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE_S)
            if process.stdout is not None:
                process.stdout.close()
        self.client.close()
        self.gun.unplug()
        self.printer.close()
        self.ion.stop()

    def serve(self, *, has_gun: bool = True, program: str = "kiosk", errors: int | None = None) -> Process:
        """Start the kiosk and wait until it says that it is ready, and its scanner where there is one.

        Args:
            has_gun: whether the scanner is plugged in.
            program: the module that is run, where it starts cold.
            errors: where its log goes then, as ``subprocess`` takes it; else where ours goes.
        """
        for ended in self.processes:
            # One that is started a thousand times would else leave as many lines open.
            if ended.poll() is not None and ended.stdout is not None:
                ended.stdout.close()
        process = self._started(program, errors)
        self.processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Kiosk ready"), line
        if has_gun:
            wait_for(lambda: self.view()["scanners"][0]["is_ready"], "the scanner's lamp")
        return process

    def _started(self, program: str, errors: int | None) -> Process:
        arguments = ["serve", "--config", str(self.config)]
        if self.is_warm:
            if not any(self.folder.glob("kiosk.db*")):
                (self.folder / "kiosk.db").write_bytes(fresh())
            return started(arguments, control=self.control, schema=schema_file(self.ion.ion.dialect))
        return subprocess.Popen(
            [sys.executable, "-m", program, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def kill(self) -> None:
        """Take the power away."""
        self.processes[-1].kill()
        self.processes[-1].wait()

    def view(self) -> dict[str, Any]:
        """Return what the station shows."""
        answer = self.client.get(f"http://127.0.0.1:{self.port}/api/v1/stations/dock-1")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def wait_for_screen(self, screen: str, **state: object) -> dict[str, Any]:
        """Wait until the station shows a screen, with these values in its state."""

        def look() -> dict[str, Any] | None:
            view = self.view()
            fits = view["screen"] == screen and all(
                view["state"].get(key) == value for key, value in state.items()
            )
            return view if fits else None

        try:
            return wait_for(look, f"{screen} {state}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows {self.view()}") from None

    def wait_for_message(self, *words: str) -> str:
        """Wait until the message holds all these words."""

        def look() -> str | None:
            message = self.view()["message"] or {"text": ""}
            text = str(message["text"])
            return text if all(word in text for word in words) else None

        try:
            return wait_for(look, f"a message with {words}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it says {self.view()['message']}") from None

    def post(self, path: str, body: Mapping[str, object], key: str | None = None) -> httpx.Response:
        """Send a request to the kiosk's API."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"http://127.0.0.1:{self.port}/api/v1/{path}", json=body, headers=headers)

    def effects(self) -> list[dict[str, Any]]:
        """Return what happened in ION, by ION's own account."""
        found: list[dict[str, Any]] = self.client.get(f"{self.ion.base_url}/ledger").json()
        return found

    def data(self) -> dict[str, Any]:
        """Return ION's data as it is now."""
        found: dict[str, Any] = self.client.get(f"{self.ion.base_url}/data").json()
        return found

    def go_wrong(self, fault: Mapping[str, object]) -> None:
        """Let something go wrong in ION."""
        self.client.post(f"{self.ion.base_url}/faults", json=fault).raise_for_status()

    def stock(self, **facts: object) -> list[dict[str, Any]]:
        """Return ION's inventory rows with these facts."""
        rows = self.data()["partInventories"]
        return [row for row in rows if all(row.get(name) == value for name, value in facts.items())]

    def remembers(self, by: str, value: str) -> bool:
        """Return whether the kiosk has an answer of ION's in its journal."""
        return bool(self._counted("select count(*) from answers where by = ? and value = ?", by, value))

    def has_answered(self) -> bool:
        """Return whether every scan that was taken has been answered, though it had to wait for ION."""
        return not self._counted("select count(*) from scans where state = 'waiting'")

    def _counted(self, query: str, *values: str) -> int:
        with contextlib.closing(sqlite3.connect(self.folder / "kiosk.db")) as journal:
            return int(journal.execute(query, values).fetchone()[0])

    def _settings(self) -> str:
        return f"""
[ion]
url = "{self.ion.url}"
token_url = "{self.ion.token_url}"
client_id = "kiosk"
client_secret = "kiosk-secret"
write_timeout_s = 4
request_life_s = 8
works_alone = true
personal_issuer = "{self.ion.base_url}/realms/people"
personal_client_id = "kiosk-people"

[journal]
url = "sqlite:///{self.folder / "kiosk.db"}"
allow_volatile = true

[web]
port = {self.port}

[[stations]]
name = "dock-1"
location = "WH-Receiving"
printer = "dock-zebra"
sign_in = ["phone", "browser"]

[[stations.labels]]
subject = "receive"
design = "receiving"

[[stations.labels]]
subject = "run"
design = "run"

[[stations.labels]]
subject = "run"
design = "traveler"
printer = "dock-4x6"

[[scanners]]
name = "dock-gun"
station = "dock-1"
kind = "serial"
port = "{self.gun.path}"

[[printers]]
name = "dock-zebra"
url = "tcp://127.0.0.1:{self.printer.port}"

[[printers]]
name = "dock-4x6"
url = "tcp://127.0.0.1:{self.printer.port}"
height_mm = 152.4
"""


@cache
def schema_file(dialect: Dialect) -> str:
    """Write a schema as a kiosk keeps it, and return where it is."""
    world = seed_world(World())
    question = Question(get_introspection_query(descriptions=False), {})
    answer = Ion(world, dialect=dialect).ask(question, next(iter(world.users)))
    text = json.dumps(answer.body["data"], sort_keys=True, separators=(",", ":"))
    file, name = tempfile.mkstemp(prefix=f"schema-{dialect}-", suffix=".json")
    atexit.register(Path(name).unlink)
    with os.fdopen(file, "w", encoding="utf-8") as schema:
        schema.write(text)
    return name


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def plant(folder: Path, dialect: str = "both") -> Iterator[Plant]:
    """Run a plant with a kiosk in it."""
    with Plant(folder, dialect) as running:
        running.serve()
        yield running


def picture_of(png: bytes) -> Image.Image:
    """Open a picture."""
    return Image.open(io.BytesIO(png))
