"""Leaves out of a document what it marks as optional and a tenant's schema does not have."""

from typing import Final

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.language import REMOVE

__all__ = ["is_optional", "without_optional"]

_OPTIONAL: Final = "optional"


def without_optional(
    document: DocumentNode, schema: GraphQLSchema, unused: frozenset[str] = frozenset()
) -> tuple[DocumentNode, tuple[str, ...]]:
    """Take ``@optional`` off what the schema has, and away what it has not.

    Args:
        document: with one operation and its fragments.
        schema: the tenant's.
        unused: optional variables for which nobody here has a value.

    Returns:
        The document, and the names that were left out because the schema lacks them.
    """
    left_out = _LeaveOutOptional(TypeInfo(schema), unused)
    found: DocumentNode = visit(document, TypeInfoVisitor(left_out.type_info, left_out))
    return found, tuple(dict.fromkeys(left_out.names))


class _LeaveOutOptional(Visitor):
    """Takes ``@optional`` off what the schema has, and away what it has not."""

    def __init__(self, type_info: TypeInfo, unused: frozenset[str]) -> None:
        super().__init__()
        self.type_info = type_info
        self.names: list[str] = []
        self._unused = unused
        self._optional_variables: frozenset[str] = frozenset()

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> object:
        self._optional_variables = frozenset(
            definition.variable.name.value
            for definition in node.variable_definitions or ()
            if is_optional(definition)
        )
        return None

    def leave_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> object:
        return OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=node.variable_definitions,
            directives=_kept(node),
            selection_set=node.selection_set,
        )

    def enter_field(self, node: FieldNode, *_args: object) -> object:
        if not is_optional(node):
            return None
        parent = self.type_info.get_parent_type()
        name = node.name.value
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and name not in parent.fields:
            if _other_name(node) not in parent.fields:
                self.names.append(f"{parent.name}.{name}")
            return REMOVE
        return None

    def leave_field(self, node: FieldNode, *_args: object) -> object:
        if not is_optional(node):
            return None
        if node.selection_set is not None and not node.selection_set.selections:
            return REMOVE
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=_kept(node),
            selection_set=node.selection_set,
        )

    def enter_argument(self, node: ArgumentNode, *_args: object) -> object:
        field = self.type_info.get_field_def()
        parent = self.type_info.get_parent_type()
        variables = self._optional_ones(node)
        if field is None or parent is None or not variables:
            return None
        if variables <= self._unused:
            return REMOVE
        if node.name.value in field.args:
            return None
        self.names.append(f"{parent.name}.{_name_of(parent, field)}({node.name.value})")
        return REMOVE

    def enter_object_field(self, node: ObjectFieldNode, *_args: object) -> object:
        parent = get_named_type(self.type_info.get_parent_input_type())
        variables = self._optional_ones(node)
        if not isinstance(parent, GraphQLInputObjectType) or not variables:
            return None
        if variables <= self._unused:
            return REMOVE
        if node.name.value in parent.fields:
            return None
        self.names.append(f"{parent.name}.{node.name.value}")
        return REMOVE

    def leave_variable_definition(self, node: VariableDefinitionNode, *_args: object) -> object:
        return VariableDefinitionNode(
            variable=node.variable,
            type=node.type,
            default_value=node.default_value,
            directives=(),
        )

    def _optional_ones(self, node: ArgumentNode | ObjectFieldNode) -> set[str]:
        """Return the variables of this value where every one may be left out, else none."""
        used = _Variables()
        visit(node.value, used)
        return used.names if used.names <= self._optional_variables else set()


class _Variables(Visitor):
    """Collects the names of the variables in a value."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_args: object) -> None:
        self.names.add(node.name.value)


def is_optional(node: Node) -> bool:
    """Return whether a part of a document may be left out."""
    return any(directive.name.value == _OPTIONAL for directive in getattr(node, "directives", None) or ())


def _other_name(node: FieldNode) -> str | None:
    """Return the field that tells the same as this one, as ``@optional(or: "name")`` says."""
    values = [
        argument.value.value
        for directive in node.directives or ()
        if directive.name.value == _OPTIONAL
        for argument in directive.arguments or ()
        if argument.name.value == "or" and isinstance(argument.value, StringValueNode)
    ]
    return values[0] if values else None


def _kept(node: Node) -> tuple[DirectiveNode, ...]:
    return tuple(kept for kept in getattr(node, "directives", None) or () if kept.name.value != _OPTIONAL)


def _name_of(parent: GraphQLCompositeType, field: GraphQLField) -> str:
    fields = getattr(parent, "fields", {})
    return next((name for name, each in fields.items() if each is field), "?")
