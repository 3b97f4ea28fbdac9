"""Recognises an English sentence that was filled in where it arose, by the template it was made of.

A printer's trouble or ION's refusal is kept as the sentence it is, for logs, programs and old journals. The
pages find its template in the catalogue, and fill the same values into the translation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_PLACE: Final = re.compile(r"(?<!\{)((?:\{\{)*)\{([a-z_0-9]+)\}")
_NUMBER: Final = "count"
"""The place in which only a whole number stands."""
_FEWEST_LETTERS: Final = 6
"""Letters a template has of its own, so that it is not found in everything."""
MOST_CHARACTERS: Final = 2000
"""A longer text is not recognised: it is what somebody sent."""
_EDGE: Final = 4
"""Characters at the beginning or the end that templates are kept by."""


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places for values."""

    text: str
    literals: tuple[str, ...]
    """What stands before, between and after the places."""
    places: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Template":
        """Take a text such as ``{printer} is paused.`` apart; a brace of its own is doubled in it."""
        literals, places, at = list[str](), list[str](), 0
        for found in _PLACE.finditer(text):
            literals.append(text[at : found.end(1)])
            places.append(found[2])
            at = found.end()
        literals.append(text[at:])
        return cls(text, tuple(map(_unescaped, literals)), tuple(places))

    @property
    def is_telling(self) -> bool:
        """Return whether a sentence that fits it was made of it, as good as surely."""
        return self.letters >= _FEWEST_LETTERS or (self.places == (_NUMBER,) and self.letters > 1)

    @property
    def letters(self) -> int:
        """Return how many letters it has of its own."""
        return sum(character.isalpha() for literal in self.literals for character in literal)

    def values(self, sentence: str) -> Mapping[str, str] | None:
        """Return what stands in its places in a sentence, ``None`` where the sentence is not made of it.

        Each literal is found at its first place after the one before it, so a hostile value costs no more
        than its length.
        """
        first, *between, last = self.literals
        if not sentence.startswith(first) or not sentence.endswith(last):
            return None
        at, end = len(first), len(sentence) - len(last)
        found: list[str] = []
        for literal in between:
            until = sentence.find(literal, at + 1, end)
            if until < 0:
                return None
            found.append(sentence[at:until])
            at = until + len(literal)
        if at >= end:
            return None
        found.append(sentence[at:end])
        values: dict[str, str] = {}
        for place, value in zip(self.places, found, strict=True):
            is_number = value.isascii() and value.isdigit()
            if values.setdefault(place, value) != value or (place == _NUMBER and not is_number):
                return None
        return values


def _unescaped(literal: str) -> str:
    return literal.replace("{{", "{").replace("}}", "}")


class Known:
    """Templates by which sentences are recognised, the most telling first.

    They are kept by how they begin, those that begin with a place by how they end: most sentences are
    compared with a few of them.
    """

    def __init__(self, known: Iterable[Template]) -> None:
        self._by_edge: dict[tuple[bool, str], list[Template]] = {}
        for template in sorted(known, key=lambda each: -each.letters):
            self._by_edge.setdefault(_edge(template), []).append(template)

    def recognise(self, sentence: str) -> tuple[Template, Mapping[str, str]] | None:
        """Return what a sentence is made of, ``None`` where nobody knows."""
        if len(sentence) > MOST_CHARACTERS:
            return None
        edges = ((True, sentence[:_EDGE]), (False, sentence[-_EDGE:]), (True, ""))
        near = (template for edge in edges for template in self._by_edge.get(edge, ()))
        for template in sorted(near, key=lambda each: -each.letters):
            values = template.values(sentence)
            if values is not None:
                return template, values
        return None


def _edge(template: Template) -> tuple[bool, str]:
    """Return how it begins; where that is too short, False and how it ends; else nothing."""
    first, last = template.literals[0], template.literals[-1]
    if len(first) >= _EDGE:
        return True, first[:_EDGE]
    return (False, last[-_EDGE:]) if len(last) >= _EDGE else (True, "")


def templates(texts: Iterable[str]) -> tuple[Template, ...]:
    """Return those texts that have places, and letters to know them by."""
    made = (Template.of(text) for text in texts if "{" in text)
    return tuple(each for each in made if each.places and each.letters > 1)
