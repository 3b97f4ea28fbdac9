"""What a station shows at a moment: its session, what lies over that, and the view that pages draw of it."""

from dataclasses import dataclass, replace

from kiosk.decision import Surroundings
from kiosk.flows import subject_shown
from kiosk.model import Glance, Json, Message, Session
from kiosk.ports import StationView
from kiosk.settings import StationSettings

_JOBS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Face:
    """Replaced as a whole, since other threads look at it at any moment."""

    session: Session
    event_revision: int
    """The revision that the last event of a person led to; a press made on an older one is stale."""
    since: int
    """The revision that brought up the question on the screen."""
    overlay: Message | None = None

    def after_event(self, session: Session) -> "Face":
        """Return the face after a person's event, which takes what lay over the screen away."""
        return Face(session, session.revision, self._since(session))

    def after_news(self, session: Session) -> "Face":
        """Return the face after news from outside."""
        return replace(self, session=session, since=self._since(session))

    def _since(self, session: Session) -> int:
        return self.since if _asked(self.session) == _asked(session) else session.revision


def view_of(face: Face, settings: StationSettings, around: Surroundings) -> StationView:
    """Return what pages draw, with how the devices and the queues are now.

    Raises:
        JournalError: the journal cannot be read.
    """
    session, name = face.session, settings.name
    with around.journal.moment():
        waiting, parked = around.journal.outbox.counts()
        shown = around.journal.prints.shown(name, _JOBS_SHOWN)
        glance = around.journal.history.glance(name) if session.flow == "home" else Glance()
    return StationView(
        station=name,
        session=session.id,
        revision=session.revision,
        flow=session.flow,
        step=session.step,
        state=session.state,
        message=face.overlay or session.message,
        flows=settings.flows,
        location=settings.location,
        waiting=waiting,
        parked=parked,
        scanners=around.devices.scanners(name),
        printers=around.devices.printers(name),
        ion=around.devices.ion(),
        journal=around.devices.journal(),
        jobs=shown,
        since=face.since,
        operator=around.people.at(name),
        glance=glance,
        lines=settings.lines,
    )


def _asked(session: Session) -> tuple[str, str, str, Json]:
    """Return what a screen asks about: the same as long as a person answers one question."""
    # Only photos are handed in from elsewhere, so only there it matters which thing a screen is about.
    subject = subject_shown(session) if "photos" in session.state else None
    return session.flow, session.step, subject.key if subject else "", session.state.get("photos_of")
