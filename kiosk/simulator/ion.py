"""The simulated ION without its HTTP: GraphQL text in, the answer's status and body out."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
    parse,
    validate,
)

from kiosk.simulator.refusals import ErrorCode
from kiosk.simulator.resolvers.mutations import resolve_mutation
from kiosk.simulator.resolvers.objects import resolve_field
from kiosk.simulator.resolvers.queries import resolve_query
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import User
from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.schema import Dialect, build
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World

__all__ = ["Answer", "Ion", "Question", "root_fields"]

_MAX_TOKENS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """A GraphQL request as it came in."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the JSON body that goes with it."""

    status: int
    body: dict[str, Any]


class Ion:
    """Answers questions about one world, one at a time."""

    def __init__(self, world: World, *, dialect: Dialect = "both", switches: Switches | None = None) -> None:
        self.world = world
        self.dialect: Dialect = dialect
        self.switches = switches or Switches()
        self.lock = RLock()
        """Whoever reads or changes the world from another thread holds it."""
        self._schema: GraphQLSchema = build(dialect)

    def ask(self, question: Question, user: User) -> Answer:
        """Answer one request; what is malformed changes nothing and gets a 400."""
        try:
            document = _parse(question.query)
            errors = validate(self._schema, document)
        except (GraphQLError, RecursionError) as exc:
            errors = [
                exc if isinstance(exc, GraphQLError) else GraphQLError("Syntax Error: nested too deeply.")
            ]
        if errors:
            return Answer(400, {"errors": [error.formatted for error in errors]})
        with self.lock:
            result = execute_sync(
                self._schema,
                document,
                context_value=Request(Desk(self.world, user, self.switches), self.dialect),
                variable_values=dict(question.variables or {}),
                operation_name=question.operation_name,
                field_resolver=_resolve,
            )
        return self._answer(result)

    def _answer(self, result: ExecutionResult) -> Answer:
        errors = result.errors or []
        if any(error.path is None for error in errors):
            # Without a path an error came before any field was resolved: a wrong variable, no such operation.
            return Answer(400, {"errors": [error.formatted for error in errors]})
        status = 200
        if errors and self.switches.errors_as_http_status:
            code = (errors[0].extensions or {}).get("code")
            status = ErrorCode(code).http_status if code else 500
        return Answer(status, dict(result.formatted))


def root_fields(question: Question) -> frozenset[str]:
    """Return the names of the root fields a request asks for; none if it cannot be read."""
    try:
        document = _parse(question.query)
    except (GraphQLError, RecursionError):
        return frozenset()
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    names: set[str] = set()
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            _collect(node.selection_set, fragments, names, set())
    return frozenset(names)


def _collect(
    selections: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    names: set[str],
    seen: set[str],
) -> None:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            names.add(node.name.value)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, names, seen)
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in fragments and name not in seen:
                seen.add(name)
                _collect(fragments[name].selection_set, fragments, names, seen)


def _parse(query: str) -> DocumentNode:
    return parse(query, max_tokens=_MAX_TOKENS)


def _resolve(source: Any, info: "GraphQLResolveInfo[Request]", **arguments: Any) -> object:  # noqa: ANN401  any row
    request = info.context
    if info.parent_type is info.schema.query_type:
        return resolve_query(info.field_name, request, arguments)
    if info.parent_type is info.schema.mutation_type:
        return resolve_mutation(info.field_name, request.desk, arguments)
    return resolve_field(source, info.parent_type.name, info.field_name, request)
