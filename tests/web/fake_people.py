"""PINs and the page of operators, for pages that are tested without a journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from kiosk.model import BadgeHolder, Json, Level, Message
from kiosk.operators import Doorway, Office, PinGate, PinHasher, PinReply, Register
from kiosk.settings import IonSettings, PeopleSettings, Settings, ShiftSettings, StationSettings
from kiosk.settings_desk import SettingsDesk
from kiosk.shift import ShiftDesk
from tests.fakes import FakeLabels
from tests.web.samples import SAMPLES

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Shown(Protocol):
    """A station whose screen a test sets."""

    def show(self, screen: str, state: Mapping[str, Json], message: Message | None = None) -> None:
        """Show a screen."""

    def alter(self, **changes: object) -> None:
        """Change parts of the view."""


@dataclass
class FakePeople:
    """Takes PINs: one is right, and shows the screen that was covered."""

    stations: Mapping[str, Shown]
    given: list[tuple[str, str, str]] = field(default_factory=list)
    wait_s: int = 0
    right: str = "271828"

    def give_pin(self, station: str, who: str, text: str) -> PinReply:
        self.given.append((station, who, text))
        if text != self.right:
            return PinReply(is_right=False, words="Wrong PIN.", wait_s=self.wait_s)
        self.stations[station].show("run/run", SAMPLES["run/run"], Message(Level.GOOD, "Done."))
        return PinReply(is_right=True)

    def sign_out(self, station: str) -> None:
        self.stations[station].alter(operator=None)


class _NobodyKnown:
    """The book of a kiosk that knows nobody."""

    def all(self) -> tuple[BadgeHolder, ...]:
        return ()

    def find(self, id_: str) -> None:
        del id_

    def with_badge(self, badge: str) -> None:
        del badge


def empty_office() -> Office:
    """Return a page of operators on which nobody can sign in."""
    return Office(*_nobody(), PeopleSettings(), monotonic_s=lambda: 0.0, note=lambda *_: None)


def empty_doorway() -> Doorway:
    """Return a way in for other machines by which nobody can come."""
    return Doorway(*_nobody(), PeopleSettings(), monotonic_s=lambda: 0.0, note=lambda *_: None)


def unseen_shifts() -> ShiftDesk:
    """Return the desk of shifts whose figures nobody is let in to see."""
    nothing: Any = None
    return ShiftDesk(nothing, ShiftSettings(), FakeLabels(), lambda _name: None, lambda: NOW, UTC)


def unseen_settings() -> SettingsDesk:
    """Return the desk of settings that nobody is let in to see."""
    ion = IonSettings(url="http://ion.example/graphql", token_url="http://ion.example/token", client_id="k")
    return SettingsDesk(Settings(ion=ion, stations=(StationSettings(name="dock-1"),)), None)


def _nobody() -> tuple[Register, PinGate]:
    book: Any = _NobodyKnown()
    hasher = PinHasher()
    register = Register(book, hasher, lambda: NOW, lambda: "id")
    return register, PinGate(book, hasher, clock=lambda: NOW, monotonic_s=lambda: 0.0)
