"""What templates say things with: ``_``, ``_n`` and the filters that follow the language of the page."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from kiosk.flows.fields import read_wall_time
from kiosk.language import Language, language
from kiosk.model import Message
from kiosk.visible import visible
from kiosk.web.script_words import SCRIPT_WORDS, WORKBENCH_WORDS
from kiosk.web.wording import ROLES, words
from kiosk.wire import told_again
from kiosk.words import ENGLISH, LANGUAGES, Told

_HALF: Final = re.compile(r" (?=\D+$)")
_NO_BREAK: Final = Markup("&nbsp;")
_NUMERAL: Final = Markup('<span class="number">{}</span>')
_WAITING: Final = Markup('<b class="number" data-wait="{0}">{0}</b>')


@lru_cache(maxsize=len(LANGUAGES))
def speech_of(spoken: Language) -> Mapping[str, object]:
    """Return what a template is given to speak a language.

    These are ``_ _n language languages decimal script_words workbench_words tongue``.

    ``_("{count} taken", count=3)`` says a constant text with its values filled in, ``_n(one, more, count)``
    the form that fits a number. What comes out is escaped like all else; HTML among the values stays HTML.
    """

    def text(english: str, **values: object) -> str:
        return _filled(spoken.text(english), values)

    def counted(one: str, more: str, count: int, **values: object) -> str:
        return _filled(spoken.form(one, more, count), {"count": count, **values})

    return {
        "_": text,
        "_n": counted,
        "language": spoken.tag,
        "decimal": spoken.numerals.decimal,
        "languages": LANGUAGES,
        "script_words": lambda: {text: spoken.text(text) for text in SCRIPT_WORDS},
        "workbench_words": lambda: {text: spoken.text(text) for text in WORKBENCH_WORDS},
        "tongue": spoken,
    }


def _filled(said: str, values: Mapping[str, object]) -> str:
    if not values:
        return said
    if any(isinstance(value, Markup) for value in values.values()):
        shown = {name: made_visible(value) for name, value in values.items()}
        return escape(said).format_map(shown)
    return said.format_map(values)


def made_visible(value: object) -> object:
    """Return what an expression of a template draws; what is HTML already stays as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def teach(engine: Environment) -> None:
    """Give a template engine the words: English, where a template is drawn without ``speech_of`` another."""
    engine.globals.update(speech_of(language(ENGLISH)))
    filters: dict[str, Callable[..., object]] = {
        "said": _said,
        "remembered": _remembered,
        "fault": _fault,
        "titled": _titled,
        "listed": _listed,
        "message": _message,
        "amount": _amount,
        "measure": _measure,
        "entered": _entered,
        "numeral": _numeral,
        "waiting": _waiting,
        "clock_time": _clock_time,
        "hour": _hour,
        "time_or_day": _time_or_day,
        "day": _day,
        "words": _words,
        "status": _status,
        "role": _role,
    }
    engine.filters.update(filters)


def _tongue(context: Context) -> Language:
    tongue = context.resolve("tongue")
    assert isinstance(tongue, Language)  # noqa: S101 - it is in the engine's own globals
    return tongue


@pass_context
def _said(context: Context, english: str | None, made_of: object = None) -> str:
    """Return what the kiosk said in English somewhere; in the language of the page where it is known.

    Args:
        context: of the page.
        english: the text.
        made_of: what it is made of, as a state keeps it.
    """
    return _tongue(context).sentence(told_again(english, made_of)) if english else ""


@pass_context
def _remembered(context: Context, text: str) -> str:
    """Return a text in the language of the page where it remembers what it was made of; else as it is."""
    return _tongue(context).told(text) if isinstance(text, Told) else text


@pass_context
def _fault(context: Context, english: str) -> str:
    """Return what is wrong with a design or the configuration, as far as it is the kiosk that says it."""
    return _tongue(context).fault(english)


@pass_context
def _titled(context: Context, title: str) -> str:
    """Return the title of a label design: of one that comes with the kiosk in the language of the page."""
    return _tongue(context).text(title)


@pass_context
def _listed(context: Context, english: str | None) -> str:
    """Return several facts, as ``said`` does each of them."""
    return _tongue(context).facts(english) if english else ""


@pass_context
def _message(context: Context, message: Message) -> str:
    return _tongue(context).message(message.template, message.values)


@pass_context
def _amount(context: Context, value: object) -> str:
    """Return a quantity as it reads; nothing where there is none."""
    return "" if value is None else _tongue(context).number(value)


@pass_context
def _measure(context: Context, text: str | None) -> str:
    """Return numbers with their units as they read; nothing where there are none."""
    return _tongue(context).measure(text) if text else ""


@pass_context
def _entered(context: Context, shown: str | None, kind: str) -> str:
    """Return the value of a step's field as it reads; nothing where there is none.

    Args:
        context: of the page.
        shown: the value in words, or as ION has it; a time by the clock on the wall.
        kind: how the field is asked for (``kiosk.flows.fields.Input``).
    """
    tongue = _tongue(context)
    match kind:
        case _ if not shown:
            return ""
        case "number":
            return tongue.measure(shown)
        case "yesno" | "sign" | "photo":
            return tongue.sentence(shown)
        case "time" if (moment := read_wall_time(shown)) is not None:
            return f"{tongue.numerals.on_day(moment, with_year=True)} {tongue.numerals.clock(moment)}"
        case _:
            return shown


def _numeral(value: object) -> Markup:
    return _NUMERAL.format(visible(str(value)))


def _waiting(seconds: int) -> Markup:
    return _WAITING.format(seconds)


@pass_context
def _clock_time(context: Context, moment: str) -> Markup:
    """Return an ISO 8601 time as the wall clock shows it, with the day where it is not today."""
    return _unbroken(clock_time(_tongue(context), moment))


@pass_context
def _hour(context: Context, moment: datetime) -> Markup:
    """Return the time of day alone, in the time zone that it is in."""
    return _unbroken(_tongue(context).numerals.clock(moment))


def _unbroken(time: str) -> Markup:
    """Return a time as HTML, in which *AM* never stands alone in a line."""
    return _NO_BREAK.join(_HALF.split(time))


@pass_context
def _time_or_day(context: Context, moment: str) -> Markup:
    """Return an ISO 8601 time as the wall clock shows it, and of another day the day alone."""
    tongue, local = _tongue(context), datetime.fromisoformat(moment).astimezone()
    if local.date() == datetime.now(tz=local.tzinfo).date():
        return _unbroken(clock_time(tongue, moment))
    return _unbroken(tongue.numerals.on_day(local))


def clock_time(spoken: Language, moment: str) -> str:
    """Return an ISO 8601 time as the wall clock shows it, with the day where it is not today."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    return spoken.moment(local, datetime.now(tz=local.tzinfo))


@pass_context
def _day(context: Context, day: date | str) -> str:
    """Return a day with its year; what is no day stays as it is."""
    try:
        read = day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError:
        return str(day)
    return _tongue(context).numerals.on_day(read, with_year=True)


@pass_context
def _words(context: Context, status: str) -> str:
    return _tongue(context).text(words(status))


@pass_context
def _status(context: Context, status: str) -> str:
    return _tongue(context).text(words(status).lower())


@pass_context
def _role(context: Context, role: str) -> str:
    return _tongue(context).text(ROLES.get(role, role))
