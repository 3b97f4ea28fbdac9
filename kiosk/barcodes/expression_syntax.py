"""Reads a regular expression in Python's syntax into a program for ``kiosk.barcodes.expression``.

What cannot be done without backtracking (look-around, back-references, atomic groups) is refused in words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

MAX_CHARACTERS = 1000
"""The longest expression that is read."""
MAX_STEPS = 1000
"""The largest program; counted repeats are written out, so ``a{5000}`` exceeds it."""
_MAX_DEPTH = 40

Test: TypeAlias = Callable[[str], object]
"""Says of one character whether it fits."""


class ExpressionRefused(Exception):
    """The expression is no regular expression, or uses what is not offered; the text says which."""


@dataclass(frozen=True, slots=True)
class Take:
    """Take one character that fits."""

    test: Test


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on at ``first``, and with less right at ``second``."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Save:
    """Note the position: where a group begins (even slot) or ends (odd slot)."""

    slot: int


@dataclass(frozen=True, slots=True)
class Assert:
    """Go on only where the position is one of ``^ $ A Z b B``."""

    anchor: str


@dataclass(frozen=True, slots=True)
class Done:
    """The expression fits up to here."""


Step: TypeAlias = Take | Fork | Save | Assert | Done


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression."""

    steps: tuple[Step, ...]
    names: tuple[str, ...]
    """The named groups; group ``n`` has the slots ``2 * n`` and ``2 * n + 1``."""


_Emit: TypeAlias = Callable[[list[Step]], None]
"""Appends the steps of one part of the expression to a program."""

_QUANTIFIER = re.compile(r"([*+?])|\{(?!\})([0-9]{0,9})(?:(,)([0-9]{0,9}))?\}")
_FLAGS = re.compile(r"\(\?([a-zA-Z]+)\)")
_NAME = re.compile(r"\(\?P<([A-Za-z_][A-Za-z0-9_]{0,99})>")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


def parse(expression: str) -> Program:
    """Return the program of an expression.

    Raises:
        ExpressionRefused: the text says where and why.
    """
    if len(expression) > MAX_CHARACTERS:
        raise ExpressionRefused(f"has {len(expression)} characters, at most {MAX_CHARACTERS} are read")
    parser = _Parser(expression)
    emit = parser.alternatives()
    if parser.position < len(expression):
        raise parser.refused("has a ')' without '('")
    steps: list[Step] = []
    emit(steps)
    steps.append(Done())
    return Program(tuple(steps), tuple(parser.names))


@dataclass(slots=True)
class _Parser:
    text: str
    position: int = 0
    flags: re.RegexFlag = re.NOFLAG
    depth: int = 0
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        match = _FLAGS.match(self.text)
        if match is None:
            return
        for letter in match[1]:
            if letter not in "isu":
                raise self.refused(f"has the flag {letter!r}, expected i or s")
            self.flags |= {"i": re.IGNORECASE, "s": re.DOTALL, "u": re.NOFLAG}[letter]
        self.position = match.end()

    def refused(self, why: str) -> ExpressionRefused:
        return ExpressionRefused(f"{why} (at character {self.position + 1})")

    def ahead(self, length: int = 1) -> str:
        return self.text[self.position : self.position + length]

    def alternatives(self) -> _Emit:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.refused(f"nests groups more than {_MAX_DEPTH} deep")
        options = [self.sequence()]
        while self.ahead() == "|":
            self.position += 1
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else _either(options)

    def sequence(self) -> _Emit:
        parts: list[_Emit] = []
        while self.ahead() not in ("", "|", ")"):
            parts.append(self.repeated())
        return _all_of(parts)

    def repeated(self) -> _Emit:
        is_anchor = self.ahead() in ("^", "$") or self.ahead(2) in ("\\A", "\\Z", "\\b", "\\B")
        if _QUANTIFIER.match(self.text, self.position):
            raise self.refused("has nothing to repeat")
        part = self.atom()
        match = _QUANTIFIER.match(self.text, self.position)
        if match is None:
            return part
        if is_anchor:
            raise self.refused("has nothing to repeat")
        least, most = _bounds(match)
        if most is not None and least > most:
            raise self.refused(f"repeats at least {least} and at most {most} times")
        self.position = match.end()
        is_lazy = self.ahead() == "?"
        self.position += is_lazy
        if self.ahead() == "+" or _QUANTIFIER.match(self.text, self.position):
            raise self.refused("repeats a repeat, or uses a possessive quantifier")
        return _repeat(part, least, most, is_lazy=is_lazy)

    def atom(self) -> _Emit:
        character = self.ahead()
        match character:
            case "(":
                return self.group()
            case "[":
                return _take(self.character_class(), self.flags)
            case "\\":
                return self.escape()
        self.position += 1
        match character:
            case "^" | "$":
                return _step(Assert(character))
            case ".":
                return _take(".", self.flags)
        return self.literal(character)

    def literal(self, character: str) -> _Emit:
        if self.flags & re.IGNORECASE:
            return _take(re.escape(character), self.flags)
        return _step(Take(character.__eq__))

    def group(self) -> _Emit:
        slot = None
        name = _NAME.match(self.text, self.position)
        if name is not None:
            if name[1] in self.names:
                raise self.refused(f"names two groups {name[1]!r}")
            slot = 2 * len(self.names)
            self.names.append(name[1])
            self.position = name.end()
        elif self.ahead(3) == "(?:":
            self.position += 3
        elif self.ahead(2) == "(?":
            raise self.refused(f"has a group of the form {self.ahead(4)!r}, expected (, (?: or (?P<name>")
        else:
            self.position += 1
        inner = self.alternatives()
        if self.ahead() != ")":
            raise self.refused("has a '(' without ')'")
        self.position += 1
        if slot is None:
            return inner
        return _all_of([_step(Save(slot)), inner, _step(Save(slot + 1))])

    def escape(self) -> _Emit:
        character = self.ahead(2)[1:]
        if character and character in "AZbB":
            self.position += 2
            return _step(Assert(character))
        if character and character in "dDwWsS":
            self.position += 2
            return _take(f"\\{character}", self.flags)
        return self.literal(self.escaped_character())

    def escaped_character(self) -> str:
        self.position += 1
        character = self.ahead()
        hexadecimal = _HEX.match(self.text, self.position)
        if hexadecimal is not None:
            self.position = hexadecimal.end()
            return chr(int(hexadecimal[1] or hexadecimal[2], 16))
        if not character:
            raise self.refused("ends in a backslash")
        if character.isascii() and character.isalnum() and character not in _CONTROLS:
            raise self.refused(f"has the escape \\{character}, which is not offered")
        self.position += 1
        return _CONTROLS.get(character, character)

    def character_class(self) -> str:
        """Return the class at the position, written anew so that every literal in it is escaped."""
        self.position += 1
        negation = "^" if self.ahead() == "^" else ""
        self.position += len(negation)
        items: list[str] = []
        while not items or self.ahead() != "]":
            item = self.class_member()
            if self.ahead() == "-" and self.ahead(2) not in ("-", "-]"):
                self.position += 1
                item = self.range(item)
            items.append(item)
        self.position += 1
        return f"[{negation}{''.join(items)}]"

    def range(self, first: str) -> str:
        last = self.class_member()
        for end in (first, last):
            if end in _CLASSES:
                raise self.refused(f"has a range with {end}")
        if _plain(first) > _plain(last):
            raise self.refused(f"has a range from {_plain(first)!r} down to {_plain(last)!r}")
        return f"{first}-{last}"

    def class_member(self) -> str:
        character = self.ahead()
        if not character:
            raise self.refused("has a '[' without ']'")
        if character != "\\":
            self.position += 1
            return _class_literal(character)
        if self.ahead(2) in _CLASSES:
            self.position += 2
            return self.text[self.position - 2 : self.position]
        if self.ahead(2) == "\\b":
            self.position += 2
            return _class_literal("\b")
        return _class_literal(self.escaped_character())


_CLASSES = frozenset({"\\d", "\\D", "\\w", "\\W", "\\s", "\\S"})


def _class_literal(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _plain(literal: str) -> str:
    return chr(int(literal.removeprefix("\\U"), 16))


def _bounds(match: re.Match[str]) -> tuple[int, int | None]:
    if match[1]:
        return (1 if match[1] == "+" else 0), (1 if match[1] == "?" else None)
    least = int(match[2] or 0)
    if not match[3]:
        return least, least
    return least, int(match[4]) if match[4] else None


def _step(step: Step) -> _Emit:
    def emit(steps: list[Step]) -> None:
        if len(steps) >= MAX_STEPS:
            raise ExpressionRefused(f"is too large: counted repeats are written out, up to {MAX_STEPS} steps")
        steps.append(step)

    return emit


def _take(one_character: str, flags: re.RegexFlag) -> _Emit:
    # One character against one character: nothing to backtrack over.
    return _step(Take(re.compile(one_character, flags).fullmatch))


def _all_of(parts: list[_Emit]) -> _Emit:
    def emit(steps: list[Step]) -> None:
        for part in parts:
            part(steps)

    return emit


def _either(options: list[_Emit]) -> _Emit:
    def emit(steps: list[Step]) -> None:
        exits: list[int] = []
        for option in options[:-1]:
            fork = len(steps)
            _step(Done())(steps)
            option(steps)
            exits.append(len(steps))
            _step(Done())(steps)
            steps[fork] = Fork(fork + 1, len(steps))
        options[-1](steps)
        for place in exits:
            steps[place] = Fork(len(steps), len(steps))

    return emit


def _repeat(part: _Emit, least: int, most: int | None, *, is_lazy: bool) -> _Emit:
    def fork(into: int, past: int) -> Fork:
        return Fork(past, into) if is_lazy else Fork(into, past)

    def emit(steps: list[Step]) -> None:
        for _ in range(least):
            before = len(steps)
            part(steps)
            if len(steps) == before:
                break
        if most is None:
            again = len(steps)
            _step(Done())(steps)
            part(steps)
            _step(Fork(again, again))(steps)
            steps[again] = fork(again + 1, len(steps))
            return
        forks: list[int] = []
        for _ in range(most - least):
            forks.append(len(steps))
            _step(Done())(steps)
            part(steps)
        for place in forks:
            steps[place] = fork(place + 1, len(steps))

    return emit
