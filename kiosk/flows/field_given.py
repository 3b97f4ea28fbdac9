"""What is given for a field: by scan, by touch, key by key; each kind of field takes its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from kiosk.flows.choice import Option, beneath, choose
from kiosk.flows.field_entry import Entry, field_list, words_entered
from kiosk.flows.field_values import confirmed, counted, picked, text_given, timed
from kiosk.flows.fields import LONGEST_TEXT, Input, number_of
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Scanned
from kiosk.flows.identity import badge_of
from kiosk.flows.paging import page_after, row_named
from kiosk.flows.photos import photo_taken, photos_of
from kiosk.flows.receive_order import text_of
from kiosk.flows.run_screen import RunView
from kiosk.flows.wording import status_words, title
from kiosk.model import Inventory, Level, Location, Message, Run, Session
from kiosk.wire import plain

_KEYS = {"DOT": ".", "MINUS": "-"}
_TYPED = frozenset({"text", "number", "time"})
"""Inputs that take keys one by one."""


def on_field(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    """Answer an event on the screen of a field; ``None`` where it is not about the field.

    News are shown as they come in; what is entered stays.
    """
    entry = Entry.of(session, run, place)
    if entry is None:
        return _gone(session, run, place)
    match event:
        case Scanned():
            return _scanned(session, entry, event)
        case Pressed():
            return _pressed(session, entry, event)
        case _:
            return replace(entry, said=session.message).screen(session.state)


def asks_signature(session: Session) -> bool:
    """Return whether the screen, or what a question covers, asks who signs: a badge there is an answer."""
    under = beneath(session)
    field = under.state.get("field")
    if (under.flow, under.step) != ("run", "field") or not isinstance(field, Mapping):
        return False
    return bool(field["input"] == "sign")


def on_fields(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    """Answer an event on the list of a step's fields; ``None`` where it is not about it."""
    view = RunView.of(run, place, session.state["step_id"])
    step = next((each for each in view.progress.workable if each.id == session.state["step_id"]), None)
    if step is None:
        return _gone(session, run, place)
    fields = view.fields(step)
    match event:
        case Pressed("CHOOSE", str(key)):
            named = row_named(session.state, key)
            field = next((each for each in fields if f"field/{each.field.id}" == named), None)
            return Entry(view, step, field).screen(session.state) if field else None
        case Pressed("NEXT"):
            page = str(page_after(session.state["page"], len(fields), place.lines))
            return field_list({**session.state, "page": page}, view, step)
        case Pressed("CANCEL" | "BACK"):
            return view.screen({**session.state, "page": "1"}, _standing(view))
        case Scanned() | Pressed():
            return None
        case _:
            return replace(field_list(session.state, view, step), message=session.message)


def _gone(session: Session, run: Run, place: Place) -> Outcome:
    """Go back to the run: its step is no longer worked on."""
    view = RunView.of(run, place, session.state.get("focus"))
    step = next((each for each in view.progress.steps if each.id == session.state["step_id"]), None)
    values = {
        "step": step.title if step else title(run),
        "status": status_words(step.status if step else "gone"),
    }
    return view.screen({**session.state, "page": "1"}, Message(Level.ASK, "{step} is {status} now.", values))


def _standing(view: RunView) -> Message:
    current = view.progress.current
    values = {"step": current.title if current else title(view.run)}
    return view.unfinished(current) or Message(Level.ASK, "{step} is in progress.", values)


def _pressed(session: Session, entry: Entry, press: Pressed) -> Outcome | None:
    kept = session.state
    match press:
        case Pressed("CANCEL" | "BACK"):
            return entry.run.screen({**kept, "page": "1"}, _standing(entry.run))
        case Pressed("CONFIRM"):
            return confirmed(entry, kept)
        case Pressed("NEXT") if int(str(kept["pages"])) > 1:
            page = str(page_after(entry.page, len(entry.field.field.options), entry.place.lines))
            return replace(entry, page=page, said=session.message).screen(kept)
        case Pressed("NEXT"):
            return _next_field(session, entry)
        case Pressed("UNDO"):
            return entry.with_draft(entry.draft[:-1]).screen(kept)
        case Pressed("CHOOSE", str(key)):
            return _chosen(session, entry, key)
        case Pressed("START" | "COMPLETE" | "ENTER"):
            return entry.told(Level.ASK, "Fill in {field} first, or go back.").screen(kept)
        case Pressed("FAIL" | "HOLD" | "PROBLEM") if words_entered(kept):
            return _unconfirmed(session, entry)
        case _:
            return _given(session, entry, press)


def _given(session: Session, entry: Entry, press: Pressed) -> Outcome | None:
    """Answer the presses that give a value; ``None`` where the field is asked for in another way."""
    kept = session.state
    match press:
        case Pressed("VALUE" | "QUANTITY", argument) if entry.input in {"number", "time"}:
            return _valued(session, entry, argument or "")
        case Pressed("KEY", str(key)) if entry.input in _TYPED:
            return _keyed(entry, key).screen(kept)
        case Pressed("YES" | "NO" as verb) if entry.input == "yesno":
            return entry.entered(kept, verb == "YES")
        case Pressed("NOW") if entry.input == "time":
            return entry.entered(kept, entry.place.now.astimezone(UTC).isoformat(timespec="seconds"))
        case Pressed("PHOTO", digest) if entry.input == "photo":
            return _photographed(session, entry, digest)
        case _:
            return None


def _unconfirmed(session: Session, entry: Entry) -> Outcome:
    given = words_entered(session.state)
    return entry.told(Level.ASK, "Confirm {given} first, or cancel.", given=given).screen(session.state)


def _next_field(session: Session, entry: Entry) -> Outcome:
    """Turn to the next field of the step, after the last to the first; nothing entered is dropped."""
    if words_entered(session.state):
        return _unconfirmed(session, entry)
    fields = entry.run.fields(entry.step)
    ids = [field.field.id for field in fields]
    following = fields[(ids.index(entry.field.field.id) + 1) % len(fields)]
    return Entry(entry.run, entry.step, following).screen(session.state)


def _keyed(entry: Entry, key: str) -> Entry:
    typed = _KEYS.get(key.upper(), key)
    if len(entry.draft) >= LONGEST_TEXT:
        return entry
    if typed == "-" and entry.input == "number":
        draft = entry.draft[1:] if entry.draft.startswith("-") else f"-{entry.draft}"
    else:
        draft = entry.draft + typed
    return entry.with_draft(draft)


def _valued(session: Session, entry: Entry, given: str) -> Outcome:
    """Take what the keypad or a command gives: a number, ``+n`` to count up, or the digits of a time."""
    base = number_of(entry.draft) or 0
    more = number_of(given[1:]) if given.startswith("+") else None
    if more is not None and entry.input == "number":
        return entry.with_draft(plain(base + more)).screen(session.state)
    if entry.input == "time":
        return timed(entry, given, session.state, is_sure=False)
    return counted(entry, given, session.state)


def _scanned(session: Session, entry: Entry, event: Scanned) -> Outcome | None:
    operator = entry.place.operator
    if event.badge is not None and operator is not None:
        return text_given(entry, operator.name, session.state)
    offered = _texts_of(event, entry.input)
    if not offered:
        if event.subjects:
            return None
        return entry.told(Level.STOP, "That says nothing that fits {field}.").screen(session.state)
    if len(offered) > 1:
        values = tuple(value for _, value in offered)
        options = [
            Option(f"said/{number}", value, name, "text") for number, (name, value) in enumerate(offered, 1)
        ]
        asking = replace(session, state={**session.state, "offered": list(values)})
        message = Message(
            Level.ASK, "The label says several things. Which one is {field}?", {"field": entry.name}
        )
        return replace(choose(asking, entry.name, options, entry.place), message=message)
    return text_given(entry, offered[0][1], session.state)


def _texts_of(event: Scanned, wanted: Input) -> list[tuple[str, str]]:
    """Return what a scan can put into a field, each with what it is."""
    if wanted == "sign":
        badge = badge_of(event.readings)
        if badge is not None:
            return [("badge", badge)]
    named = [subject for subject in event.subjects if isinstance(subject, Inventory | Location)]
    if len(named) == 1 and wanted == "text":
        return [("label", title(named[0]))]
    if event.subjects:
        return []
    label = event.label
    if label is not None and not label.is_taught:
        # A measurement is never read from a label of goods.
        facts = [
            ("lot", label.lot),
            ("serial", label.serial),
            *(("part", each) for each in label.part_numbers),
        ]
        return [(name, value) for name, value in facts if value and wanted == "text"]
    text = text_of(event)
    return [("text", text)] if text else []


def _photographed(session: Session, entry: Entry, digest: str | None) -> Outcome:
    """Keep the newest photo: a field holds one."""
    taken = photo_taken(replace(session, state={**session.state, "photos": []}), digest)
    photos = photos_of(taken.state) or entry.photos
    said = (
        Message(Level.ASK, "The photo is kept. Confirm, or take another.")
        if digest in photos
        else taken.message
    )
    kept = {**session.state, "phone": taken.state.get("phone")}
    return replace(entry, photos=photos, said=said).screen(kept)


def _chosen(session: Session, entry: Entry, key: str) -> Outcome | None:
    """Take a choice by name: what a label says, or an option; an option by the number of its row, too."""
    said = {f"said/{number}": text for number, text in enumerate(entry.offered, 1)}
    if key in said:
        return text_given(replace(entry, offered=()), said[key], session.state)
    if entry.input not in {"one", "many"}:
        return None
    names = {f"option/{number}": option for number, option in enumerate(entry.field.field.options, 1)}
    option = names.get(row_named(session.state, key))
    return picked(entry, option, session.state) if option is not None else None
