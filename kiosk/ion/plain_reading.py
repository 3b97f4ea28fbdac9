"""Answers the plain questions of the table with ION's own objects."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.errors import IonUnsupported
from kiosk.ion.abom import abom_tree, compare_aboms
from kiosk.ion.arguments import checked
from kiosk.ion.plain import COMPUTED_QUESTIONS, PLAIN_QUESTIONS
from kiosk.ion.taking import Takes, as_json, model_of, values_of
from kiosk.ion.tenant import Tenant
from kiosk.ion.wording import quoted
from kiosk.model import Json
from kiosk.words import told

__all__ = ["ask_plain"]


def ask_plain(tenant: Tenant, operation: str, arguments: Mapping[str, Json]) -> dict[str, list[Json]]:
    """Return the objects under each root field of the operation's query, all pages of them.

    Raises:
        IonUnsupported: nobody knows such a question, or this tenant does not offer it.
        IonRejected: the arguments are not what it takes, or ION says no.
        IonError: ION could not be asked.
    """
    if operation in COMPUTED_QUESTIONS:
        values = _values(operation, COMPUTED_QUESTIONS[operation], arguments)
        return {operation: _COMPUTED[operation](tenant, values)}
    question = PLAIN_QUESTIONS.get(operation)
    if question is None:
        known = ", ".join([*PLAIN_QUESTIONS, *COMPUTED_QUESTIONS])
        raise IonUnsupported(
            told("Question {operation}: expected one of {names}", operation=quoted(operation), names=known)
        )
    values = _values(operation, question.takes, arguments)
    rows = tenant.rows(tenant.catalogue.question(operation), values, may_be_cut=True)
    return {
        root: [
            as_json(row)
            for row in found
            if isinstance(row, dict) and (question.only is None or question.only(row))
        ]
        for root, found in rows.items()
    }


def _values(operation: str, takes: Takes, arguments: Mapping[str, Json]) -> dict[str, object]:
    return values_of(checked(model_of(operation, takes), operation, arguments), takes)


_COMPUTED: Final[Mapping[str, Callable[[Tenant, Mapping[str, Any]], list[Json]]]] = {
    "abom_tree": lambda tenant, values: [abom_tree(tenant, values["inventory_id"])],
    "compare_aboms": lambda tenant, values: compare_aboms(tenant, values["inventory_id"], values["other_id"]),
}
