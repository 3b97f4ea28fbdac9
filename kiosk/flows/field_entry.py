"""What a person enters for one field of a step: one field a screen, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from kiosk.flows.fields import INPUTS, Input, range_words, time_of, value_told, value_words
from kiosk.flows.flow import Outcome, Place
from kiosk.flows.paging import page_on, pages_of, rows_on
from kiosk.flows.photos import photo_files, photos_of
from kiosk.flows.run_fields import FieldView, photo_submit, value_submit
from kiosk.flows.run_screen import RunView
from kiosk.flows.run_steps import StepView
from kiosk.model import FieldKind, Json, Level, Message, Run, Session, Submit
from kiosk.words import Told, told

_PROMPTS: dict[Input, str] = {
    "text": "Scan or type {field}.",
    "number": "Enter {field}.",
    "yesno": "{field}: yes or no?",
    "one": "Choose {field}.",
    "many": "Choose all of {field}, then confirm.",
    "time": "When was it: {field}?",
    "sign": "{field}: scan your badge or type your name.",
    "photo": "{field}: take a photo, then confirm.",
}
_THEN: dict[Input, str] = {
    "text": "{done}: {value}. Now scan or type {field}.",
    "number": "{done}: {value}. Now enter {field}.",
    "yesno": "{done}: {value}. Now {field}: yes or no?",
    "one": "{done}: {value}. Now choose {field}.",
    "many": "{done}: {value}. Now choose all of {field}.",
    "time": "{done}: {value}. When was it: {field}?",
    "sign": "{done}: {value}. Now sign {field}.",
    "photo": "{done}: {value}. Now take a photo: {field}.",
}
_LONGEST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One field being filled in. What changes it returns a new one, with a sentence in ``said``."""

    run: RunView
    step: StepView
    field: FieldView
    draft: str = ""
    """What is typed, scanned or signed, and not yet confirmed."""
    is_asked: bool = False
    """The person was asked whether the draft is really meant."""
    picked: tuple[str, ...] = ()
    """Options chosen so far where several may be."""
    page: str = "1"
    photos: tuple[str, ...] = ()
    before: str = ""
    """What was scanned into the field before this one."""
    offered: tuple[str, ...] = ()
    """What a label says, where it says several things that could be meant."""
    said: Message | None = None

    @classmethod
    def of(cls, session: Session, run: Run, place: Place) -> Self | None:
        """Read the entry from the screen's state; ``None`` where the step is no longer worked on."""
        state: Any = session.state
        view = RunView.of(run, place, state["step_id"])
        step = next((each for each in view.progress.workable if each.id == state["step_id"]), None)
        fields = view.fields(step)
        field = next((each for each in fields if each.field.id == state["field"]["id"]), None)
        if step is None or field is None:
            return None
        return cls(
            run=view,
            step=step,
            field=field,
            draft=state["draft"],
            is_asked=state["is_asked"],
            picked=tuple(state["picked"]),
            page=state["page"],
            photos=photos_of(state),
            before=state["before"],
            offered=tuple(state["offered"]),
        )

    @property
    def place(self) -> Place:
        """Return where it is entered."""
        return self.run.place

    @property
    def input(self) -> Input:
        """Return how the field is asked for."""
        return INPUTS[self.field.field.type]

    @property
    def name(self) -> str:
        """Return what the field is called."""
        return self.field.field.name

    def with_draft(self, draft: str, said: Message | None = None, *, is_asked: bool = False) -> Self:
        """Put something there that is still to be confirmed."""
        return replace(self, draft=draft, is_asked=is_asked, said=said or self.prompt())

    def told(self, level: Level, template: str, **values: str) -> Self:
        """Say something and change nothing."""
        shown = {name: _short(value) for name, value in values.items()}
        return replace(self, said=Message(level, template, {"field": self.name, **shown}))

    def prompt(self) -> Message:
        """Return what to do."""
        return Message(Level.ASK, _PROMPTS[self.input], {"field": self.name})

    def screen(self, kept: Mapping[str, Json]) -> Outcome:
        """Return the field's screen.

        Args:
            kept: the state before, whose parts that belong to the run's screen stay.
        """
        field = self.field.field
        options = field.options if self.input in {"one", "many"} else ()
        state: dict[str, Json] = {
            **self.run.state(kept),
            "step_id": self.step.id,
            "step_title": self.step.title,
            "field": self.field.state(self.place),
            "range": range_words(field),
            "draft": self.draft,
            "draft_shown": self._draft_words(),
            "is_asked": self.is_asked,
            "picked": list(self.picked),
            "rows": [
                {"key": f"option/{number}", "title": option, "is_picked": option in self.picked}
                for number, option in rows_on(list(enumerate(options, 1)), self.page, self.place.lines)
            ],
            "page": str(page_on(self.page, len(options), self.place.lines)),
            "pages": str(pages_of(len(options), self.place.lines)),
            # Only a screen that asks for photos has any: what a phone sends must not land elsewhere.
            **(self._photo_state(kept) if self.input == "photo" else {}),
            "before": self.before,
            "offered": list(self.offered),
            "operator": self.place.operator.name if self.place.operator else None,
        }
        return Outcome("run", "field", state, self.said or self.prompt())

    def entered(self, kept: Mapping[str, Json], value: Json, *, by_scan: str = "") -> Outcome:
        """Send a value to ION, and ask for the next field that is missing.

        Args:
            kept: the state before.
            value: as ``StepField.value`` has it.
            by_scan: the text that was scanned for it.
        """
        effect = value_submit(self.run.run, self.step, self.field, value)
        words = value_told(self.field.field.type, value, self.field.field.unit)
        return self._onward(kept, effect, words, by_scan)

    def photographed(self, kept: Mapping[str, Json]) -> Outcome:
        """Send the photo to ION, and ask for the next field that is missing."""
        (file,) = photo_files(self.photos[-1:], self.name)
        effect = photo_submit(self.run.run, self.step, self.field, file)
        return self._onward(kept, effect, told("photo kept"), "")

    def _photo_state(self, kept: Mapping[str, Json]) -> dict[str, Json]:
        return {
            "photos": list(self.photos),
            "photos_of": self.field.field.id,
            "phone": kept.get("phone"),
        }

    def _onward(self, kept: Mapping[str, Json], effect: Submit, words: str, by_scan: str) -> Outcome:
        view = RunView.of(self.run.run, self.place, self.step.id, (effect,))
        values = {"done": self.name, "value": words if isinstance(words, Told) else _short(words)}
        missing = missing_of(view, self.step)
        if missing is None:
            message = Message(Level.GOOD, "{done}: {value}. All is filled in.", values)
            return replace(view.screen({**kept, "page": "1"}, message), effects=(effect,))
        entry = Entry(view, self.step, missing, before=by_scan)
        values["field"] = entry.name
        message = Message(Level.ASK, _THEN[entry.input], values)
        return replace(replace(entry, said=message).screen(kept), effects=(effect,))

    def _draft_words(self) -> str:
        """Return the draft as a person reads it."""
        if self.field.field.type is FieldKind.DATETIME and self.draft:
            moment = time_of(self.draft, self.place.now, self.place.zone)
            return value_words(
                self.field.field, moment.isoformat() if moment else self.draft, self.place.zone
            )
        return self.draft


def words_entered(state: Mapping[str, Json]) -> str:
    """Return what is entered on a field's screen and not sent; empty for nothing."""
    entered: Any = state
    name, facts = entered["field"]["name"], entered["draft"] or ", ".join(entered["picked"])
    if not facts:
        return f"a photo for {name}" if entered.get("photos") else ""
    return f"{_short(facts)} for {name}"


def missing_of(view: RunView, step: StepView) -> FieldView | None:
    """Return the first field of a step that must still be filled in."""
    return next((field for field in view.fields(step) if field.is_missing and not field.is_uploading), None)


def field_asked(
    view: RunView, step: StepView, kept: Mapping[str, Json], message: Message | None = None
) -> Outcome:
    """Ask for the first field that is missing, or show all where none is.

    Args:
        view: the run.
        step: in progress.
        kept: the state before.
        message: why it is asked, where it is not a person who asked.
    """
    fields = view.fields(step)
    values = {"step": step.title}
    if not fields:
        return view.screen(kept, Message(Level.ASK, "{step} has nothing to fill in.", values))
    if view.place.lacks("set_field_value"):
        template = "This ION does not offer to fill in fields. Do it there."
        return view.screen(kept, message or Message(Level.STOP, template))
    missing = missing_of(view, step)
    if missing is not None:
        return replace(Entry(view, step, missing), said=message).screen(kept)
    if message is not None:
        return view.screen(kept, message)
    return field_list({**kept, "page": "1"}, view, step)


def field_list(kept: Mapping[str, Json], view: RunView, step: StepView) -> Outcome:
    """Show all fields of a step, to choose the one to be filled in or corrected."""
    fields = view.fields(step)
    state: dict[str, Json] = {
        **view.state(kept),
        "step_id": step.id,
        "step_title": step.title,
        "rows": [
            {**field.state(view.place), "key": f"field/{field.field.id}"}
            for field in rows_on(fields, kept["page"], view.place.lines)
        ],
        "page": str(page_on(kept["page"], len(fields), view.place.lines)),
        "pages": str(pages_of(len(fields), view.place.lines)),
    }
    message = Message(Level.ASK, "{step}: choose what to fill in or correct.", {"step": step.title})
    return Outcome("run", "fields", state, message)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
