"""Chooses, operation by operation, the document that a tenant's own schema accepts.

ION's public documents describe two dialects that contradict each other, and a tenant may have some
operations of each; only the introspected schema says which. A site's own documents come first, then
``classic`` (every program known to run speaks it), then ``documented-2026``. What a dialect's own documents
call legacy comes after what replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from graphql import GraphQLError, GraphQLSchema

from kiosk.errors import IonUnsupported
from kiosk.ion.composing import Merged, merge
from kiosk.ion.documents import RULES_OF_SCHEMA, Call, fit, operation_of, read_documents
from kiosk.ion.nearest import nearest_names
from kiosk.ion.offering import OPERATIONS
from kiosk.ion.optional_parts import is_optional
from kiosk.ion.wording import shown
from kiosk.words import told

__all__ = ["Catalogue", "Choice"]

Dialect = Literal["auto", "documented-2026", "classic"]

DIALECTS: Final = ("classic", "documented-2026")
SITE: Final = "site"


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
    nearest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For what is missing: the names that the schema has in its place, the likeliest first."""
    calls: Mapping[str, Call] = field(default_factory=dict, repr=False, compare=False)


class Catalogue:
    """All choices for one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        dialect: Dialect = "auto",
        site: Path | None = None,
        unused: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare; a document is fitted to the schema when it is first needed.

        Args:
            schema: the tenant's.
            dialect: the only built-in dialect to use, or ``auto``.
            site: a folder with documents of the site's own, ``<operation>.graphql``.
            unused: optional variables for which nobody here has a value.
        """
        self.schema = schema
        self._dialects = DIALECTS if dialect == "auto" else (dialect,)
        self._site = site
        self._unused = unused
        self._choices: dict[str, Choice] = {}
        self._merged: dict[tuple[str, ...], Merged | None] = {}

    @property
    def choices(self) -> Mapping[str, Choice]:
        """Return the choice for every operation, with the names nearest to what is missing."""
        return {operation: self._explained(self.choice(operation)) for operation in OPERATIONS}

    def _explained(self, choice: Choice) -> Choice:
        if choice.document is not None:
            return choice
        return replace(choice, nearest=nearest_names(self.schema, choice.missing))

    def choice(self, operation: str) -> Choice:
        """Return which document serves an operation, found out when it is asked for the first time.

        Raises:
            IonUnsupported: there is no such operation.
        """
        if operation not in OPERATIONS:
            names = ", ".join(OPERATIONS)
            raise IonUnsupported(
                told("Operation {operation}: expected one of {names}", operation=repr(operation), names=names)
            )
        found = self._choices.get(operation)
        if found is None:
            sources = _sources(operation, self._dialects, self._site)
            self._choices[operation] = found = _choose(operation, self.schema, sources, self._unused)
        return found

    def offers(self, operation: str) -> bool:
        """Return whether this tenant has a fitting document."""
        return operation in OPERATIONS and self.choice(operation).document is not None

    def calls(self, operation: str) -> Mapping[str, Call]:
        """Return an operation's GraphQL operations by name.

        Raises:
            IonUnsupported: nothing fits; the text names what the schema lacks.
        """
        choice = self.choice(operation)
        if choice.document is None:
            raise IonUnsupported(
                told(
                    "Operation {operation}: expected a document that fits this tenant's schema, "
                    "but it has no {missing}",
                    operation=repr(operation),
                    missing=shown(", ".join(choice.missing)),
                )
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


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    dialect: str
    text: str
    shared: tuple[str, ...]
    """Texts with fragments, those that win first."""


def _sources(operation: str, dialects: tuple[str, ...], site: Path | None) -> list[_Source]:
    found: list[_Source] = []
    packaged = _packaged("fragments.graphql") or ""
    if site is not None:
        name = f"{operation}.graphql"
        own, fragments = _site_text(site / name), _site_text(site / "fragments.graphql")
        if own is not None:
            shared = (fragments, packaged) if fragments else (packaged,)
            found.append(_Source(name, SITE, own, shared))
    for dialect in dialects:
        for name in (f"{operation}.{dialect}.graphql", f"{operation}.{dialect}-legacy.graphql"):
            text = _packaged(name)
            if text is not None:
                found.append(_Source(name, dialect, text, (packaged,)))
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


def _choose(operation: str, schema: GraphQLSchema, sources: list[_Source], unused: frozenset[str]) -> Choice:
    failed: list[Choice] = []
    for source in sources:
        choice = _try(operation, schema, source, unused)
        if choice.document is not None:
            return choice
        failed.append(choice)
    if not failed:
        return Choice(operation, None, "", ("a document: nothing of this kind is published",))
    return min(failed, key=lambda choice: (_lacks_root(choice.missing), len(choice.missing)))


def _lacks_root(missing: tuple[str, ...]) -> bool:
    return any(name.startswith(("Query.", "Mutation.")) and "(" not in name for name in missing)


def _try(operation: str, schema: GraphQLSchema, source: _Source, unused: frozenset[str]) -> Choice:
    try:
        documents = read_documents(source.text, *source.shared)
    except (GraphQLError, ValueError) as error:
        return Choice(operation, None, source.dialect, (f"{source.name}: {shown(str(error))}",))
    needed = {name for name, document in documents.items() if not is_optional(operation_of(document))}
    wrong_names = _wrong_names(operation, frozenset(documents), frozenset(needed))
    if wrong_names:
        return Choice(operation, None, source.dialect, (f"{source.name}: {wrong_names}",))
    # The packaged documents keep GraphQL's own rules, which a test checks; a site's may not.
    rules = None if source.dialect == SITE else RULES_OF_SCHEMA
    fits = {
        name: fit(document, schema, dialect=source.dialect, unused=unused, rules=rules)
        for name, document in documents.items()
    }
    calls = {name: fitted.call for name, fitted in fits.items() if fitted.call is not None}
    is_whole = needed <= calls.keys()
    missing = dict.fromkeys(
        name
        for operation_name, fitted in fits.items()
        if is_whole or (fitted.call is None and operation_name in needed)
        for name in fitted.missing
    )
    return Choice(
        operation,
        source.name if is_whole else None,
        source.dialect,
        tuple(missing),
        calls=calls if is_whole else {},
    )


def _wrong_names(operation: str, names: frozenset[str], needed: frozenset[str]) -> str:
    ways = OPERATIONS[operation]
    if not ways:
        return "" if len(names) == 1 else f"expected one query, got {len(names)}"
    if any(way <= needed for way in ways):
        return ""
    expected = " or ".join(", ".join(sorted(way)) for way in ways)
    return f"expected the operations {expected}, got {', '.join(sorted(names)) or 'none'}"
