"""Look up: what a label, a part number or a location stands for, its label again, and what to do about it."""

from dataclasses import replace

from kiosk.flows.adjust_entry import adjust_opened
from kiosk.flows.choice import Option, choose
from kiosk.flows.copies import label_press
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, stay
from kiosk.flows.kept_scan import scan_json
from kiosk.flows.lookup_screen import BUTTON_PAGES, STEPS, looked_up, why_not
from kiosk.flows.paging import page_after, page_on, pages_of
from kiosk.flows.problem_entry import problem_opened
from kiosk.flows.run_create import procedures_asked
from kiosk.flows.wording import status_words, title
from kiosk.model import Inventory, Json, Kit, Level, Message, Procedure, Session, Stock, Subject
from kiosk.wire import object_json, subject_from_json

_KINDS = {step: kind for kind, step in STEPS.items()}


class Lookup:
    """Shows stock, a part, a location, a kit, a procedure or an issue."""

    name = "lookup"
    steps = frozenset(STEPS.values())

    def takes(self, subject: Subject) -> bool:
        """Return whether this is looked up."""
        return subject.kind in STEPS

    def subject(self, session: Session) -> Subject | None:
        """Return what is on the screen."""
        data = session.state.get(_KINDS.get(session.step, ""))
        return subject_from_json(data) if data else None

    def entered(self, session: Session) -> str:
        """Return nothing: nothing is entered here."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show what was scanned, print its label, or go on with it."""
        shown = self.subject(session)
        match event:
            case Scanned(subjects=(subject,)) if self.takes(subject):
                return _shown(session, subject, event, place)
            case Refreshed(fresh) if shown is not None and fresh.key == shown.key:
                return _fresh(session, shown, fresh, place)
            case Pressed("NEXT") if isinstance(shown, Inventory):
                page = int(str(session.state["page"])) % BUTTON_PAGES + 1
                return stay(session, session.message, page=str(page))
            case Pressed("NEXT") if isinstance(shown, Kit):
                page = page_after(session.state["page"], len(shown.items), place.lines)
                return stay(session, session.message, page=str(page))
            case Pressed("CREATE") if isinstance(shown, Procedure):
                message = Message(Level.ASK, "Scan the stock that is built, then create its run.")
                return stay(session, message)
            case Pressed() if isinstance(shown, Inventory):
                return _on_stock(session, shown, event, place) or label_press(session, shown, event, place)
            case Pressed() if shown is not None:
                return label_press(session, shown, event, place)
            case _:
                return None


def _fresh(session: Session, shown: Subject, fresh: Subject, place: Place) -> Outcome:
    """Show what ION says of it now; what was said of it is said anew, whatever else was said stays."""
    is_about_it = session.message == looked_up(shown, place, None).message
    message = looked_up(fresh, place, None).message if is_about_it else session.message
    pages: dict[str, Json] = {}
    if isinstance(fresh, Kit):
        count = len(fresh.items)
        pages = {
            "page": str(page_on(session.state["page"], count, place.lines)),
            "pages": str(pages_of(count, place.lines)),
        }
    return stay(session, message, as_of=None, **{fresh.kind: object_json(fresh)}, **pages)


def _on_stock(session: Session, stock: Inventory, press: Pressed, place: Place) -> Outcome | None:
    match press:
        case Pressed("START" | "COMPLETE", argument):
            return _open_run(session, stock, argument, place)
        case Pressed("CHOOSE", str(key)) if key.startswith("run/"):
            return _open_run(session, stock, key, place)
        case Pressed("CREATE"):
            return _unless("create", session, place) or procedures_asked(stock, place, session.state["as_of"])
        case Pressed("PROBLEM" | "FAIL"):
            return _unless("problem", session, place) or problem_opened(session, stock, place)
        case Pressed("RECOUNT" | "SCRAP" as verb):
            return _unless("adjust", session, place) or adjust_opened(stock, place, verb.lower())
        case _:
            return None


def _unless(name: str, session: Session, place: Place) -> Outcome | None:
    """Say why something cannot be done, ``None`` where it can."""
    why = why_not(name, place)
    return stay(session, Message(Level.STOP, "{why} Ask a technician.", {"why": why})) if why else None


def _shown(session: Session, subject: Subject, event: Scanned, place: Place) -> Outcome:
    if not isinstance(subject, Stock):
        return looked_up(subject, place, event.as_of_text)
    kept = Message(Level.ASK, "Part {title} is kept. Now scan its order.", {"title": title(subject)})
    is_early = session.state.get("wanted") == "receive"
    outcome = looked_up(subject, place, event.as_of_text, kept if is_early else None)
    # An order that is scanned next goes on with it.
    return replace(outcome, state={**outcome.state, "scan": scan_json(event)})


def _open_run(session: Session, stock: Inventory, argument: str | None, place: Place) -> Outcome:
    """Go on with the run that is named, or with the only one; ask where there are several."""
    wanted = (argument or "").removeprefix("run/")
    runs = [run for run in stock.runs if wanted in {"", run.id}]
    if len(runs) == 1:
        return Outcome(
            session.flow, session.step, session.state, session.message, follow=f"ION/RUN/{runs[0].id}"
        )
    if runs:
        options = [Option(f"run/{run.id}", run.title, status_words(run.status), "run") for run in runs]
        return choose(session, title(stock), options, place)
    template = "{title} has no such open run." if wanted else "{title} has no open run."
    return stay(session, Message(Level.ASK, template, {"title": title(stock)}))
