"""The schema's files as one document, with what is abbreviated in them written out."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final, Literal, TypeVar, cast

from graphql import (
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    Node,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    TypeNode,
    Visitor,
    parse,
    visit,
)

__all__ = ["MARK", "EnumCase", "IdType", "read_schema", "with_enum_case", "with_id_type"]

EnumCase = Literal["upper", "lower"]
IdType = Literal["ID", "Int"]

MARK: Final = "Invented for the simulator: ION's own is not public."
"""Stands in the description of everything that ION's public pages do not name."""

AnyNode = TypeVar("AnyNode", bound=Node)
Definition = TypeVar("Definition", FieldDefinitionNode, InputValueDefinitionNode)

_INVENTED: Final = "invented"
_CONNECTION: Final = "Connection"
_PAGE: Final = "first: Int, last: Int, after: String, before: String"
_ID_ENDINGS: Final = ("Id", "Ids")


def read_schema(folders: Iterable[str]) -> DocumentNode:
    """Return everything in these folders: connections written out, ``@invented`` as a description."""
    package = files(__package__)
    texts = [
        file.read_text("utf-8")
        for folder in folders
        for file in sorted(package.joinpath(folder).iterdir(), key=lambda each: each.name)
        if file.name.endswith(".graphql")
    ]
    paged = _Connections()
    document = _visited(parse("\n".join(texts), no_location=True), paged)
    known = {node.name.value for node in document.definitions if isinstance(node, ObjectTypeDefinitionNode)}
    made = "".join(_connection(name) for name in sorted(paged.nodes) if f"{name}{_CONNECTION}" not in known)
    added = parse(made, no_location=True).definitions if made else ()
    return _visited(DocumentNode(definitions=(*document.definitions, *added)), _Marks())


def with_enum_case(document: DocumentNode, case: EnumCase) -> DocumentNode:
    """Return the document with its enum values in upper or in lower case."""
    return _visited(document, _EnumCase(case))


def with_id_type(document: DocumentNode, kind: IdType) -> DocumentNode:
    """Return the document with every id of the given type, as output and as input."""
    return _visited(document, _Ids(kind))


def _visited(document: DocumentNode, visitor: Visitor) -> DocumentNode:
    return cast(DocumentNode, visit(document, visitor))


def _connection(name: str) -> str:
    return (
        f"type {name}{_CONNECTION} {{ edges: [{name}Edge!]! pageInfo: PageInfo! }}\n"
        f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
    )


class _Connections(Visitor):
    """Gives the arguments of a page to every field that returns a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: set[str] = set()

    def leave_field_definition(self, node: FieldDefinitionNode, *_args: object) -> FieldDefinitionNode:
        name = _named(node.type)
        if not name.endswith(_CONNECTION):
            return node
        self.nodes.add(name.removesuffix(_CONNECTION))
        page = parse(f"type T {{ f({_PAGE}): Int }}", no_location=True).definitions[0]
        arguments: Any = page.fields[0].arguments  # type: ignore[attr-defined]
        return _changed(node, arguments=(*(node.arguments or ()), *arguments))


class _Marks(Visitor):
    """Turns the directive ``@invented`` into words that introspection shows."""

    def leave(self, node: Node, *_args: object) -> Node:
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


class _EnumCase(Visitor):
    def __init__(self, case: EnumCase) -> None:
        super().__init__()
        self._case = case

    def leave_enum_value_definition(
        self, node: EnumValueDefinitionNode, *_args: object
    ) -> EnumValueDefinitionNode:
        name = node.name.value
        return _changed(node, name=NameNode(value=name.upper() if self._case == "upper" else name.lower()))


class _Ids(Visitor):
    def __init__(self, kind: IdType) -> None:
        super().__init__()
        self._kind = kind

    def leave_field_definition(self, node: FieldDefinitionNode, *_args: object) -> FieldDefinitionNode:
        return self._with_kind(node)

    def leave_input_value_definition(
        self, node: InputValueDefinitionNode, *_args: object
    ) -> InputValueDefinitionNode:
        return self._with_kind(node)

    def _with_kind(self, node: Definition) -> Definition:
        name = node.name.value
        is_id = _named(node.type) == "ID" or (
            _named(node.type) == "Int" and (name == "id" or name.endswith(_ID_ENDINGS))
        )
        return _changed(node, type=_retyped(node.type, self._kind)) if is_id else node


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
