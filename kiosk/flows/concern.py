"""What a screen and an event are about: whose operations on their way have to be counted in."""

from kiosk.flows.choice import asked_about, beneath
from kiosk.flows.flow import Event, Pressed, Printed, Refreshed, Scanned, Settled
from kiosk.flows.history import looks_back
from kiosk.flows.identity import kept_event, question_beneath
from kiosk.flows.kept_scan import scan_from_json
from kiosk.flows.registry import FLOWS
from kiosk.model import Session, Subject


def subject_shown(session: Session) -> Subject | None:
    """Return what the screen is about, also beneath a question."""
    under = beneath(session)
    flow = FLOWS.get(under.flow)
    return flow.subject(under) if flow else None


def is_verdict(session: Session, event: Event) -> bool:
    """Return whether a person says of a label whether it came out, now or before a question was asked."""
    return any(isinstance(each, Pressed) and each.verb == "PRINTED" for each in (event, kept_event(session)))


def is_of_queue(session: Session, event: Event) -> bool:
    """Return whether a person says something of the printers' queues, now or before a question was asked."""
    return any(isinstance(each, Pressed) and each.verb == "QUEUE" for each in (event, kept_event(session)))


def packages_concerned(session: Session, event: Event) -> tuple[str, ...]:
    """Return the identities of the packages that an event may count, for ``Place.counted`` to be about.

    That is the label that is scanned, and the one that a question on the screen, or its part, came from.
    """
    kept = session.state.get("scan")
    scans = [each for each in (event, kept_event(session)) if isinstance(each, Scanned)]
    labels = [scan.label for scan in (*scans, *((scan_from_json(kept),) if kept else ()))]
    return tuple(dict.fromkeys(label.identity for label in labels if label and label.identity))


def _named(session: Session) -> list[str]:
    """Return what the page about something that happened is about."""
    about = question_beneath(session).state.get("about")
    return [str(about)] if about else []


def concerned(session: Session, event: Event) -> tuple[str, ...]:
    """Return the keys of all that an event may bring up, for ``Place.outstanding`` to be about.

    That is what the event is about, what the screen shows, and what a question on it offers or leads to.
    """
    match event:
        case Scanned(subjects=subjects):
            keys = [subject.key for subject in subjects]
        case Refreshed(subject):
            keys = [subject.key]
        case Printed(job):
            keys = [job.subject]
        case Settled(operation):
            keys = [operation.about]
        case _:
            keys = []
    waiting = kept_event(session)
    if isinstance(waiting, Scanned):
        keys = [*keys, *(subject.key for subject in waiting.subjects)]
    if looks_back(session, event):
        keys = [*keys, *_named(session)]
    shown = subject_shown(session)
    offered = [*asked_about(session), *((shown,) if shown else ())]
    return tuple(dict.fromkeys((*keys, *(subject.key for subject in offered))))
