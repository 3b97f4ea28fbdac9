"""Code 128 (ISO/IEC 15417) in the fewest code words, on python-barcode's tables of bars."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from barcode.charsets import code128 as tables  # type: ignore[import-untyped]  # it has no types

FNC1: Final = "FNC1"
"""Stands among characters for the function that marks GS1 data and ends its values of no fixed length."""

_SHIFT, _TO_C, _TO_B, _TO_A, _FNC1 = 98, 99, 100, 101, 102
"""Code words of ISO/IEC 15417 in sets A and B. python-barcode's tables name them as if they were characters,
and its encoder takes a leading "99" for the switch to set C; here data never meets those entries."""
_FIRST_CONTROL: Final = 96
_DIGITS: Final = frozenset("0123456789")


def _characters(table: dict[str, int]) -> dict[str, int]:
    return {entry: value for entry, value in table.items() if value < _FIRST_CONTROL and entry.isascii()}


_VALUES_A: Final = _characters(tables.A)
_VALUES_B: Final = _characters(tables.B)
_SWITCH: Final = {"A": _TO_A, "B": _TO_B, "C": _TO_C}
_CHECK_MODULUS: Final = 103
_Words: TypeAlias = "tuple[int, _Words] | None"
"""A linked list, so that the ways through a text share their ends."""
_Ways: TypeAlias = dict[str, tuple[int, _Words]]
"""By set in force: how many words, and which."""


def code128_bars(characters: Sequence[str]) -> str:
    """Encode in the fewest code words that Code 128 allows, and return the modules, `1` for black ones.

    Args:
        characters: ASCII or `FNC1`, one or more.
    """
    words = code128_words(characters)
    check = (words[0] + sum(place * word for place, word in enumerate(words[1:], 1))) % _CHECK_MODULUS
    bars: list[str] = [*(tables.CODES[word] for word in [*words, check]), tables.STOP, "11"]
    return "".join(bars)


def code128_words(characters: Sequence[str]) -> list[int]:
    """Choose sets and shifts so that the fewest words come out; check word and stop are not among them.

    Args:
        characters: ASCII or `FNC1`, one or more.
    """
    # From the end to the start: in `best`, for each set in force, the fewest words that write the rest.
    best: _Ways = {"A": (0, None), "B": (0, None), "C": (0, None)}
    after_next = best
    for place in range(len(characters) - 1, -1, -1):
        ways = _ways(characters[place : place + 2], best, after_next)
        for to in "ABC":
            via = min((name for name in ways if name != to), key=lambda name: ways[name][0])
            count, rest = ways[via]
            if to not in ways or count + 1 < ways[to][0]:
                ways[to] = (count + 1, (_SWITCH[via], rest))
        after_next, best = best, ways
    start = min(best, key=lambda name: best[name][0])
    words = [tables.START_CODES[start]]
    rest = best[start][1]
    while rest is not None:
        word, rest = rest
        words.append(word)
    return words


def _ways(pair: Sequence[str], best: _Ways, after_next: _Ways) -> _Ways:
    """Write the first of a pair, or both of them, without switching sets."""
    if pair[0] == FNC1:
        return {name: (count + 1, (_FNC1, rest)) for name, (count, rest) in best.items()}
    ways: _Ways = {}
    for own, other, name in ((_VALUES_A, _VALUES_B, "A"), (_VALUES_B, _VALUES_A, "B")):
        count, rest = best[name]
        if pair[0] in own:
            ways[name] = (count + 1, (own[pair[0]], rest))
        else:
            ways[name] = (count + 2, (_SHIFT, (other[pair[0]], rest)))
    if len(pair) == 2 and pair[0] in _DIGITS and pair[1] in _DIGITS:  # noqa: PLR2004 - a pair
        count, rest = after_next["C"]
        ways["C"] = (count + 1, (int(pair[0] + pair[1]), rest))
    return ways
