"""Fits a GraphQL document to a schema where the two only differ in how a plain value is declared or written.

ION's own pages declare the same id as ``Int!`` and as ``ID!``, and write the same status as an enum and as a
text. A program must not fail here for the one or the other, so a variable takes the type of the place it is
used at, and a literal the form that place wants. What is more than that stays an error.
"""

from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    EnumValueNode,
    GraphQLEnumType,
    GraphQLInputType,
    GraphQLScalarType,
    GraphQLSchema,
    IntValueNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    TypeNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    parse_type,
    print_ast,
    visit,
)

__all__ = ["fitted"]

_TEXTS: Final = ("String", "ID")


def fitted(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    """Return the document with its variables and literals as this schema wants them."""
    info = TypeInfo(schema)
    places = _Places(info)
    document = cast(DocumentNode, visit(document, TypeInfoVisitor(info, places)))
    return cast(DocumentNode, visit(document, _Declarations(schema, places.found)))


class _Places(Visitor):
    """Rewrites literals, and remembers the type of the first place each variable stands at."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: dict[str, GraphQLInputType] = {}

    def enter_variable_definition(self, _node: VariableDefinitionNode, *_args: object) -> object:
        return self.SKIP

    def enter_variable(self, node: VariableNode, *_args: object) -> None:
        wanted = self._info.get_input_type()
        if wanted is not None:
            self.found.setdefault(node.name.value, wanted)

    def enter_string_value(self, node: StringValueNode, *_args: object) -> Node | None:
        wanted = self._wanted()
        if isinstance(wanted, GraphQLEnumType) and node.value.isidentifier():
            return EnumValueNode(value=node.value, loc=node.loc)
        digits = node.value.removeprefix("-")
        if _is(wanted, "Int") and digits.isdecimal() and digits.isascii():
            return IntValueNode(value=node.value, loc=node.loc)
        return None

    def enter_enum_value(self, node: EnumValueNode, *_args: object) -> Node | None:
        return StringValueNode(value=node.value, loc=node.loc) if _is(self._wanted(), *_TEXTS) else None

    def enter_int_value(self, node: IntValueNode, *_args: object) -> Node | None:
        return StringValueNode(value=node.value, loc=node.loc) if _is(self._wanted(), "String") else None

    def _wanted(self) -> object:
        found = self._info.get_input_type()
        return None if found is None else get_named_type(found)


class _Declarations(Visitor):
    """Declares a variable as the place it stands at wants it, if both are plain values of the same shape."""

    def __init__(self, schema: GraphQLSchema, places: dict[str, GraphQLInputType]) -> None:
        super().__init__()
        self._schema = schema
        self._places = places

    def enter_variable_definition(
        self, node: VariableDefinitionNode, *_args: object
    ) -> VariableDefinitionNode | None:
        place = self._places.get(node.variable.name.value)
        if place is None or node.default_value is not None:
            return None
        wanted = parse_type(str(place), no_location=True)
        declared = self._schema.type_map.get(_named(node.type))
        plain = _is_plain(declared) and _is_plain(get_named_type(place))
        if _depth(wanted) != _depth(node.type) or not (plain or _named(node.type) == _named(wanted)):
            return None
        if isinstance(node.type, NonNullTypeNode) and not isinstance(wanted, NonNullTypeNode):
            wanted = parse_type(f"{place}!", no_location=True)
        if print_ast(wanted) == print_ast(node.type):
            return None
        return VariableDefinitionNode(
            variable=node.variable, type=wanted, default_value=None, directives=node.directives, loc=node.loc
        )


def _is(kind: object, *names: str) -> bool:
    return isinstance(kind, GraphQLScalarType) and kind.name in names


def _is_plain(kind: Any) -> bool:  # noqa: ANN401  any type of a schema, or none
    return isinstance(kind, GraphQLScalarType | GraphQLEnumType)


def _named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return node.name.value if isinstance(node, NamedTypeNode) else ""


def _depth(node: TypeNode) -> int:
    depth = 0
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        depth += isinstance(node, ListTypeNode)
        node = node.type
    return depth
