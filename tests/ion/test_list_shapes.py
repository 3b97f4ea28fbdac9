from graphql import build_schema, parse, validate

from kiosk.ion.documents import Call, fit, read_documents
from kiosk.ion.variables import Word

THING = "type Thing { id: ID! name: String parts: [Thing!] }"
CONNECTED = build_schema(f"""
    {THING} type ThingEdge {{ node: Thing }} type PageInfo {{ endCursor: String hasNextPage: Boolean! }}
    type ThingConnection {{ edges: [ThingEdge!]! pageInfo: PageInfo! }}
    input Filter {{ name: String }}
    type Query {{
        things(filters: Filter, first: Int, after: String, last: Int): ThingConnection! thing(id: ID!): Thing
    }}
""")
LISTED = build_schema(f"""
    {THING} input Filter {{ name: String }}
    type Query {{ things(filters: Filter, limit: Int): [Thing!]! thing(id: ID!): Thing }}
""")
BARE = build_schema(
    f"{THING} input Filter {{ name: String }} type Query {{ things(filters: Filter): [Thing] }}"
)

RELAY = """query Q($name: String, $first: Int, $after: String) {
    rows: things(filters: {name: $name}, first: $first, after: $after) {
        edges { node { ...Row } } pageInfo { endCursor hasNextPage }
    }
}
fragment Row on Thing { id parts { id } }"""
PLAIN = """query Q($name: String, $limit: Int) {
    rows: things(filters: {name: $name}, limit: $limit) { ...Row }
}
fragment Row on Thing { id parts { id } }"""
RECENT = "query Q($recent: Int) { rows: things(last: $recent) { edges { node { id } } } }"


def fitted(text: str, schema: object) -> Call:
    ((_, document),) = read_documents(text).items()
    result = fit(document, schema, dialect="classic")  # type: ignore[arg-type]
    assert result.call is not None, result.missing
    assert validate(schema, parse(result.call.text)) == []  # type: ignore[arg-type]
    return result.call


def test_a_document_that_fits_stays_as_it_is() -> None:
    assert set(fitted(RELAY, CONNECTED).variables) == {"name", "first", "after"}
    assert set(fitted(PLAIN, LISTED).variables) == {"name", "limit"}


def test_a_connection_becomes_a_list() -> None:
    call = fitted(RELAY, LISTED)
    assert set(call.variables) == {"name", "limit"}
    assert "edges" not in call.text
    assert "pageInfo" not in call.text


def test_a_list_becomes_a_connection() -> None:
    call = fitted(PLAIN, CONNECTED)
    assert set(call.variables) == {"name", "first", "after"}
    assert "edges" in call.text
    assert "hasNextPage" in call.text


def test_a_list_without_a_limit_is_asked_for_whole() -> None:
    assert set(fitted(RELAY, BARE).variables) == {"name"}


def test_the_newest_rows_become_all_rows() -> None:
    assert set(fitted(RECENT, CONNECTED).variables) == {"recent"}
    assert set(fitted(RECENT, LISTED).variables) == {"limit"}


def test_a_nested_list_stays_one() -> None:
    assert "parts {\n    id\n  }" in fitted(RELAY, LISTED).text


def test_words_are_written_as_the_schema_writes_them() -> None:
    text = "query Q($statuses: [String!]) { things(statuses: $statuses) { id } }"
    kinds = {
        "enum Status { todo in_progress }": ["todo"],
        "enum Status { TODO IN_PROGRESS }": ["TODO"],
        "": ["TODO"],
    }
    for enum, sent in kinds.items():
        schema = build_schema(f"{THING} {enum} type Query {{ things(statuses: [String!]): [Thing] }}")
        assert fitted(text, schema).encode({"statuses": [Word("TODO")]}) == {"statuses": sent}
