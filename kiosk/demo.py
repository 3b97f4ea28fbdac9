"""Everything on one machine: a simulated ION, a virtual printer, and a kiosk that uses both."""

import contextlib
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from kiosk.artwork import draw_barcode, read_picture
from kiosk.compose import Demo, Kiosk, assembled
from kiosk.errors import SettingsError
from kiosk.model import BadgeHolder, Pin, Role
from kiosk.operators import Register
from kiosk.settings import (
    IonSettings,
    JournalSettings,
    LabelSettings,
    PrinterSettings,
    Settings,
    StationLabelSettings,
    StationSettings,
    WebSettings,
)
from kiosk.simulator.barcodes import scan_pad
from kiosk.simulator.faults import Faults, read_faults
from kiosk.simulator.label_printer import LabelPrinter, PrintedLabel
from kiosk.simulator.printer_answers import PLAIN, Make
from kiosk.simulator.printer_app import printer_pages
from kiosk.simulator.printer_faults import PrinterFault, read_printer_faults
from kiosk.simulator.saved import save
from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import read_world, seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import change_switches
from kiosk.simulator.world import World
from kiosk.web import PadItem, TrayItem
from kiosk.words import N_

_HOST = "127.0.0.1"
_STATION, _LOCATION = "dock-1", "WH-Receiving"
_PRINTER, _TALL_PRINTER = "dock-zebra", "dock-4x6"
_TRAY_SIZE = 12
_PIN = Pin("271828")


class Tray:
    """The labels that came out of the virtual printer, each read once as a scanner would."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: list[TrayItem] = []

    def add(self, label: PrintedLabel) -> None:
        """Lay a label on top."""
        item = TrayItem(label.number, label.png, read_picture(label.png))
        with self._lock:
            self._items = [item, *self._items[: _TRAY_SIZE - 1]]

    def items(self) -> Sequence[TrayItem]:
        """Return the labels, newest first."""
        with self._lock:
            return tuple(self._items)


@contextlib.contextmanager
def simulated_ion(  # noqa: PLR0913  every one is an option of its own
    port: int,
    dialect: str,
    *,
    data: Path | None = None,
    faults: Path | None = None,
    save_to: Path | None = None,
    switches: Mapping[str, object] | None = None,
) -> Iterator[IonServer]:
    """Serve a simulated ION.

    Args:
        port: 0 for any free one.
        dialect: ``both``, ``classic`` or ``documented-2026``.
        data: a file to take the place of the seed.
        faults: a file with what goes wrong to begin with.
        save_to: where ``POST /save`` writes.
        switches: how the organisation is set, beside what the file says.

    Raises:
        SettingsError: a file or a switch cannot be used, or the port is taken.
    """
    world = new_world(data)
    try:
        server = IonServer(
            world,
            switches=change_switches(world.switches, switches or {}),
            dialect=cast(Dialect, dialect),
            host=_HOST,
            port=port,
            save_path=save_to,
            draw=draw_barcode,
            faults=_read_faults(faults),
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"Cannot serve the simulated ION on port {port}: {error}") from error
    with server:
        yield server


def new_world(data: Path | None = None) -> World:
    """Return a factory's data: the seed, or a file's.

    Raises:
        SettingsError: the file cannot be used.
    """
    world = World()
    try:
        return seed_world(world) if data is None else read_world(data, world)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SettingsError(f"Cannot read the simulator's data from {str(data)!r}: {error}") from error


@contextlib.contextmanager
def simulated_printer(port: int, out: Path | None, tray: Tray | None = None) -> Iterator[int]:
    """Serve a virtual ZPL printer; gives the port it listens on.

    Raises:
        SettingsError: the port is taken.
    """
    with _started(LabelPrinter(out, clock=_now, on_label=tray.add if tray else None), port) as bound:
        yield bound


@contextlib.contextmanager
def printer_with_page(
    port: int, http_port: int, out: Path, *, faults: Path | None = None, make: Make = PLAIN
) -> Iterator[tuple[int, str]]:
    """Serve a virtual ZPL printer and its page; gives the printer's port and the page's address.

    Args:
        port: 0 for any free one; `http_port` too.
        http_port: the page's.
        out: the folder for the labels.
        faults: a file with what is wrong with it to begin with.
        make: what it says it is.

    Raises:
        SettingsError: the file cannot be used, or a port is taken.
    """
    printer = LabelPrinter(out, clock=_now, make=make)
    printer.troubles.add(_read_printer_faults(faults))
    with contextlib.ExitStack() as stack:
        bound = stack.enter_context(_started(printer, port))
        try:
            page = stack.enter_context(printer_pages(printer, _HOST, http_port))
        except OSError as error:
            raise SettingsError(
                f"Cannot serve the virtual printer's page on port {http_port}: {error}"
            ) from error
        yield bound, page


@contextlib.contextmanager
def _started(printer: LabelPrinter, port: int) -> Iterator[int]:
    try:
        bound = printer.start(_HOST, port)
    except OSError as error:
        raise SettingsError(f"Cannot serve the virtual printer on port {port}: {error}") from error
    try:
        yield bound
    finally:
        printer.stop()


@contextlib.contextmanager
def demo_running(port: int, state: Path | None, dialect: str) -> Iterator[tuple[Kiosk, Demo]]:
    """Start what the kiosk needs, and put a kiosk together that uses it.

    Args:
        port: the page's.
        state: where journal and simulated factory are kept; without it they are gone at the end.
        dialect: what the simulated ION speaks.
    """
    with contextlib.ExitStack() as stack:
        folder = state or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ion-kiosk-")))
        folder.mkdir(parents=True, exist_ok=True)
        saved = folder / "ion.json"
        server = stack.enter_context(
            simulated_ion(0, dialect, data=saved if saved.exists() else None, save_to=saved)
        )
        if state is not None:
            stack.callback(save, server.ion.world, saved)
        tray = Tray()
        printer_port = stack.enter_context(simulated_printer(0, folder / "labels", tray))
        kiosk = stack.enter_context(assembled(_settings(server, printer_port, folder, port)))
        mia = _employed(kiosk.staff.register)

        def pad() -> Sequence[PadItem]:
            found = scan_pad(server.ion.world, cast(Dialect, dialect))
            things = [PadItem(one.group, one.title, one.detail, one.text) for one in found]
            return [*things, PadItem(N_("Badges"), mia.name, f"PIN {_PIN.digits}", f"ION/OP/{mia.badge}")]

        yield kiosk, Demo(pad, tray.items)


def _employed(register: Register) -> BadgeHolder:
    """Return the one person whom the demo's kiosk itself knows, with the PIN that the scan pad tells."""
    wanted = BadgeHolder("", "Mia Tanaka", "1042", Role.LEAD)
    known = next((one for one in register.everybody() if one.badge == wanted.badge), None)
    return known or register.add(wanted, None, _PIN, None)


def _settings(server: IonServer, printer_port: int, folder: Path, port: int) -> Settings:
    return Settings(
        ion=IonSettings(
            url=server.url,
            token_url=server.token_url,
            client_id="kiosk",
            client_secret=cast(Any, "kiosk-secret"),
            personal_issuer=f"{server.base_url}/realms/people",
            personal_client_id="kiosk-people",
        ),
        journal=JournalSettings(url=f"sqlite:///{(folder / 'kiosk.db').absolute()}", allow_volatile=True),
        labels=LabelSettings(designs=folder / "designs"),
        web=WebSettings(host=_HOST, port=port),
        stations=(
            StationSettings(
                name=_STATION,
                location=_LOCATION,
                printer=_PRINTER,
                sign_in=("browser", "phone"),
                labels=(
                    StationLabelSettings(subject="run", design="run"),
                    StationLabelSettings(subject="run", design="traveler", printer=_TALL_PRINTER),
                    StationLabelSettings(subject="kit", design="kit", printer=_TALL_PRINTER),
                ),
            ),
        ),
        # The virtual printer takes labels of any size, so both are the same one.
        printers=(
            PrinterSettings(name=_PRINTER, url=f"tcp://{_HOST}:{printer_port}"),
            PrinterSettings(name=_TALL_PRINTER, url=f"tcp://{_HOST}:{printer_port}", height_mm=152.4),
        ),
    )


def _read_faults(path: Path | None) -> Faults:
    faults = Faults()
    if path is None:
        return faults
    try:
        found, is_offline = read_faults(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SettingsError(f"Cannot read faults from {str(path)!r}: {error}") from error
    faults.add(found)
    if is_offline is not None:
        faults.go_offline(offline=is_offline)
    return faults


def _read_printer_faults(path: Path | None) -> list[PrinterFault]:
    if path is None:
        return []
    try:
        return read_printer_faults(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SettingsError(f"Cannot read faults from {str(path)!r}: {error}") from error


def _now() -> datetime:
    return datetime.now(UTC)
