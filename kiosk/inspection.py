"""``kiosk check``: everything opened once, and what a technician has to do where it did not open."""

from dataclasses import dataclass

from kiosk.compose import connected_ion, opened_journal
from kiosk.errors import KioskError
from kiosk.label_shelf import read_designs
from kiosk.printing import ask_printer
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
        _labels(settings),
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
    try:
        with connected_ion(settings) as ion:
            offers = ion.offers()
    except KioskError as error:
        return [Finding("ion", settings.ion.url, is_ok=False, text=str(error))]
    missing = [name for name in _NEEDED if name not in offers]
    if not offers & {"set_step_status", "set_run_status"}:
        missing.append("set_step_status or set_run_status")
    text = f"{len(offers)} operations."
    if missing:
        text += f" Not offered: {', '.join(missing)}. See 'kiosk ion check'."
    return [Finding("ion", settings.ion.url, is_ok=not missing, text=text)]


def _labels(settings: Settings) -> Finding:
    try:
        designs = read_designs(templates_dir() / "labels", settings.labels.designs)
    except KioskError as error:
        return Finding("labels", "designs", is_ok=False, text=str(error))
    text = "; ".join(designs.faults.values()) or ", ".join(sorted(designs.good))
    return Finding("labels", "designs", is_ok=not designs.faults, text=text)


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
