"""The composition root: the only module that knows every concrete class."""

import contextlib
import logging
import os
import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from kiosk import __version__
from kiosk.address import allowed_hosts, is_for_any_address, public_url
from kiosk.ambience import Ambiences
from kiosk.api_keys import ApiKeys
from kiosk.artwork import draw_barcode
from kiosk.decision import Rights
from kiosk.delivery import Delivery
from kiosk.design_desk import DesignDesk, sample_fields
from kiosk.design_proof import DesignProof
from kiosk.errors import SettingsError
from kiosk.flows.labels import label_of
from kiosk.housekeeping import Housekeeping
from kiosk.inquiry import Inquiry, TaughtPatterns
from kiosk.ion import Ion
from kiosk.ion_link import IonLink
from kiosk.journal import CopyWatch, Journal, NewJob, WriteWatch, open_journal, sole_use
from kiosk.label_service import LabelService
from kiosk.label_shelf import Designs, LabelShelf
from kiosk.meters import Meters
from kiosk.model import (
    Binding,
    LabelFields,
    Operation,
    OperationState,
    PreparedLabel,
    Print,
    PrintJob,
    Role,
    Stock,
)
from kiosk.operators import Staff, hire_staff
from kiosk.parked import ParkedDesk
from kiosk.print_room import PrintRoom
from kiosk.printer_desk import PrinterDesk, make_desks
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.provisions import Provisions
from kiosk.redaction import Learn, unlearned
from kiosk.resources import templates_dir
from kiosk.scanners import SCANNERS, PluggedIn, Subordinate
from kiosk.scanning import Learning, Roster, ScannerLine
from kiosk.settings import ScannerSettings, Settings
from kiosk.shift import ShiftDesk
from kiosk.station import Station, Surroundings
from kiosk.supervisor import Supervisor
from kiosk.web import PRINTERS, Changes, PadItem, Rooms, TrayItem
from kiosk.web_rooms import Lamps, label_service, label_shown, metrics_page, print_room, shift_desk
from printers import Printer

_LOG = logging.getLogger(__name__)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PATIENCE_S = 60.0
"""For a loop's step without ION: longer than a printer may take over one label."""
_ROUND_TRIPS = 6
"""The most that delivery makes in one step: look for the effect, then send again."""


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
    inquiry: Inquiry
    supervisor: Supervisor
    changes: Changes
    staff: Staff
    shift: ShiftDesk
    meters: Meters

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

    def settled(self, operation: Operation) -> None:
        """Tell the station that an operation came to an end, or stopped for a person."""
        self.meters.settled(operation)
        if (station := self.stations.get(operation.station)) is not None:
            station.settled(operation)

    def decided(self, operation: Operation) -> None:
        """Tell what a person decided: every screen counts what waits."""
        if operation.state is not OperationState.QUEUED:
            self.settled(operation)
        for name in self.stations:
            self.changes.publish(name)

    def rooms(self, demo: Demo | None = None) -> Rooms:
        """Return what the pages need."""
        web = self.settings.web
        lamps = Lamps(self.settings, self.roster, self.desks, self.link, self.journal)
        return Rooms(
            stations=self.stations,
            changes=self.changes,
            jobs=self.prints,
            prints=self.prints,
            labels=self.shop,
            service=self.service,
            devices=lamps,
            files=self.journal.files,
            clock=utc_now,
            secret=secrets.token_bytes(32),
            languages=self.settings.languages,
            hours=web.clock,
            version=__version__,
            allowed_hosts=allowed_hosts(web),
            is_any_address_allowed=is_for_any_address(web),
            keys=ApiKeys(self.journal.keys, utc_now),
            are_keys_needed=web.api_keys,
            others=web.others,
            are_metrics_open=web.metrics == "all",
            remote_port=web.remote_port,
            is_plain_allowed=web.without_tls,
            doorway=self.staff.doorway,
            phone_address=lambda port: public_url(web, port),
            lately=self.journal.history.newest,
            label_shown=lambda view: label_shown(view, self.shop),
            pad=demo.pad if demo else None,
            draw=draw_barcode,
            tray=demo.tray if demo else None,
            sign_in=self.staff.sign_in,
            people=self.staff.desk,
            office=self.staff.office,
            public_url=web.public_url,
            scanners=lambda: self.roster.posts,
            learning=self.learning,
            ambiences=Ambiences(self.settings.stations, self.journal.ambiences),
            shift=self.shift,
            metrics=metrics_page(self.meters, self.settings, self.journal, lamps, self.supervisor),
            parked=ParkedDesk(
                self.journal,
                self.link,
                self.decided,
                lambda one: self.settings.asks_pin(one.station, one.flow),
            ),
            designs=DesignDesk(
                self.shelf,
                self.shop,
                {name: desk.printer for name, desk in self.desks.items()},
                self.print_test,
                self.sample,
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


@contextlib.contextmanager
def opened_journal(settings: Settings, *, may_check_later: bool = False) -> Iterator[Journal]:
    """Open the journal beside a kiosk that may be running; nothing in flight is touched.

    Raises:
        JournalError: it cannot be opened, or is not to be trusted.
    """
    journal = open_journal(
        settings.journal.url,
        clock=utc_now,
        ids=new_id,
        boot=boot_id(),
        allow_volatile=settings.journal.allow_volatile,
        second_copy=settings.journal.second_copy,
        keep_days=settings.journal.keep_days,
        may_check_later=may_check_later,
    )
    with contextlib.closing(journal):
        yield journal


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
def _own_journal(settings: Settings) -> Iterator[Journal]:
    """Open the journal for this process alone; what was under way when the last one ended is in doubt."""
    with sole_use(settings.journal.url), opened_journal(settings, may_check_later=True) as journal:
        journal.recover()
        yield journal


def _designs(settings: Settings) -> tuple[LabelShelf, Designs]:
    """Read the label designs; those of the site that cannot be printed are told.

    Raises:
        LabelError: a packaged design has a fault.
    """
    shelf = LabelShelf(templates_dir() / "labels", settings.labels.designs, utc_now)
    designs = shelf.load(is_proved=False)
    for fault in designs.faults.values():
        _LOG.error("A label design of the site cannot be printed: %s", fault)
    return shelf, designs


def _patterns(ion: Ion, journal: Journal, supervisor: Supervisor) -> TaughtPatterns:
    """Make who knows the barcodes that the tenant has taught ION."""
    taught = TaughtPatterns(ion.patterns, journal.patterns, supervisor.sleep)
    supervisor.add("patterns", taught.step)
    return taught


def _announcer(settings: Settings, changes: Changes) -> Callable[[], None]:
    """Make what tells every page that something changed."""

    def announce() -> None:
        for name in (*(one.name for one in settings.stations), PRINTERS):
            changes.publish(name)

    return announce


def _teller(
    meters: Meters, stations: Mapping[str, Station], announce: Callable[[], None]
) -> Callable[[PrintJob | None], None]:
    """Make what tells of a label that moved, or with ``None`` of a printer's lamp that did."""

    def tell(job: PrintJob | None) -> None:
        meters.printed(job)
        if job is not None and job.station in stations:
            stations[job.station].printed(job)
        announce()

    return tell


def _ion(settings: Settings, journal: Journal, learn: Learn, supervisor: Supervisor) -> Ion:
    """Make the client of the tenant's ION; nothing is sent before the first question."""
    return Ion(
        settings.ion,
        files=journal.files,
        schemas=journal.schemas,
        notes=journal.notes,
        learn=learn,
        sleep=supervisor.sleep,
    )


@contextlib.contextmanager
def assembled(settings: Settings, learn: Learn = unlearned) -> Iterator[Kiosk]:
    """Put a kiosk together; nothing runs until ``running``. Leaving it closes everything in reverse.

    Args:
        settings: checked.
        learn: told of every secret that is read or granted from now on.

    Raises:
        SettingsError, LabelError: something in the settings, or a packaged design, cannot be used.
        JournalError: the journal cannot be opened, or is not to be trusted.
    """
    shelf, designs = _designs(settings)
    printers = _checked(settings)
    supervisor = Supervisor(hung_after_s=_PATIENCE_S + _ROUND_TRIPS * settings.ion.write_timeout_s)
    changes = Changes()
    with contextlib.ExitStack() as stack:
        journal = stack.enter_context(_own_journal(settings))
        ion = stack.enter_context(contextlib.closing(_ion(settings, journal, learn, supervisor)))
        publish_all = _announcer(settings, changes)
        link = IonLink(ion, clock=utc_now, sleep=supervisor.sleep, on_change=publish_all)
        shop = LabelShop(designs, settings.stations, printers)
        supervisor.add("designs", DesignProof(shop, shelf.is_of_site, supervisor.sleep, publish_all).step)
        stations: dict[str, Station] = {}
        meters = Meters(utc_now)
        tell_of_print = _teller(meters, stations, publish_all)
        desks = make_desks(printers, journal.prints, supervisor, tell_of_print)
        staff = hire_staff(
            settings,
            journal,
            ion=ion.sign_in,
            stations=stations,
            publish=changes.publish,
            supervisor=supervisor,
            clock=utc_now,
            ids=new_id,
        )
        roster, learning = stack.enter_context(
            _scanners(settings, journal, stations, supervisor, publish_all)
        )
        inquiry = Inquiry(link, journal.answers, utc_now, _patterns(ion, journal, supervisor).known)
        shift = shift_desk(settings, journal, shop, desks, supervisor)
        around = Surroundings(
            journal=journal,
            inquiry=inquiry,
            labels=shop,
            devices=Lamps(settings, roster, desks, link, journal),
            people=staff.people,
            offers=lambda: link.known_offers,
            publish=changes.publish,
            wake_printer=lambda name: desks[name].wake(),
            clock=utc_now,
            ids=new_id,
            printed=tell_of_print,
            rights=Rights(settings.people.unsigned, Role(settings.labels.reprint_serialized)),
            shift=shift.label,
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
            print_room(settings, journal, desks, people=staff.people, publish=publish_all, labels=shop),
            label_service(journal, shop, desks, settings, inquiry, changes.publish),
            shop,
            shelf,
            inquiry,
            supervisor,
            changes,
            staff,
            shift,
            meters,
        )
        yield _hire(kiosk)


@contextlib.contextmanager
def _scanners(
    settings: Settings,
    journal: Journal,
    stations: Mapping[str, Station],
    supervisor: Supervisor,
    publish_all: Callable[[], None],
) -> Iterator[tuple[Roster, Learning]]:
    """Make who reads scanners, none at work yet, and who binds new ones; both are closed in the end."""

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
    with contextlib.closing(roster), contextlib.closing(learning):
        yield roster, learning


def _hire(kiosk: Kiosk) -> Kiosk:
    """Give every loop its thread, and the kiosk back."""
    delivery = Delivery(
        kiosk.journal,
        kiosk.link,
        kiosk.shop,
        kiosk.settled,
        kiosk.supervisor.sleep,
        is_open=lambda: kiosk.link.state.is_ready,
    )
    for name, station in kiosk.stations.items():
        kiosk.supervisor.add(f"station {name}", station.step)
        kiosk.supervisor.add(f"look-up {name}", station.look_step)
    for name, desk in kiosk.desks.items():
        kiosk.supervisor.add(f"printer {name}", desk.step)
    kiosk.supervisor.add("ion", kiosk.link.step)
    ahead = Provisions(
        kiosk.inquiry,
        [one.location for one in kiosk.settings.stations if one.location],
        kiosk.settings.ion.read_ahead_minutes * 60,
        is_online=lambda: kiosk.link.state.is_ready,
        sleep=kiosk.supervisor.sleep,
    )
    kiosk.supervisor.add("reading ahead", ahead.step)
    kiosk.supervisor.add("delivery", delivery.step)
    kiosk.supervisor.add("files", Housekeeping(kiosk.journal.files.sweep, kiosk.supervisor.sleep).step)
    kiosk.supervisor.add("audit", Housekeeping(kiosk.journal.keep_house, kiosk.supervisor.sleep).step)
    for one in kiosk.settings.scanners:
        kiosk.roster.employ(one)
    for binding in kiosk.journal.bindings.all():
        kiosk.roster.bind(binding)
    kiosk.supervisor.add("learning", kiosk.learning.step)
    announce = _announcer(kiosk.settings, kiosk.changes)
    watch = WriteWatch(kiosk.journal.clerk.store, kiosk.supervisor.sleep, announce)
    kiosk.supervisor.add("journal", watch.step)
    if kiosk.journal.copy is not None:
        copy_watch = CopyWatch(kiosk.journal.copy, kiosk.supervisor.sleep, announce)
        kiosk.supervisor.add("second copy", copy_watch.step)
    return kiosk
