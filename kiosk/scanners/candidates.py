"""The devices that are plugged in and bound to no station, and may be scanners."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from kiosk.errors import ScannerGone
from kiosk.model import Pace
from kiosk.ports import Candidate, Listener, Scanner
from kiosk.scanners.device_names import Found, Roots
from kiosk.scanners.listening import listener
from kiosk.settings import ScannerSettings
from kiosk.words import told

_MAKES = frozenset({"0c2e", "05e0", "05f9", "23d0"})
"""Honeywell, Zebra (Symbol), Datalogic, Youjie: as in 70-ion-kiosk.rules."""
_NAMES = re.compile(r"bar.?code|scan|reader|imager|symbol|honeywell|datalogic|zebra", re.IGNORECASE)
_MOST_NAME = 60

Owners: TypeAlias = Callable[[], Iterable[tuple[str, str]]]
"""Gives kind and port of everything that is in use, as the settings and the bindings have them."""


class PluggedIn:
    """The candidates of this machine; see ``Candidates``."""

    def __init__(self, owners: Owners, roots: Roots | None = None) -> None:
        self._owners = owners
        self._roots = roots or Roots()

    def plugged_in(self) -> Sequence[Candidate]:
        """See ``Candidates``."""
        owned = list(self._owners())
        found = [
            Candidate(kind, _lasting_name(one, every), _words(one), is_scanner=_is_scanner(kind, one))
            for kind, every in _by_kind(self._roots)
            for one in every
            if one.fits and not any(owner == kind and one.is_called(port) for owner, port in owned)
        ]
        return sorted(found, key=lambda one: (not one.is_scanner, one.device, one.port))

    def listener(self, candidate: Candidate, code: str) -> Listener:
        """See ``Candidates``."""
        return listener(candidate, code, self._roots)


class Subordinate:
    """A bound scanner, opened only while no scanner of the settings is the same device: those come first."""

    def __init__(
        self,
        scanner: Scanner,
        bound: ScannerSettings,
        first: Sequence[ScannerSettings],
        roots: Roots | None = None,
    ) -> None:
        self._scanner = scanner
        self._bound = bound
        self._first = [one for one in first if one.kind == bound.kind]
        self._roots = roots or Roots()

    def open(self) -> None:
        """See ``Scanner``."""
        every = next((every for kind, every in _by_kind(self._roots) if kind == self._bound.kind), [])
        for found in every:
            if not (found.fits and found.is_called(self._bound.port)):
                continue
            for one in self._first:
                if found.is_called(one.port):
                    raise ScannerGone(
                        told(
                            "The settings file has this device as scanner {name}, which comes first. "
                            "Remove this one.",
                            name=repr(one.name),
                        )
                    )
        self._scanner.open()

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        """See ``Scanner``."""
        return self._scanner.read(timeout_s)

    @property
    def pace(self) -> Pace:
        """See ``Scanner``."""
        return self._scanner.pace

    def close(self) -> None:
        """See ``Scanner``."""
        self._scanner.close()


def _by_kind(roots: Roots) -> Iterator[tuple[str, list[Found]]]:
    yield "serial", list(roots.serial_ports())
    yield "hid-pos", list(roots.hid_devices())
    yield "keyboard", list(roots.keyboards())


def _lasting_name(found: Found, every: Sequence[Found]) -> str:
    """Return a name that is this device's alone, best one that moves with it; empty where it has none."""
    ids = f"{found.vendor}:{found.product}"
    names = (f"{ids}:{found.serial}" if found.serial else "", found.phys, ids if ids != ":" else "")
    fitting = [one for one in every if one.fits]
    own = (name for name in names if name and [one for one in fitting if one.is_called(name)] == [found])
    return next(own, "")


def _words(found: Found) -> str:
    name = "".join(char for char in found.name if char.isprintable())[:_MOST_NAME].strip()
    serial = "".join(char for char in found.serial if char.isprintable())[:_MOST_NAME]
    facts = ", ".join(
        fact for fact in (f"{found.vendor}:{found.product}", serial and f"serial {serial}") if fact
    )
    return f"{name} ({facts})" if name else facts


def _is_scanner(kind: str, found: Found) -> bool:
    return kind == "hid-pos" or found.vendor in _MAKES or _NAMES.search(found.name) is not None
