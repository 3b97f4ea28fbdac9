from decimal import Decimal

import pytest
from graphql import GraphQLInputType, build_schema, type_from_ast
from graphql import parse_type as parse

from kiosk.ion.variables import NotEncodable, Word, encode, plain

SCHEMA = build_schema("""
    scalar Decimal
    enum Shout { TODO COMPLETE }
    enum Whisper { todo complete }
    input Box { a: Int }
    type Query { a(d: Decimal s: Shout w: Whisper b: Box i: ID f: Float): Int }
""")


def kind(text: str) -> GraphQLInputType:
    found = type_from_ast(SCHEMA, parse(text))
    assert found is not None
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("value", "of", "dialect", "sent"),
    [
        ("12", "ID!", "classic", "12"),
        ("12", "Int!", "documented-2026", 12),
        (12, "ID", "classic", "12"),
        ("SN-1", "String", "classic", "SN-1"),
        (Decimal("4.50"), "Decimal!", "classic", "4.5"),
        (Decimal(100), "String", "classic", "100"),
        (Decimal("1E+3"), "Decimal", "classic", "1000"),
        (Decimal("2.5"), "Float", "classic", 2.5),
        (Decimal(3), "Int", "classic", 3),
        (250, "Int", "classic", 250),
        (Word("COMPLETE"), "Shout!", "documented-2026", "COMPLETE"),
        (Word("COMPLETE"), "Whisper", "classic", "complete"),
        (Word("transfer"), "String", "classic", "TRANSFER"),
        (Word("TRANSFER"), "String", "documented-2026", "transfer"),
        ("a", "[String!]!", "classic", ["a"]),
        (["a", "b"], "[String!]", "classic", ["a", "b"]),
        ("\N{GREEK SMALL LETTER MU}m\x1d", "String", "classic", "\N{GREEK SMALL LETTER MU}m\x1d"),
    ],
)
def test_a_value_takes_the_type_of_its_place(value: object, of: str, dialect: str, sent: object) -> None:
    found = encode("v", value, kind(of), is_lower=dialect == "documented-2026")
    assert found == sent
    assert isinstance(found, type(sent))


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [
        ("abc", "Int!", "$v: expected a number, got 'abc'"),
        ("", "Int!", "$v: expected a number, got ''"),
        (" 7", "Int!", "$v: expected a number, got ' 7'"),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", "Int", "$v: expected a number"),
        ("1e999999999", "Int", "$v: expected a number"),
        ("NaN", "Float", "$v: expected a number"),
        ("2147483648", "Int!", "$v: expected a whole number of 32 bits, got '2147483648'"),
        ("1.5", "Int!", "$v: expected a whole number of 32 bits, got '1.5'"),
        ("DONE", "Shout!", "$v: expected one of Shout's TODO, COMPLETE, got 'DONE'"),
        ("\ud800", "String!", "$v: expected text that UTF-8 can carry"),
        ("x", "Box", "$v: expected a plain value for Box, got"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(value: object, of: str, words: str) -> None:
    with pytest.raises(NotEncodable) as caught:
        encode("v", value, kind(of), is_lower=False)
    assert str(caught.value).startswith(words)


def test_lists_and_needs_nest() -> None:
    assert encode("v", ("1", "2"), kind("[Int!]!"), is_lower=False) == [1, 2]


@pytest.mark.parametrize(("value", "text"), [("10.00", "10"), ("0", "0"), ("0.50", "0.5"), ("1E2", "100")])
def test_quantities_are_plain(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
