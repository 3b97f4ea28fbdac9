"""Which of several things is meant: a question that covers the screen and gives it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.flow import Outcome, Place, Scanned
from kiosk.flows.kept_scan import scan_from_json, scan_json
from kiosk.flows.paging import page_after, pages_of, row_named, rows_on
from kiosk.flows.wording import detail, title
from kiosk.model import Json, Level, Message, Session, Subject
from kiosk.resolve import GoodsLabel
from kiosk.wire import message_from_json, message_json, object_json, plain, subject_from_json, to_json


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person can choose."""

    key: str
    title: str
    detail: str
    kind: str


def beneath(session: Session) -> Session:
    """Return the session as it was before a question covered it."""
    resume = session.state.get("resume")
    if session.flow != "home" or not isinstance(resume, Mapping):
        return session
    state: Any = resume["state"]
    message = message_from_json(resume["message"])
    return replace(session, flow=str(resume["flow"]), step=str(resume["step"]), state=state, message=message)


def covered(session: Session) -> Json:
    """Return what is beneath a question, to come back to."""
    under = beneath(session)
    return {
        "flow": under.flow,
        "step": under.step,
        "state": to_json(under.state),
        "message": message_json(under.message),
    }


def choose(
    session: Session,
    text: str,
    options: Sequence[Option],
    place: Place,
    scan: Scanned | None = None,
) -> Outcome:
    """Ask which of several things is meant.

    Args:
        session: what the question covers.
        text: what was scanned, as it can be shown.
        options: in the order in which they are offered.
        place: where it is asked.
        scan: counts as scanned anew once its question is answered; without one the flow beneath is told by
            ``CHOOSE <key>``.
    """
    found: dict[str, Json] = {"scan": scan_json(scan)} if scan else {}
    return _asked(session, text, options, found, place)


def choose_subject(
    session: Session,
    scan: Scanned,
    offered: Sequence[Subject],
    place: Place,
    message: Message | None = None,
) -> Outcome:
    """Ask which of several subjects a scan means; it counts as scanned anew without the others offered."""
    options = [Option(subject.key, title(subject), detail(subject), subject.kind) for subject in offered]
    found: dict[str, Json] = {
        "scan": scan_json(scan),
        "subjects": [object_json(subject) for subject in offered],
    }
    asked = _asked(session, scan.readings.shown, options, found, place)
    return replace(asked, message=message or asked.message)


def agree(session: Session, scan: Scanned, label: GoodsLabel, key: str, message: Message) -> Outcome:
    """Ask whether a scan is really meant; confirmed, it counts as scanned anew, with ``key`` agreed.

    Args:
        session: what the question covers.
        scan: what was scanned.
        label: what it says about goods, to be shown.
        key: what a person agrees to.
        message: the question.
    """
    state: dict[str, Json] = {
        "text": scan.readings.shown,
        "scan": scan_json(scan),
        "subjects": [object_json(subject) for subject in scan.subjects],
        "agrees": key,
        "label": _facts(label),
        "resume": covered(session),
    }
    return Outcome("home", "agree", state, message)


def next_page(session: Session, place: Place) -> Outcome:
    """Show the next options, after the last the first."""
    page = page_after(session.state["page"], len(_options(session.state)), place.lines)
    return _page(session.state, page, session.message, place)


def asked_about(session: Session) -> tuple[Subject, ...]:
    """Return the subjects that the question on the screen offers."""
    found = session.state.get("subjects")
    return tuple(map(subject_from_json, found if isinstance(found, list | tuple) else ()))


def chosen_scan(session: Session, key: str) -> Scanned | None:
    """Return the scan that a choice leads to, ``None`` where that is for the flow beneath."""
    options: Any = session.state["all"]
    if "scan" not in session.state or key not in {option["key"] for option in options}:
        return None
    scan = scan_from_json(session.state["scan"])
    offered = asked_about(session)
    keys = {subject.key for subject in offered}
    chosen = [subject for subject in offered if subject.key == key]
    others = [subject for subject in scan.subjects if subject.key not in keys]
    return replace(scan, subjects=(*chosen, *others), agreed=(*scan.agreed, key))


def agreed_scan(session: Session) -> Scanned:
    """Return the scan that a person agreed to."""
    scan = scan_from_json(session.state["scan"])
    return replace(scan, agreed=(*scan.agreed, str(session.state["agrees"])))


def option_named(session: Session, argument: str) -> str:
    """Return the key of the option that a choice names, by its number on the screen or by the key itself."""
    return row_named(session.state, argument, "options")


def _asked(
    session: Session, text: str, options: Sequence[Option], found: Mapping[str, Json], place: Place
) -> Outcome:
    state: dict[str, Json] = {
        **found,
        "text": text,
        "all": [object_json(option) for option in options],
        "resume": covered(session),
    }
    values = {"text": text, "count": str(len(options))}
    question = Message(Level.ASK, "{text} can be {count} things. Which one is it?", values)
    return _page(state, 1, question, place)


def _facts(label: GoodsLabel) -> Json:
    """Return what a label says, for a screen."""
    return {
        "part": ", ".join(label.part_numbers),
        "order": label.order_number,
        "quantity": plain(label.quantity) if label.quantity is not None else None,
        "lot": label.lot,
        "serial": label.serial,
        "date_code": label.date_code,
    }


def _options(state: Mapping[str, Json]) -> Sequence[Json]:
    every: Any = state["all"]
    options: Sequence[Json] = every
    return options


def _page(state: Mapping[str, Json], page: int, message: Message | None, place: Place) -> Outcome:
    options = _options(state)
    shown: dict[str, Json] = {
        "options": list(rows_on(options, page, place.lines)),
        "page": str(page),
        "pages": str(pages_of(len(options), place.lines)),
    }
    return Outcome("home", "choose", {**state, **shown}, message)
