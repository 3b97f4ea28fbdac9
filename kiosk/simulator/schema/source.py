"""The schema's files as one document, with what is abbreviated in them written out."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    Node,
    NonNullTypeNode,
    StringValueNode,
    TypeNode,
    parse,
)

__all__ = ["MARK", "EnumCase", "IdType", "fields_of", "read_schema", "with_enum_case", "with_id_type"]

EnumCase = Literal["upper", "lower"]
IdType = Literal["ID", "Int"]

MARK: Final = "Invented for the simulator: ION's own is not public."
"""Stands in the description of everything that ION's public pages do not name."""

AnyNode = TypeVar("AnyNode", bound=Node)

_INVENTED: Final = "invented"
_CONNECTION: Final = "Connection"
_PAGE: Final = "first: Int, last: Int, after: String, before: String"
_ID_ENDINGS: Final = ("Id", "Ids")
_PARTS: Final = ("fields", "values", "arguments")
"""Where a definition keeps the definitions inside it: of fields, of enum values, of arguments."""


def read_schema(folders: Iterable[str]) -> DocumentNode:
    """Return everything in these folders: connections written out, ``@invented`` as a description."""
    definitions = [_changed_all(node, _with_mark) for node in _definitions(folders)]
    listed: dict[str, None] = {}

    def paged(node: Node) -> Node:
        name = _named(node.type) if isinstance(node, FieldDefinitionNode) else ""
        if not name.endswith(_CONNECTION) or not isinstance(node, FieldDefinitionNode):
            return node
        listed[name.removesuffix(_CONNECTION)] = None
        return _changed(node, arguments=(*(node.arguments or ()), *_page_arguments()))

    definitions = [_changed_all(node, paged) for node in definitions]
    made = "".join(map(_connection, sorted(listed)))
    added = parse(made, no_location=True).definitions if made else ()
    return DocumentNode(definitions=(*definitions, *added))


def fields_of(type_name: str, folders: Iterable[str]) -> frozenset[str]:
    """Return the names of a type's fields, wherever in these folders it is extended."""
    return frozenset(
        field.name.value
        for node in _definitions(folders)
        if getattr(node, "name", None) is not None and node.name.value == type_name  # type: ignore[attr-defined]
        for field in getattr(node, "fields", None) or ()
    )


def with_enum_case(document: DocumentNode, case: EnumCase) -> DocumentNode:
    """Return the document with its enum values in upper or in lower case."""

    def written(node: Node) -> Node:
        if not isinstance(node, EnumValueDefinitionNode):
            return node
        name = node.name.value
        return _changed(node, name=NameNode(value=name.upper() if case == "upper" else name.lower()))

    return DocumentNode(definitions=tuple(_changed_all(node, written) for node in document.definitions))


def with_id_type(document: DocumentNode, kind: IdType) -> DocumentNode:
    """Return the document with every id of the given type, as output and as input."""

    def typed(node: Node) -> Node:
        if not isinstance(node, FieldDefinitionNode | InputValueDefinitionNode):
            return node
        name, named = node.name.value, _named(node.type)
        is_id = named == "ID" or (named == "Int" and (name == "id" or name.endswith(_ID_ENDINGS)))
        return _changed(node, type=_retyped(node.type, kind)) if is_id else node

    return DocumentNode(definitions=tuple(_changed_all(node, typed) for node in document.definitions))


def _definitions(folders: Iterable[str]) -> Sequence[DefinitionNode]:
    return [definition for folder in folders for definition in _definitions_in(folder)]


@cache
def _definitions_in(folder: str) -> Sequence[DefinitionNode]:
    found = sorted(files(__package__).joinpath(folder).iterdir(), key=lambda file: file.name)
    texts = [file.read_text("utf-8") for file in found if file.name.endswith(".graphql")]
    return parse("\n".join(texts), no_location=True).definitions


def _connection(name: str) -> str:
    return (
        f"type {name}{_CONNECTION} {{ edges: [{name}Edge!]! pageInfo: PageInfo! }}\n"
        f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
    )


@cache
def _page_arguments() -> Any:  # noqa: ANN401  the definitions of arguments
    page = parse(f"type T {{ f({_PAGE}): Int }}", no_location=True).definitions[0]
    return page.fields[0].arguments  # type: ignore[attr-defined]


def _with_mark(node: AnyNode) -> AnyNode:
    """Turn the directive ``@invented`` into words that introspection shows."""
    directives = getattr(node, "directives", None) or ()
    if all(each.name.value != _INVENTED for each in directives):
        return node
    described = getattr(node, "description", None)
    words = [] if described is None else [described.value]
    return _changed(
        node,
        description=StringValueNode(value=" ".join([*words, MARK]), block=False),
        directives=tuple(each for each in directives if each.name.value != _INVENTED),
    )


def _changed_all(node: AnyNode, change: Callable[[Any], Any]) -> AnyNode:
    """Return a definition with everything that is defined in it, and itself, changed."""
    inner: dict[str, object] = {}
    for name in _PARTS:
        before = getattr(node, name, None) or ()
        after = tuple(_changed_all(each, change) for each in before)
        if any(new is not old for new, old in zip(after, before, strict=True)):
            inner[name] = after
    changed: AnyNode = change(_changed(node, **inner) if inner else node)
    return changed


def _named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return node.name.value if isinstance(node, NamedTypeNode) else ""


def _retyped(node: TypeNode, name: str) -> TypeNode:
    if isinstance(node, ListTypeNode | NonNullTypeNode):
        return _changed(node, type=_retyped(node.type, name))
    return NamedTypeNode(name=NameNode(value=name))


def _changed(node: AnyNode, **changes: object) -> AnyNode:
    """Return a copy of a node with some of its parts changed."""
    parts = {key: getattr(node, key) for key in node.keys if hasattr(node, key)}
    return type(node)(**(parts | changes))
