"""What a person says of a problem: what is wrong, what is to become of it, photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from kiosk.flows.flow import Outcome, Place
from kiosk.flows.lookup_screen import stock_screen
from kiosk.flows.paging import LINES, page_on, pages_of, rows_on
from kiosk.flows.photos import photo_arguments, photos_of
from kiosk.flows.run_screen import RunView
from kiosk.flows.run_steps import StepView
from kiosk.flows.wording import title
from kiosk.model import Inventory, Json, Level, Message, Run, Session, Submit
from kiosk.wire import object_json, subject_from_json
from kiosk.words import N_

TITLES = (
    "Damaged",
    "Out of tolerance",
    "Wrong part",
    "Part missing",
    "Test failed",
    N_("Contaminated"),
    "Instructions unclear",
    "Tool or fixture broken",
)
"""What is wrong most often; anything else is typed or scanned."""
DISPOSITIONS = {
    "repair": N_("Repair"),
    "rework": N_("Rework"),
    "use_as_is": "Use as is",
    "scrap": "Scrap",
    "return_to_supplier": "Return to supplier",
}
"""Disposition types and their words; an issue needs one only to be resolved.

Of ION's own only ``repair`` is published; a tenant that knows another one not refuses it by name.
"""
LONGEST_TITLE = 120
_UNDECIDED = "Not decided"


@dataclass(frozen=True, slots=True)
class Report:
    """A problem being reported, on a step of a run, on a run's stock, or on stock."""

    about: Run | Inventory
    step_id: str | None = None
    step_title: str = ""
    fails: bool = False
    """The step fails with it."""
    title: str = ""
    disposition: str = ""
    photos: tuple[str, ...] = ()
    page: str = "1"
    lines: int = LINES
    """Of a page."""
    kept: Mapping[str, Json] | None = None
    """The state of the run's screen, to come back to."""

    @classmethod
    def of(cls, session: Session, lines: int = LINES) -> Self | None:
        """Read the report from its screens' state."""
        state: Any = session.state
        subject = subject_from_json(state["subject"]) if state.get("subject") else None
        if not isinstance(subject, Run | Inventory):
            return None
        return cls(
            about=subject,
            step_id=state["step_id"],
            step_title=state["step_title"],
            fails=state["fails"],
            title=state["title"],
            disposition=state["disposition"],
            photos=photos_of(state),
            page=state["page"],
            lines=lines,
            kept=state["kept"],
        )

    @property
    def where(self) -> str:
        """Return what the problem is with, in words."""
        return self.step_title or title(self.about)

    @property
    def words(self) -> str:
        """Return what is entered, as it is named before it is thrown away; empty where that is nothing."""
        problem, where = self.title, self.where
        if not problem and not self.photos:
            return ""
        return f"the problem {problem} on {where}" if problem else f"photos on {where}"

    @property
    def titles(self) -> tuple[str, ...]:
        """Return what can be chosen as what is wrong."""
        return (f"{self.step_title} failed"[:LONGEST_TITLE], *TITLES) if self.fails else TITLES

    def screen(self, step: str, message: Message | None) -> Outcome:
        """Return one of the report's screens: ``title``, ``disposition`` or ``report``."""
        choices = {"title": self.titles, "disposition": (*DISPOSITIONS.values(), _UNDECIDED)}.get(step, ())
        rows: Sequence[Json] = [
            {"key": f"{step}/{number}", "title": choice}
            for number, choice in rows_on(list(enumerate(choices, 1)), self.page, self.lines)
        ]
        state: dict[str, Json] = {
            "subject": object_json(self.about),
            "where": self.where,
            "on": title(self.about),
            "step_id": self.step_id,
            "step_title": self.step_title,
            "fails": self.fails,
            "title": self.title,
            "disposition": self.disposition,
            "disposition_words": DISPOSITIONS.get(self.disposition, _UNDECIDED),
            "photos": list(self.photos),
            "rows": rows,
            "page": str(page_on(self.page, len(choices), self.lines)),
            "pages": str(pages_of(len(choices), self.lines)),
            "kept": self.kept,
        }
        return Outcome("problem", step, state, message)

    def asked(self) -> Outcome:
        """Ask what is wrong."""
        values = {"where": self.where}
        template = "{where} fails. What is wrong?" if self.fails else "What is wrong with {where}?"
        return replace(self, page="1").screen("title", Message(Level.ASK, template, values))

    def told(self) -> Outcome:
        """Show the whole report."""
        values = {"problem": self.title, "where": self.where}
        template = "{problem} on {where}: confirm, or add a photo."
        if self.fails:
            template = "{where} fails: {problem}. Confirm, or add a photo."
        return self.screen("report", Message(Level.ASK, template, values))

    def submit(self) -> Submit:
        """Return the issue as ION is to make it."""
        about = self.about
        arguments: dict[str, Json] = {
            "title": self.title,
            "run_id": about.id if isinstance(about, Run) else None,
            "run_step_id": self.step_id,
            "inventory_id": about.id if isinstance(about, Inventory) else about.inventory_id,
            "disposition_type": self.disposition or None,
            **photo_arguments(self.photos, self.title),
        }
        return Submit("create_issue", about.key, about.key, arguments)

    def closed(self, place: Place, message: Message, effects: tuple[Submit, ...] = ()) -> Outcome:
        """Go back to where the problem was, with what follows from it."""
        if isinstance(self.about, Inventory):
            shown = stock_screen(self.about, place, None, message)
        else:
            kept = {**(self.kept or {}), "page": "1"}
            scanned = None if self.fails else kept.get("scanned")
            view = RunView.of(self.about, place, kept.get("focus"), effects, scanned=scanned)
            shown = view.screen(kept, message)
        return replace(shown, effects=effects)


def problem_opened(
    session: Session,
    about: Run | Inventory,
    place: Place,
    step: StepView | None = None,
    *,
    fails: bool = False,
) -> Outcome:
    """Ask what is wrong with a step, a run or stock.

    Args:
        session: where the problem was noticed; a run's screen is come back to.
        about: the run or the stock.
        place: where it is.
        step: of the run; without one the step that is in progress, if any.
        fails: the step fails with it.
    """
    kept: dict[str, Json] = {}
    if isinstance(about, Run):
        names = ("as_of", "focus", "scanned")
        kept = {name: session.state.get(name) for name in names if session.flow == "run"}
        kept["copies"] = session.state.get("copies") or "1"
        progress = RunView.of(about, place, kept.get("focus"), scanned=kept.get("scanned")).progress
        step = step or (progress.only or progress.current if progress.way == "steps" else None)
    report = Report(
        about, step.id if step else None, step.title if step else "", fails, lines=place.lines, kept=kept
    )
    return report.asked()
