"""What a client sends to ``/graphql``: one question as JSON, or one of the forms that older programs use.

ION's pages show JSON by POST. The vendor's importers of 2020 sent a list of questions, which is answered by a
list; a GET with ``query``, a form, a query as bare text, and variables as a text of JSON are what GraphQL
servers of that family take beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Request

from kiosk.simulator.ion import Question, only_reads, root_fields

__all__ = ["Asked", "MalformedError", "NotByGetError", "read_asked"]

_MOST_AT_ONCE: Final = 100
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class MalformedError(Exception):
    """It is no GraphQL request."""


class NotByGetError(Exception):
    """What came by GET is no question that may come so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, or several to be answered in their order."""

    questions: tuple[Question, ...]
    is_batch: bool = False

    @property
    def operations(self) -> frozenset[str]:
        """Return the root fields that are asked for."""
        return frozenset().union(*map(root_fields, self.questions))

    @property
    def only_reads(self) -> bool:
        """Return whether nothing is to be changed."""
        return all(map(only_reads, self.questions))


def read_asked(request: Request) -> Asked:
    """Return what a request asks.

    Raises:
        MalformedError: It cannot be read.
        NotByGetError: It came by GET, and is a change or nothing at all.
    """
    if request.method == "GET":
        if "query" not in request.args:
            raise NotByGetError("A request without a query in its address must be sent by POST")
        asked = Asked((_question(request.args.to_dict()),))
        if not asked.only_reads and asked.operations:
            raise NotByGetError("A mutation must be sent by POST")
        return asked
    # JSON comes first whatever it is called: curl calls everything a form that is not told otherwise.
    body = request.get_data()
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as exc:
        if request.mimetype == "application/graphql":
            return Asked((_question({"query": body.decode(errors="replace")}),))
        if request.mimetype in _FORMS and "query" in request.form:
            return Asked((_question(request.form.to_dict()),))
        raise MalformedError("The request body is not valid JSON") from exc
    if isinstance(data, list) and 0 < len(data) <= _MOST_AT_ONCE:
        return Asked(tuple(map(_question, data)), is_batch=True)
    return Asked((_question(data),))


def _question(data: object) -> Question:
    if not isinstance(data, Mapping):
        raise MalformedError("The request body must be one JSON object, or a list of them")
    query, name = data.get("query"), data.get("operationName")
    if not isinstance(query, str):
        raise MalformedError("The request must have a query, a string")
    if not isinstance(name, str | None):
        raise MalformedError("operationName must be a string")
    return Question(query, _variables(data.get("variables")), name or None)


def _variables(given: object) -> Mapping[str, Any] | None:
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else None
        except (ValueError, RecursionError) as exc:
            raise MalformedError("variables must be an object") from exc
    if not isinstance(given, Mapping | None):
        raise MalformedError("variables must be an object")
    return given
