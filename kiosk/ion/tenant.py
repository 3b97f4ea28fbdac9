"""One tenant: its connection, and the calls that fit its schema."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kiosk.errors import IonRejected, IonUnreachable, IonUnsupported
from kiosk.ion.answers import undecided
from kiosk.ion.auth import IonAuth
from kiosk.ion.client import Client
from kiosk.ion.composing import Merged
from kiosk.ion.dialects import Catalogue
from kiosk.ion.documents import Call
from kiosk.ion.shapes import rows_of
from kiosk.ion.variables import NotEncodable
from kiosk.words import listed, told

__all__ = ["LIST_LIMIT", "PAGE", "Tenant"]

_LOG = logging.getLogger(__name__)
PAGE: Final = 250
LIST_LIMIT: Final = 5000
"""Rows of a plain list, which has no pages; the largest size that programs were seen to ask for."""
_PAGES: Final = LIST_LIMIT // PAGE
_SIZES: Final = {"first": PAGE, "limit": LIST_LIMIT}
_MARKS: Final = frozenset({"marker", "marker_key"})


class Tenant:
    """Sends fitted calls, and turns pages."""

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        self.client = client
        self.catalogue = catalogue

    def acting_as(self, auth: IonAuth) -> "Tenant":
        """Return the same tenant, asked in somebody else's name."""
        return Tenant(self.client.acting_as(auth), self.catalogue)

    def send(self, call: Call, values: Mapping[str, object]) -> Mapping[str, Any]:
        """Execute one call once and return its data.

        Raises:
            IonRejected: a value cannot be said in this schema; nothing was sent.
            IonError: see ``Client.execute``.
        """
        try:
            variables = call.encode({**_SIZES, **values})
        except NotEncodable as error:
            text = listed((call.name, error.text), between=": ")
            raise IonRejected(text, code="VALIDATION_ERROR") from error
        return self.client.execute(
            call.text, variables, is_mutation=call.is_mutation, permission=call.permission
        )

    def send_merged(self, merged: Merged, values: Sequence[Mapping[str, object]]) -> Mapping[str, Any]:
        """Execute several queries at once and return their data together.

        Raises:
            IonError: see ``Client.execute``.
        """
        variables = merged.encode([{**_SIZES, **given} for given in values])
        return self.client.execute(merged.text, variables, is_mutation=False)

    def change(
        self, call: Call, values: Mapping[str, object], field: str, *, may_miss: frozenset[str] = _MARKS
    ) -> Any:  # noqa: ANN401  ION's JSON
        """Execute a mutation once and return ``field`` of its only payload.

        Args:
            call: the mutation.
            values: its variables; ``None`` is left out.
            field: what its payload must have.
            may_miss: variables that this tenant need not take for the change to be what was asked for.

        Raises:
            IonUnsupported: the tenant takes no such value; nothing was sent.
            IonUnknown: it was executed or not, and the payload is not there; and see ``send``.
        """
        lost = [
            name
            for name, value in values.items()
            if value is not None and name not in call.variables and name not in may_miss
        ]
        if lost:
            raise IonUnsupported(
                told(
                    "{call}: expected this tenant's ION to take {lost}, got no place for it",
                    call=call.name,
                    lost=", ".join(lost),
                )
            )
        data = self.send(call, values)
        payload = next(iter(data.values()), None)
        found = payload.get(field) if isinstance(payload, dict) else None
        if found is None:
            text = told(
                "{call}: expected {field} in ION's answer, got none", call=call.name, field=repr(field)
            )
            raise undecided(text, is_mutation=True)
        return found

    def rows(
        self, call: Call, values: Mapping[str, object], *, may_be_cut: bool = False
    ) -> dict[str, list[object]]:
        """Execute a query and return the objects under each of its root fields, all pages of them."""
        return self.all_pages(call, values, self.send(call, values), may_be_cut=may_be_cut)

    def all_pages(
        self,
        call: Call,
        values: Mapping[str, object],
        data: Mapping[str, Any],
        *,
        may_be_cut: bool = False,
    ) -> dict[str, list[object]]:
        """Return the objects under each root field of a first answer and of the pages that follow it.

        Args:
            call: the query.
            values: its variables.
            data: its first answer.
            may_be_cut: whether the first rows of a list without end are of use; they come with a warning.

        Raises:
            IonRejected: there are more pages than anybody can look through.
            IonUnreachable: the answer is not built like a list; and see ``send``.
        """
        rows = {root: _rows(call, value) for root, value in data.items()}
        is_paged = "after" in call.variables
        for root, found in rows.items():
            page = data[root]
            for _ in range(_PAGES - 1):
                cursor = _next_cursor(page)
                if cursor is None or not is_paged:
                    break
                page = self.send(call, {**values, "after": cursor}).get(root)
                found.extend(_rows(call, page))
            if is_paged and _has_more(page):
                if not may_be_cut:
                    raise IonRejected(
                        told(
                            "{call}: expected at most {count} rows, got more",
                            call=call.name,
                            count=LIST_LIMIT,
                        )
                    )
                _LOG.warning("%s: there is more than the %d rows that are shown", call.name, len(found))
        return rows

    @staticmethod
    def is_full(call: Call, rows: Mapping[str, list[object]]) -> bool:
        """Return whether a plain list came back as long as was asked for, so that more may be behind it."""
        return "limit" in call.variables and any(len(found) >= LIST_LIMIT for found in rows.values())


def _rows(call: Call, value: object) -> list[object]:
    try:
        return rows_of(value)
    except ValueError as error:
        raise IonUnreachable(
            told(
                "{call}: expected a list from ION, got another shape: {error}",
                call=call.name,
                error=str(error),
            )
        ) from error


def _has_more(value: object) -> bool:
    page = value.get("pageInfo") if isinstance(value, dict) else None
    return isinstance(page, dict) and page.get("hasNextPage") is True


def _next_cursor(value: object) -> str | None:
    if not isinstance(value, dict) or not _has_more(value):
        return None
    cursor = value["pageInfo"].get("endCursor")
    return cursor if isinstance(cursor, str) and cursor else None
