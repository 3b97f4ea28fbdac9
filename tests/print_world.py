"""Printers with their desks and queues, a journal, and the room in which people look after them."""

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.journal import Journal, NewBatch, NewJob
from kiosk.label_shelf import read_designs
from kiosk.model import Batch, Operator, Print, PrintJob, Role
from kiosk.ports import Asker
from kiosk.print_room import PrintRoom
from kiosk.printer_desk import PrinterDesk
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.serial_rule import SerialRule
from kiosk.settings import PrinterSettings, StationSettings
from tests.fakes import FakeOperators
from tests.journal.opened import opened

DESIGNS = Path(__file__).parent.parent / "templates" / "labels"
LEAD = Operator("badge/1", "Ada", Role.LEAD)
ADA = Asker("Ada", "lead", "badge/1", is_proved=True)
BOB = Asker("Bob", "operator", "badge/2", is_proved=True)
_names = itertools.count()


@dataclass
class PrintWorld:
    """Three printers: two alike, and one with finer dots."""

    journal: Journal
    people: FakeOperators = field(default_factory=FakeOperators)
    published: list[str] = field(default_factory=list)
    desks: dict[str, PrinterDesk] = field(init=False)
    shop: LabelShop = field(init=False)
    room: PrintRoom = field(init=False)

    def __post_init__(self) -> None:
        number = next(_names)
        printers = open_printers(
            tuple(
                PrinterSettings(name=name, url=f"memory://world-{number}-{name}", dpi=dpi)
                for name, dpi in (("zebra", 203), ("spare", 203), ("fine", 300))
            )
        )
        stations = (
            StationSettings(name="dock-1", printer="zebra"),
            StationSettings(name="desk", printer="fine"),
        )
        self.shop = LabelShop(read_designs(DESIGNS), stations, printers)
        self.desks = {
            name: PrinterDesk(printer, self.journal.prints, lambda _job: None, lambda _s: None)
            for name, printer in printers.items()
        }
        self.room = PrintRoom(
            self.journal,
            self.desks,
            {one.name: (one.printer,) for one in stations},
            self.people,
            lambda: self.published.append("printers"),
            SerialRule(Role.LEAD),
            "operator",
            self.shop,
        )

    def order(self, key: str, count: int = 1, station: str = "dock-1", *, serial: str = "") -> Batch:
        """Queue labels of shelves, or of stock with a serial."""
        jobs = []
        for number in range(count):
            code = f"ION/LOC/{key}-{number}"
            label = Print("location", {"code": code, "name": f"Shelf {number}"}, f"location/{number}")
            if serial:
                label = Print(
                    "part",
                    {"code": code, "part.partNumber": "VLV-1", "serialNumber": serial},
                    f"inventory/{number}",
                )
            prepared = self.shop.prepare(station, label)
            jobs.append(NewJob(f"{key}/{number}", station, self.shop.printer_of(station), label, prepared))
        return self.journal.batches.order(NewBatch(key, station, jobs))

    def step(self, printer: str = "zebra", times: int = 1) -> None:
        for _ in range(times):
            self.desks[printer].wake()
            self.desks[printer].step()

    def jobs(self, batch: Batch) -> tuple[PrintJob, ...]:
        return self.journal.batches.jobs(batch.id)

    def states(self, batch: Batch) -> list[str]:
        return [job.state.value for job in self.jobs(batch)]


@contextmanager
def print_world(folder: Path) -> Iterator[PrintWorld]:
    """Give a world with its journal in a folder."""
    with closing(opened(folder)) as journal:
        yield PrintWorld(journal)
