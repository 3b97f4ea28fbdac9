"""``kiosk check``: everything opened once, and what a technician has to do where it did not open."""

from collections.abc import Sequence
from contextlib import closing

from kiosk.compose import opened_journal, utc_now
from kiosk.errors import KioskError
from kiosk.ion import Ion
from kiosk.label_shelf import read_designs
from kiosk.machine import Finding, Machine, examine
from kiosk.model import Binding
from kiosk.ports import IonSignIn, Scanner
from kiosk.printer_setup import ask_printer, open_printers
from kiosk.printing import LabelShop
from kiosk.resources import templates_dir
from kiosk.scanners import SCANNERS, Subordinate
from kiosk.scanning import bound_settings
from kiosk.settings import ScannerSettings, Settings

_NEEDED = ("receive", "move")
"""Changes that some flow makes; a run is moved by its steps or as a whole."""


def inspect(settings: Settings, machine: Machine) -> list[Finding]:
    """Look at the machine, and open every part once, each for itself, so that no fault hides another."""
    journal, bindings = _journal(settings)
    return [
        *examine(machine, settings),
        journal,
        *_operators(settings),
        *_ion(settings),
        *_labels(settings),
        *_printers(settings),
        *(_scanner(one, SCANNERS[one.kind](one)) for one in settings.scanners),
        *(_bound_scanner(one, settings) for one in bindings),
    ]


def _journal(settings: Settings) -> tuple[Finding, Sequence[Binding]]:
    """Return how the journal is, and the scanners that were bound on the page."""
    url = settings.journal.url
    try:
        with opened_journal(settings) as journal:
            broken = journal.first_break()
            waiting, parked = journal.outbox.counts()
            bindings = journal.bindings.all()
    except KioskError as error:
        return Finding("journal", "journal", is_ok=False, text=str(error)), ()
    if broken is not None:
        text = f"{url}: the audit is broken at entry {broken}."
        return Finding("journal", "journal", is_ok=False, text=text), bindings
    text = f"{url}: durable, {waiting} waiting for ION, {parked} waiting for a person."
    return Finding("journal", "journal", is_ok=True, text=text), bindings


def _operators(settings: Settings) -> list[Finding]:
    """Tell whether anybody can work where the stations ask who works there."""
    asked = {demand for station in settings.stations for demand in station.asks.values()} - {"none"}
    if not asked:
        return []
    try:
        settings.people.pepper()
        with opened_journal(settings) as journal:
            known = [one for one in journal.operators.all() if one.is_welcome(utc_now())]
    except KioskError as error:
        return [Finding("operators", "badges", is_ok=False, text=str(error))]
    with_pin = sum(one.has_pin for one in known)
    is_ok = settings.ion.personal_issuer is not None or bool(with_pin if "pin" in asked else known)
    text = f"{len(known)} can sign in by badge, {with_pin} of them with a PIN."
    if not is_ok:
        text += " Nobody can work where a station asks for it: 'kiosk operator add' adds somebody."
    return [Finding("operators", "badges", is_ok=is_ok, text=text)]


def _ion(settings: Settings) -> list[Finding]:
    people: list[Finding] = []
    try:
        with closing(Ion(settings.ion)) as ion:
            people = _sign_in(ion.sign_in, settings)
            offers = ion.offers()
    except KioskError as error:
        return [Finding("ion", settings.ion.url, is_ok=False, text=str(error)), *people]
    missing = [name for name in _NEEDED if name not in offers]
    if not offers & {"set_step_status", "set_run_status"}:
        missing.append("set_step_status or set_run_status")
    text = f"{len(offers)} changes offered."
    if missing:
        text += f" Not offered: {', '.join(missing)}. See 'kiosk ion check'."
    return [Finding("ion", settings.ion.url, is_ok=not missing, text=text), *people]


def _sign_in(sign_in: IonSignIn | None, settings: Settings) -> list[Finding]:
    """Tell whether people can sign in as the stations allow it, where they sign in at all."""
    if sign_in is None:
        return []
    issuer = str(settings.ion.personal_issuer)
    try:
        ways = sign_in.ways()
    except KioskError as error:
        return [Finding("people", issuer, is_ok=False, text=str(error))]
    wanted = {way for station in settings.stations for way in station.sign_in}
    text = f"People sign in by {' and '.join(sorted(ways)) or 'no way that the kiosk knows'}."
    missing = sorted(wanted - ways)
    if missing:
        text += f" Not offered, and allowed at a station: {', '.join(missing)}."
    return [Finding("people", issuer, is_ok=not missing, text=text)]


def _labels(settings: Settings) -> list[Finding]:
    try:
        designs = read_designs(templates_dir() / "labels", settings.labels.designs)
        shop = LabelShop(designs, settings.stations, open_printers(settings.printers))
    except KioskError as error:
        return [Finding("labels", "designs", is_ok=False, text=str(error))]
    text = "; ".join(designs.faults.values()) or ", ".join(sorted(designs.good))
    found = [Finding("labels", "designs", is_ok=not designs.faults, text=text)]
    for station in settings.stations:
        faults = shop.misfits(station.name)
        found += [Finding("labels", station.name, is_ok=False, text=fault) for fault in faults]
    return found


def _printers(settings: Settings) -> list[Finding]:
    findings = []
    for one in settings.printers:
        try:
            state = ask_printer(one)
        except KioskError as error:
            findings.append(Finding("printer", one.name, is_ok=False, text=str(error)))
        else:
            findings.append(
                Finding("printer", one.name, is_ok=state.is_ready, text=f"{one.url}: {state.text}")
            )
    return findings


def _bound_scanner(binding: Binding, settings: Settings) -> Finding:
    """Return how a scanner is that was bound on the page; the settings come first."""
    if binding.station not in {one.name for one in settings.stations}:
        text = f"bound to station {binding.station!r}, which is not in the settings."
        return Finding("scanner", binding.name, is_ok=False, text=text)
    try:
        bound = bound_settings(binding)
    except ValueError as error:
        return Finding("scanner", binding.name, is_ok=False, text=f"cannot be read: {error}")
    return _scanner(bound, Subordinate(SCANNERS[bound.kind](bound), bound, settings.scanners))


def _scanner(settings: ScannerSettings, scanner: Scanner) -> Finding:
    try:
        scanner.open()
        scanner.close()
    except KioskError as error:
        return Finding("scanner", settings.name, is_ok=False, text=str(error))
    return Finding("scanner", settings.name, is_ok=True, text=f"{settings.port}: opened.")
