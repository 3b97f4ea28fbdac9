"""Matches regular expressions in time proportional to the text, whatever the expression is.

Python's ``re`` backtracks: an expression such as ``(a+)+b`` can keep it busy for years, holding the
interpreter's lock so that no thread could stop it. Here every alternative is followed at once, one
character after the other (Thompson's construction with Pike's captures), and every step is counted.
The answers are those of ``re.fullmatch``, groups included.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from kiosk.barcodes.expression_syntax import Assert, Done, ExpressionRefused, Fork, Program, Save, Take, parse

__all__ = ["Effort", "ExpressionRefused", "TooMuchEffort", "compiled", "fullmatch"]

_Slots: TypeAlias = tuple[int, ...]


class TooMuchEffort(Exception):
    """The steps that one scan is worth are used up."""


@dataclass(slots=True)
class Effort:
    """How many steps may still be taken; one step is about a microsecond on a small machine."""

    steps: int

    def spend(self, steps: int) -> None:
        """Take steps off.

        Raises:
            TooMuchEffort: there are not enough left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise TooMuchEffort


@lru_cache(maxsize=256)
def compiled(expression: str) -> Program:
    """Return the program of an expression; kept, since a tenant's few patterns meet every scan.

    Raises:
        ExpressionRefused: the expression cannot be used; the text says why.
    """
    return parse(expression)


def fullmatch(program: Program, text: str, effort: Effort) -> dict[str, str] | None:
    """Return the named groups that took part when the whole text fits, else ``None``.

    Raises:
        TooMuchEffort: it took more steps than ``effort`` has.
    """
    threads: dict[int, _Slots] = {}
    _follow(program, threads, 0, (-1,) * (2 * len(program.names)), (text, 0))
    effort.spend(len(program.steps))
    for position, character in enumerate(text):
        if not threads:
            return None
        moved: dict[int, _Slots] = {}
        for place, slots in threads.items():
            step = program.steps[place]
            if isinstance(step, Take) and step.test(character):
                _follow(program, moved, place + 1, slots, (text, position + 1))
        effort.spend(len(threads) + len(moved))
        threads = moved
    for place, slots in threads.items():
        if isinstance(program.steps[place], Done):
            return {
                name: text[slots[2 * group] : slots[2 * group + 1]]
                for group, name in enumerate(program.names)
                if slots[2 * group + 1] >= 0
            }
    return None


def _follow(
    program: Program, threads: dict[int, _Slots], place: int, slots: _Slots, at: tuple[str, int]
) -> None:
    """Add every step that is reached without taking a character; who reaches it first has the right to it."""
    waiting = [(place, slots)]
    while waiting:
        place, slots = waiting.pop()
        if place in threads:
            continue
        threads[place] = slots
        match program.steps[place]:
            case Fork(first, second):
                waiting.append((second, slots))
                waiting.append((first, slots))
            case Save(slot):
                waiting.append((place + 1, (*slots[:slot], at[1], *slots[slot + 1 :])))
            case Assert(anchor):
                if _holds(anchor, *at):
                    waiting.append((place + 1, slots))
            case _:
                pass


def _holds(anchor: str, text: str, position: int) -> bool:
    match anchor:
        case "^" | "A":
            return position == 0
        case "Z":
            return position == len(text)
        case "$":
            return position == len(text) or (position == len(text) - 1 and text[position] == "\n")
    before = position > 0 and _is_word(text[position - 1])
    after = position < len(text) and _is_word(text[position])
    return (before != after) == (anchor == "b")


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
