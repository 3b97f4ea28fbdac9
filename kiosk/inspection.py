"""``kiosk check``: everything opened once, and what a technician has to do where it did not open."""

from dataclasses import dataclass

from kiosk.compose import connected_ion, opened_journal
from kiosk.errors import KioskError
from kiosk.ports import IonSignIn
from kiosk.printing import ask_printer, read_designs
from kiosk.resources import templates_dir
from kiosk.scanners import SCANNERS
from kiosk.settings import Settings

_NEEDED = ("receive", "move")
"""Changes that some flow makes; a run is moved by its steps or as a whole."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part of the kiosk is."""

    part: str
    name: str
    is_ok: bool
    text: str


def inspect(settings: Settings) -> list[Finding]:
    """Open every part once, each for itself, so that one fault does not hide another."""
    return [
        _journal(settings),
        *_ion(settings),
        _labels(),
        *_printers(settings),
        *_scanners(settings),
    ]


def _journal(settings: Settings) -> Finding:
    url = settings.journal.url
    try:
        with opened_journal(settings) as journal:
            broken = journal.first_break()
            waiting, parked = journal.outbox.counts()
    except KioskError as error:
        return Finding("journal", "journal", is_ok=False, text=str(error))
    if broken is not None:
        return Finding(
            "journal", "journal", is_ok=False, text=f"{url}: the audit is broken at entry {broken}."
        )
    text = f"{url}: durable, {waiting} waiting for ION, {parked} waiting for a person."
    return Finding("journal", "journal", is_ok=True, text=text)


def _ion(settings: Settings) -> list[Finding]:
    people: list[Finding] = []
    try:
        with connected_ion(settings) as ion:
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


def _labels() -> Finding:
    try:
        designs = read_designs(templates_dir() / "labels")
    except KioskError as error:
        return Finding("labels", "designs", is_ok=False, text=str(error))
    return Finding("labels", "designs", is_ok=True, text=", ".join(sorted(designs)))


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


def _scanners(settings: Settings) -> list[Finding]:
    findings = []
    for one in settings.scanners:
        try:
            scanner = SCANNERS[one.kind](one)
            scanner.open()
            scanner.close()
        except KeyError:
            text = f"kind {one.kind!r}: expected one of {sorted(SCANNERS)}."
            findings.append(Finding("scanner", one.name, is_ok=False, text=text))
        except KioskError as error:
            findings.append(Finding("scanner", one.name, is_ok=False, text=str(error)))
        else:
            findings.append(Finding("scanner", one.name, is_ok=True, text=f"{one.port}: opened."))
    return findings
