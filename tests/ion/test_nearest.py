import pytest
from graphql import build_schema

from kiosk.ion.nearest import nearest_names

SCHEMA = build_schema("""
    input PartKitFilters { status: String kitUid: String }
    type PartKit { id: ID! status: String deliveryLocation: String }
    type Query {
        partKits(filters: PartKitFilters, first: Int): [PartKit!]
        partKit(id: ID!): PartKit
        currentUser: PartKit
    }
    type Mutation {
        updatePartKit(id: ID!): PartKit
        updatePartKitItem(id: ID!): PartKit
        createPartKit: PartKit
    }
""")


@pytest.mark.parametrize(
    ("missing", "near"),
    [
        ("Query.partkit", ("Query.partKit", "Query.partKits")),
        ("Query.part_kits", ("Query.partKits", "Query.partKit")),
        ("Query.partKits(frist)", ("Query.partKits(first)", "Query.partKits(filters)")),
        ("PartKit.location", ("PartKit.deliveryLocation",)),
        ("PartKitFilters.uid", ("PartKitFilters.kitUid",)),
        ("type PartKits", ("type PartKit", "type PartKitFilters")),
        (
            "Mutation.updateKit",
            ("Mutation.updatePartKit", "Mutation.updatePartKitItem", "Mutation.createPartKit"),
        ),
    ],
)
def test_the_likest_names_come_first(missing: str, near: tuple[str, ...]) -> None:
    assert nearest_names(SCHEMA, [missing]) == {missing: near}


@pytest.mark.parametrize(
    "missing",
    ["Query.zzz", "Gadget.size", "Query.nothing(x)", "String.length", "a document: nothing", "type Zz"],
)
def test_nothing_is_like_it(missing: str) -> None:
    assert nearest_names(SCHEMA, [missing]) == {}
