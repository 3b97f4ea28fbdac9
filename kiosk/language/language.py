"""One language, as pages speak it."""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from kiosk.language.catalogue import Catalogue, read_catalogue
from kiosk.language.numerals import numerals
from kiosk.language.sentences import MOST_CHARACTERS, Known, Template, templates
from kiosk.words import ENGLISH, LANGUAGES, Told, read_moment

CATALOGUES: Final = Path(__file__).parent / "catalogues"
_BETWEEN: Final = re.compile(r"(?<=[.!?])\s+")
_WORDY: Final = frozenset(
    {"advice", "answer", "asked", "changed", "check", "done", "error", "expected",
     "half", "hint", "into", "kind", "labels", "missing", "next", "other", "problem", "progress", "reason",
     "remedy", "said", "state", "status", "status_words", "trouble", "what", "why", "words"}
)  # fmt: skip
"""Places in which words of the kiosk stand, and not a number, a name or what somebody typed."""
_LISTS: Final = frozenset(
    {"detail", "entered", "flows", "keys", "missing", "names", "progress", "reasons", "verb"}
)
"""Places of several words, each said for itself."""
_COUNTS: Final = frozenset(
    {"at", "copies", "count", "known", "most", "ordered", "quantity", "received", "rest"}
)
"""Places in which a number stands that is read, and never typed again."""
_MOMENT: Final = "moment"
"""The place in which a moment stands (``kiosk.words.told``)."""
_FAULT: Final = "fault"
"""The place in which stands what is wrong, in words of the kiosk or of the printers library."""
_MEASURES: Final = frozenset(
    {"answered_s", "held", "label_size", "range", "stock_words", "waited_s", "wire_s"}
)
"""Places in which numbers stand with their units."""
_KINDS: Final = frozenset({"made_for", "takes"})
"""Places in which stands what a printer must have to print a label: facts, some with numbers and units."""
_INSIDE: Final = re.compile(r"(?<![\w.,-])-?[0-9]+(?:\.[0-9]+)?(?![\w.,])")
_REMEMBERED: Final = 256
_ALSO_ONE: Final = {"fr": {0, 1}}
"""French counts none as one (CLDR, plural rules)."""
_FACTS: Final = re.compile(r"( · |, |; )")
_DETAIL: Final = re.compile(r"(.*[^\s(])( \([^()]*\))", re.DOTALL)
"""Words, and in brackets after them what a device or a library said."""
_FAULTY: Final = frozenset({"element", "error", "room", "value", "wanted"})
"""Places in a fault in which words of the kiosk may stand."""
_PART: Final = ": "
"""What a fault stands in, and what is wrong there, are parted by it."""
_NOWHERE: Final = "\0"
_DEEPEST: Final = 8
"""How many sentences within each other are recognised."""


def wall_clock() -> datetime:
    """Return the time in the zone that this machine is set to."""
    return datetime.now().astimezone()


class _Depth(threading.local):
    """How many sentences this thread is within."""

    reached = 0


class Language:
    """Says in one language what the kiosk has to say; safe to use from every thread.

    Args:
        tag: its BCP 47 tag, one of ``kiosk.words.LANGUAGES``.
        catalogue: its words.
        clock: gives the time by the clock on the wall.
        hours: see ``language``.
    """

    def __init__(
        self,
        tag: str,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime] = wall_clock,
        hours: str = "",
    ) -> None:
        self.tag = tag
        self._clock = clock
        self._catalogue = catalogue
        known = templates(catalogue.texts)
        self._facts = Known(known)
        self._sentences = Known(each for each in known if each.is_telling)
        faults = templates(catalogue.faults)
        self._places = Known(faults)
        self._faults = Known(each for each in faults if each.is_telling)
        self._depth = _Depth()
        self.numerals = numerals(tag, hours)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._sentence)

    def text(self, english: str, **values: object) -> str:
        """Return a constant text in this language, with its values filled in."""
        said = self._catalogue.texts.get(english, english)
        return said.format_map(values) if values else said

    def counted(self, one: str, more: str, count: int, **values: object) -> str:
        """Return the form of a text that fits a number, which stands in it as ``{count}``."""
        return self.form(one, more, count).format_map({"count": count, **values})

    def form(self, one: str, more: str, count: int) -> str:
        """Return the form of a text that fits a number, not filled in."""
        is_one = count in _ALSO_ONE.get(self.tag, {1})
        one_form, *_, more_form = self._catalogue.plurals.get(one, (one, more))
        return one_form if is_one else more_form

    def message(self, template: str, values: Mapping[str, str]) -> str:
        """Return a message's sentence; a value that is words of the kiosk itself is translated too.

        A template that has no words of its own is one in every language.
        """
        if self.tag == ENGLISH:
            return template.format_map({name: self.sentence(value) for name, value in values.items()})
        said = self._catalogue.texts.get(template)
        if said is None and Template.of(template).letters:
            return self.sentence(template.format_map(values))
        said = said or template
        return said.format_map(self._spoken(values))

    def _spoken(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {name: self._value(name.rstrip("0123456789"), value) for name, value in values.items()}

    def _value(self, name: str, value: str) -> str:
        if isinstance(value, Told):
            return self.told(value)
        if name in _COUNTS:
            return self.number(value)
        if name in _LISTS:
            return self.facts(value)
        if name in _KINDS:
            return self.measure(self.facts(value))
        if name == _FAULT:
            return self.fault(value)
        if name in _WORDY:
            return self.sentence(value)
        return self.measure(value) if name in _MEASURES else value

    def told(self, text: Told) -> str:
        """Return a sentence that remembers what it was made of; a value that does not stands as it came."""
        said = self._catalogue.told.get(text.template) or self._catalogue.texts.get(text.template)
        return (said or text.template).format_map(
            {name: self._kept(name, each) for name, each in text.values.items()}
        )

    def _kept(self, name: str, value: str) -> str:
        if isinstance(value, Told):
            return self.told(value)
        place = name.rstrip("0123456789")
        if place == _FAULT:
            return self.fault(value)
        if place == _MOMENT:
            moment = read_moment(value)
            return self.moment(moment, self._clock()) if moment else value
        return self.number(value) if place in _COUNTS else value

    def sentence(self, english: str) -> str:
        """Return in this language what the kiosk said in English, filled in already; else as it is."""
        return self.told(english) if isinstance(english, Told) else self._remembered(english)

    def _sentence(self, english: str) -> str:
        """Return what ``sentence`` says of a text that does not remember what it was made of.

        What is not known as a whole is looked for sentence by sentence: ION's own words stay beside ours.
        """
        if self.tag == ENGLISH or not english:
            return english
        rest = english.lstrip(" ")
        if rest != english:
            return english[: len(english) - len(rest)] + self._sentence(rest)
        said = self._known(english)
        if said is not None:
            return said
        pieces = _BETWEEN.split(english)
        if len(pieces) > 1:
            return " ".join(self._piece(piece) for piece in pieces)
        detail = _DETAIL.fullmatch(english)
        return f"{self._piece(detail[1])}{detail[2]}" if detail else english

    def _piece(self, english: str) -> str:
        """Return one of several sentences; advice that stands alone has no full stop in the catalogue."""
        said = self._known(english)
        if said is None and english.endswith("."):
            said = self._known(english[:-1])
            said = said and f"{said}."
        return said or english

    def facts(self, english: str) -> str:
        """Return a list of facts, each said for itself; what begins with a capital is a name, and stays."""
        if isinstance(english, Told):
            return self.told(english)
        if self.tag == ENGLISH:
            return english
        return "".join(self._fact(piece) for piece in _FACTS.split(english))

    def _fact(self, english: str) -> str:
        said = self._catalogue.texts.get(english) if english[:1].islower() else None
        if said is not None:
            return said
        return self._refilled(english, self._facts) or english

    def _known(self, english: str) -> str | None:
        said = self._catalogue.texts.get(english)
        if said is not None:
            return said
        return self._refilled(english, self._sentences)

    def _refilled(self, english: str, known: Known) -> str | None:
        # What was scanned, or ION said, may be made of our sentences hundreds deep.
        found = known.recognise(english) if self._depth.reached < _DEEPEST else None
        if found is None:
            return None
        template, values = found
        self._depth.reached += 1
        try:
            return self._catalogue.texts[template.text].format_map(self._spoken(values))
        finally:
            self._depth.reached -= 1

    def fault(self, english: str) -> str:
        """Return what is wrong with something that a person wrote, behind the names of where that is.

        *label 'part': title: expected a text, got 7* begins with two of them.
        """
        # A long one quotes what somebody wrote, each part of which would be looked up.
        if self.tag == ENGLISH or self._depth.reached >= _DEEPEST or len(english) > MOST_CHARACTERS:
            return english
        self._depth.reached += 1
        try:
            return self._fault(english)
        finally:
            self._depth.reached -= 1

    def _fault(self, english: str) -> str:
        at = 0
        while at >= 0:
            said = self._recognised(english[at:], self._faults)
            if said is not None:
                return self._where(english[:at]) + said
            found = english.find(_PART, at)
            at = found + len(_PART) if found >= 0 else -1
        # Beside the text of a design its own name is left out.
        said = self._recognised(f"{_NOWHERE}{_PART}{english}", self._faults)
        return self.sentence(english) if said is None else said.partition(_PART)[2]

    def _where(self, english: str) -> str:
        pieces = english.split(_PART)
        return _PART.join(self._recognised(piece, self._places) or piece for piece in pieces)

    def _recognised(self, english: str, known: Known) -> str | None:
        said = self._catalogue.faults.get(english)
        found = None if said is not None else known.recognise(english)
        if found is None:
            return said
        template, values = found
        filled = {name: self._in_fault(name.rstrip("0123456789"), each) for name, each in values.items()}
        return self._catalogue.faults[template.text].format_map(filled)

    def _in_fault(self, name: str, value: str) -> str:
        if name == "where":
            return self._where(value)
        if name == "expected":
            return self._recognised(value, self._places) or value.replace("' or '", "' / '")
        return self.fault(value) if name in _FAULTY else value

    def number(self, value: object) -> str:
        """Return a quantity as it reads here; what is no number stays as it is."""
        return self.numerals.number(str(value))

    def measure(self, text: str) -> str:
        """Return numbers with their units and words between them, such as a range, as they read here."""
        return _INSIDE.sub(lambda found: self.numerals.number(found[0]), self.sentence(text))

    def moment(self, moment: datetime, now: datetime) -> str:
        """Return a moment as the wall clock in ``now``'s time zone has it, with the day if it is another."""
        local = moment.astimezone(now.tzinfo)
        if local.date() == now.date():
            return self.numerals.clock(local)
        day = self.numerals.on_day(local, with_year=local.year != now.year)
        return f"{day} {self.numerals.clock(local)}"


def language(tag: str, hours: str = "") -> Language:
    """Return a language by its tag, English where there is none such; it is read when it is first spoken.

    Args:
        tag: the language.
        hours: those of the clock by which it tells times, ``12`` or ``24``; empty for what it has itself.
    """
    return _language(tag if tag in LANGUAGES else ENGLISH, hours)


@cache
def _language(tag: str, hours: str) -> Language:
    catalogue = Catalogue() if tag == ENGLISH else read_catalogue(CATALOGUES / f"{tag}.po")
    return Language(tag, catalogue, hours=hours)
