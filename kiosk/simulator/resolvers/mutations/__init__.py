"""The root fields of Mutation: arguments in, one rule, payload out; one transaction each."""

from collections.abc import Callable, Mapping
from typing import Final

from graphql import GraphQLError

from kiosk.simulator.resolvers.given import Given, Payload, plain
from kiosk.simulator.resolvers.mutations import (
    buying,
    catalogue,
    people,
    procedures,
    quality,
    runs,
    setup,
    stock,
)
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules.desk import check_may, permission_for
from kiosk.simulator.rules.webhooks import tell_of_changes

__all__ = ["MUTATION_NAMES", "resolve_mutation"]

_MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    **people.MUTATIONS,
    **catalogue.MUTATIONS,
    **stock.MUTATIONS,
    **buying.MUTATIONS,
    **procedures.MUTATIONS,
    **runs.MUTATIONS,
    **quality.MUTATIONS,
    **setup.MUTATIONS,
}

MUTATION_NAMES: Final = frozenset(_MUTATIONS)


def resolve_mutation(name: str, request: Request, arguments: Given) -> Payload:
    """Carry out one mutation wholly and write it into the ledger, or raise ``Refusal`` and change nothing."""
    desk = request.desk
    check_may(desk, permission_for(name))
    if name not in _MUTATIONS:
        raise GraphQLError(f"The simulator does not carry out {name}")
    with desk.world.transaction():
        payload = _MUTATIONS[name](request, arguments.get("input", arguments))
        request.check_rules(desk)
        tell_of_changes(desk.world, desk.world.changes())
    desk.world.record(name, plain(arguments), desk.user.id)
    return payload
