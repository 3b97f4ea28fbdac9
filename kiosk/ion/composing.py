"""Makes one GraphQL document out of several, and several list items out of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    ListValueNode,
    NameNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)

from kiosk.ion.documents import Call, operation_of

__all__ = ["Merged", "merge", "repeat_item"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Several questions in one document; the answers come apart again by their prefixes."""

    text: str
    calls: tuple[Call, ...]

    def encode(self, values: Sequence[Mapping[str, object]]) -> dict[str, Any]:
        """Return the variables of all questions together.

        Raises:
            NotEncodable: a value does not fit its variable's type.
        """
        return {
            f"{_prefix(index)}{name}": value
            for index, (call, given) in enumerate(zip(self.calls, values, strict=True))
            for name, value in call.encode(given).items()
        }

    def split(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return each question's own data."""
        return [
            {
                key.removeprefix(_prefix(index)): value
                for key, value in data.items()
                if key.startswith(_prefix(index))
            }
            for index in range(len(self.calls))
        ]


def merge(calls: Sequence[Call]) -> Merged | None:
    """Return one document that asks what ``calls`` ask, or ``None`` where their shape does not allow it.

    Root fields are aliased and variables renamed with a prefix per question; equal fragments are shared.
    """
    definitions: list[VariableDefinitionNode] = []
    fields: list[FieldNode] = []
    fragments: dict[str, FragmentDefinitionNode] = {}
    for index, call in enumerate(calls):
        prefix = _prefix(index)
        document: DocumentNode = visit(call.document, _Rename(prefix, _clashes(call, fragments, prefix)))
        operation = operation_of(document)
        roots = operation.selection_set.selections
        if call.is_mutation or not all(isinstance(root, FieldNode) for root in roots):
            return None
        definitions += operation.variable_definitions or ()
        fields += [_aliased(root, prefix) for root in roots if isinstance(root, FieldNode)]
        fragments |= {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
    query = OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=NameNode(value="Scan"),
        variable_definitions=tuple(definitions),
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(fields)),
    )
    whole = DocumentNode(definitions=(query, *fragments.values()))
    return Merged(print_ast(whole), tuple(calls))


def repeat_item(call: Call, items: Sequence[Mapping[str, object]]) -> tuple[Call, dict[str, object]]:
    """Write out a call's list item once for each of ``items``.

    Args:
        call: a call in which one list holds one object made of variables.
        items: the values that differ from item to item, by variable.

    Returns:
        The call with an own variable per item and name (``serial_0``, ``serial_1`` ...), and their values.
    """
    names = set(items[0])
    document: DocumentNode = visit(call.document, _RepeatItem(len(items), names))
    variables = {
        numbered: kind
        for name, kind in call.variables.items()
        for numbered in (_numbered(name, len(items)) if name in names else [name])
    }
    values = {f"{name}_{index}": value for index, item in enumerate(items) for name, value in item.items()}
    return replace(call, text=print_ast(document), variables=variables, document=document), values


def _prefix(index: int) -> str:
    return f"q{index}_"


def _numbered(name: str, count: int) -> list[str]:
    return [f"{name}_{index}" for index in range(count)]


def _aliased(root: FieldNode, prefix: str) -> FieldNode:
    key = root.alias or root.name
    return FieldNode(
        alias=NameNode(value=prefix + key.value),
        name=root.name,
        arguments=root.arguments,
        directives=root.directives,
        selection_set=root.selection_set,
    )


def _clashes(call: Call, taken: Mapping[str, FragmentDefinitionNode], prefix: str) -> dict[str, str]:
    """Return new names for fragments that another question already has with other contents.

    A fragment that spreads a renamed one differs too, so where one clashes all of the call's are renamed.
    """
    own = [node for node in call.document.definitions if isinstance(node, FragmentDefinitionNode)]
    differs = any(
        node.name.value in taken and print_ast(taken[node.name.value]) != print_ast(node) for node in own
    )
    return {node.name.value: prefix + node.name.value for node in own} if differs else {}


class _Rename(Visitor):
    def __init__(self, prefix: str, fragments: Mapping[str, str]) -> None:
        super().__init__()
        self._prefix = prefix
        self._fragments = fragments

    def leave_variable(self, node: VariableNode, *_args: object) -> VariableNode:
        return VariableNode(name=NameNode(value=self._prefix + node.name.value))

    def leave_fragment_spread(self, node: FragmentSpreadNode, *_args: object) -> FragmentSpreadNode | None:
        name = self._fragments.get(node.name.value)
        return FragmentSpreadNode(name=NameNode(value=name), directives=node.directives) if name else None

    def leave_fragment_definition(
        self, node: FragmentDefinitionNode, *_args: object
    ) -> FragmentDefinitionNode | None:
        name = self._fragments.get(node.name.value)
        if name is None:
            return None
        return FragmentDefinitionNode(
            name=NameNode(value=name),
            type_condition=node.type_condition,
            directives=node.directives,
            selection_set=node.selection_set,
            variable_definitions=(),
        )


class _RepeatItem(Visitor):
    def __init__(self, count: int, names: set[str]) -> None:
        super().__init__()
        self._count = count
        self._names = names

    def leave_list_value(self, node: ListValueNode, *_args: object) -> ListValueNode | None:
        if len(node.values) != 1 or not isinstance(node.values[0], ObjectValueNode):
            return None
        (item,) = node.values
        return ListValueNode(
            values=tuple(visit(item, _Number(index, self._names)) for index in range(self._count))
        )

    def leave_operation_definition(
        self, node: OperationDefinitionNode, *_args: object
    ) -> OperationDefinitionNode:
        definitions: list[VariableDefinitionNode] = []
        for definition in node.variable_definitions or ():
            if definition.variable.name.value in self._names:
                definitions += [
                    visit(definition, _Number(index, self._names)) for index in range(self._count)
                ]
            else:
                definitions.append(definition)
        return OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=tuple(definitions),
            directives=node.directives,
            selection_set=node.selection_set,
        )


class _Number(Visitor):
    def __init__(self, index: int, names: set[str]) -> None:
        super().__init__()
        self._index = index
        self._names = names

    def leave_variable(self, node: VariableNode, *_args: object) -> VariableNode | None:
        name = node.name.value
        return VariableNode(name=NameNode(value=f"{name}_{self._index}")) if name in self._names else None
