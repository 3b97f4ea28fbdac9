"""A station with its surroundings, driven step by step."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from kiosk.decision import Rights
from kiosk.inquiry import Inquiry
from kiosk.journal import Journal
from kiosk.model import (
    Asked,
    Inventory,
    Location,
    Operation,
    Order,
    OrderLine,
    Part,
    PrintJob,
    Question,
    Run,
    RunStep,
    Stock,
    Subject,
    Tracking,
)
from kiosk.ports import Receipt, StationView
from kiosk.settings import StationSettings
from kiosk.station import Station, Surroundings
from tests.fakes import Clock, FakeIon, FakeLabels, FakeLamps, FakeOperators, counted_ids
from tests.journal.opened import rows_of

LONG_S = 5.0
DOCK, SHELF = Location("7", "WH-Receiving"), Location("8", "Shelf 8")
BOLT = Part("1", "PN-BOLT", tracking=Tracking.NONE)
ORDER = Order("3", "PO-1", "ORDERED", lines=(OrderLine("4", BOLT, Decimal(10), Decimal(0)),))
UNIT = Inventory("9", BOLT, Decimal(5), "AVAILABLE", uid="0" * 32, location=DOCK)
RUN = Run("12", "Assemble", "TODO", steps=(RunStep("s1", "Torque", "TODO", 1),))
UID = b'{"uid":"00000000000000000000000000000000"}'
SETTINGS = StationSettings(name="dock-1", location="WH-Receiving", printer="zebra")
ALL: dict[Question, tuple[Subject, ...]] = {
    Question(Asked.ORDER_ID, "3"): (ORDER,),
    Question(Asked.ORDER_NUMBER, "PO-1"): (ORDER,),
    Question(Asked.PART_NUMBER, "PN-BOLT"): (Stock(BOLT, (UNIT,)),),
    Question(Asked.UID, "0" * 32): (UNIT,),
    Question(Asked.INVENTORY_ID, "9"): (UNIT,),
    Question(Asked.LOCATION_ID, "8"): (SHELF,),
    Question(Asked.LOCATION_NAME, "WH-Receiving"): (DOCK,),
    Question(Asked.RUN_ID, "12"): (RUN,),
}


@dataclass(slots=True)
class World:
    folder: Path
    journal: Journal
    ion: FakeIon = field(default_factory=FakeIon)
    labels: FakeLabels = field(default_factory=FakeLabels)
    clock: Clock = field(default_factory=Clock)
    people: FakeOperators = field(default_factory=FakeOperators)
    settings: StationSettings = SETTINGS
    published: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    proved: list[PrintJob] = field(default_factory=list)
    on_publish: Callable[[str], None] | None = None
    ids: str = ""
    rights: Rights = field(default_factory=Rights)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))
    station: Station = field(init=False)

    def __post_init__(self) -> None:
        for question, subjects in ALL.items():
            self.ion.teach(question, *subjects)
        self.station = self.hired()

    def hired(self, patience_s: float = LONG_S) -> Station:
        around = Surroundings(
            journal=self.journal,
            inquiry=Inquiry(self.ion, self.journal.answers, self.clock.now),
            labels=self.labels,
            devices=FakeLamps(),
            people=self.people,
            offers=lambda: self.ion.offered,
            publish=self.publish,
            wake_printer=self.woken.append,
            clock=self.clock.now,
            ids=counted_ids(f"e{self.ids}"),
            printed=self.proved.append,
            rights=self.rights,
        )
        return Station(self.settings, around, idle_s=0.01, patience_s=patience_s)

    def publish(self, name: str) -> None:
        self.published.append(name)
        if self.on_publish is not None:
            self.on_publish(name)

    @property
    def view(self) -> StationView:
        return self.station.view()

    @property
    def message(self) -> str:
        message = self.view.message
        return "" if message is None else f"{message.level.value}: {message.text}"

    def send(self, data: bytes | str, key: str | None = None) -> "Future[Receipt]":
        """Scan in another thread, as every scanner does."""
        raw = data.encode() if isinstance(data, str) else data
        return self._sent(lambda: self.station.scan(raw, scanner="gun", key=key))

    def push(
        self, verb: str, argument: str | None = None, revision: int | None = None, key: str | None = None
    ) -> "Future[Receipt]":
        return self._sent(lambda: self.station.press(verb, argument, revision=revision, key=key))

    def _sent(self, work: Callable[[], Receipt]) -> "Future[Receipt]":
        """Return once the event is in the station's queue."""
        before = self.station._inbox.qsize()
        future = self.pool.submit(work)
        end_s = time.monotonic() + LONG_S
        while self.station._inbox.qsize() == before and time.monotonic() < end_s:
            time.sleep(0.0005)
        return future

    def scan(self, data: bytes | str, key: str | None = None) -> Receipt:
        future = self.send(data, key)
        self.station.step()
        return future.result(LONG_S)

    def press(
        self, verb: str, argument: str | None = None, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        future = self.push(verb, argument, revision, key)
        self.station.step()
        return future.result(LONG_S)

    def look(self) -> None:
        """Let ION be asked once, and the answer be taken."""
        self.station.look_step()
        self.station.step()

    def scan_and_look(self, data: bytes | str) -> Receipt:
        receipt = self.scan(data)
        self.look()
        return receipt

    def operations(self) -> list[Operation]:
        return list(self.journal.outbox.listed()[::-1])

    def jobs(self) -> list[str]:
        return [job.key for job in reversed(self.journal.prints.newest("dock-1", 50))]

    def scans(self) -> list[tuple[bytes, str]]:
        with rows_of(self.folder) as connection:
            return connection.execute("SELECT raw, state FROM scans ORDER BY seq").fetchall()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let every commit fail."""
        with rows_of(self.folder) as connection:
            connection.execute(
                "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
            yield
            connection.execute("DROP TRIGGER full")


def warmed(world: World, *scans: bytes | str) -> None:
    """Let the answers of these scans be remembered, and begin at rest again."""
    for data in scans:
        world.scan_and_look(data)
    while world.station._looks.next(0) is not None:
        pass
    world.press("CANCEL")
    world.press("CANCEL")
