"""Fits the kiosk's GraphQL documents to the schema a tenant really has.

A document names its variables' types for readers; what is sent carries the types that the tenant's schema
expects where each variable stands (``ID!`` or ``Int!``, a string filter or an enum filter). What is marked
``@optional`` is left out where the schema has none of that name: a field; a variable, together with the
argument or the input field that it stands for; a whole operation. ``@optional(or: "name")`` says which other
field tells the same, so that only one of them need be there. The directive itself is never sent.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FieldsOnCorrectTypeRule,
    FragmentDefinitionNode,
    FragmentsOnCompositeTypesRule,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    TypeInfo,
    TypeInfoVisitor,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    Visitor,
    parse,
    parse_type,
    print_ast,
    validate,
    visit,
)
from graphql.language import REMOVE, SKIP

from kiosk.ion.fragments import needed_by, variables_in
from kiosk.ion.optional_parts import is_optional, optional_variables, without_optional
from kiosk.ion.variables import encode

__all__ = ["RULES_OF_SCHEMA", "Call", "Fit", "fit", "operation_of", "read_documents"]

PAGE_VARIABLES: Final = frozenset({"first", "after", "limit"})
"""What turns pages; a list of another shape than the document's needs others than it declares."""
_MISSING: Final = (
    (re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"), r"\2.\1"),
    (re.compile(r"Unknown argument '(\w+)' on field '([\w.]+)'"), r"\2(\1)"),
    (re.compile(r"Field '(\w+)' is not defined by type '(\w+)'"), r"\2.\1"),
    (re.compile(r"value of type '(\w+)' not to include unknown field '(\w+)'"), r"\1.\2"),
    (re.compile(r"Unknown type '(\w+)'"), r"type \1"),
)
"""How graphql-core (3.2 and 3.3) words what a schema does not have."""


RULES_OF_SCHEMA: Final[tuple[type[ASTValidationRule], ...]] = (
    KnownTypeNamesRule,
    FragmentsOnCompositeTypesRule,
    VariablesAreInputTypesRule,
    ScalarLeafsRule,
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    ValuesOfCorrectTypeRule,
    ProvidedRequiredArgumentsRule,
    VariablesInAllowedPositionRule,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
)
"""Those of GraphQL's rules that depend on the schema: enough for a document that keeps all others."""


@dataclass(frozen=True, slots=True)
class Call:
    """One GraphQL operation as a tenant's schema wants it."""

    name: str
    are_words_lower: bool
    """Whether ION's own words are written small where the schema says only that they are text."""
    text: str
    is_mutation: bool
    variables: Mapping[str, GraphQLInputType]
    document: DocumentNode = field(repr=False, compare=False)

    @property
    def permission(self) -> str:
        """Return ION's permission for a mutation, which has its name in PascalCase; empty for a query."""
        root = operation_of(self.document).selection_set.selections[0] if self.is_mutation else None
        name = root.name.value if isinstance(root, FieldNode) else ""
        return name[:1].upper() + name[1:]

    def encode(self, values: Mapping[str, object]) -> dict[str, Any]:
        """Return the JSON values of this call's variables; values it has no variable for are left out.

        Raises:
            NotEncodable: a value does not fit the type its variable has in this schema.
        """
        return {
            name: encode(name, values[name], kind, is_lower=self.are_words_lower)
            for name, kind in self.variables.items()
            if values.get(name) is not None
        }


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of fitting one document: a call, or the names that the schema lacks."""

    call: Call | None
    missing: tuple[str, ...]
    """Fields, arguments and types; beside a call: the optional fields that were left out."""


def read_documents(text: str, *shared: str) -> dict[str, DocumentNode]:
    """Return the operations of a file by name, each with the fragments it uses.

    Args:
        text: the file.
        shared: texts with fragments that the file may use; of the same name the first one wins, its own
            before all.

    Raises:
        GraphQLSyntaxError: it is not GraphQL.
        ValueError: an operation has no name.
    """
    own = _parsed(text)
    fragments: dict[str, FragmentDefinitionNode] = {}
    for each in (text, *shared):
        for node in _parsed(each).definitions:
            if isinstance(node, FragmentDefinitionNode):
                fragments.setdefault(node.name.value, node)
    documents: dict[str, DocumentNode] = {}
    for node in own.definitions:
        if isinstance(node, OperationDefinitionNode):
            if node.name is None:
                raise ValueError("every operation of a document must have a name")
            documents[node.name.value] = DocumentNode(definitions=(node, *needed_by(node, fragments)))
    return documents


@lru_cache(maxsize=256)
def _parsed(text: str) -> DocumentNode:
    return parse(text, no_location=True)


def fit(
    document: DocumentNode,
    schema: GraphQLSchema,
    *,
    dialect: str,
    unused: frozenset[str] = frozenset(),
    rules: Collection[type[ASTValidationRule]] | None = None,
) -> Fit:
    """Adapt a document with one operation to ``schema`` and check it.

    Args:
        document: the operation and its fragments.
        schema: what the tenant offers.
        dialect: whose customs ION's words follow where the schema has no enum to go by.
        unused: optional variables for which nobody here has a value; they are left out silently.
        rules: what is checked; all of GraphQL's rules, unless the document is known to keep the others.
    """
    lacking = _missing_roots(document, schema)
    if lacking:
        return Fit(None, lacking)
    adapted, left_out = _adapted(document, schema, unused)
    uses = _VariableUses(TypeInfo(schema))
    for node in adapted.definitions:
        if not isinstance(node, FragmentDefinitionNode) or variables_in(node):
            visit(node, TypeInfoVisitor(uses.type_info, uses))
    declared_anew = visit(operation_of(adapted), _Declare(uses.found, uses.names))
    adapted = DocumentNode(definitions=(declared_anew, *adapted.definitions[1:]))
    faults = validate(schema, adapted, rules)
    if faults:
        return Fit(None, _missing(faults))
    operation = operation_of(adapted)
    declared = {node.variable.name.value for node in operation.variable_definitions or ()}
    call = Call(
        name=operation.name.value if operation.name is not None else "",
        are_words_lower=_are_words_lower(schema, dialect),
        text=print_ast(adapted),
        is_mutation=operation.operation is OperationType.MUTATION,
        variables={variable: kind for variable, kind in uses.found.items() if variable in declared},
        document=adapted,
    )
    return Fit(call, left_out)


def _adapted(
    document: DocumentNode, schema: GraphQLSchema, unused: frozenset[str]
) -> tuple[DocumentNode, tuple[str, ...]]:
    """Return a document in the shapes of a schema, its operation first, and what was left out of it."""
    operation, missing = without_optional(operation_of(document), schema, unused=unused)
    optional = optional_variables(operation_of(document))
    fragments: dict[str, FragmentDefinitionNode] = {}
    missing_in: dict[str, tuple[str, ...]] = {}
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            name = node.name.value
            # What a fragment without variables becomes is the same for every operation of this schema.
            fragments[name], missing_in[name] = (
                without_optional(node, schema, unused=unused, optional=optional)
                if variables_in(node)
                else _adapted_fragment(node, schema)
            )
    needed = needed_by(operation, fragments)
    left_out = dict.fromkeys([*missing, *(name for each in needed for name in missing_in[each.name.value])])
    return DocumentNode(definitions=(operation, *needed)), tuple(left_out)


@lru_cache(maxsize=512)
def _adapted_fragment(
    fragment: FragmentDefinitionNode, schema: GraphQLSchema
) -> tuple[FragmentDefinitionNode, tuple[str, ...]]:
    return without_optional(fragment, schema)


def operation_of(document: DocumentNode) -> OperationDefinitionNode:
    """Return the one operation of a document."""
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return operation


def _missing_roots(document: DocumentNode, schema: GraphQLSchema) -> tuple[str, ...]:
    """Return the questions or changes of which this schema knows nothing at all."""
    operation = operation_of(document)
    is_mutation = operation.operation is OperationType.MUTATION
    root = schema.mutation_type if is_mutation else schema.query_type
    offered = root.fields if root is not None else {}
    name = root.name if root is not None else "Mutation" if is_mutation else "Query"
    return tuple(
        f"{name}.{field.name.value}"
        for field in operation.selection_set.selections
        if isinstance(field, FieldNode)
        and field.name.value not in offered
        and not field.name.value.startswith("__")
        and not is_optional(field)
    )


def _missing(faults: list[GraphQLError]) -> tuple[str, ...]:
    """Return the names that the schema lacks; where that is not the trouble, what is wrong in words."""
    messages = [fault.message for fault in faults]
    names = [
        found.expand(name)
        for message in messages
        for pattern, name in _MISSING
        if (found := pattern.search(message))
    ]
    return tuple(dict.fromkeys(names or messages))


@lru_cache(maxsize=8)
def _are_words_lower(schema: GraphQLSchema, dialect: str) -> bool:
    """Return whether the schema writes its words small; what it writes in enums it writes in texts."""
    words = [
        str(word)
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
        for word in kind.values
    ]
    small = sum(word.islower() for word in words)
    large = sum(word.isupper() for word in words)
    return small > large if words else dialect == "documented-2026"


class _VariableUses(Visitor):
    """Collects the type that the schema expects where each variable stands."""

    def __init__(self, type_info: TypeInfo) -> None:
        super().__init__()
        self.type_info = type_info
        self.found: dict[str, GraphQLInputType] = {}
        self.names: set[str] = set()

    def enter_variable_definition(self, _node: VariableDefinitionNode, *_args: object) -> object:
        return SKIP

    def enter_variable(self, node: VariableNode, *_args: object) -> None:
        self.names.add(node.name.value)
        kind = self.type_info.get_input_type()
        if kind is not None and not isinstance(self.found.get(node.name.value), GraphQLNonNull):
            self.found[node.name.value] = kind


class _Declare(Visitor):
    """Declares every variable with the type that was found, new ones too, and drops those no longer used."""

    def __init__(self, found: Mapping[str, GraphQLInputType], used: set[str]) -> None:
        super().__init__()
        self._found = found
        self._used = used

    def leave_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> object:
        declared = {each.variable.name.value for each in node.variable_definitions or ()}
        new = [
            VariableDefinitionNode(
                variable=VariableNode(name=NameNode(value=name)),
                type=parse_type(str(self._found[name]), no_location=True),
                default_value=None,
                directives=(),
            )
            for name in sorted(self._used & PAGE_VARIABLES - declared)
            if name in self._found
        ]
        return OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=(*(node.variable_definitions or ()), *new),
            directives=node.directives,
            selection_set=node.selection_set,
        )

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: object) -> object:
        name = node.variable.name.value
        kind = self._found.get(name)
        if kind is None:
            return None if name in self._used else REMOVE
        wanted = str(kind)
        if isinstance(node.type, NonNullTypeNode) and not wanted.endswith("!"):
            wanted += "!"
        return VariableDefinitionNode(
            variable=node.variable,
            type=parse_type(wanted, no_location=True),
            default_value=node.default_value,
            directives=node.directives,
        )
