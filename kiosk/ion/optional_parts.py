"""Leaves out of a document what it marks as optional and a tenant's schema does not have."""

from typing import Final, TypeVar

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
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
    Visitor,
    get_named_type,
    visit,
)
from graphql.language import REMOVE

from kiosk.ion.fragments import variables_of
from kiosk.ion.list_shapes import with_list_of

__all__ = ["is_optional", "optional_variables", "without_optional"]

_OPTIONAL: Final = "optional"
Part = TypeVar("Part", OperationDefinitionNode, FragmentDefinitionNode)


def without_optional(
    part: Part,
    schema: GraphQLSchema,
    *,
    unused: frozenset[str] = frozenset(),
    optional: frozenset[str] | None = None,
) -> tuple[Part, tuple[str, ...]]:
    """Give lists the shape of the schema, take ``@optional`` off what it has, and away what it has not.

    Args:
        part: an operation or a fragment.
        schema: the tenant's.
        unused: optional variables for which nobody here has a value.
        optional: the variables that may be left out; an operation says so itself.

    Returns:
        The part, and the names that were left out because the schema lacks them.
    """
    if isinstance(part, OperationDefinitionNode):
        optional = optional_variables(part)
    left_out = _LeaveOutOptional(TypeInfo(schema), unused, optional or frozenset())
    found: Part = visit(part, TypeInfoVisitor(left_out.type_info, left_out))
    return found, tuple(dict.fromkeys(left_out.names))


def optional_variables(operation: OperationDefinitionNode) -> frozenset[str]:
    """Return the variables of an operation that may be left out."""
    return frozenset(
        definition.variable.name.value
        for definition in operation.variable_definitions or ()
        if is_optional(definition)
    )


class _LeaveOutOptional(Visitor):
    """Takes ``@optional`` off what the schema has, and away what it has not."""

    def __init__(self, type_info: TypeInfo, unused: frozenset[str], optional: frozenset[str]) -> None:
        super().__init__()
        self.type_info = type_info
        self.names: list[str] = []
        self._unused = unused
        self._optional = optional

    def leave_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> object:
        return OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=node.variable_definitions,
            directives=_kept(node),
            selection_set=node.selection_set,
        )

    def enter_field(self, node: FieldNode, *_args: object) -> object:
        definition = self.type_info.get_field_def()
        if definition is not None:
            return with_list_of(node, definition)
        parent = self.type_info.get_parent_type()
        if not is_optional(node) or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return None
        if _other_name(node) not in parent.fields:
            self.names.append(f"{parent.name}.{node.name.value}")
        return REMOVE

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

    def _optional_ones(self, node: ArgumentNode | ObjectFieldNode) -> frozenset[str]:
        """Return the variables of this value where every one may be left out, else none."""
        used = variables_of(node.value)
        return used if used <= self._optional else frozenset()


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
