"""Everything about people, put together: who is where, their PINs, who may change them, sign-in with ION."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.errors import JournalError
from kiosk.flows import UNLOCK
from kiosk.journal import Journal
from kiosk.operators.desk import PeopleDesk
from kiosk.operators.doorway import Doorway
from kiosk.operators.gate import PinGate
from kiosk.operators.hashing import PinHasher
from kiosk.operators.office import Office
from kiosk.operators.register import Register
from kiosk.people import People
from kiosk.ports import Clock, Ids, IonSignIn, Receipt, StationView
from kiosk.settings import Settings
from kiosk.sign_in import SignInDesk
from kiosk.supervisor import Supervisor

_LOG = logging.getLogger(__name__)
_LOOK_S: Final = 0.5
_ASKING: Final = frozenset({"home/who", "home/pin"})


class Room(Protocol):
    """A station, as far as people come and go there."""

    def view(self) -> StationView:
        """Return what it shows."""

    def press(self, verb: str) -> Receipt:
        """Take a press, and return once it is on disk."""

    def left(self) -> None:
        """Take the news that nobody is signed in there any more."""


@dataclass(frozen=True, slots=True)
class Staff:
    """What pages and stations ask about people."""

    people: People
    desk: PeopleDesk
    gate: PinGate
    register: Register
    office: Office
    doorway: Doorway
    sign_in: SignInDesk | None
    """Where people sign in with ION; ``None`` where the settings name no such place."""


def hire_staff(  # noqa: PLR0913  one for each thing it is put together from
    settings: Settings,
    journal: Journal,
    *,
    ion: IonSignIn | None,
    stations: Mapping[str, Room],
    publish: Callable[[str], None],
    supervisor: Supervisor,
    clock: Clock,
    ids: Ids,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> Staff:
    """Put it together; the loop that looks after it is named, and starts with the others.

    Raises:
        SettingsError: the pepper of the hashes cannot be read.
    """

    def left(station: str) -> None:
        if station in stations:
            stations[station].left()

    def proved(station: str) -> None:
        room = stations.get(station)
        if room is None or room.view().screen not in _ASKING:
            return
        try:
            room.press(UNLOCK)
        except JournalError as error:
            _LOG.error("Station %s: what waited for a person did not go on: %s", station, error)

    hasher = PinHasher(settings.people.pepper())
    people = People(
        settings.people,
        journal.note,
        publish,
        tokens=ion,
        holders=journal.operators,
        on_left=left,
        on_proved=proved,
        clock=clock,
        monotonic_s=monotonic_s,
    )
    gate = PinGate(journal.operators, hasher, clock=clock, monotonic_s=monotonic_s)
    sign_in = None
    if ion is not None:
        allowed = {one.name: one.sign_in for one in settings.stations}
        sign_in = SignInDesk(ion, people, allowed, sleep=supervisor.sleep)

    def watch() -> None:
        people.watch()
        supervisor.sleep(_LOOK_S)

    supervisor.add("people", sign_in.step if sign_in else watch)
    register = Register(journal.operators, hasher, clock, ids)
    office = Office(register, gate, settings.people, monotonic_s=monotonic_s, note=journal.note)
    doorway = Doorway(register, gate, settings.people, monotonic_s=monotonic_s, note=journal.note)
    return Staff(people, PeopleDesk(people, gate), gate, register, office, doorway, sign_in)
