"""A whole kiosk in this process and in one thread: pages, stations, delivery and printers, moved by hand.

It dies as a process does: the next one finds what was on disk at that moment, whatever code still ran.
"""

import itertools
import operator
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import httpx

from kiosk.delivery import Delivery
from kiosk.inquiry import Inquiry
from kiosk.ion import Ion
from kiosk.ion_link import IonLink
from kiosk.journal import Journal, open_journal
from kiosk.journal.tables import ON_THE_WAY
from kiosk.label_service import LabelService
from kiosk.label_shelf import Designs, read_designs
from kiosk.label_subjects import LabelSubjects
from kiosk.model import DeviceState, Operation, OperationState, PrintJob, Role
from kiosk.parked import ParkedDesk
from kiosk.print_room import PrintRoom
from kiosk.printer_desk import PrinterDesk
from kiosk.printing import LabelShop
from kiosk.resources import templates_dir
from kiosk.serial_rule import SerialRule
from kiosk.settings import StationSettings
from kiosk.simulator.schema import Dialect
from kiosk.simulator.world import World
from kiosk.station import Station, Surroundings
from kiosk.web import Changes, Rooms, create_app
from printers import LANGUAGES, Media, Patience, Printer
from tests.fakes import Clock, FakeOperators, counted_ids
from tests.faults.ion_line import IonLine
from tests.ion.factory import Factory, know, settings_for
from tests.test_print_queue_model import Killed, Paper

__all__ = ["PRINTERS", "STATIONS", "Answer", "Killed", "KnownIon", "WholeKiosk"]

STATIONS = ("dock-1", "dock-2")
PRINTERS = {"dock-1": "zebra", "dock-2": "spare"}
_SETTINGS = tuple(
    StationSettings(name=name, location="WH-Receiving", printer=printer) for name, printer in PRINTERS.items()
)
_MEDIA = Media(101.6, 50.8, 203)
_PATIENCE = Patience(timeout_s=2, silence_s=0.5, answer_s=0.1, poll_s=0.5)
_REQUEST_LIFE_S = 120.0
_IDLE_S = 0.0005
_SECRET = b"0123456789abcdef"
_LINES = (7001, 7002)
"""Lines of ION's order on which people receive, far more than they will."""
_TURNS = 4
"""Times that a station, its look-ups and the line to ION must turn until an event has had its answer."""


@cache
def _designs() -> Designs:
    return read_designs(templates_dir() / "labels")


@dataclass
class Wall(Clock):
    """A wall clock that somebody sets forward and back, over a forward clock that only goes on."""

    jumped_s: float = 0.0

    def now(self) -> datetime:
        return self.true() + timedelta(seconds=self.jumped_s)

    def true(self) -> datetime:
        """Return what the clocks of others show."""
        return Clock.now(self)


@dataclass(frozen=True, slots=True)
class _Lamps:
    """Every device as it is."""

    whole: "WholeKiosk"

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        return (DeviceState(f"{station}-gun", is_ready=True, text="Ready."),)

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        return (self.whole.desks[PRINTERS[station]].lamp,)

    def ion(self) -> DeviceState:
        return self.whole.link.state

    def journal(self) -> DeviceState:
        return self.whole.journal.state()


class KnownIon(Ion):
    """Reads the schema never again: it stays what it is, and to read it takes long."""

    def renew(self) -> None:
        """Leave it as it is."""


class _AtWork:
    """Stands for a part of the kiosk that is at work at the moment."""

    def __init__(self, part: Callable[["WholeKiosk"], object]) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the part has
        return getattr(self._part(_door().kiosk), name)


def _station(name: str) -> Callable[["WholeKiosk"], Station]:
    return lambda kiosk: kiosk.stations[name]


class _Door:
    """The pages, which are made once, since that takes longer than all the rest of a start."""

    kiosk: "WholeKiosk"

    def __init__(self) -> None:
        parts: dict[str, Any] = {
            name: _AtWork(operator.attrgetter(name)) for name in ("room", "shop", "service", "parked")
        }
        station = {name: _AtWork(_station(name)) for name in STATIONS}
        self.app = create_app(
            Rooms(
                stations=station,
                changes=Changes(),
                jobs=parts["room"],
                prints=parts["room"],
                labels=parts["shop"],
                service=parts["service"],
                devices=_AtWork(_Lamps),
                files=_AtWork(lambda kiosk: kiosk.journal.files),
                clock=lambda: self.kiosk.clock.now(),  # noqa: PLW0108 - another kiosk each time
                secret=_SECRET,
                version="1",
                parked=parts["parked"],
            )
        )


@cache
def _door() -> _Door:
    return _Door()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser or a program got: nothing where the kiosk died before it answered."""

    status: int | None
    receipt: str = ""
    """The id of the event, where it was taken."""

    @property
    def is_taken(self) -> bool:
        """Return whether the event was acknowledged."""
        return bool(self.receipt)


@dataclass
class WholeKiosk:
    """The kiosk and all that it works with; ``start`` it again after it died."""

    folder: Path
    dialect: Dialect
    make_ion: Callable[..., Ion] = KnownIon
    """Makes the client of ION."""
    clock: Wall = field(default_factory=Wall)
    out: Counter[bytes] = field(default_factory=Counter)
    """Every label that came out, of all printers."""
    begun: Path | None = None
    """A folder with the journal to begin with."""
    starts: int = 0
    dies_at_id: int = 0
    """Dies when so many more ids were made, which is in the midst of a transaction; 0: does not."""
    dies_when_told: bool = False
    """Dies when a screen is to change, which is after the commit and before anybody has an answer."""
    _deaths: int = 0

    def __post_init__(self) -> None:
        """Start it for the first time."""
        self._thread = threading.get_ident()
        self._browser = ThreadPoolExecutor(1)
        world = World(clock=self.clock.true, new_hex=counted_ids("e"))
        self.factory = Factory(self.dialect, world=world)
        lines = self.factory.world.purchase_order_lines
        for line in (lines[number] for number in _LINES):
            lines.put(replace(line, quantity=Decimal(10_000)))
        self.clock.sleep(3600)
        self.client = _door().app.test_client()
        self.line = IonLine(self.factory, self.die, self.clock.monotonic_s, _REQUEST_LIFE_S)
        self.papers = {name: Paper(self.out) for name in PRINTERS.values()}
        self.printers = {
            name: Printer(name, LANGUAGES["zpl"], paper, _MEDIA) for name, paper in self.papers.items()
        }
        self.state = self.folder / "state-0"
        self.state.mkdir()
        if self.begun is not None:
            shutil.copy(self.begun / "kiosk.db", self.state)
            self.starts = 1
        self.start()

    def close(self) -> None:
        """End it for good."""
        self._end()
        self._browser.shutdown()

    # --- its life

    def start(self) -> None:
        """Start it on the journal that is there."""
        self.starts += 1
        self.dies_at_id, self.dies_when_told, self.line.fate = 0, False, "good"
        self._ids = itertools.count(1)
        self.journal = self._opened()
        self.recover()
        settings = settings_for(request_life_s=_REQUEST_LIFE_S)
        self.ion = self.make_ion(
            settings,
            files=self.journal.files,
            notes=self.journal.notes,
            transport=self.line,
            sleep=self.clock.sleep,
            monotonic_s=self.clock.monotonic_s,
        )
        know(self.ion, self.dialect)
        self.link = IonLink(
            self.ion,
            clock=self.clock.now,
            sleep=self.clock.sleep,
            on_change=lambda: None,
            monotonic_s=self.clock.monotonic_s,
        )
        self.shop = LabelShop(_designs(), _SETTINGS, self.printers)
        self.desks = {name: self._desk(printer) for name, printer in self.printers.items()}
        self.people = FakeOperators()
        inquiry = Inquiry(self.link, self.journal.answers, self.clock.now)
        around = Surroundings(
            journal=self.journal,
            inquiry=inquiry,
            labels=self.shop,
            devices=_Lamps(self),
            people=self.people,
            offers=lambda: self.link.known_offers,
            publish=self._publish,
            wake_printer=lambda name: self.desks[name].wake(),
            clock=self.clock.now,
            ids=self._new_id,
            printed=self._printed,
        )
        self.stations = {one.name: Station(one, around, idle_s=_IDLE_S) for one in _SETTINGS}
        self.delivery = Delivery(
            self.journal,
            self.link,
            self.shop,
            self._settled,
            self.clock.sleep,
            self.clock.monotonic_s,
            lambda: 0.5,
            is_open=lambda: self.link.state.is_ready,
        )
        self.parked = ParkedDesk(self.journal, self.link, self._settled)
        self.room = PrintRoom(
            self.journal,
            self.desks,
            {name: (printer,) for name, printer in PRINTERS.items()},
            self.people,
            lambda: None,
            SerialRule(Role.LEAD),
            "operator",
            self.shop,
        )
        self.service = LabelService(
            self.journal,
            self.shop,
            LabelSubjects(inquiry),
            PRINTERS,
            self.desks,
            lambda _printer, _station: None,
            self._new_id,
            SerialRule(Role.LEAD),
        )
        _door().kiosk = self

    def recover(self) -> None:
        """Doubt what was under way when it died."""
        self.journal.recover()

    def die(self) -> NoReturn:
        """End as by SIGKILL: what is on disk now is all that is left."""
        self.note_what_is_left()
        raise Killed

    def note_what_is_left(self) -> None:
        """Keep what is on disk at the moment of death."""
        self._deaths += 1
        left = self.folder / f"state-{self._deaths}"
        left.mkdir()
        for path in self.state.glob("kiosk.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, left)
        self._left = left

    def start_again(self) -> None:
        """Start on what was left on disk."""
        self._end()
        shutil.rmtree(self.state)
        self.state = self._left
        self.start()

    def crash(self) -> None:
        """Die between two steps, and start again."""
        try:
            self.die()
        except Killed:
            self.start_again()

    # --- what moves it

    def scan(self, station: str, text: str, key: str | None) -> Answer:
        """Scan at a station, and let it answer."""
        return self._posted(station, "/api/v1/scans", {"station": station, "text": text}, key)

    def press(self, station: str, body: Mapping[str, object], key: str | None) -> Answer:
        """Press a button at a station, and let it answer."""
        return self._posted(station, f"/api/v1/stations/{station}/events", body, key)

    def answer_all(self) -> None:
        """Let the stations work until nothing waits at them."""
        for _ in range(_TURNS):
            self.link.step()
            for station in self.stations.values():
                station.look_step()
                station.step()

    def deliver(self) -> None:
        """Move one operation on."""
        self.link.step()
        self.delivery.step()

    def print_one(self, printer: str) -> None:
        """Let a printer print one label, or look after itself."""
        self.clock.sleep(3)
        self.desks[printer].wake()
        self.desks[printer].step()

    # --- what is seen of it

    def operations(self) -> tuple[Operation, ...]:
        """Return every change that was ever wanted."""
        return self.journal.outbox.listed(limit=100_000)

    def jobs(self) -> tuple[PrintJob, ...]:
        """Return every label that was ever wanted, the oldest first."""
        found = [job for name in STATIONS for job in self.journal.prints.newest(name, 100_000)]
        return tuple(reversed(found))

    def read_lag(self, seconds: float) -> None:
        """Let ION's reads show what was so long ago."""
        self.factory.ion.switches = replace(self.factory.ion.switches, read_lag_s=seconds)

    def is_at_rest(self) -> bool:
        """Return whether everything has ended or waits for a person, or behind what a person is asked of."""
        if not self.journal.outbox.counts()[0]:
            return True
        operations = self.operations()
        asked = [one for one in operations if one.state is OperationState.PARKED]
        subjects, served = {one.subject for one in asked}, {one.serves for one in asked if one.serves}
        return all(
            one.state not in ON_THE_WAY
            or (one.state is OperationState.QUEUED and (one.subject in subjects or one.needs in served))
            for one in operations
        )

    # --- its parts

    def _opened(self) -> Journal:
        return open_journal(
            f"sqlite:///{self.state}/kiosk.db",
            clock=self.clock.now,
            ids=self._new_id,
            boot=f"boot-{self.starts}",
            allow_volatile=True,
        )

    def _desk(self, printer: Printer) -> PrinterDesk:
        return PrinterDesk(
            printer,
            self.journal.prints,
            self._printed,
            self.clock.sleep,
            monotonic_s=self.clock.monotonic_s,
            patience=_PATIENCE,
            clock=self.clock.now,
        )

    def _end(self) -> None:
        self.ion.close()
        self.journal.close()

    def _new_id(self) -> str:
        if self.dies_at_id and threading.get_ident() == self._thread:
            self.dies_at_id -= 1
            if not self.dies_at_id:
                self.die()
        return f"{self.starts:04x}{next(self._ids):028x}"

    def _publish(self, station: str) -> None:
        del station
        if self.dies_when_told:
            self.dies_when_told = False
            self.die()

    def _settled(self, operation: Operation) -> None:
        if operation.station in self.stations and operation.state is not OperationState.QUEUED:
            self.stations[operation.station].settled(operation)

    def _printed(self, job: PrintJob | None) -> None:
        if job is not None and job.station in self.stations:
            self.stations[job.station].printed(job)

    def _posted(self, station: str, path: str, body: Mapping[str, object], key: str | None) -> Answer:
        """Send a request, while the station works; one that dies over it may have answered before."""
        headers = {"Idempotency-Key": key} if key else {}
        under_way = self._browser.submit(lambda: self.client.post(path, json=body, headers=headers))
        is_dead = False
        while not under_way.done():
            try:
                self.stations[station].step()
                if not self.stations[station]._inbox.qsize():
                    self.stations[station].look_step()  # what a press waits for
            except Killed:
                is_dead = True
                break
        answer = under_way.result()
        receipt = (
            (answer.get_json() or {}).get("receipt") if answer.status_code == httpx.codes.ACCEPTED else None
        )
        found = Answer(answer.status_code, receipt["id"] if receipt else "")
        if is_dead:
            self.start_again()
        return found
