"""The schemas the simulated ION serves: SDL files, put together per dialect.

What stands in the files comes from ION's public documents; whatever had to be made up says so in its
description.
"""

from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from graphql import (
    DocumentNode,
    EnumValueDefinitionNode,
    GraphQLSchema,
    NameNode,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    visit,
)

from kiosk.simulator.schema.values import bind_values

Dialect = Literal["classic", "documented-2026", "both"]

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)

_FILES: Final[dict[Dialect, tuple[str, ...]]] = {
    "classic": ("values", "entities", "classic"),
    "documented-2026": ("values", "entities", "documented_2026", "documented_additions"),
    "both": ("values", "entities", "classic", "documented_additions"),
}

__all__ = ["DIALECTS", "Dialect", "build", "sdl"]


def sdl(dialect: Dialect) -> str:
    """Return the schema of one dialect as text.

    ``both`` has classic's shapes where names collide, and what only documented-2026 has beside them.
    """
    return print_ast(_document(dialect))


@cache
def build(dialect: Dialect) -> GraphQLSchema:
    """Return the schema of one dialect with its scalars and enums working, and no resolvers of its own.

    It is made once: nobody changes it.
    """
    schema = build_ast_schema(_document(dialect))
    bind_values(schema)
    return schema


def _document(dialect: Dialect) -> DocumentNode:
    package = files(__package__)
    text = "\n".join(package.joinpath(f"{name}.graphql").read_text("utf-8") for name in _FILES[dialect])
    document = parse(text, no_location=True)
    if dialect == "documented-2026":
        document = visit(document, _LowerCaseEnums())
    return document


class _LowerCaseEnums(Visitor):
    """documented-2026 shows every enum value in lower case: ``in_progress``, ``scrap``, ``transfer``."""

    @staticmethod
    def leave_enum_value_definition(node: EnumValueDefinitionNode, *_args: object) -> EnumValueDefinitionNode:
        return EnumValueDefinitionNode(
            name=NameNode(value=node.name.value.lower()),
            description=node.description,
            directives=node.directives,
        )
