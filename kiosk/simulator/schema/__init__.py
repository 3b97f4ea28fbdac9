"""The schemas the simulated ION serves: SDL files, put together per dialect.

What stands in the files comes from ION's public documents; whatever had to be made up says so in its
description.
"""

from functools import cache
from typing import Final, Literal, get_args

from graphql import DocumentNode, GraphQLSchema, build_ast_schema, print_ast

from kiosk.simulator.schema.source import (
    EnumCase,
    IdType,
    fields_of,
    read_schema,
    with_enum_case,
    with_id_type,
)
from kiosk.simulator.schema.values import bind_values

Dialect = Literal["classic", "documented-2026", "both"]

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)

_FOLDERS: Final[dict[Dialect, tuple[str, ...]]] = {
    "classic": ("shared", "classic"),
    "documented-2026": ("shared", "documented_alone", "documented_additions"),
    "both": ("shared", "classic", "documented_additions"),
}

__all__ = ["DIALECTS", "Dialect", "EnumCase", "IdType", "build", "mutation_names", "sdl"]


def sdl(dialect: Dialect, enum_case: EnumCase | None = None, id_type: IdType | None = None) -> str:
    """Return the schema of one dialect as text.

    ``both`` has classic's shapes where names collide, and what only documented-2026 has beside them.

    Args:
        dialect: Which one.
        enum_case: How enum values are written; documented-2026 has them in lower case by itself.
        id_type: What every id is, in and out; by itself it is as the dialect's documents show.
    """
    return print_ast(_document(dialect, enum_case, id_type))


@cache
def build(
    dialect: Dialect, enum_case: EnumCase | None = None, id_type: IdType | None = None
) -> GraphQLSchema:
    """Return the schema of one dialect with its scalars and enums working, and no resolvers of its own.

    It is made once: nobody changes it.
    """
    # That the files are valid is a matter of the tests, not of every start.
    schema = build_ast_schema(_document(dialect, enum_case, id_type), assume_valid_sdl=True)
    bind_values(schema)
    return schema


@cache
def mutation_names() -> frozenset[str]:
    """Return the mutations of every dialect."""
    folders = dict.fromkeys(folder for each in _FOLDERS.values() for folder in each)
    return fields_of("Mutation", folders)


def _document(dialect: Dialect, enum_case: EnumCase | None, id_type: IdType | None) -> DocumentNode:
    document = read_schema(_FOLDERS[dialect])
    if enum_case == "lower" or (enum_case is None and dialect == "documented-2026"):
        document = with_enum_case(document, "lower")
    return document if id_type is None else with_id_type(document, id_type)
