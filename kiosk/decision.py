"""What an event at a station leads to: the flows' outcome, with its labels made, ready to be committed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial

from kiosk.errors import IonError, LabelError
from kiosk.flows import (
    asks_signature,
    badge_of,
    concerned,
    handle,
    is_of_queue,
    is_verdict,
    looks_back,
    packages_concerned,
    question_beneath,
    reprint_asked,
)
from kiosk.flows.flow import (
    Badge,
    Event,
    Left,
    News,
    Outcome,
    Place,
    Pressed,
    Scanned,
    Settled,
    Signing,
    stay,
)
from kiosk.flows.signing import serial_on
from kiosk.inquiry import Inquiry
from kiosk.journal import Entry, Journal, NewJob, NewReprint
from kiosk.model import (
    Asked,
    BadgeHolder,
    Demand,
    Effect,
    Level,
    Location,
    Message,
    Operation,
    Past,
    Presence,
    Print,
    PrintJob,
    Proof,
    Question,
    QueueAct,
    QueueTurn,
    Reprint,
    Role,
    Session,
    Submit,
    Verdict,
    Withdraw,
)
from kiosk.ports import Clock, Devices, Ids, LabelRoom, Operators
from kiosk.settings import StationSettings
from kiosk.wire import object_json

_OF_LABEL = "label/"
_LOOKED_BACK = 100
"""Things that happened that a station can look back on: a shift's work, in 25 pages."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what, whatever the flow."""

    unsigned: str = Role.OPERATOR
    """The role of who is not signed in."""
    reprints_serials: Role = Role.LEAD
    """Who may print a label with a serial number once more."""


_USUAL = Rights()


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
    printed: Callable[[PrintJob], None]
    """Told of a label that a scan proved to have come out, whichever station asked for it."""
    shift: Callable[[str], Print | None] = lambda _station: None
    """Makes the label of the shift that is on."""
    rights: Rights = _USUAL


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an event: all of it, or nothing."""

    session: Session
    submits: tuple[tuple[str, Submit], ...] = ()
    jobs: tuple[NewJob, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    withdrawals: tuple[Withdraw, ...] = ()
    reprints: tuple[NewReprint, ...] = ()
    turns: tuple[tuple[QueueAct, tuple[str, ...]], ...] = ()
    """What becomes of the queues of printers."""
    presence: Presence | None = None
    """Who was signed in when it was decided, or came by it."""
    came: BadgeHolder | None = None
    """Whose badge was scanned, and who is signed in once this is on disk."""
    follow: str | None = None
    """A reference to go on with as if it had been scanned."""
    signed: Signing | None = None
    """For what the person who is there stands with their PIN."""

    @property
    def has_effects(self) -> bool:
        """Return whether anything but the screen changes."""
        return bool(
            self.submits
            or self.jobs
            or self.verdicts
            or self.withdrawals
            or self.reprints
            or self.turns
            or self.came
        )

    @property
    def printers(self) -> tuple[str, ...]:
        """Return where its labels are printed."""
        return tuple(job.printer for job in self.jobs)

    @property
    def is_about_old(self) -> bool:
        """Return whether earlier labels may come out by it."""
        return bool(self.verdicts or self.reprints or self.turns)

    @property
    def entry(self) -> Entry:
        """Return what the journal is to write, but for the event that led to it."""
        return Entry(
            self.session,
            actor=self.presence.operator if self.presence else None,
            came=self.came.operator if self.came else None,
            signed=object_json(self.signed) if self.signed else None,
            submits=self.submits,
            jobs=self.jobs,
            verdicts=self.verdicts,
            withdrawals=self.withdrawals,
            reprints=self.reprints,
            turns=self.turns,
        )

    def then(self, after: "Decision") -> "Decision":
        """Return this decision and the one that it led to as one."""
        return replace(
            after,
            submits=self.submits + after.submits,
            jobs=self.jobs + after.jobs,
            verdicts=self.verdicts + after.verdicts,
            withdrawals=self.withdrawals + after.withdrawals,
            reprints=self.reprints + after.reprints,
            turns=self.turns + after.turns,
            came=self.came or after.came,
            signed=self.signed or after.signed,
        )


class Judge:
    """Puts events to the flows, with the facts that hold at one station. Writes nothing."""

    def __init__(self, settings: StationSettings, around: Surroundings) -> None:
        self._settings = settings
        self._around = around
        self._location: Location | None = None
        self._asks: dict[str, Demand] = {flow: Demand(demand) for flow, demand in settings.asks.items()}
        self._unheard: dict[str, set[str]] = {}
        """Keys of this station's operations whose end the screen was not told, by what they are about."""

    def decided(
        self, session: Session, event: Scanned | Pressed, presence: Presence | None = None
    ) -> Decision:
        """Return what an event of a person leads to; a label that cannot be made is a sentence.

        Args:
            session: where the station stands.
            event: what the person did.
            presence: who they are, where that is not on disk yet; else who is signed in.

        Raises:
            JournalError: what is outstanding, or whose badge it is, cannot be read.
        """
        station = self._settings.name
        presence = presence or self._around.people.acted(station)
        came: BadgeHolder | None = None
        if isinstance(event, Scanned):
            event, presence, came = self._recognized(event, presence)
        place = self._place_for(session, event, presence)
        outcome = handle(session, event, place)
        turn = session.turn + 1
        if (out := self._already_out(outcome.effects)) is not None:
            outcome = reprint_asked(session, out, place)
        decision = Decision(replace(_after(session, outcome), turn=turn), presence=presence, came=came)
        try:
            for number, effect in enumerate(outcome.effects):
                decision = self._taking(decision, effect, number)
        except LabelError as error:
            words = Message(Level.STOP, "This label cannot be made. {error}", {"error": str(error)})
            after = replace(_after(session, stay(session, words)), turn=turn)
            return Decision(after, presence=presence, came=came)
        return replace(decision, follow=outcome.follow, signed=outcome.signed)

    def _already_out(self, effects: Sequence[Effect]) -> PrintJob | None:
        """Return the label of a serial that is out, where nothing but one more of it is asked for."""
        match effects:
            case (Print() as label,) if serial_on(label.fields, label.subject):
                station = self._settings.name
                try:
                    made = self._around.labels.prepare(station, label)
                except LabelError:
                    return None
                return self._around.journal.accounts.latest(made.label, made.encoded)
            case _:
                return None

    def _taking(self, decision: Decision, effect: Effect, number: int) -> Decision:
        """Return a decision with one more of its effects.

        Raises:
            LabelError: a label cannot be made.
        """
        labels, station = self._around.labels, self._settings.name
        key = f"{decision.session.id}/{decision.session.turn}"
        match effect:
            case Submit():
                self._unheard.setdefault(effect.about, set()).add(f"{key}/{number}")
                return replace(decision, submits=(*decision.submits, (f"{key}/{number}", effect)))
            case Verdict():
                return replace(decision, verdicts=(*decision.verdicts, effect))
            case QueueTurn(act):
                return replace(decision, turns=(*decision.turns, (act, labels.printers_of(station))))
            case Withdraw():
                return replace(decision, withdrawals=(*decision.withdrawals, effect))
            case Reprint(job, why):
                by = decision.presence.operator.name if decision.presence else ""
                label = Print(job.label, job.fields, job.subject)
                mark = partial(labels.marked, job.printer, label, job.design_digest)
                again = NewReprint(job.id, f"{key}/again/{number}", 1, why, by, mark)
                return replace(decision, reprints=(*decision.reprints, again))
            case Print():
                made = labels.prepare(station, effect)
                where = effect.printer or labels.printer_of(station)
                new = NewJob(f"{key}/label/{number}", station, where, effect, made)
                if serial_on(effect.fields, effect.subject):
                    out = self._around.journal.accounts.latest(made.label, made.encoded)
                    mark = partial(labels.marked, where, effect, made.design_digest)
                    new = replace(new, again=out, mark=mark)
                return replace(decision, jobs=(*decision.jobs, new))

    def informed(self, session: Session, event: News) -> Session:
        """Return the session after news from outside.

        Raises:
            JournalError: what is outstanding cannot be read.
        """
        if isinstance(event, Settled):
            self._hear(event.operation)
        presence = self._around.people.presence(self._settings.name)
        place = self._looking_back(session, event, presence)
        return _after(session, handle(session, event, place))

    def reopened(self, session: Session) -> Session:
        """Return the session of a station that starts: what asks for somebody is covered.

        Raises:
            JournalError: what is outstanding cannot be read.
        """
        return self.informed(session, Left()) if self._asks else session

    def settle_in(self, location: Location | None) -> None:
        """Take the station's own location as ION gave it."""
        self._location = location or self._location

    def _recognized(
        self, event: Scanned, presence: Presence | None
    ) -> tuple[Scanned, Presence | None, BadgeHolder | None]:
        """Return a scan with what its badge does, who is there then, and who came by it."""
        badge = badge_of(event.readings)
        if badge is None:
            return event, presence, None
        holder = self._around.people.holder(badge)
        if holder is None:
            # Where nobody is asked for, a badge that is nobody's is a barcode like any other.
            is_asked = any(each is not Demand.NONE for each in self._asks.values())
            return (replace(event, badge=Badge.UNKNOWN) if is_asked else event), presence, None
        if not holder.is_welcome(self._around.clock()):
            return (
                replace(event, badge=Badge.DISABLED if holder.is_disabled else Badge.EXPIRED),
                presence,
                None,
            )
        if presence is None or presence.operator.id != holder.operator.id:
            presence = Presence(holder.operator, has_pin=holder.has_pin)
        return replace(event, badge=Badge.WELCOME), presence, holder

    def _place_for(self, session: Session, event: Scanned | Pressed, presence: Presence | None) -> Place:
        """Return what holds here, with what only some events have to know."""
        around, station = self._around, self._settings.name
        place = self._looking_back(session, event, presence, packages_concerned(session, event))
        if asks_signature(session):
            place = replace(place, signers=around.people.signers())
        if is_verdict(session, event):
            place = replace(place, doubtful=around.journal.prints.doubtful(station))
        if is_of_queue(session, event):
            held = map(around.journal.prints.held, around.labels.printers_of(station))
            place = replace(place, is_paused=all(hold is not None for hold in held))
        match event:
            case Pressed("SHIFT"):
                place = replace(place, shift=around.shift(station))
            case Pressed("HEAD", str(head)):
                place = replace(place, lost_head=around.journal.lost(head))
        return place

    def _looking_back(
        self, session: Session, event: Event, presence: Presence | None, packages: tuple[str, ...] = ()
    ) -> Place:
        """Return the facts that hold for an event, with the past where it is about that."""
        keys = concerned(session, event)
        if not looks_back(session, event):
            return self._place(keys, packages, presence)
        past = self._around.journal.history.newest(self._settings.name, _LOOKED_BACK)
        key = str(question_beneath(session).state.get("key") or "")
        if key.startswith(_OF_LABEL) and all(each.key != key for each in past):
            # One that was printed at another station, or long ago.
            job = self._around.journal.prints.find(key.removeprefix(_OF_LABEL))
            past = (*past, Past(job)) if job is not None else past
        about = [each.what.about for each in past if isinstance(each.what, Operation)]
        return replace(self._place((*keys, *dict.fromkeys(about)), packages, presence), past=past)

    def _place(
        self, keys: tuple[str, ...], packages: tuple[str, ...] = (), presence: Presence | None = None
    ) -> Place:
        around = self._around
        now = around.clock()
        return Place(
            station=self._settings.name,
            now=now,
            flows=self._settings.flows,
            location=self._location or self._remembered_location(),
            offers=around.offers(),
            outstanding=self._outstanding(keys) if keys else (),
            has_printer=bool(around.labels.printer_of(self._settings.name)),
            labels=around.labels.choices(self._settings.name),
            takes_zpl=around.labels.takes_zpl(self._settings.name),
            lines=self._settings.lines,
            zone=now.astimezone().tzinfo or UTC,
            operator=presence.operator if presence else None,
            proof=presence.proof if presence else Proof.NONE,
            has_pin=presence is not None and presence.has_pin,
            asks=self._asks,
            unsigned=around.rights.unsigned,
            reprints_serials=around.rights.reprints_serials,
            counted=around.journal.outbox.packages(packages) if packages else frozenset(),
        )

    def _outstanding(self, keys: tuple[str, ...]) -> tuple[Operation, ...]:
        """Return what the screen has to count in: what is on its way, and what is done and not yet shown.

        Between the moment when delivery writes that ION has done something and the news of it, neither the
        outbox nor the screen would know of it.
        """
        unheard = [key for about in keys for key in self._unheard.get(about, ())]
        found = self._around.journal.outbox.about(keys, unheard=unheard)
        for one in found:
            if one.station == self._settings.name:
                self._unheard.setdefault(one.about, set()).add(one.key)
        return found

    def _hear(self, operation: Operation) -> None:
        keys = self._unheard.get(operation.about, set())
        keys.discard(operation.key)
        if not keys:
            self._unheard.pop(operation.about, None)

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
