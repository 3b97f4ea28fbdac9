"""Asks for a list in the shape that a tenant has it: a Relay connection, or a plain list with a limit.

The two published dialects differ in this above all, and a tenant may mix them. A document is written in one
shape; where the schema has the other one it is rewritten, and so are the arguments that turn the pages.
"""

from typing import Any, Final

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    NameNode,
    SelectionSetNode,
    VariableNode,
    get_nullable_type,
)

__all__ = ["with_list_of"]

_PAGE_ARGUMENTS: Final = frozenset({"first", "last", "after", "before"})
_PAGE_FIELDS: Final = ("endCursor", "hasNextPage")


def with_list_of(node: FieldNode, definition: GraphQLField) -> FieldNode | None:
    """Return a field with its list in the shape of the schema, ``None`` where it is so already.

    Args:
        node: the field as a document has it.
        definition: the field as the schema has it.
    """
    if node.selection_set is None:
        return None
    kind = get_nullable_type(definition.type)
    edges = _selected(node.selection_set, "edges")
    if isinstance(kind, GraphQLList) and edges is not None:
        return _plain(node, edges, definition.args)
    is_connection = isinstance(kind, GraphQLObjectType) and {"edges", "pageInfo"} <= kind.fields.keys()
    if is_connection and edges is None:
        return _connection(node, node.selection_set, definition.args)
    return None


def _plain(node: FieldNode, edges: FieldNode, offered: Any) -> FieldNode | None:  # noqa: ANN401  graphql-core's
    inner = _selected(edges.selection_set, "node")
    if inner is None or inner.selection_set is None:
        return None
    arguments = [each for each in node.arguments or () if each.name.value not in _PAGE_ARGUMENTS]
    if len(arguments) < len(node.arguments or ()) and "limit" in offered:
        arguments.append(_argument("limit"))
    return _with(node, arguments, inner.selection_set)


def _connection(node: FieldNode, inner: SelectionSetNode, offered: Any) -> FieldNode:  # noqa: ANN401  the same
    arguments = [each for each in node.arguments or () if each.name.value != "limit"]
    if len(arguments) < len(node.arguments or ()):
        arguments += [_argument(name) for name in ("first", "after") if name in offered]
    edge = _field("edges", _field("node", *inner.selections))
    return _with(node, arguments, _set(edge, _field("pageInfo", *map(_field, _PAGE_FIELDS))))


def _selected(selections: SelectionSetNode | None, name: str) -> FieldNode | None:
    for each in selections.selections if selections is not None else ():
        if isinstance(each, FieldNode) and each.name.value == name:
            return each
    return None


def _argument(name: str) -> ArgumentNode:
    return ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=name)))


def _field(name: str, *selections: Any) -> FieldNode:  # noqa: ANN401  any selections
    return FieldNode(
        alias=None,
        name=NameNode(value=name),
        arguments=(),
        directives=(),
        selection_set=_set(*selections) if selections else None,
    )


def _set(*selections: Any) -> SelectionSetNode:  # noqa: ANN401  any selections
    return SelectionSetNode(selections=tuple(selections))


def _with(node: FieldNode, arguments: list[ArgumentNode], selections: SelectionSetNode) -> FieldNode:
    return FieldNode(
        alias=node.alias,
        name=node.name,
        arguments=tuple(arguments),
        directives=node.directives,
        selection_set=selections,
    )
