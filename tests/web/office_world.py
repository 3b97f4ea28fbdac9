"""A kiosk with something of everything that the office's pages show, and a browser to look at them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient

from kiosk.ion.differences import differences
from kiosk.journal import Entry
from kiosk.language import Language, language
from kiosk.model import (
    Batch,
    BatchState,
    Binding,
    DeviceState,
    FaultSeen,
    JobState,
    Level,
    Message,
    Operator,
    Reason,
    Role,
    Run,
    Tally,
)
from kiosk.operators import Doorway, Office
from kiosk.ports import BatchView, LearnView
from kiosk.settings import PeopleSettings, ShiftSettings
from kiosk.settings_desk import SettingsDesk
from kiosk.shift import ShiftDesk
from kiosk.web import create_app
from kiosk.words import listed, told
from tests.fakes import FakeLabels
from tests.fakes.label_service import found_valve
from tests.fakes.parked import piece
from tests.fakes.time_and_ids import START
from tests.journal.opened import session, submit
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import NOW, FakeScanner, World, print_job, world
from tests.web.print_samples import batch, queue

Visited = TypeVar("Visited", Office, Doorway)
BOUND = Binding("bound-gun", "floor 2", "keyboard", "0c2e:0b61", "Honeywell 1950g (0c2e:0b61)", NOW)
_MOVED = told(
    "Move inventory {id} to location id {place}: expected it at {seen}, got {there}",
    id="'502'",
    place="'3'",
    seen=told("no location"),
    there=told("{name} (id {id})", name="'WH-Receiving'", id="'7'"),
)
_CHANGED = told(
    "{facts}; {somebody} changed it in between: {changed}",
    facts=_MOVED,
    somebody=told("somebody"),
    changed=listed(differences(Run("7", "VLV-0001", "TODO"), Run("7", "Ada Lovelace", "DONE"))),
)
_UNANSWERED = told(
    "{tried}: expected JSON with data and no errors, got {came}",
    tried=told("{call} with {values}", call=told("A question"), values="hello"),
    came=told("HTTP {status} with {kind}, {count} bytes", status=502, kind="PDF", count=1234),
)
GONE = DeviceState("floor-gun", is_ready=False, text="Not opened yet.")


@dataclass
class OfficeDesk:
    """A browser in the office."""

    kiosk: World
    people: People
    client: FlaskClient
    headers: dict[str, str]
    outside: dict[str, str] = field(default_factory=dict)
    """Pages as they are where nobody is signed in."""

    def shown(self, path: str) -> str:
        return self.client.get(path).get_data(as_text=True)

    def sent(self, path: str, **form: str) -> str:
        return self.client.post(path, data=form, headers=self.headers).get_data(as_text=True)

    def sign_in(self, badge: str = "T1") -> str:
        return self.sent("/operators/sign-in", badge=badge, pin=MIA_PIN.digits)


@contextmanager
def office_desk(
    folder: Path, book: Callable[[str], Language] = language, settings: SettingsDesk | None = None
) -> Iterator[OfficeDesk]:
    """Open the office of a kiosk that has seen some work; nobody is signed in."""
    people = People(folder)
    people.clock.passed_s = (NOW - START).total_seconds()
    for badge, role in (
        ("T1", Role.TECHNICIAN),
        ("L1", Role.LEAD),
        ("7", Role.OPERATOR),
        ("8", Role.OPERATOR),
    ):
        people.come(badge, role, days=None if badge == "7" else 30)
    people.register.disable(people.register.named("8"), Operator("t", "Theo", role=Role.TECHNICIAN))
    for number in range(3):
        people.journal.book.commit(Entry(session(), submits=[(f"key-{number}", submit(f"line/{number}"))]))
    kiosk = world(has_sign_in=True, site=folder / "designs")
    stock(kiosk)
    rooms = replace(
        kiosk.rooms,
        office=_office(people, Office),
        doorway=_office(people, Doorway),
        shift=shift_of(people),
        settings=settings or kiosk.rooms.settings,
    )
    client = create_app(rooms, book=book).test_client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/operators").get_data(as_text=True))
    assert token is not None
    yield OfficeDesk(kiosk, people, client, {"X-CSRF-Token": token[1], "HX-Request": "true"})
    people.journal.close()


def _office(people: People, kind: type[Visited]) -> Visited:
    return kind(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )


def shift_of(people: People) -> ShiftDesk:
    starts = ShiftSettings(starts=("06:00", "14:00", "22:00"))
    return ShiftDesk(
        people.journal, starts, FakeLabels(), lambda _name: None, people.clock.now, ZoneInfo("Europe/Berlin")
    )


def stock(kiosk: World) -> None:
    """Give a kiosk labels in every state, scanners, work for a person and a scanner that is being added."""
    doubtful = print_job(
        7, JobState.UNKNOWN, error="Printing was interrupted: look whether it came out whole."
    )
    waiting = [print_job(number, JobState.QUEUED, copies=2, copy=2) for number in range(18, 25)]
    last = [print_job(5), print_job(4, edition=2), print_job(3, JobState.VOIDED, error="Load labels")]
    kiosk.jobs.jobs |= {one.id: one for one in (*waiting, doubtful, *last, print_job(8, JobState.SENT))}
    views = tuple(BatchView(one, job) for one, job in zip(_batches(), waiting, strict=False))
    out = DeviceState("dock-zebra", is_ready=False, text="Load labels. Close the head")
    kiosk.prints.views = (
        queue(printer=out, since=NOW, batches=views, asked=(doubtful,), printed=tuple(last), waiting=99),
        queue(
            printer=DeviceState("spare-zebra", is_ready=True, text="Ready."), batches=(), takers=(), waiting=0
        ),
    )
    kiosk.prints.batches = {one.id: one for one in _batches()}
    why = "ION does not show it after 4 sends."
    kiosk.parked.pieces = [
        piece(why=why),
        piece("o2", is_refused=True, why="Lot is required.", held=1),
        piece("o3", why=_UNANSWERED, shows=_CHANGED),
    ]
    kiosk.parked.found = Message(Level.ASK, "Nobody can tell from here: {text}", {"text": _CHANGED})
    kiosk.service.found = found_valve()
    fault = FaultSeen(NOW, told("Scanner {name} is not open.", name="'floor-gun'"))
    kiosk.scanners += [
        FakeScanner(),
        FakeScanner(name="floor-gun", lamp=GONE, faults=3, last_fault=fault, kind="hid-pos", binding=BOUND),
    ]
    for sent in (b"]d1[)>\x1e06\x1d1PSN74\x1dQ100\x1e\x04", b"[)>06PABC", b"hello"):
        kiosk.scanners[0].sends(sent)
    advice = Message(
        Level.GOOD, "{name} was removed from {station}.", {"name": "bound-gun", "station": "floor 2"}
    )
    kiosk.learning.shown = LearnView("dock-1", "ION/CMD/LEARN/AZ@7QM", 97, (GONE,), advice)


def _batches() -> tuple[Batch, ...]:
    paused = Tally({JobState.CONFIRMED: 3, JobState.HELD: 9, JobState.UNKNOWN: 1, JobState.VOIDED: 1})
    return (
        batch(1, title="Receipt of PO-10007"),
        batch(3, state=BatchState.PAUSED, by="Ada Okafor", tally=paused),
        batch(4, reason=Reason.LOST, note="on the floor", priority=80, tally=Tally({JobState.QUEUED: 1})),
    )
