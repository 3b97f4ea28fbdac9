"""What a station stands on, one by one: how it is, since when, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.flows.paging import pages_of, rows_on
from kiosk.flows.wanted import wanted
from kiosk.model import DeviceState, Level
from kiosk.ports import StationView
from kiosk.web.wording import LEVELS
from kiosk.words import N_

_PLUG = N_("Plug its cable in. If the lamp stays dark, call a technician.")
_PRINTER = N_(
    "Labels wait for it, none is lost. See what it says, and if that does not help, call a technician."
)
_OFFLINE = N_("Go on working: all is kept, and sent as soon as ION answers. If it lasts, call a technician.")
_JOURNAL = N_("Stop, and call a technician.")
_GOES = N_("It goes to ION by itself; nobody has to wait for it.")
_WAITS = N_("It is sent as soon as ION answers; nobody has to wait for it.")
_LEAD = N_("Call a lead: each is decided by a person.")
_NONE = N_("The settings name none. Ask a technician.")

_NAMED = {"scanner": N_("Scanner {name}"), "printer": N_("Printer {name}")}
_MISSING = {"scanner": N_("No scanner"), "printer": N_("No printer")}


@dataclass(frozen=True, slots=True)
class StateView:
    """One line of the page that says how everything is."""

    title: str
    word: str
    """How it is, in a word or a sentence."""
    level: Level
    icon: str
    level_icon: str
    remedy: str = ""
    """What a person does about it, empty where there is nothing to do."""
    since: str = ""
    """Since when it is not ready, or the oldest waits; ISO 8601, empty where that is not known."""
    is_oldest: bool = False
    """Whether ``since`` is that of the oldest of several."""


def state_views(view: StationView) -> tuple[StateView, ...]:
    """Return how everything is, what is not well first."""
    found = [
        _ion(view),
        _waiting(view),
        *_devices("scanner", "scan-barcode", view.scanners, _PLUG),
        *_devices("printer", "printer", view.printers, _PRINTER),
    ]
    if view.parked:
        title = N_("{count} for a person").format(count=view.parked)
        words = N_("ION refused it, or it is not sure.")
        found.append(_line(title, words, Level.STOP, "flag", _LEAD))
    if not view.journal.is_ready:
        found.append(_line(N_("Journal"), view.journal.text, Level.STOP, "octagon-x", _JOURNAL))
    who = view.operator.name if view.operator else N_("Nobody is signed in")
    found.append(_line(who, "", Level.GOOD, "user-round"))
    return tuple(sorted(found, key=lambda one: one.level not in {Level.STOP, Level.OFFLINE}))


def turned(rows: Sequence[StateView], turns: object, lines: int) -> Sequence[StateView]:
    """Return the rows that a page shows which was turned so often; after the last comes the first.

    Args:
        rows: all of them.
        turns: how often; what is no number counts as never.
        lines: of a list on that screen. A row with its remedy is higher than a line, and one less fits.
    """
    return rows_on(rows, str(page_after(rows, turns, lines)), lines - 1)


def page_after(rows: Sequence[StateView], turns: object, lines: int) -> int:
    """Return the number of that page."""
    text = str(turns)
    return (int(text) if text.isascii() and text.isdecimal() else 0) % turns_of(rows, lines) + 1


def turns_of(rows: Sequence[StateView], lines: int) -> int:
    """Return how many pages the rows take."""
    return pages_of(len(rows), lines - 1)


def _line(title: str, word: str, level: Level, icon: str, remedy: str = "") -> StateView:
    return StateView(title, word, level, icon, LEVELS[level][1], remedy)


def _ion(view: StationView) -> StateView:
    ion = view.ion
    if ion.is_ready:
        return _line("ION", ion.text, Level.GOOD, "cloud")
    return _line("ION", ion.text, Level.OFFLINE, "cloud-off", _OFFLINE)


def _devices(kind: str, icon: str, devices: Sequence[DeviceState], remedy: str) -> list[StateView]:
    if not devices:
        return [_line(_MISSING[kind], "", Level.WAIT, icon, _NONE)]
    named = [(_NAMED[kind].format(name=one.name), one) for one in devices]
    return [
        _line(title, one.text, Level.GOOD, icon)
        if one.is_ready
        else replace(_line(title, one.text, Level.STOP, icon, remedy), since=_text(one.since))
        for title, one in named
    ]


def _waiting(view: StationView) -> StateView:
    if not view.waiting:
        words = N_("ION has all that was done here.")
        return _line(N_("Nothing waits"), words, Level.GOOD, "hourglass")
    oldest = view.glance.oldest
    title = N_("{count} on the way to ION").format(count=view.waiting)
    line = _line(title, "", Level.WAIT, "hourglass", _GOES if view.ion.is_ready else _WAITS)
    if oldest is None:
        return line
    return replace(line, word=wanted(oldest), since=_text(oldest.created_at), is_oldest=True)


def _text(since: datetime | None) -> str:
    return since.isoformat() if since else ""
