"""Which fragments an operation needs: its own, and those that these need in turn."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

__all__ = ["needed_by", "variables_in", "variables_of"]


def needed_by(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[FragmentDefinitionNode, ...]:
    """Return the fragments that an operation uses, directly or through others; one that is not there is left.

    Args:
        operation: one operation.
        fragments: all there are, by name.
    """
    found: dict[str, FragmentDefinitionNode] = {}
    waiting = list(_spreads(operation))
    while waiting:
        name = waiting.pop()
        if name not in found and name in fragments:
            found[name] = fragments[name]
            waiting += _spreads(fragments[name])
    return tuple(fragment for name, fragment in fragments.items() if name in found)


@lru_cache(maxsize=1024)
def _spreads(node: OperationDefinitionNode | FragmentDefinitionNode) -> frozenset[str]:
    return frozenset(_spread_names(node.selection_set))


def _spread_names(selections: SelectionSetNode | None) -> Iterable[str]:
    for each in selections.selections if selections is not None else ():
        if isinstance(each, FragmentSpreadNode):
            yield each.name.value
        elif isinstance(each, FieldNode | InlineFragmentNode):
            yield from _spread_names(each.selection_set)


@lru_cache(maxsize=1024)
def variables_in(fragment: FragmentDefinitionNode) -> frozenset[str]:
    """Return the variables that a fragment uses itself."""
    return frozenset(_used_in(fragment.selection_set))


def _used_in(selections: SelectionSetNode | None) -> Iterable[str]:
    for each in selections.selections if selections is not None else ():
        if isinstance(each, FieldNode | InlineFragmentNode):
            yield from _used_in(each.selection_set)
        for owner in (each, *(each.directives or ())):
            for argument in getattr(owner, "arguments", None) or ():
                yield from variables_of(argument.value)


def variables_of(value: ValueNode) -> frozenset[str]:
    """Return the variables in a value."""
    if isinstance(value, VariableNode):
        return frozenset({value.name.value})
    inner = [
        *(getattr(value, "values", None) or ()),
        *(each.value for each in getattr(value, "fields", None) or ()),
    ]
    return frozenset().union(*map(variables_of, inner)) if inner else frozenset()
