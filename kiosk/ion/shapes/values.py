"""How single values of ION's JSON are read: ids, texts, quantities, words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "EntityShape",
    "Id",
    "MaybeId",
    "Quantity",
    "RichText",
    "Shape",
    "Text",
    "Word",
    "id_of",
    "rich_text",
    "rows_of",
]

_PLACES: Final = Decimal("0.000000001")
_DIGITS: Final = 15


def rows_of(value: object) -> list[object]:
    """Return the objects of a list, of a connection (``edges``/``node``) or of a single answer; of null none.

    Raises:
        ValueError: a connection is not built like one.
    """
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, dict) and "edges" in value:
        edges = value["edges"]
        if not isinstance(edges, list) or not all(isinstance(edge, dict) for edge in edges):
            raise ValueError("expected a list of edges with a node each")
        return [edge.get("node") for edge in edges]
    return [value]


def _text(value: object) -> object:
    return "" if value is None else value


def id_of(value: object) -> object:
    """Return an id as a text: ION answers numbers and texts."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _quantity(value: object) -> object:
    """Accept a JSON number or a decimal text; no exponent is worked out before its size is checked."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("expected a number")  # noqa: TRY004  what pydantic turns into a fault
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError("expected a number") from None
    if not number.is_finite() or number.adjusted() >= _DIGITS:
        raise ValueError(f"expected a quantity of at most {_DIGITS} digits")
    # Servers that compute in binary answer 0.30000000000000004; ION keeps nothing finer than this.
    rounded = number.quantize(_PLACES).normalize()
    return rounded if rounded.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]


def _word(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else "UNKNOWN" if value is None else value


def rich_text(value: object) -> object:
    """Return rich text as plain text, a line for each paragraph.

    ION's own programs send ``[{"children": [{"type": "p", "children": [{"text": "..."}]}]}]``; a page of its
    manual sends plain text.
    """
    if value is None or isinstance(value, str):
        return value or ""
    lines: list[str] = []
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            children = node.get("children")
            inner = children if isinstance(children, list) else []
            if any(isinstance(child, dict) and "text" in child for child in [node, *inner]):
                lines.append(_leaves(node))
            else:
                waiting += reversed(inner)
    return "\n".join(line for line in lines if line)


def _leaves(root: Mapping[str, Any]) -> str:
    """Return all texts beneath a paragraph, in their order; ION's nesting may be of any depth."""
    texts: list[str] = []
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            text, children = node.get("text"), node.get("children")
            texts.append(text if isinstance(text, str) else "")
            waiting += reversed(children) if isinstance(children, list) else []
    return "".join(texts)


Id = Annotated[str, BeforeValidator(id_of), Field(min_length=1, max_length=200)]
MaybeId = Id | None
Text = Annotated[str, BeforeValidator(_text)]
RichText = Annotated[str, BeforeValidator(rich_text)]
Quantity = Annotated[Decimal, BeforeValidator(_quantity)]
Word = Annotated[str, BeforeValidator(_word)]


class Shape(BaseModel):
    """An object as the documents ask for it; what else it has is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Entity(Shape):
    id: Id


class EntityShape(Shape):
    """Something that files and labels can be attached to, by the id of its entity row and not its own."""

    entity_id: MaybeId = None
    entity: _Entity | None = None

    @property
    def entity_row(self) -> str | None:
        """Return the entity row's id, ``None`` where this tenant does not tell it."""
        return self.entity_id or (self.entity.id if self.entity else None)
