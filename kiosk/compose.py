"""The composition root: the only module that knows every concrete class."""

import contextlib
import logging
import os
import secrets
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from kiosk import __version__
from kiosk.address import allowed_hosts, is_for_any_address, public_url
from kiosk.api_keys import ApiKeys
from kiosk.artwork import draw_barcode
from kiosk.delivery import Delivery
from kiosk.design_desk import DesignDesk, sample_fields
from kiosk.errors import SettingsError
from kiosk.flows import subject_shown
from kiosk.flows.labels import label_of
from kiosk.housekeeping import Housekeeping
from kiosk.inquiry import Inquiry, TaughtPatterns
from kiosk.ion import Ion
from kiosk.ion_link import IonLink
from kiosk.journal import Journal, NewJob, open_journal, sole_use
from kiosk.label_service import LabelService
from kiosk.label_shelf import Designs, LabelShelf, read_designs
from kiosk.model import (
    Binding,
    JobState,
    LabelFields,
    Operation,
    PreparedLabel,
    Print,
    PrintJob,
    Session,
    Stock,
)
from kiosk.people import People
from kiosk.ports import FileRoom, SchemaRoom, Sleep, StationView
from kiosk.print_room import PrintRoom
from kiosk.printing import LabelShop, PrinterDesk, make_desks, open_printers
from kiosk.resources import templates_dir
from kiosk.scanners import SCANNERS, PluggedIn, Subordinate
from kiosk.scanning import Learning, Roster, ScannerLine
from kiosk.service_notice import ServiceNotice
from kiosk.settings import ScannerSettings, Settings
from kiosk.sign_in import SignInDesk
from kiosk.station import Station, Surroundings
from kiosk.supervisor import Supervisor
from kiosk.web import PRINTERS, Changes, PadItem, Rooms, TrayItem, WebServer, create_app, serve
from kiosk.web_rooms import Lamps, label_service, print_room
from printers import Printer

_LOG = logging.getLogger(__name__)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PATIENCE_S = 60.0
"""For a loop's step without ION: longer than a printer may take over one label."""
_ROUND_TRIPS = 6
"""The most that delivery makes in one step: look for the effect, then send again."""
_WATCHDOG_S = 5.0
_PRINT_TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo adds to the page."""

    pad: Callable[[], Sequence[PadItem]]
    tray: Callable[[], Sequence[TrayItem]]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk that is put together."""

    settings: Settings
    journal: Journal
    ion: Ion
    link: IonLink
    stations: Mapping[str, Station]
    roster: Roster
    learning: Learning
    desks: Mapping[str, PrinterDesk]
    prints: PrintRoom
    service: LabelService
    shop: LabelShop
    shelf: LabelShelf
    designs: Designs
    inquiry: Inquiry
    supervisor: Supervisor
    changes: Changes
    sign_in: SignInDesk | None
    """Where people sign in with ION; ``None`` where the settings name no such place."""

    def print_test(
        self, printer: str, label: Print, prepared: PreparedLabel, key: str | None
    ) -> tuple[PrintJob, ...]:
        """Queue a label of the design page, for a station where one prints there: it can answer doubts."""
        fitting = [one.name for one in self.settings.stations if one.printer == printer]
        station = fitting[0] if fitting else ""
        job_key = f"design/{printer}/{key or uuid.uuid4().hex}"
        jobs = self.journal.prints.add([NewJob(job_key, station, printer, label, prepared)])
        self.desks[printer].wake()
        if station:
            self.changes.publish(station)
        return jobs

    def sample(self, scan: bytes) -> LabelFields:
        """Ask ION what would stand on the label of what a scan is about.

        Raises:
            LabelError: nothing that has a label is known by it.
            IonError: ION could not be asked.
        """
        meant = self.inquiry.fresh(self.inquiry.read(scan))
        found = meant.subjects if meant else ()
        stock = [row for subject in found if isinstance(subject, Stock) for row in subject.rows]
        return sample_fields(label_of(subject) for subject in (*found, *stock))

    def rooms(self, demo: Demo | None = None) -> Rooms:
        """Return what the pages need."""
        web = self.settings.web
        return Rooms(
            stations=self.stations,
            changes=self.changes,
            jobs=self.prints,
            prints=self.prints,
            labels=self.shop,
            service=self.service,
            devices=Lamps(self.settings, self.roster, self.desks, self.link),
            files=self.journal.files,
            clock=utc_now,
            secret=secrets.token_bytes(32),
            version=__version__,
            allowed_hosts=allowed_hosts(web),
            is_any_address_allowed=is_for_any_address(web),
            keys=ApiKeys(self.journal.keys, utc_now),
            are_keys_needed=web.api_keys,
            others=web.others,
            phone_address=lambda port: public_url(web, port),
            label_shown=label_shown,
            pad=demo.pad if demo else None,
            draw=draw_barcode,
            tray=demo.tray if demo else None,
            sign_in=self.sign_in,
            public_url=web.public_url,
            scanners=lambda: self.roster.posts,
            learning=self.learning,
            designs=DesignDesk(
                self.shelf,
                self.shop,
                {name: desk.printer for name, desk in self.desks.items()},
                self.print_test,
                self.sample,
                self.designs,
            ),
        )


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new id."""
    return uuid.uuid4().hex


def boot_id() -> str:
    """Return the kernel's boot id; the unit passes it, since ``ProcSubset=pid`` hides the file."""
    given = os.environ.get("BOOT_ID")
    if given:
        return given
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def label_shown(view: StationView) -> Print | None:
    """Return the label of what a station shows."""
    subject = subject_shown(Session(view.session, view.station, view.flow, view.step, view.state))
    return label_of(subject) if subject is not None else None


@contextlib.contextmanager
def opened_journal(settings: Settings) -> Iterator[Journal]:
    """Open the journal beside a kiosk that may be running; nothing in flight is touched.

    Raises:
        JournalError: it cannot be opened, or is not to be trusted.
    """
    journal = open_journal(settings.journal.url, clock=utc_now, ids=new_id, boot=boot_id())
    with contextlib.closing(journal):
        yield journal


@contextlib.contextmanager
def connected_ion(
    settings: Settings,
    *,
    files: FileRoom | None = None,
    schemas: SchemaRoom | None = None,
    sleep: Sleep = time.sleep,
) -> Iterator[Ion]:
    """Give the client of the tenant's ION; nothing is sent before the first question."""
    with contextlib.closing(Ion(settings.ion, files=files, schemas=schemas, sleep=sleep)) as ion:
        yield ion


def _checked(settings: Settings) -> Mapping[str, Printer]:
    """Return the printers, once all that the settings name was found usable.

    Raises:
        SettingsError: the text lists every fault at once.
    """
    faults: list[str] = []
    printers: Mapping[str, Printer] = {}
    try:
        printers = open_printers(settings.printers)
    except SettingsError as error:
        faults.append(str(error))
    try:
        settings.ion.secret()
    except SettingsError as error:
        faults.append(str(error))
    faults += [
        f"scanners: {one.name!r} is of kind {one.kind!r}, expected one of {sorted(SCANNERS)}"
        for one in settings.scanners
        if one.kind not in SCANNERS
    ]
    if faults:
        raise SettingsError("\n".join(faults))
    return printers


@contextlib.contextmanager
def assembled(settings: Settings) -> Iterator[Kiosk]:
    """Put a kiosk together; nothing runs until ``running``. Leaving it closes everything in reverse.

    Raises:
        SettingsError: something in the settings cannot be used.
        JournalError: the journal cannot be opened, or is not to be trusted.
        LabelError: a label design has a fault.
    """
    shelf = LabelShelf(templates_dir() / "labels", settings.labels.designs, utc_now)
    designs = shelf.load()
    for fault in designs.faults.values():
        _LOG.error("A label design of the site cannot be printed: %s", fault)
    printers = _checked(settings)
    supervisor = Supervisor(hung_after_s=_PATIENCE_S + _ROUND_TRIPS * settings.ion.write_timeout_s)
    changes = Changes()
    with contextlib.ExitStack() as stack:
        stack.enter_context(sole_use(settings.journal.url))
        journal = stack.enter_context(opened_journal(settings))
        journal.recover()
        ion = stack.enter_context(
            connected_ion(settings, files=journal.files, schemas=journal.schemas, sleep=supervisor.sleep)
        )
        names = [one.name for one in settings.stations]

        def publish_all() -> None:
            for name in (*names, PRINTERS):
                changes.publish(name)

        link = IonLink(ion, clock=utc_now, sleep=supervisor.sleep, on_change=publish_all)
        shop = LabelShop(designs, settings.stations, printers)
        stations: dict[str, Station] = {}

        def tell_of_print(job: PrintJob | None) -> None:
            if job is not None and job.station in stations:
                stations[job.station].printed(job)
            publish_all()

        taught = TaughtPatterns(ion.patterns, journal.patterns, supervisor.sleep)
        supervisor.add("patterns", taught.step)
        desks = make_desks(printers, journal.prints, supervisor, tell_of_print)
        people = People(settings.people, journal.note, changes.publish, tokens=ion.sign_in)
        sign_in = _sign_in_desk(settings, ion, people, supervisor)
        roster, learning = _scanners(settings, journal, stations, supervisor, publish_all)
        stack.callback(roster.close)
        stack.callback(learning.close)
        inquiry = Inquiry(link, journal.answers, utc_now, taught.known)
        around = Surroundings(
            journal=journal,
            inquiry=inquiry,
            labels=shop,
            devices=Lamps(settings, roster, desks, link),
            people=people,
            offers=lambda: link.known_offers,
            publish=changes.publish,
            wake_printer=lambda name: desks[name].wake(),
            clock=utc_now,
            ids=new_id,
            printed=tell_of_print,
        )
        stations |= {one.name: Station(one, around) for one in settings.stations}
        kiosk = Kiosk(
            settings,
            journal,
            ion,
            link,
            stations,
            roster,
            learning,
            desks,
            print_room(settings, journal, desks, people, publish_all),
            label_service(journal, shop, desks, settings, inquiry, changes.publish),
            shop,
            shelf,
            designs,
            inquiry,
            supervisor,
            changes,
            sign_in,
        )
        _hire(kiosk)
        yield kiosk


def _sign_in_desk(settings: Settings, ion: Ion, people: People, supervisor: Supervisor) -> SignInDesk | None:
    if ion.sign_in is None:
        return None
    allowed = {one.name: one.sign_in for one in settings.stations}
    desk = SignInDesk(ion.sign_in, people, allowed, sleep=supervisor.sleep)
    supervisor.add("people", desk.step)
    return desk


def _scanners(
    settings: Settings,
    journal: Journal,
    stations: Mapping[str, Station],
    supervisor: Supervisor,
    publish_all: Callable[[], None],
) -> tuple[Roster, Learning]:
    """Make who reads scanners, none at work yet, and who binds new ones."""

    def line(one: ScannerSettings, binding: Binding | None) -> ScannerLine:
        scanner = SCANNERS[one.kind](one)
        return ScannerLine(
            one.name,
            scanner if binding is None else Subordinate(scanner, one, settings.scanners),
            stations[one.station],
            supervisor.sleep,
            publish_all,
            utc_now,
            time.monotonic,
            learning.is_spoken_for,
        )

    def owners() -> Iterator[tuple[str, str]]:
        yield from ((post.kind, post.port) for post in roster.posts)
        for printer in settings.printers:
            if printer.url.startswith("serial:"):
                yield "serial", urlsplit(printer.url).path

    names = {one.name: one for one in settings.stations}
    roster = Roster(supervisor, line, names, publish_all)
    learning = Learning(
        PluggedIn(owners),
        roster,
        journal.bindings,
        clock=utc_now,
        monotonic_s=time.monotonic,
        sleep=supervisor.sleep,
    )
    return roster, learning


def _hire(kiosk: Kiosk) -> None:
    """Give every loop its thread."""

    def tell(operation: Operation) -> None:
        station = kiosk.stations.get(operation.station)
        if station is not None:
            station.settled(operation)

    delivery = Delivery(
        kiosk.journal,
        kiosk.link,
        kiosk.shop,
        tell,
        kiosk.supervisor.sleep,
        is_open=lambda: kiosk.link.state.is_ready,
    )
    for name, station in kiosk.stations.items():
        kiosk.supervisor.add(f"station {name}", station.step)
        kiosk.supervisor.add(f"look-up {name}", station.look_step)
    for name, desk in kiosk.desks.items():
        kiosk.supervisor.add(f"printer {name}", desk.step)
    kiosk.supervisor.add("ion", kiosk.link.step)
    kiosk.supervisor.add("delivery", delivery.step)
    kiosk.supervisor.add("files", Housekeeping(kiosk.journal.files.sweep, kiosk.supervisor.sleep).step)
    for one in kiosk.settings.scanners:
        kiosk.roster.employ(one)
    for binding in kiosk.journal.bindings.all():
        kiosk.roster.bind(binding)
    kiosk.supervisor.add("learning", kiosk.learning.step)


def print_now(
    settings: Settings, name: str, values: LabelFields, *, printer: str, copies: int
) -> tuple[PrintJob, ...]:
    """Print a label and wait for what becomes of it.

    A kiosk that runs on the same journal may take the jobs; else they are printed from here.

    Raises:
        LabelError: the label cannot be made.
        JournalError: it could not be written.
    """
    shop = LabelShop(
        read_designs(templates_dir() / "labels", settings.labels.designs),
        settings.stations,
        open_printers(settings.printers),
    )
    label = Print(name, values, subject="", copies=copies)
    prepared = shop.prepare_for(printer, label)
    with opened_journal(settings) as journal:
        key = f"cli/{new_id()}"
        jobs = journal.prints.add([NewJob(key, "", printer, label, prepared)])
        desk = PrinterDesk(shop.printer(printer), journal.prints, lambda _job: None, time.sleep)
        end_s = time.monotonic() + _PRINT_TIMEOUT_S
        while any(_is_open(journal, job) for job in jobs) and time.monotonic() < end_s:
            desk.step()
        return tuple(journal.prints.find(job.id) or job for job in jobs)


def _is_open(journal: Journal, job: PrintJob) -> bool:
    now = journal.prints.find(job.id)
    return now is not None and now.state in {JobState.QUEUED, JobState.SENDING}


@contextlib.contextmanager
def running(kiosk: Kiosk, demo: Demo | None = None) -> Iterator[WebServer]:
    """Start every thread and the page; leaving it stops them, what is under way is finished first."""
    app = create_app(kiosk.rooms(demo))
    web = kiosk.settings.web
    try:
        server = serve(app, web.host, web.port)
    except OSError as error:
        raise SettingsError(f"web: cannot serve on {web.host} port {web.port}: {error}") from error
    try:
        kiosk.supervisor.start()
        yield server
    finally:
        kiosk.changes.stop()
        server.stop()
        for desk in kiosk.desks.values():
            desk.wake()
        kiosk.supervisor.stop()


def run_until_told(kiosk: Kiosk, ready: Callable[[int], None], demo: Demo | None = None) -> None:
    """Run a kiosk until SIGTERM or SIGINT.

    Args:
        kiosk: put together.
        ready: told the page's port, once it is served.
        demo: what the demo adds.
    """
    manager = ServiceNotice(os.environ)

    def end(_number: int, _frame: FrameType | None) -> None:
        kiosk.supervisor.tell_to_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with running(kiosk, demo) as server:
        ready(server.port)
        manager.ready()
        while not kiosk.supervisor.wait(_WATCHDOG_S):
            if "hung" not in kiosk.supervisor.health().values():
                manager.alive()
        manager.stopping()
