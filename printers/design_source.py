"""Where things stand in a design's TOML, so that a message finds its line and a number its place.

The scanner takes one step for each token and never calls itself; what it finds is a guess that `tomllib` has
to agree with before a changed source is handed out.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from printers.errors import LabelInvalid
from printers.label import Design, Element, Symbol, elements_in
from printers.symbology import Shape
from printers.toml_table import no_toml

MOST_KEY_PARTS: Final = 8
MOST_DEPTH: Final = 8
"""Brackets within brackets; a design needs one."""
MOST_DOTS: Final = 64
"""In a value, outside its texts."""
_HEADER: Final = re.compile(r"\[\[[ \t]*([A-Za-z0-9_.-]+)[ \t]*\]\][ \t]*(?=#|\r?\n|$)")
_TABLE: Final = re.compile(r"\[([^\[\]\r\n]*)\][ \t]*(?=#|\r?\n|$)")
_KEY_PART: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'""")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\r\n]|\\.)*"' r"|'[^'\r\n]*'", re.DOTALL
)
_PLAIN: Final = re.compile(r"[^\[\]{}\"'#\r\n]+")
_ELEMENT_NAME: Final = re.compile(r"([a-z0-9-]+) ([0-9]+)(?: row [0-9]+)?")
_ENDED: Final = re.compile(r"expected TOML to go on \(")
_PLACE: Final = re.compile(r"expected TOML in line ([0-9]+), column")


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key = value`."""

    line: int
    """From 1."""
    start: int
    """Where the value begins in the source."""
    end: int
    text: str

    @property
    def is_number(self) -> bool:
        """Whether the value is a plain number, so that another can take its place."""
        return _NUMBER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the source."""

    name: str
    """As messages call it: `text 3`, `table 1: text 2`, `fields`; empty for what stands before all tables."""
    line: int
    """Of its header, from 1."""
    entries: dict[str, Entry] = field(default_factory=dict)


def sections_of(source: str) -> tuple[Section, ...]:
    """Return the tables of a TOML source, in their order; those before the first fault where there is one.

    Raises:
        LabelInvalid: Keys of too many parts or brackets in too many brackets, which no design needs and which
            take a parser very long.
    """
    return _Scanner(source).run()


def check_plain(source: str) -> None:
    """Make sure that a source from outside costs its parser no more than its length.

    Raises:
        LabelInvalid: It does, or it is no TOML; the message begins with the line.
    """
    scanner = _Scanner(source)
    scanner.run()
    if scanner.at < len(source):
        end = source.find("\n", scanner.at)
        try:
            tomllib.loads(source if end < 0 else source[:end])
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise LabelInvalid(f"line {scanner.line}: {no_toml(error)}") from error
        raise LabelInvalid(f"line {scanner.line}: expected a table, or a key and its value")


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.line = 1
        self.sections = [Section("", 1)]
        self.counts: dict[str, int] = {}
        self.table = ""

    def run(self) -> tuple[Section, ...]:
        while self._skip_blank():
            found = self._header() if self.source[self.at] == "[" else self._entry()
            if not found:
                break
        return tuple(self.sections)

    def _advance(self, end: int) -> None:
        self.line += self.source.count("\n", self.at, end)
        self.at = end

    def _skip_blank(self) -> bool:
        """Go to the next thing that is no comment; tell whether there is one."""
        while self.at < len(self.source):
            if self.source[self.at] == "#":
                end = self.source.find("\n", self.at)
                self._advance(len(self.source) if end < 0 else end)
            elif self.source[self.at] in " \t\r\n":
                self._advance(self.at + 1)
            else:
                return True
        return False

    def _header(self) -> bool:
        if match := _HEADER.match(self.source, self.at):
            self.sections.append(Section(self._named(match[1]), self.line))
        elif match := _TABLE.match(self.source, self.at):
            parts = [part.strip("\"'") for part in _KEY_PART.findall(match[1])]
            self._check_parts(len(parts))
            self.sections.append(Section(": ".join(parts), self.line))
        else:
            return False
        self._advance(match.end())
        return True

    def _named(self, path: str) -> str:
        """Count the elements of each kind; those of a table from its own beginning."""
        parent, _, kind = path.rpartition(".")
        self._check_parts(path.count(".") + 1)
        key = f"{self.table}: {kind}" if parent else kind
        self.counts[key] = self.counts.get(key, 0) + 1
        name = f"{key} {self.counts[key]}"
        if not parent:
            self.table = name
        return name

    def _entry(self) -> bool:
        line, parts = self.line, []
        while match := _KEY_PART.match(self.source, self.at):
            parts.append(match[0].strip("\"'"))
            self._check_parts(len(parts))
            self._advance(match.end())
            self._skip_spaces()
            if not self.source.startswith(".", self.at):
                break
            self._advance(self.at + 1)
            self._skip_spaces()
        if not parts or not self.source.startswith("=", self.at):
            return False
        self._advance(self.at + 1)
        self._skip_spaces()
        start = self.at
        if not self._value():
            return False
        text = self.source[start : self.at].rstrip()
        self.sections[-1].entries[".".join(parts)] = Entry(line, start, start + len(text), text)
        return True

    def _skip_spaces(self) -> None:
        while self.source.startswith((" ", "\t"), self.at):
            self.at += 1

    def _value(self) -> bool:
        """Go to the end of a value: that of its line, or of its last bracket."""
        depth = 0
        while self.at < len(self.source):
            sign = self.source[self.at]
            if sign in "\"'":
                match = _STRING.match(self.source, self.at)
                if match is None:
                    return False
                self._advance(match.end())
            elif sign in "[{":
                depth += 1
                if depth > MOST_DEPTH:
                    raise LabelInvalid(
                        f"line {self.line}: expected at most {MOST_DEPTH} brackets in each other, got more"
                    )
                self._advance(self.at + 1)
            elif sign in "]}":
                depth -= 1
                self._advance(self.at + 1)
            elif sign in "#\r\n":
                if depth <= 0:
                    return True
                self._skip_blank()
            else:
                match = _PLAIN.match(self.source, self.at)
                self._check_dots(match[0] if match else "")
                self._advance(match.end() if match else self.at + 1)
        return depth <= 0

    def _check_dots(self, plain: str) -> None:
        if plain.count(".") > MOST_DOTS:
            raise LabelInvalid(f"line {self.line}: expected at most {MOST_DOTS} dots in a value, got more")

    def _check_parts(self, count: int) -> None:
        if count > MOST_KEY_PARTS:
            raise LabelInvalid(
                f"line {self.line}: expected a key of at most {MOST_KEY_PARTS} parts, got more"
            )


def line_of_fault(source: str, message: str) -> int:
    """Return the line that a message of the checker is about, from 1; 0 where it is about the whole.

    Args:
        source: The TOML that was checked.
        message: What `LabelInvalid` said: it names places as `text 3: width_mm`.
    """
    if match := _PLACE.search(message) or re.match(r"(?:[^:]+: )*?line ([0-9]+): ", message):
        return int(match[1])
    if _ENDED.search(message):
        return source.rstrip().count("\n") + 1
    try:
        sections = {section.name: section for section in sections_of(source)}
    except LabelInvalid:
        return 0
    words = message.split(": ")
    for number, word in enumerate(words):
        name, rest = _called(word), words[number + 1 :]
        if name in sections and name:
            while rest and f"{name}: {_called(rest[0])}" in sections:
                name, rest = f"{name}: {_called(rest[0])}", rest[1:]
            return _line_in(sections[name], rest)
    top = sections[""].entries
    return next((top[word].line for word in words if word in top), _line_of_only(sections, words))


def _called(word: str) -> str:
    match = _ELEMENT_NAME.fullmatch(word)
    return f"{match[1]} {match[2]}" if match else word


def _line_in(section: Section, rest: Sequence[str]) -> int:
    """Return the line of the first key that the rest of a message names, else that of the section."""
    for length in range(len(rest), 0, -1):
        if entry := section.entries.get(".".join(rest[:length])):
            return entry.line
    for key in re.findall(r"'([^']+)'", ": ".join(rest)):
        if entry := section.entries.get(key):
            return entry.line
    return section.line


def _line_of_only(sections: Mapping[str, Section], words: Sequence[str]) -> int:
    """Return the line of a symbol that a message names by its kind, where there is just one of that kind."""
    for word in words:
        kind = word.partition(" ")[0]
        if f"{kind} 1" in sections and f"{kind} 2" not in sections:
            return sections[f"{kind} 1"].line
    return 0


@dataclass(frozen=True, slots=True)
class ElementBox:
    """The box of an element on the label, and which of its numbers can be changed in place."""

    name: str
    line: int
    x_mm: float
    """From the label's left edge; in a table, of its first row."""
    y_mm: float
    width_mm: float
    height_mm: float
    origin_mm: tuple[float, float]
    """Where the element's own coordinates begin."""
    keys: tuple[str, ...]
    element: Element


def boxes_of(design: Design, source: str) -> tuple[ElementBox, ...]:
    """Return the elements of a design, in the order in which they are drawn."""
    sections = {section.name: section for section in sections_of(source)}
    origins = {"": (0.0, 0.0)}
    boxes = []
    for name, element in elements_in(design.elements):
        left, top = origins[name.rpartition(": ")[0]]
        x_mm, y_mm = left + element.x_mm, top + element.y_mm
        origins[name] = (x_mm, y_mm)
        section = sections.get(name, Section(name, 0))
        boxes.append(
            ElementBox(
                name,
                section.line,
                x_mm,
                y_mm,
                element.width_mm,
                element.height_mm,
                (left, top),
                tuple(
                    key for key in _keys(element) if key in section.entries and section.entries[key].is_number
                ),
                element,
            )
        )
    return tuple(boxes)


def _keys(element: Element) -> tuple[str, ...]:
    if isinstance(element, Symbol) and element.symbology.traits.shape is Shape.SQUARE:
        return ("x_mm", "y_mm", "size_mm")
    return ("x_mm", "y_mm", "width_mm", "height_mm")


def with_numbers(source: str, element: str, numbers: Mapping[str, float]) -> str:
    """Return a source in which some numbers of one element are others, and nothing else has changed.

    Args:
        source: The TOML.
        element: As messages call it, for example `text 3`.
        numbers: By key, in millimetres; written with three decimals at most.

    Raises:
        LabelInvalid: There is no such element, it has no such number, or the outcome would differ elsewhere.
    """
    found = [section for section in sections_of(source) if section.name == element]
    if not found:
        raise LabelInvalid(f"{element}: expected an element of its own table [[...]], got none")
    entries = found[0].entries
    for key in numbers:
        if key not in entries or not entries[key].is_number:
            raise LabelInvalid(f"{element}: {key}: expected a number in the file, got none")
    changed = source
    for key in sorted(numbers, key=lambda key: entries[key].start, reverse=True):
        changed = changed[: entries[key].start] + _written(numbers[key]) + changed[entries[key].end :]
    if _parsed(changed) != _expected(_parsed(source), element, numbers):
        raise LabelInvalid(f"{element}: expected TOML in which these numbers can be changed alone")
    return changed


def _written(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _parsed(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LabelInvalid(no_toml(error)) from error


def _expected(content: dict[str, Any], element: str, numbers: Mapping[str, float]) -> dict[str, Any]:
    table: Any = content
    try:
        for part in element.split(": "):
            kind, _, number = part.rpartition(" ")
            table = table[kind][int(number) - 1]
        table.update({key: float(_written(value)) for key, value in numbers.items()})
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise LabelInvalid(f"{element}: expected an element of the design") from error
    return content
