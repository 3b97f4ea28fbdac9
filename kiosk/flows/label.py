"""See the labels of a thing before one is printed, and choose which and how many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from kiosk.flows.asking import answered
from kiosk.flows.copies import label_press
from kiosk.flows.flow import Answered, Event, Outcome, Place, Pressed, Refreshed, Scanned, stay
from kiosk.flows.ion_labels import label_asked, name_of, templates_asked, templates_in
from kiosk.flows.labels import facts_of, has_label, labels_of
from kiosk.flows.wording import title
from kiosk.model import Json, LabelTemplate, Level, Message, Print, Session, Subject
from kiosk.wire import object_json, subject_from_json, to_json

_CHOICE = "label/"
_KEPT = ("copies", "question", "found", "found_as_of", "is_offline", "refusal", "refusal_told")


class Label:
    """Shows a label as it will be printed."""

    name = "label"
    steps = frozenset({"label"})

    def takes(self, subject: Subject) -> bool:
        """Return whether there is a label for this."""
        return has_label(subject)

    def subject(self, session: Session) -> Subject | None:
        """Return what the label is for."""
        data = session.state.get("about")
        return subject_from_json(data) if data else None

    def entered(self, session: Session) -> str:
        """Return nothing: printing acts at once."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the label of what was scanned, show another one, or print it."""
        about = self.subject(session)
        match event:
            case Scanned() if event.step:
                return None
            case Scanned(subjects=(subject,)) if pile := _Pile.of(subject, place):
                kept = templates_asked(subject, place)
                return pile.shown({"copies": "1", **kept}, pile.asked())
            case _ if about is None:
                return None
            case Refreshed(fresh) if fresh.key == about.key and (pile := _of_session(session, fresh, place)):
                return pile.shown(session.state, session.message)
            case Answered() if (answer := answered(session.state, event)) is not None:
                onward = replace(session, state={**session.state, **answer})
                pile = _of_session(onward, about, place)
                return pile.shown(onward.state, session.message) if pile else None
            case Pressed("NEXT" | "CHOOSE", argument) if pile := _of_session(session, about, place):
                other = pile.turned() if argument is None else pile.chosen(argument)
                return other.shown(session.state, other.told()) if other else None
            case Pressed("PRINT", None) if pile := _of_session(session, about, place):
                if pile.template is not None:
                    return _asked_for(session, about, pile.template)
                return label_press(session, about, Pressed("PRINT", pile.name), place)
            case Pressed():
                return label_press(session, about, event, place)
            case _:
                return None


def _asked_for(session: Session, about: Subject, template: LabelTemplate) -> Outcome:
    copies = int(str(session.state["copies"]))
    values = {"label": template.name, "title": title(about)}
    message = Message(Level.WAIT, "Asking ION for the label {label} of {title}.", values)
    effect = label_asked(about, template, copies)
    return replace(stay(session, message, copies="1"), effects=(effect,))


def _of_session(session: Session, about: Subject, place: Place) -> "_Pile | None":
    """Return the labels of a thing, that on top which is on the screen."""
    pile = _Pile.of(about, place, templates_in(session.state))
    return pile and (pile.at_name(str(session.state["label"])) or pile)


@dataclass(frozen=True, slots=True)
class _Pile:
    """The labels of a thing, one of them on top: designs first, then those that ION draws."""

    about: Subject
    labels: tuple[Print, ...]
    templates: tuple[LabelTemplate, ...]
    titles: tuple[str, ...]
    at: int = 0

    @classmethod
    def of(cls, subject: Subject, place: Place, templates: tuple[LabelTemplate, ...] = ()) -> Self | None:
        """Return what the station prints of something, ``None`` where that is nothing."""
        labels = labels_of(subject, place.labels)
        named = {choice.name: choice.title for choice in place.labels.get(subject.kind, ())}
        titles = (*(named[label.label] for label in labels), *(f"ION: {each.name}" for each in templates))
        return cls(subject, labels, templates, titles) if labels else None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what each label is called."""
        return (*(label.label for label in self.labels), *map(name_of, self.templates))

    @property
    def name(self) -> str:
        """Return what the label on top is called."""
        return self.names[self.at]

    @property
    def template(self) -> LabelTemplate | None:
        """Return the label on top where ION draws it."""
        return self.templates[self.at - len(self.labels)] if self.at >= len(self.labels) else None

    def at_name(self, name: str) -> Self | None:
        """Return it with the label of that name on top, in any case."""
        folded = [each.casefold() for each in self.names]
        return replace(self, at=folded.index(name.casefold())) if name.casefold() in folded else None

    def chosen(self, argument: str) -> Self | None:
        """Return it with the label on top that a choice names, by its number or as ``label/<name>``."""
        numbers = [str(number) for number in range(1, len(self.names) + 1)]
        if argument in numbers:
            return replace(self, at=numbers.index(argument))
        return self.at_name(argument.removeprefix(_CHOICE)) if argument.startswith(_CHOICE) else None

    def turned(self) -> Self:
        """Return it with the next label on top."""
        return replace(self, at=(self.at + 1) % len(self.names))

    def asked(self) -> Message:
        """Return the question that the first look at it asks."""
        values = {"title": title(self.about)}
        return Message(Level.ASK, "Label of {title}: print it, or choose copies.", values)

    def told(self) -> Message:
        """Return which label this is."""
        values = {
            "kind": self.titles[self.at],
            "title": title(self.about),
            "at": str(self.at + 1),
            "count": str(len(self.names)),
        }
        template = "{kind}, label {at} of {count} of {title}. Print it, or see another."
        return Message(Level.ASK, template, values)

    def shown(self, kept: Mapping[str, Json], message: Message | None) -> Outcome:
        """Show the label on top.

        Args:
            kept: the state before: copies, and what ION was asked.
            message: what to say.
        """
        following = self.turned()
        state: dict[str, Json] = {
            **{name: kept[name] for name in _KEPT if name in kept},
            "label": self.name,
            "title": title(self.about),
            "kind": self.titles[self.at],
            "next": following.titles[following.at] if following.at != self.at else None,
            "number": str(self.at + 1),
            "count": str(len(self.names)),
            "is_by_ion": self.template is not None,
            "subject": self.about.key,
            "fields": to_json(facts_of(self.about)),
            "about": object_json(self.about),
        }
        return Outcome("label", "label", state, message)
