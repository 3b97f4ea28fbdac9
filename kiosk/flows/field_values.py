"""What each kind of field makes of a text, and of a confirmation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from kiosk.flows.field_entry import Entry
from kiosk.flows.fields import LONGEST_TEXT, Input, is_within, number_of, range_words, time_of
from kiosk.flows.flow import Outcome
from kiosk.flows.wording import NOTHING
from kiosk.model import Demand, Json, Level
from kiosk.wire import plain

Kept: TypeAlias = Mapping[str, Json]
_LONG_NUMBER = 8
"""From so many characters on a scanned number is rather the code of something than a measurement."""
_ANSWERS = {"yes": True, "no": False}


def text_given(entry: Entry, text: str, kept: Kept) -> Outcome:
    """Take a text that was scanned or typed, as far as it means something for the field.

    Args:
        entry: the field.
        text: as it was scanned.
        kept: the screen's state.
    """
    if len(text) > LONGEST_TEXT:
        return entry.told(Level.STOP, "{given} is too long for {field}.", given=text).screen(kept)
    return _KINDS[entry.input].given(entry, text, kept)


def confirmed(entry: Entry, kept: Kept) -> Outcome:
    """Send what is entered, or say what is asked."""
    outcome = _KINDS[entry.input].confirmed(entry, kept)
    return outcome or replace(entry, said=entry.prompt()).screen(kept)


def counted(entry: Entry, given: str, kept: Kept, *, is_sure: bool = False) -> Outcome:
    """Take a number; one beyond the range is taken once a person says that it was really measured."""
    number = number_of(given)
    if number is None:
        template = "{given} is no number. {field} takes a number such as 6.2."
        return entry.told(Level.STOP, template, given=given or NOTHING).screen(kept)
    field = entry.field.field
    if not is_sure and not is_within(field, number):
        template = "{given} is not within {range}. Confirm if it was measured so."
        said = entry.told(Level.ASK, template, given=plain(number), range=range_words(field)).said
        return entry.with_draft(plain(number), said, is_asked=True).screen(kept)
    return entry.entered(kept, plain(number), by_scan=given)


def timed(entry: Entry, given: str, kept: Kept, *, is_sure: bool) -> Outcome:
    """Take a time; one that was typed digit by digit is shown in full before it is sent."""
    moment = time_of(given, entry.place.now, entry.place.zone)
    if moment is None:
        template = "{given} is no time. Enter 1430, or with its day 202611201430."
        return entry.told(Level.STOP, template, given=given or NOTHING).screen(kept)
    if is_sure:
        return entry.entered(kept, moment.isoformat(timespec="seconds"))
    said = entry.told(Level.ASK, "Is this the time? Confirm.").said
    return entry.with_draft(given, said, is_asked=True).screen(kept)


def picked(entry: Entry, option: str, kept: Kept) -> Outcome:
    """Take an option: the one, or one of several, which a second choice takes back."""
    if entry.input == "one":
        return entry.entered(kept, option)
    chosen = {*entry.picked} ^ {option}
    options = tuple(each for each in entry.field.field.options if each in chosen)
    template = "{count} chosen. Confirm when {field} is complete."
    return replace(entry, picked=options).told(Level.ASK, template, count=str(len(options))).screen(kept)


def _any_text(entry: Entry, text: str, kept: Kept) -> Outcome:
    if text != entry.before:
        return entry.entered(kept, text, by_scan=text)
    template = "{given} was scanned for the field before. Confirm if {field} is the same."
    said = entry.told(Level.ASK, template, given=text).said
    return entry.with_draft(text, said, is_asked=True).screen(kept)


def _number(entry: Entry, text: str, kept: Kept) -> Outcome:
    if len(text) < _LONG_NUMBER or number_of(text) is None:
        return counted(entry, text, kept)
    said = entry.told(Level.ASK, "{given} for {field}? Confirm if it is right.", given=text).said
    return entry.with_draft(text, said, is_asked=True).screen(kept)


def _time(entry: Entry, text: str, kept: Kept) -> Outcome:
    return timed(entry, text, kept, is_sure=not text.isdigit())


def _yes_or_no(entry: Entry, text: str, kept: Kept) -> Outcome:
    answer = _ANSWERS.get(text.casefold())
    return entry.entered(kept, answer) if answer is not None else _nothing(entry, text, kept)


def _option(entry: Entry, text: str, kept: Kept) -> Outcome:
    options = {each.casefold(): each for each in entry.field.field.options}
    if text.casefold() in options:
        return picked(entry, options[text.casefold()], kept)
    return entry.told(Level.STOP, "{given} is no choice of {field}.", given=text).screen(kept)


def _signature(entry: Entry, text: str, kept: Kept) -> Outcome:
    refused = _not_theirs(entry, text)
    if refused is not None:
        return refused.screen(kept)
    said = entry.told(Level.ASK, "Sign {field} as {given}? Confirm.", given=text).said
    return entry.with_draft(text, said, is_asked=True).screen(kept)


def _not_theirs(entry: Entry, name: str) -> Entry | None:
    """Return the entry that says why this name is not to be signed with here, ``None`` where it is."""
    operator, signers = entry.place.operator, entry.place.signers
    if operator is not None and name == operator.name:
        return None
    if operator is not None and entry.place.demand("run") is not Demand.NONE:
        template = "You sign as {given}. Another person scans their own badge."
        return entry.told(Level.STOP, template, given=operator.name)
    if name.casefold() in signers:
        return entry.told(Level.STOP, "{given} signs with badge and PIN. Scan the badge.", given=name)
    return None


def _nothing(entry: Entry, text: str, kept: Kept) -> Outcome:
    return entry.told(Level.STOP, "{given} does not fit {field}.", given=text).screen(kept)


def _draft_sent(entry: Entry, kept: Kept) -> Outcome | None:
    return entry.entered(kept, entry.draft, by_scan=entry.draft) if entry.draft else None


def _number_sent(entry: Entry, kept: Kept) -> Outcome | None:
    return counted(entry, entry.draft, kept, is_sure=entry.is_asked) if entry.draft else None


def _time_sent(entry: Entry, kept: Kept) -> Outcome | None:
    return timed(entry, entry.draft, kept, is_sure=entry.is_asked) if entry.draft else None


def _picked_sent(entry: Entry, kept: Kept) -> Outcome | None:
    return entry.entered(kept, list(entry.picked)) if entry.picked else None


def _signed(entry: Entry, kept: Kept) -> Outcome | None:
    """Sign; who is signed in is asked first, lest a second confirmation signs the next field."""
    if entry.draft:
        # Another person may have come since.
        refused = _not_theirs(entry, entry.draft)
        return (
            refused.with_draft("", refused.said).screen(kept) if refused else entry.entered(kept, entry.draft)
        )
    operator = entry.place.operator
    return _signature(entry, operator.name, kept) if operator else None


def _photo_sent(entry: Entry, kept: Kept) -> Outcome | None:
    if not entry.photos:
        return None
    if entry.place.lacks("attach_file"):
        return entry.told(Level.STOP, "This ION does not offer to attach files to {field}.").screen(kept)
    return entry.photographed(kept)


def _not_by_confirming(_entry: Entry, _kept: Kept) -> Outcome | None:
    return None


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of field does."""

    given: Callable[[Entry, str, Kept], Outcome]
    """With a text."""
    confirmed: Callable[[Entry, Kept], Outcome | None]
    """With CONFIRM; ``None`` where nothing is entered yet."""


_KINDS: dict[Input, _Kind] = {
    "text": _Kind(_any_text, _draft_sent),
    "number": _Kind(_number, _number_sent),
    "yesno": _Kind(_yes_or_no, _not_by_confirming),
    "one": _Kind(_option, _not_by_confirming),
    "many": _Kind(_option, _picked_sent),
    "time": _Kind(_time, _time_sent),
    "sign": _Kind(_signature, _signed),
    "photo": _Kind(_nothing, _photo_sent),
}
