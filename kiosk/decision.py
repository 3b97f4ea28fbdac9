"""What an event at a station leads to: the flows' outcome, with its labels made, ready to be committed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC

from kiosk.errors import IonError, LabelError
from kiosk.flows import concerned, handle, packages_concerned
from kiosk.flows.flow import News, Outcome, Place, Pressed, Scanned, stay
from kiosk.inquiry import Inquiry
from kiosk.journal import Entry, Journal, NewJob
from kiosk.model import Asked, Level, Location, Message, Operator, Print, Question, Session, Submit, Verdict
from kiosk.ports import Clock, Devices, Ids, LabelRoom, Operators
from kiosk.settings import StationSettings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a station works with."""

    journal: Journal
    inquiry: Inquiry
    labels: LabelRoom
    devices: Devices
    people: Operators
    offers: Callable[[], frozenset[str] | None]
    publish: Callable[[str], None]
    """Told the station's name whenever its view changed."""
    wake_printer: Callable[[str], None]
    clock: Clock
    ids: Ids


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an event: all of it, or nothing."""

    session: Session
    submits: tuple[tuple[str, Submit], ...] = ()
    jobs: tuple[NewJob, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    actor: Operator | None = None
    """Who was signed in when it was decided."""
    follow: str | None = None
    """A reference to go on with as if it had been scanned."""

    @property
    def has_effects(self) -> bool:
        """Return whether anything but the screen changes."""
        return bool(self.submits or self.jobs or self.verdicts)

    @property
    def entry(self) -> Entry:
        """Return what the journal is to write, but for the event that led to it."""
        return Entry(
            self.session,
            actor=self.actor,
            submits=self.submits,
            jobs=self.jobs,
            verdicts=self.verdicts,
        )

    def then(self, after: "Decision") -> "Decision":
        """Return this decision and the one that it led to as one."""
        return replace(
            after,
            submits=self.submits + after.submits,
            jobs=self.jobs + after.jobs,
            verdicts=self.verdicts + after.verdicts,
        )


class Judge:
    """Puts events to the flows, with the facts that hold at one station. Writes nothing."""

    def __init__(self, settings: StationSettings, around: Surroundings) -> None:
        self._settings = settings
        self._around = around
        self._location: Location | None = None

    def decided(self, session: Session, event: Scanned | Pressed) -> Decision:
        """Return what an event of a person leads to; a label that cannot be made is a sentence.

        Raises:
            JournalError: what is outstanding cannot be read.
        """
        labels, station = self._around.labels, self._settings.name
        operator = self._around.people.acted(station)
        place = self._place(concerned(session, event), packages_concerned(session, event))
        place = replace(place, operator=operator)
        if isinstance(event, Pressed) and event.verb == "PRINTED":
            place = replace(place, doubtful=self._around.journal.prints.doubtful(station))
        outcome = handle(session, event, place)
        turn = session.turn + 1
        key, printer = f"{session.id}/{turn}", labels.printer_of(station)
        submits: list[tuple[str, Submit]] = []
        jobs: list[NewJob] = []
        verdicts: list[Verdict] = []
        try:
            for number, effect in enumerate(outcome.effects):
                match effect:
                    case Submit():
                        submits.append((f"{key}/{number}", effect))
                    case Verdict():
                        verdicts.append(effect)
                    case Print():
                        made = labels.prepare(station, effect)
                        where = effect.printer or printer
                        jobs.append(NewJob(f"{key}/label/{number}", station, where, effect, made))
        except LabelError as error:
            words = Message(Level.STOP, "This label cannot be made. {error}", {"error": str(error)})
            return Decision(replace(_after(session, stay(session, words)), turn=turn), actor=operator)
        after = replace(_after(session, outcome), turn=turn)
        return Decision(after, tuple(submits), tuple(jobs), tuple(verdicts), operator, outcome.follow)

    def informed(self, session: Session, event: News) -> Session:
        """Return the session after news from outside.

        Raises:
            JournalError: what is outstanding cannot be read.
        """
        return _after(session, handle(session, event, self._place(concerned(session, event))))

    def settle_in(self, location: Location | None) -> None:
        """Take the station's own location as ION gave it."""
        self._location = location or self._location

    def _place(self, keys: tuple[str, ...], packages: tuple[str, ...] = ()) -> Place:
        around = self._around
        now = around.clock()
        return Place(
            station=self._settings.name,
            now=now,
            flows=self._settings.flows,
            location=self._location or self._remembered_location(),
            offers=around.offers(),
            outstanding=around.journal.outbox.about(keys) if keys else (),
            has_printer=bool(around.labels.printer_of(self._settings.name)),
            labels=around.labels.choices(self._settings.name),
            takes_zpl=around.labels.takes_zpl(self._settings.name),
            zone=now.astimezone().tzinfo or UTC,
            operator=around.people.at(self._settings.name),
            counted=around.journal.outbox.packages(packages) if packages else frozenset(),
        )

    def _remembered_location(self) -> Location | None:
        if not self._settings.location:
            return None
        found = self._around.inquiry.first(_home(self._settings), is_remembered=True)
        return found if isinstance(found, Location) else None


class HomeQuestion:
    """The station's own location, whose name the settings give: asked until ION has answered once."""

    def __init__(self, settings: StationSettings, inquiry: Inquiry) -> None:
        self._settings = settings
        self._inquiry = inquiry
        self._is_answered = not settings.location

    def asked(self) -> Location | None:
        """Return the location, ``None`` where ION knows none, cannot be asked, or has answered before."""
        if self._is_answered:
            return None
        try:
            found = self._inquiry.first(_home(self._settings))
        except IonError as error:
            _LOG.info("Station %s: its location was not asked: %s", self._settings.name, error)
            return None
        self._is_answered = True
        return found if isinstance(found, Location) else None


def _home(settings: StationSettings) -> Question:
    return Question(Asked.LOCATION_NAME, settings.location)


def _after(session: Session, outcome: Outcome) -> Session:
    return replace(
        session,
        flow=outcome.flow,
        step=outcome.step,
        state=outcome.state,
        message=outcome.message,
        revision=session.revision + 1,
    )
