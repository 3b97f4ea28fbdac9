"""People at two stations, ION's sign-in, and an audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.errors import JournalError
from kiosk.model import BadgeHolder, Json, Operator
from kiosk.people import People
from kiosk.settings import PeopleSettings
from kiosk.sign_in import SignInDesk
from tests.fakes import Clock, FakeSignIn

ADA, JONAS = Operator("ion/42", "Ada Okafor"), Operator("ion/43", "Jonas Lindqvist")
BADGE = Operator("badge/7", "Mia")


@dataclass
class FakeHolders:
    """Knows who has a badge, by id, as long as it can be read."""

    everybody: dict[str, BadgeHolder] = field(default_factory=dict)
    is_broken: bool = False

    def all(self) -> Sequence[BadgeHolder]:
        return tuple(self.everybody.values())

    def find(self, id_: str) -> BadgeHolder | None:
        if self.is_broken:
            raise JournalError("The disk is gone.")
        return self.everybody.get(id_)

    def with_badge(self, badge: str) -> BadgeHolder | None:
        return next((one for one in self.everybody.values() if one.badge == badge), None)


@dataclass
class Floor:
    clock: Clock = field(default_factory=Clock)
    ion: FakeSignIn = field(default_factory=FakeSignIn)
    notes: list[tuple[str, str, Mapping[str, Json]]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)
    holders: FakeHolders = field(default_factory=FakeHolders)
    is_full: bool = False
    """Whether the audit cannot be written."""
    times: PeopleSettings = field(default_factory=PeopleSettings)
    people: People = field(init=False)
    desk: SignInDesk = field(init=False)

    def __post_init__(self) -> None:
        monotonic_s = self.clock.monotonic_s
        self.people = People(
            self.times,
            self.note,
            self.published.append,
            tokens=self.ion,
            holders=self.holders,
            on_left=self.left.append,
            on_proved=self.proved.append,
            clock=self.clock.now,
            monotonic_s=monotonic_s,
        )
        allowed = {"dock-1": ("phone", "browser"), "floor-1": ("phone",), "desk-1": ()}
        self.desk = SignInDesk(
            self.ion, self.people, allowed, sleep=self.clock.sleep, monotonic_s=monotonic_s
        )

    def note(self, station: str, event: str, details: Mapping[str, Json]) -> None:
        if self.is_full:
            raise JournalError("The disk is full.")
        self.notes.append((station, event, details))

    def come(self, operator: Operator, station: str = "dock-1") -> None:
        self.ion.held.add(operator.id)
        self.people.sign_in(station, operator, "phone")

    def run(self, seconds: float) -> None:
        """Let the loop run so long, while a page looks at each station."""
        end_s = self.clock.passed_s + seconds
        while self.clock.passed_s < end_s:
            self.desk.view("dock-1")
            self.desk.view("floor-1")
            self.desk.step()

    @property
    def events(self) -> list[tuple[str, str]]:
        return [(station, event) for station, event, _ in self.notes]
