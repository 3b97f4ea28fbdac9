import pytest
from graphql import build_schema

from kiosk.ion import parsed_schema, schema_changes, schema_text

BEFORE = """
    enum Status { TODO DONE }
    interface Node { id: ID! }
    union Thing = Part | Run
    input Filter { name: String }
    type Part implements Node { id: ID! }
    type Run implements Node { id: ID! title: String status(now: Boolean): Status }
    type Query { runs(filters: Filter, first: Int): [Run!] things: [Thing] }
"""
NOW = """
    enum Status { TODO HOLD }
    interface Node { id: Int! }
    union Thing = Part | Kit
    input Filter { name: [String] }
    type Part implements Node { id: Int! }
    type Kit { id: ID! }
    type Run implements Node { id: Int! title: String! status: Status }
    type Query { runs(filters: Filter, limit: Int): [Run!] things: [Thing] }
"""


def test_every_difference_is_a_line() -> None:
    assert schema_changes(build_schema(BEFORE), build_schema(NOW)) == (
        "~ Filter.name: String -> [String]",
        "+ Kit.id: ID!",
        "~ Node.id: ID! -> Int!",
        "~ Part.id: ID! -> Int!",
        "- Query.runs(first): Int",
        "+ Query.runs(limit): Int",
        "~ Run.id: ID! -> Int!",
        "- Run.status(now): Boolean",
        "~ Run.title: String -> String!",
        "- Status.DONE",
        "+ Status.HOLD",
        "+ Thing | Kit",
        "- Thing | Run",
        "+ type Kit",
    )


def test_a_saved_schema_is_the_same_when_it_is_read_again() -> None:
    schema = build_schema(BEFORE)
    assert schema_changes(parsed_schema(schema_text(schema)), schema) == ()


@pytest.mark.parametrize("text", ["type Query {", "", "query Q { a }", "\x00"])
def test_what_is_no_schema_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="expected a schema in GraphQL's schema language"):
        parsed_schema(text)
