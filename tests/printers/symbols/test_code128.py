import heapq
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.symbols import FNC1, Decoded, Symbology, code128_words, decode, encode
from tests.printers.symbols.drawing import ASCII, GS1_TEXT, picture

START = {103: "A", 104: "B", 105: "C"}
CHARACTERS = st.lists(
    st.one_of(
        st.characters(min_codepoint=0, max_codepoint=127), st.sampled_from("0123456789"), st.just(FNC1)
    ),
    min_size=1,
    max_size=40,
)


def read_words(words: Sequence[int]) -> list[str]:
    """Reads code words as ISO/IEC 15417 says, written without the encoder's tables."""
    current, shifted, read = START[words[0]], False, list[str]()
    for word in words[1:]:
        using = {"A": "B", "B": "A"}[current] if shifted else current
        shifted = False
        if word == 102:
            read.append(FNC1)
        elif using == "C":
            if word < 100:
                read += f"{word:02d}"
            else:
                current = {100: "B", 101: "A"}[word]
        elif word < 64:
            read.append(chr(word + 32))
        elif word < 96:
            read.append(chr(word - 64) if using == "A" else chr(word + 32))
        elif word == 98:
            shifted = True
        else:
            current = {99: "C", 100: "B", 101: "A"}[word]
    return read


def fewest_words(characters: Sequence[str]) -> int:
    """Counts by trying every set at every place, from the start to the end."""
    best = dict.fromkeys("ABC", 1)
    places = [best]
    for place, character in enumerate(characters):
        own = dict.fromkeys("ABC", 10**6)
        if character == FNC1:
            own = {name: count + 1 for name, count in places[place].items()}
        else:
            for name in "AB":
                fits = ord(character) < 96 if name == "A" else ord(character) >= 32
                own[name] = places[place][name] + (1 if fits else 2)
            if place and characters[place - 1].isdigit() and character.isdigit():
                own["C"] = places[place - 1]["C"] + 1
        for _, (to, via) in itertools.product(range(2), itertools.permutations("ABC", 2)):
            own[to] = min(own[to], own[via] + 1)
        places.append(own)
    return min(places[-1].values())


@settings(max_examples=1000)
@given(CHARACTERS)
@example([*"991234"])
@example([FNC1, *"01", FNC1, *"99"])
@example([*"1234", FNC1, *"5"])
@example(["a", FNC1, "\x1d", *"12345678", FNC1])
def test_nothing_is_shorter(characters: list[str]) -> None:
    words = code128_words(characters)
    assert read_words(words) == characters
    assert len(words) == fewest_words(characters)


SWITCH: dict[str, list[tuple[int, str, tuple[str, ...]]]] = {
    name: [(1, other, ()) for other in "ABC" if other != name] + [(1, name, (FNC1,))] for name in "ABC"
}
STEPS = {
    "A": [*SWITCH["A"], (1, "A", ("1",)), (1, "A", ("\x1d",)), (2, "A", ("a",))],
    "B": [*SWITCH["B"], (1, "B", ("1",)), (1, "B", ("a",)), (2, "B", ("\x1d",))],
    "C": [*SWITCH["C"], (1, "C", ("1", "1"))],
}
"""From a set: number of words, the set after them, what they say. Two words are a shift and a character."""


def test_of_all_sequences_of_words_none_is_shorter() -> None:
    longest = 6
    cheapest: dict[tuple[str, tuple[str, ...]], int] = {}
    front: list[tuple[int, str, tuple[str, ...]]] = [(1, name, ()) for name in "ABC"]
    while front:
        count, name, said = heapq.heappop(front)
        if (name, said) in cheapest or len(said) > longest:
            continue
        cheapest[name, said] = count
        for cost, onward, means in STEPS[name]:
            heapq.heappush(front, (count + cost, onward, said + means))
    texts = [said for said in {said for _, said in cheapest} if said]
    assert len(texts) == sum(4**length for length in range(1, longest + 1))
    for said in texts:
        assert len(code128_words(said)) == min(
            cheapest[name, said] for name in "ABC" if (name, said) in cheapest
        )


@settings(max_examples=300)
@given(ASCII)
@example("991234")
@example("99")
@example("990001")
@example("99A")
@example("99-1234")
@example("\x00\x1d\x7f")
@example("a\x1db")
@example("1\x1d2345678z")
def test_code128_is_read_back(text: str) -> None:
    matrix = encode(Symbology.CODE128, text)
    assert matrix.width == 11 * (fewest_words([*text]) + 1) + 13
    assert decode(picture(matrix), [Symbology.CODE128]) == [Decoded(text, "]C0")]


@settings(max_examples=200)
@given(GS1_TEXT)
@example("9912345")
@example("10AB\x1d9999")
@example("010401234567890110ABC(12)\x1d2112")
def test_gs1_128_is_read_back(text: str) -> None:
    assert decode(picture(encode(Symbology.GS1_128, text)), [Symbology.GS1_128]) == [Decoded(text, "]C1")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("991234", [105, 99, 12, 34]),
        ("99", [105, 99]),
        ("R2025-00317", [103, 50, 18, 16, 18, 21, 13, 16, 99, 3, 17]),
        ("ab1234cd", [104, 65, 66, 17, 18, 19, 20, 67, 68]),
        ("ab123456cd", [104, 65, 66, 99, 12, 34, 56, 100, 67, 68]),
        ("a\x1db", [104, 65, 98, 93, 66]),
        ("\x1da\x1d", [103, 93, 98, 65, 93]),
    ],
)
def test_code128_words(text: str, words: list[int]) -> None:
    assert code128_words(text) == words


def test_gs1_128_words() -> None:
    characters = [FNC1, *"01040123456789", FNC1, *"10A"]
    assert code128_words(characters) == [105, 102, 1, 4, 1, 23, 45, 67, 89, 102, 10, 101, 33]


@pytest.mark.parametrize(
    "text", ["\u00f1", "\u00f4", "\u00f3", "\u00f2", "\u00e9", "12\u0663", "\ud800", "a\u20ac"]
)
def test_code128_refuses_what_is_not_ascii(text: str) -> None:
    # The first four are python-barcode's names for FNC1, FNC4, FNC3 and FNC2.
    with pytest.raises(LabelInvalid, match=r"^code128 .*: expected ASCII only, got "):
        encode(Symbology.CODE128, text)


@pytest.mark.parametrize(
    "text", ["ABC", "0104012345678902", "10\u00f1", "01040123456789010", "10A\x1d\x1d21B"]
)
def test_gs1_128_holds_gs1_only(text: str) -> None:
    with pytest.raises(LabelInvalid, match=r"^GS1 "):
        encode(Symbology.GS1_128, text)
