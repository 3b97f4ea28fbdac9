"""A language in which every text is marked and longer, and what a page shows that is not said in it.

The values in a text stand outside of its marks: a value that is words of the kiosk has marks of its own, or
is found.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html.parser import HTMLParser

from kiosk.language import Language, language
from kiosk.language.catalogue import Catalogue, read_catalogue
from kiosk.language.language import CATALOGUES
from kiosk.model import Json
from kiosk.words import LANGUAGES

_PLACE = re.compile(r"((?<!\{)\{[a-z_0-9]+\}(?!\})|(?<=\{\{)\{[a-z_0-9]+\})")
_MARKED = re.compile(r"⟦[^⟧]*⟧")
_SAID = frozenset({"placeholder", "aria-label", "title", "alt", "label", "data-sure"})
"""Attributes that a person sees or hears."""
_SILENT = frozenset({"script", "style", "svg", "textarea"})
_INSIDE = frozenset({"b", "em", "i", "span"})
"""Elements in the middle of a sentence."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_TIMES = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{1,2}\b|\b[0-9]{1,2}:[0-9]{2} [AP]M\b"
)
NAMES = ("ION Kiosk", "ION", *LANGUAGES.values())
"""What is called so in every language."""


@cache
def pseudo() -> Language:
    """Return the language; numbers and days read as in English."""
    english = read_catalogue(CATALOGUES / "de.po")
    plurals = {one: (marked(one), marked(one)) for one in english.plurals}
    kinds = (english.texts, english.told, english.faults)
    texts, told, faults = ({text: marked(text) for text in each} for each in kinds)
    made = Language("de", Catalogue(texts, plurals, told, faults))
    made.numerals = language("en").numerals
    return made


def marked(text: str) -> str:
    """Return a text with marks around what is its own, a third longer."""
    pieces = _PLACE.split(text)
    pieces[0] = "~" * (len(text) // 3) + pieces[0]
    return "".join(piece if _PLACE.fullmatch(piece) or not piece else f"⟦{piece}⟧" for piece in pieces)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self._said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._break(tag)
        self.found += [value for name, value in attrs if name in _SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._said += data

    def _break(self, tag: str) -> None:
        if tag not in _INSIDE and self._said:
            self.found.append(self._said)
            self._said = ""


def unsaid(html: str, data: Iterable[str]) -> list[str]:
    """Return what HTML shows that has letters, stands in no mark and is no data.

    Args:
        html: a page or a part of one, drawn in ``pseudo``.
        data: names, numbers and texts that are nobody's words; each is taken whole.
    """
    reader = _Texts()
    reader.feed(f"{html}<p>")
    return unsaid_of(reader.found, data)


def unsaid_of(texts: Iterable[str], data: Iterable[str]) -> list[str]:
    """Return which of the texts that are shown or spoken have letters, stand in no mark and are no data."""
    known = sorted(
        {" ".join(each.split()) for each in (*data, *NAMES) if each.strip()}, key=len, reverse=True
    )
    taken = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in known))
    left = []
    for text in texts:
        rest = _TIMES.sub("", " ".join(_MARKED.sub(" ", text).split()))
        if _WORD.search(taken.sub(" ", rest)):
            left.append(text.strip())
    return left


def strings(value: Json, *, but: frozenset[str]) -> Iterable[str]:
    """Return every text in a state that is no words of the kiosk.

    Args:
        value: the state, or a part of it.
        but: names under which words stand; a fact says by its ``kind`` what its ``value`` is, and a title
            that remembers what it was made of is no data either.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        words = {
            name
            for name, is_said in (("value", value.get("kind") == "words"), ("title", "told" in value))
            if is_said
        }
        for name, each in value.items():
            if name not in but | words:
                yield from strings(each, but=but)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each, but=but)
