"""What a station stands on, one by one: how it is, since when, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.flows.past_words import row_of
from kiosk.model import DeviceState, Level, Past
from kiosk.ports import StationView
from kiosk.web.wording import LEVELS, clock_time

_ROWS = 3
"""A page at 800 x 480 holds these, each with its remedy."""
_PLUG = "Plug its cable in. If the lamp stays dark, call a technician."
_PRINTER = "Labels wait for it, none is lost. See what it says, and if that does not help, call a technician."
_OFFLINE = "Go on working: all is kept, and sent as soon as ION answers. If it lasts, call a technician."
_JOURNAL = "Stop, and call a technician."
_GOES = "It goes to ION by itself; nobody has to wait for it."
_WAITS = "It is sent as soon as ION answers; nobody has to wait for it."
_LEAD = "Call a lead: each is decided by a person."
_NONE = "The settings name none. Ask a technician."


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


def state_views(view: StationView) -> tuple[StateView, ...]:
    """Return how everything is, what is not well first."""
    found = [
        _ion(view),
        *_devices("Scanner", "scan-barcode", view.scanners, _PLUG),
        *_devices("Printer", "printer", view.printers, _PRINTER),
        _waiting(view),
    ]
    if view.parked:
        title = "1 for a person" if view.parked == 1 else f"{view.parked} for a person"
        found.append(_line(title, "ION refused it, or it is not sure.", Level.STOP, "flag", _LEAD))
    if not view.journal.is_ready:
        found.append(_line("Journal", view.journal.text, Level.STOP, "octagon-x", _JOURNAL))
    who = view.operator.name if view.operator else "Nobody is signed in"
    found.append(_line(who, f"at {view.station}", Level.GOOD, "user-round"))
    return tuple(sorted(found, key=lambda one: one.level not in {Level.STOP, Level.OFFLINE}))


def turned(rows: Sequence[StateView], turns: object) -> Sequence[StateView]:
    """Return the rows that a page shows which was turned so often; after the last comes the first."""
    first = (page_after(rows, turns) - 1) * _ROWS
    return rows[first : first + _ROWS]


def page_after(rows: Sequence[StateView], turns: object) -> int:
    """Return the number of that page."""
    text = str(turns)
    return (int(text) if text.isascii() and text.isdecimal() else 0) % pages_of(rows) + 1


def pages_of(rows: Sequence[StateView]) -> int:
    """Return how many pages the rows take."""
    return max(1, -(-len(rows) // _ROWS))


def _line(title: str, word: str, level: Level, icon: str, remedy: str = "") -> StateView:
    return StateView(title, word, level, icon, LEVELS[level][1], remedy)


def _ion(view: StationView) -> StateView:
    ion = view.ion
    if ion.is_ready:
        return _line("ION", ion.text, Level.GOOD, "cloud")
    return _line("ION", ion.text, Level.OFFLINE, "cloud-off", _OFFLINE)


def _devices(kind: str, icon: str, devices: Sequence[DeviceState], remedy: str) -> list[StateView]:
    if not devices:
        return [_line(f"No {kind.lower()}", "", Level.WAIT, icon, _NONE)]
    return [
        _line(f"{kind} {one.name}", one.text, Level.GOOD, icon)
        if one.is_ready
        else _line(f"{kind} {one.name}", _since(one.since) + one.text, Level.STOP, icon, remedy)
        for one in devices
    ]


def _waiting(view: StationView) -> StateView:
    if not view.waiting:
        return _line("Nothing waits", "ION has all that was done here.", Level.GOOD, "hourglass")
    oldest = view.glance.oldest
    words = ""
    if oldest is not None:
        words = (
            f"The oldest since {clock_time(oldest.created_at.isoformat())}: {row_of(Past(oldest))['title']}"
        )
    title = "1 waits for ION" if view.waiting == 1 else f"{view.waiting} wait for ION"
    return _line(title, words, Level.WAIT, "hourglass", _GOES if view.ion.is_ready else _WAITS)


def _since(since: datetime | None) -> str:
    return f"Gone since {clock_time(since.isoformat())}. " if since else ""
