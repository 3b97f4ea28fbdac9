"""The simulated ION without its HTTP: GraphQL text in, the answer's status and body out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
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
    OperationType,
    SelectionSetNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from kiosk.simulator.documents import fitted
from kiosk.simulator.refusals import ErrorCode
from kiosk.simulator.resolvers.mutations import resolve_mutation
from kiosk.simulator.resolvers.objects import resolve_field
from kiosk.simulator.resolvers.queries import resolve_query
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import User
from kiosk.simulator.rules.actions import ask_rules
from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.schema import Dialect, EnumCase, IdType, build
from kiosk.simulator.signing import Signer
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World

__all__ = ["Answer", "Ion", "Question", "only_reads", "root_fields"]

_MAX_TOKENS: Final = 20_000
_INTROSPECTION: Final = frozenset({"__schema", "__type"})
_MOST_UNDERSTOOD: Final = 500
_NOWHERE: Final = "http://ion.invalid"


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


@dataclass(frozen=True, slots=True)
class _Understood:
    """A query, and the schema by which it is to be carried out."""

    schema: GraphQLSchema
    document: DocumentNode
    dialect: Dialect
    errors: tuple[GraphQLError, ...]


class Ion:
    """Answers questions about one world, one at a time."""

    def __init__(self, world: World, *, dialect: Dialect = "both", switches: Switches | None = None) -> None:
        self.world = world
        self.dialect: Dialect = dialect
        self.lock = RLock()
        """Whoever reads or changes the world from another thread holds it."""
        self.signing_key = world.new_hex().encode()
        self.switches = switches or world.switches

    @property
    def switches(self) -> Switches:
        """How the organisation is set, whichever world is served."""
        return self._switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._switches = switches
        self.world.switches = switches
        self._schema: GraphQLSchema = build(self.dialect, switches.enum_case, switches.id_type)
        self._understood: dict[str, _Understood] = {}

    def signer(self, base_url: str) -> Signer:
        """Return who makes and checks the addresses of files below a base."""
        return Signer(base_url, self.signing_key, self.world.clock, self.world.new_hex)

    def ask(
        self,
        question: Question,
        user: User,
        *,
        permissions: Iterable[str] | None = None,
        base_url: str = _NOWHERE,
        stale: bool = False,
    ) -> Answer:
        """Answer one request; what is malformed changes nothing and gets a 400.

        Args:
            question: The request.
            user: Who asks.
            permissions: What the token allows; by itself what the user may.
            base_url: Where uploads and downloads are to go.
            stale: Let a query see the world as it was before the last change.
        """
        read = self._understand(question.query)
        if read.errors:
            return Answer(400, {"errors": [error.formatted for error in read.errors]})
        if not question.variables and root_fields(question) <= _INTROSPECTION:
            switches = self._switches
            return _introspect(
                read.dialect, switches.enum_case, switches.id_type, question.query, question.operation_name
            )
        with self.lock:
            self.world.switches = self._switches
            desk = Desk.of(self._seen_by(read.document, question.operation_name, stale=stale), user)
            if permissions is not None:
                desk = Desk(desk.world, user, frozenset(permissions))
            result = execute_sync(
                read.schema,
                read.document,
                context_value=Request(desk, read.dialect, self.signer(base_url), self._ask_rules),
                variable_values=dict(question.variables or {}),
                operation_name=question.operation_name,
                field_resolver=_resolve,
            )
        return self._answer(result)

    def _understand(self, query: str) -> "_Understood":
        """Return what a query means; one that was read before is not read again."""
        found = self._understood.get(query)
        if found is None:
            found = self._read(query)
            if len(self._understood) >= _MOST_UNDERSTOOD:
                self._understood = {}
            self._understood[query] = found
        return found

    def _read(self, query: str) -> "_Understood":
        """Read a query by the schema it fits: ``both`` reads either dialect's documents."""
        try:
            document = _parse(query)
            first = fitted(self._schema, document)
            errors = validate(self._schema, first)
            if errors and self.dialect == "both":
                other = build("documented-2026", self._switches.enum_case, self._switches.id_type)
                second = fitted(other, document)
                if not validate(other, second):
                    return _Understood(other, second, "documented-2026", ())
        except (GraphQLError, RecursionError) as exc:
            error = exc if isinstance(exc, GraphQLError) else GraphQLError("Syntax Error: nested too deeply.")
            return _Understood(self._schema, DocumentNode(definitions=()), self.dialect, (error,))
        return _Understood(self._schema, first, self.dialect, tuple(errors))

    def _seen_by(self, document: DocumentNode, operation_name: str | None, *, stale: bool) -> World:
        """Return the world an operation sees: a query may lag behind, a mutation never does."""
        operation = get_operation_ast(document, operation_name)
        if operation is None or operation.operation is not OperationType.QUERY:
            return self.world
        if stale:
            return self.world.before_last_change()
        lag = self._switches.read_lag_s
        return self.world.as_of(self.world.clock() - timedelta(seconds=lag)) if lag else self.world

    def _ask_rules(self, desk: Desk) -> None:
        ask_rules(desk, lambda query, row_id: self._context_of_rule(desk, query, row_id))

    def _context_of_rule(self, desk: Desk, query: str, row_id: int) -> Mapping[str, Any]:
        """Answer the query of a rule, in the transaction that is open; ``$id`` is the object's."""
        schema = build("both")
        if "$id" in query and not query.lstrip().startswith("query"):
            query = f"query ($id: ID!) {query}"
        try:
            document = fitted(schema, _parse(query))
            errors = validate(schema, document)
        except (GraphQLError, RecursionError) as exc:
            errors = [exc if isinstance(exc, GraphQLError) else GraphQLError("nested too deeply")]
        if errors:
            raise ValueError(f"the rule's context cannot be read: {errors[0].message}")
        result = execute_sync(
            schema,
            document,
            context_value=Request(desk, "classic", self.signer(_NOWHERE), lambda _desk: None),
            variable_values={"id": row_id},
            field_resolver=_resolve,
        )
        if result.errors or result.data is None:
            raise ValueError(f"the rule's context cannot be answered: {result.errors}")
        return result.data

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


@lru_cache(maxsize=16)
def _introspect(
    dialect: Dialect, enum_case: EnumCase | None, id_type: IdType | None, query: str, name: str | None
) -> Answer:
    """Describe a schema: the same for everybody, and dear, since every client asks for all of it at first."""
    result = execute_sync(build(dialect, enum_case, id_type), _parse(query), operation_name=name)
    return Answer(400 if result.data is None else 200, dict(result.formatted))


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


def only_reads(question: Question) -> bool:
    """Return whether a request asks for nothing but queries."""
    try:
        document = _parse(question.query)
    except (GraphQLError, RecursionError):
        return False
    kinds = {node.operation for node in document.definitions if isinstance(node, OperationDefinitionNode)}
    return kinds == {OperationType.QUERY}


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
        return resolve_mutation(info.field_name, request, arguments)
    return resolve_field(source, info.parent_type.name, info.field_name, request, arguments)
