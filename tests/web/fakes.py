"""A station, its printer and its devices, in memory: real answers without a journal and without ION."""

import io
import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw

from kiosk.ambience import Ambiences
from kiosk.artwork import draw_barcode
from kiosk.errors import LabelError, SignInFailed
from kiosk.flows.labels import USUAL, Choices
from kiosk.model import (
    Binding,
    DeviceState,
    FaultSeen,
    JobState,
    Json,
    Level,
    Message,
    Operator,
    Pace,
    Past,
    PreparedLabel,
    Print,
    PrintJob,
    ScanSeen,
)
from kiosk.ports import LearnView, Receipt, StationView
from kiosk.settings import StationSettings
from kiosk.sign_in import SignInView
from kiosk.web import Changes, PadItem, Rooms, TrayItem
from tests.fakes import FakeFiles, FakePrints
from tests.fakes.ambience import FakeAmbienceBook
from tests.fakes.designs import design_desk
from tests.fakes.label_service import FakeService
from tests.fakes.parked import FakeParked
from tests.fakes.sign_in import CODE
from tests.web.fake_people import FakePeople, empty_doorway, empty_office, unseen_settings, unseen_shifts
from tests.web.samples import LINE_STATE, SAMPLES

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FLOWS = ("receive", "lookup", "move", "run", "label", "problem", "adjust")
ION_READY = DeviceState("ION", is_ready=True, text="answers")
GUN_READY = DeviceState("dock-gun", is_ready=True, text="Ready.")
MOST_PHOTOS = 6
SECRET = b"0123456789abcdef0123456789abcdef"
SCANS: dict[str, str] = {
    "PO-10007": "receive/order",
    "SN-000173": "lookup/inventory",
    "VLV-0001": "lookup/part",
    "ION/LOC/4": "lookup/location",
    "ION/RUN/77": "run/run",
    "AMBIGUOUS": "home/choose",
}
"""What the fake station knows: a scan and the screen it opens."""


def png(text: str = "label", width: int = 406, height: int = 203) -> bytes:
    picture = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width - 1, height - 1), outline=0)
    pen.text((16, 12), text, fill=0)
    for position, character in enumerate(text.encode()):
        left = 16 + position * 12
        pen.rectangle((left, height // 2, left + 1 + character % 6, height - 24), fill=0)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def print_job(number: int, state: JobState = JobState.CONFIRMED, **changes: object) -> PrintJob:
    values: dict[str, object] = {
        "id": f"{number:032x}",
        "key": f"session:{number}",
        "station": "dock-1",
        "printer": "dock-zebra",
        "label": "part",
        "design_digest": "d" * 8,
        "fields": {"serialNumber": f"SN-{number:06}", "part.partNumber": "VLV-0001"},
        "subject": "inventory/501",
        "encoded": "ION/PI/501",
        "copy": 1,
        "copies": 1,
        "state": state,
        "created_at": NOW,
        "error": "",
        **changes,
    }
    return PrintJob(**values)  # type: ignore[arg-type]  # the defaults above have the right types


@dataclass
class FakeStation:
    """Keeps what it was told, and shows what a test or a scan puts on its screen."""

    name: str = "dock-1"
    changes: Changes = field(default_factory=Changes)
    scans: list[tuple[bytes, str, str | None]] = field(default_factory=list)
    presses: list[tuple[str, str | None, int | None, str | None]] = field(default_factory=list)
    view_now: StationView = field(init=False)
    failure: Exception | None = None
    refused: list[bytes] = field(default_factory=list)
    """The scans that met the ``failure``."""
    views: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._receipts: dict[str, Receipt] = {}
        self._ids = itertools.count(1)
        self.view_now = StationView(
            station=self.name,
            session="a" * 32,
            revision=1,
            flow="home",
            step="idle",
            state={},
            message=None,
            flows=FLOWS,
            location="WH-Receiving",
            waiting=0,
            parked=0,
            scanners=(DeviceState("dock-gun", is_ready=True, text="ready"),),
            printers=(DeviceState("dock-zebra", is_ready=True, text="ready"),),
            ion=ION_READY,
            jobs=(),
        )

    def view(self) -> StationView:
        if self.failure is not None:
            raise self.failure
        self.views += 1
        return self.view_now

    def show(self, screen: str, state: Mapping[str, Json], message: Message | None = None) -> None:
        flow, _, step = screen.partition("/")
        self.alter(flow=flow, step=step, state=state, message=message)

    def alter(self, **changes: object) -> None:
        with self._lock:
            before, revision = self.view_now, self.view_now.revision + 1
            after = replace(before, revision=revision, **changes)  # type: ignore[arg-type]
            is_other = (before.screen, before.state.get("photos_of")) != (
                after.screen,
                after.state.get("photos_of"),
            )
            self.view_now = replace(after, since=revision if is_other else before.since)
        self.changes.publish(self.name)

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        if key is not None and key in self._receipts:
            return replace(self._receipts[key], is_repeat=True)
        if self.failure is not None:
            self.refused.append(data)
            raise self.failure
        self.scans.append((data, scanner, key))
        text = data.decode("utf-8", "replace")
        screen = SCANS.get(text)
        if screen is not None:
            self.show(screen, SAMPLES[screen], Message(Level.GOOD, "{text} found.", {"text": text}))
        else:
            shown = "".join(chr(0x2400 + ord(c)) if ord(c) < 32 else c for c in text[:200])
            state = {**SAMPLES["home/unknown"], "text": shown, "length": len(text)}
            self.show("home/unknown", state, Message(Level.STOP, "Not known: {text}", {"text": shown[:40]}))
        return self._receipt(key)

    def press(
        self, verb: str, argument: str | None = None, *, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        if key is not None and key in self._receipts:
            return replace(self._receipts[key], is_repeat=True)
        if self.failure is not None:
            raise self.failure
        if revision is not None and revision != self.view_now.revision:
            return Receipt("stale", is_repeat=False, is_stale=True)
        self.presses.append((verb, argument, revision, key))
        self._react(verb, argument)
        return self._receipt(key)

    def _react(self, verb: str, argument: str | None) -> None:
        state = dict(self.view_now.state)
        match verb:
            case "HOME" | "BACK" | "CANCEL":
                self.show("home/idle", {})
            case "QUANTITY" | "COPIES":
                state[verb.lower()] = argument
                message = Message(Level.ASK, "{what}: {n}.", {"what": verb.title(), "n": argument or ""})
                self.show(self.view_now.screen, state, message)
            case "PHOTO" if "photos" in state:
                photos = tuple(state["photos"])  # type: ignore[arg-type]  # digests
                if len(photos) < MOST_PHOTOS:
                    state["photos"] = (*photos, argument)
                self.show(self.view_now.screen, state, Message(Level.GOOD, "The photo is kept."))
            case "CHOOSE" if (argument or "").startswith("order-line/"):
                self.show("receive/line", LINE_STATE, Message(Level.ASK, "Scan the lot, or type it."))
            case _:
                self.alter(message=Message(Level.GOOD, "{verb} done.", {"verb": verb.capitalize()}))

    def _receipt(self, key: str | None) -> Receipt:
        receipt = Receipt(f"r{next(self._ids)}", is_repeat=False)
        if key is not None:
            self._receipts[key] = receipt
        return receipt


@dataclass
class FakeJobs:
    """Print jobs in a dictionary."""

    station: FakeStation
    jobs: dict[str, PrintJob] = field(default_factory=dict)

    def add(self, *jobs: PrintJob) -> None:
        self.jobs |= {job.id: job for job in jobs}
        self.station.alter(jobs=tuple(self.jobs.values())[:6])

    def job(self, job_id: str) -> PrintJob | None:
        return self.jobs.get(job_id)

    def picture(self, job_id: str) -> bytes | None:
        job = self.jobs.get(job_id)
        return png(str(job.fields.get("serialNumber", job.id))) if job else None


@dataclass
class FakeLabels:
    """Knows one label design, ``part``, and prints on one printer."""

    printer: str = "dock-zebra"
    prepared: list[Print] = field(default_factory=list)

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        del station
        if label.label != "part":
            raise LabelError(f"Cannot make label {label.label!r}: expected one of ['part'].")
        self.prepared.append(label)
        return PreparedLabel(label.label, "d" * 8, "ION/PI/501", b"^XA^XZ", png("part label"))

    def printer_of(self, station: str) -> str:
        del station
        return self.printer

    def printers_of(self, station: str) -> tuple[str, ...]:
        del station
        return (self.printer,)

    def marked(self, printer_name: str, label: Print, digest: str, edition: int) -> None:
        del printer_name, label, digest, edition

    def takes_zpl(self, station: str) -> bool:
        del station
        return True

    def choices(self, station: str) -> Choices:
        del station
        return USUAL


@dataclass
class FakeDevices:
    """The lamps, as the station's view has them."""

    stations: Mapping[str, FakeStation]

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        return self.stations[station].view_now.scanners

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        return self.stations[station].view_now.printers

    def ion(self) -> DeviceState:
        return next(iter(self.stations.values())).view_now.ion

    def journal(self) -> DeviceState:
        return next(iter(self.stations.values())).view_now.journal


@dataclass
class FakeScanner:
    """A scanner that sent what a test says."""

    name: str = "dock-gun"
    kind: str = "serial"
    port: str = "/dev/serial/by-id/usb-Honeywell_1900_12345678-if00"
    station: str = "dock-1"
    lamp: DeviceState = GUN_READY
    faults: int = 0
    last_fault: FaultSeen | None = None
    binding: Binding | None = None
    scans: list[ScanSeen] = field(default_factory=list)

    def sends(
        self, data: bytes, at: datetime = NOW, pace: Pace | None = None, answered_s: float | None = 0.004
    ) -> None:
        self.scans.insert(0, ScanSeen(at, data, pace or Pace(0.012), answered_s))

    def last_scans(self) -> list[ScanSeen]:
        return self.scans


@dataclass
class FakeLearning:
    """Learn mode that hears what a test says."""

    shown: LearnView = field(default_factory=lambda: LearnView(""))
    forgotten: list[str] = field(default_factory=list)
    failure: Exception | None = None

    def view(self) -> LearnView:
        return self.shown

    def start(self, station: str) -> None:
        self.shown = LearnView(station, "ION/CMD/LEARN/AZ@7QM", 120)

    def stop(self) -> None:
        self.shown = LearnView("")

    def forget(self, name: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.forgotten.append(name)
        self.shown = LearnView("", message=Message(Level.GOOD, "{name} was removed.", {"name": name}))


PAD: tuple[PadItem, ...] = (
    PadItem("Orders", "PO-10007", "5 lines, Precision Machining", "PO-10007"),
    PadItem("Stock", "SN-000173", "Valve, oxidizer", "SN-000173"),
    PadItem("Stock", "VLV-0001", "all valves", "VLV-0001"),
    PadItem("Stock", "Digi-Key bag", "ISO 15434, with GS and RS", "[)>\x1e06\x1d1PSN74\x1dQ100\x1e\x04"),
    PadItem("Runs", "Run 77", "Valve acceptance test", "ION/RUN/77"),
    PadItem("Locations", "Rack A / Shelf 2", "a shelf", "ION/LOC/4"),
    PadItem("Commands", "CONFIRM", "", "ION/CMD/CONFIRM"),
    PadItem("Commands", "CANCEL", "", "ION/CMD/CANCEL"),
)


@dataclass
class FakeDesk:
    """Where people sign in; what it shows is what a test says."""

    stations: Mapping[str, FakeStation]
    shown: SignInView = field(default_factory=lambda: SignInView(ways=("phone", "browser")))
    failure: SignInFailed | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)
    """Stations by the secret of the browser that was sent off for them."""
    answers: list[Mapping[str, str]] = field(default_factory=list)

    def is_open(self, station: str) -> bool:
        return station == "dock-1"

    def view(self, station: str) -> SignInView:
        return replace(self.shown, operator=self.stations[station].view_now.operator)

    def begin_device(self, station: str) -> None:
        self._fail()
        self.asked.append(("phone", station))
        self.shown = replace(self.shown, code=CODE, left_s=580.0)

    def sign_out(self, station: str) -> None:
        self.asked.append(("sign-out", station))
        self.stations[station].alter(operator=None)

    def arrive(self, station: str, operator: Operator) -> None:
        """Let somebody sign in."""
        self.shown = replace(self.shown, code=None)
        self.stations[station].alter(operator=operator)

    def begin_browser(self, station: str, redirect_uri: str, holder: str) -> str:
        self._fail()
        self.asked.append(("browser", station, redirect_uri))
        self.sent[holder] = station
        return f"https://auth.example/auth?redirect_uri={redirect_uri}"

    def finish_browser(self, holder: str, answer: Mapping[str, str]) -> str:
        self.answers.append(answer)
        self._fail()
        station = self.sent.pop(holder, None)
        if station is None:
            raise SignInFailed("This sign-in was not begun here.")
        return station

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass
class World:
    """A whole fake kiosk: what a test holds in its hand."""

    station: FakeStation
    other: FakeStation
    jobs: FakeJobs
    prints: FakePrints
    labels: FakeLabels
    service: FakeService
    tray: list[TrayItem]
    scanners: list[FakeScanner]
    files: FakeFiles
    desk: FakeDesk
    learning: FakeLearning
    people: FakePeople
    parked: FakeParked
    happened: list[Past]
    """What happened at each station, newest first."""
    tests: list[tuple[str, Print, PreparedLabel, str | None]]
    """Labels of the design page: printer, label, what is sent, key."""
    rooms: Rooms


def world(  # noqa: PLR0913 - each is one thing that a test may want otherwise
    *,
    is_demo: bool = False,
    most_streams: int = 16,
    heartbeat_s: float = 5.0,
    is_single: bool = False,
    has_sign_in: bool = False,
    site: Path | None = None,
) -> World:
    """Return a kiosk of two stations, or of one."""
    changes = Changes(most_streams=most_streams, heartbeat_s=heartbeat_s)
    station, other = FakeStation("dock-1", changes), FakeStation("floor 2", changes)
    stations = {"dock-1": station} if is_single else {"dock-1": station, "floor 2": other}
    jobs, labels, files, desk = FakeJobs(station), FakeLabels(), FakeFiles(), FakeDesk(stations)
    prints = FakePrints(jobs.job)
    service = FakeService(print_job, jobs.jobs, prints, png=png("part label"))
    tray = [TrayItem(2, png("SN-000173"), "SN-000173"), TrayItem(1, png("blank"), "")]

    scanners: list[FakeScanner] = []
    learning, parked, people = FakeLearning(), FakeParked(), FakePeople(stations)

    tests: list[tuple[str, Print, PreparedLabel, str | None]] = []
    happened: list[Past] = []

    def print_test(
        printer: str, label: Print, prepared: PreparedLabel, key: str | None
    ) -> tuple[PrintJob, ...]:
        tests.append((printer, label, prepared, key))
        job = print_job(200 + len(tests), printer=printer, label=label.label)
        jobs.jobs[job.id] = job
        return (job,)

    rooms = Rooms(
        stations=stations,
        changes=changes,
        jobs=jobs,
        prints=prints,
        labels=labels,
        service=service,
        devices=FakeDevices(stations),
        files=files,
        clock=lambda: NOW,
        secret=SECRET,
        version="1.2.3",
        pad=(lambda: PAD) if is_demo else None,
        draw=draw_barcode if is_demo else None,
        tray=(lambda: tray) if is_demo else None,
        sign_in=desk if has_sign_in else None,
        scanners=lambda: scanners,
        learning=learning,
        lately=lambda _station, most: happened[:most],
        ambiences=Ambiences((StationSettings(name="dock-1"),), FakeAmbienceBook()),
        parked=parked,
        people=people,
        office=empty_office(),
        doorway=empty_doorway(),
        shift=unseen_shifts(),
        settings=unseen_settings(),
        designs=design_desk(site, print_test),
    )
    return World(
        station,
        other,
        jobs,
        prints,
        labels,
        service,
        tray,
        scanners,
        files,
        desk,
        learning,
        people,
        parked,
        happened,
        tests,
        rooms,
    )
