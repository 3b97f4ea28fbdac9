"""Chooses, operation by operation, the document that a tenant's own schema accepts.

ION's public documents describe two dialects that contradict each other, and a tenant may have some
operations of each; only the introspected schema says which. A site's own documents come first, then
``classic`` (every program known to run speaks it), then ``documented-2026``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from graphql import GraphQLError, GraphQLSchema, build_client_schema, get_introspection_query

from kiosk.errors import IonUnreachable, IonUnsupported
from kiosk.ion.client import Client
from kiosk.ion.composing import Merged, merge
from kiosk.ion.documents import Call, fit, read_documents
from kiosk.ion.wording import shown

__all__ = ["OPERATIONS", "Catalogue", "Choice", "introspect"]

Dialect = Literal["auto", "documented-2026", "classic"]

DIALECTS: Final = ("classic", "documented-2026")
SITE: Final = "site"

OPERATIONS: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    **dict.fromkeys(
        (
            "who_am_i",
            "inventory_by_id",
            "inventory_by_uid",
            "inventory_by_serial",
            "inventory_by_lot",
            "part_by_id",
            "part_by_number",
            "order_by_id",
            "order_by_number",
            "run_by_id",
            "run_by_uid",
            "location_by_id",
            "location_by_uid",
            "location_by_name",
            "barcode_patterns",
        ),
        (),
    ),
    "receive": (
        frozenset({"ReceiptsOf", "CreateReceipt", "AddItems", "TouchReceipt"}),
        frozenset({"ReceiveLine", "OrderOf", "RowsOf"}),
    ),
    "set_step_status": (frozenset({"RunOf", "ChangeStep"}),),
    "set_run_status": (frozenset({"RunOf", "ChangeRun"}),),
    "move": (frozenset({"InventoryOf", "MoveWithEtag"}), frozenset({"InventoryOf", "Transfer"})),
}
"""Every operation, and the named GraphQL operations its document must hold: one of these sets.

A look-up's document holds a single query of any name.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which document serves an operation on this tenant."""

    operation: str
    document: str | None
    """The file's name, ``None`` where nothing fits."""
    dialect: str
    """``site``, ``classic`` or ``documented-2026``; where nothing fits, the one that came closest."""
    missing: tuple[str, ...]
    """Without a document: fields and arguments the schema lacks. With one: optional fields left out."""
    calls: Mapping[str, Call] = field(default_factory=dict, repr=False, compare=False)


class Catalogue:
    """All choices for one schema."""

    def __init__(self, schema: GraphQLSchema, *, dialect: Dialect = "auto", site: Path | None = None) -> None:
        """Fit every document to the schema.

        Args:
            schema: the tenant's.
            dialect: the only built-in dialect to use, or ``auto``.
            site: a folder with documents of the site's own, ``<operation>.graphql``.
        """
        dialects = DIALECTS if dialect == "auto" else (dialect,)
        self.choices: Mapping[str, Choice] = {
            operation: _choose(operation, schema, _sources(operation, dialects, site))
            for operation in OPERATIONS
        }
        self.schema = schema
        self._merged: dict[tuple[str, ...], Merged | None] = {}

    def offers(self, operation: str) -> bool:
        """Return whether this tenant has a fitting document."""
        choice = self.choices.get(operation)
        return choice is not None and choice.document is not None

    def calls(self, operation: str) -> Mapping[str, Call]:
        """Return an operation's GraphQL operations by name.

        Raises:
            IonUnsupported: nothing fits; the text names what the schema lacks.
        """
        choice = self.choices.get(operation)
        if choice is None:
            raise IonUnsupported(f"Operation {operation!r}: expected one of {', '.join(OPERATIONS)}")
        if choice.document is None:
            raise IonUnsupported(
                f"Operation {operation!r}: expected a document that fits this tenant's schema, but it has no "
                + shown(", ".join(choice.missing))
            )
        return choice.calls

    def question(self, operation: str) -> Call:
        """Return the one call of a look-up.

        Raises:
            IonUnsupported: nothing fits.
        """
        (call,) = self.calls(operation).values()
        return call

    def merged(self, operations: tuple[str, ...]) -> Merged | None:
        """Return one document for several look-ups, or ``None`` where they cannot be asked together."""
        if operations not in self._merged:
            self._merged[operations] = merge([self.question(operation) for operation in operations])
        return self._merged[operations]


def introspect(client: Client) -> GraphQLSchema:
    """Ask the tenant for its schema, with the token that will be used.

    Raises:
        IonError: ION could not be asked, or what it answered is no schema.
    """
    data: Any = client.execute(
        get_introspection_query(descriptions=False),
        {},
        is_mutation=False,
        timeout_s=client.settings.write_timeout_s,
    )
    try:
        return build_client_schema(data)
    except (GraphQLError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise IonUnreachable(
            f"Introspection of {client.settings.url!r}: expected a GraphQL schema, got one that does not "
            f"hold together: {shown(str(error))}"
        ) from error


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    dialect: str
    text: str
    shared: str


def _sources(operation: str, dialects: tuple[str, ...], site: Path | None) -> list[_Source]:
    found: list[_Source] = []
    if site is not None:
        own = _site_text(site / f"{operation}.graphql")
        if own is not None:
            found.append(
                _Source(f"{operation}.graphql", SITE, own, _site_text(site / "fragments.graphql") or "")
            )
    for dialect in dialects:
        text = _packaged(f"{operation}.{dialect}.graphql")
        if text is not None:
            name = f"{operation}.{dialect}.graphql"
            found.append(_Source(name, dialect, text, _packaged(f"fragments.{dialect}.graphql") or ""))
    return found


def _site_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        return f"# cannot be read: {shown(str(error))}"


@cache
def _packaged(name: str) -> str | None:
    resource = files("kiosk.ion").joinpath("operations", name)
    return resource.read_text(encoding="utf-8") if resource.is_file() else None


def _choose(operation: str, schema: GraphQLSchema, sources: list[_Source]) -> Choice:
    failed: list[Choice] = []
    for source in sources:
        choice = _try(operation, schema, source)
        if choice.document is not None:
            return choice
        failed.append(choice)
    if not failed:
        return Choice(operation, None, "", ("a document: nothing of this kind is published",))
    return min(failed, key=lambda choice: len(choice.missing))


def _try(operation: str, schema: GraphQLSchema, source: _Source) -> Choice:
    try:
        documents = read_documents(source.text, source.shared)
    except (GraphQLError, ValueError) as error:
        return Choice(operation, None, source.dialect, (f"{source.name}: {shown(str(error))}",))
    wrong_names = _wrong_names(operation, frozenset(documents))
    if wrong_names:
        return Choice(operation, None, source.dialect, (f"{source.name}: {wrong_names}",))
    fits = {name: fit(name, document, schema, dialect=source.dialect) for name, document in documents.items()}
    calls = {name: fitted.call for name, fitted in fits.items() if fitted.call is not None}
    is_whole = len(calls) == len(fits)
    missing = dict.fromkeys(
        name for fitted in fits.values() if is_whole or fitted.call is None for name in fitted.missing
    )
    return Choice(
        operation,
        source.name if is_whole else None,
        source.dialect,
        tuple(missing),
        calls if is_whole else {},
    )


def _wrong_names(operation: str, names: frozenset[str]) -> str:
    ways = OPERATIONS[operation]
    if not ways:
        return "" if len(names) == 1 else f"expected one query, got {len(names)}"
    if names in ways:
        return ""
    expected = " or ".join(", ".join(sorted(way)) for way in ways)
    return f"expected the operations {expected}, got {', '.join(sorted(names)) or 'none'}"
