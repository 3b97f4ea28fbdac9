"""What changed between two looks at the same thing, in words for a person."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from kiosk.ion.wording import quoted
from kiosk.words import listed, told

__all__ = ["differences"]

_UNSAID: Final = frozenset({"etag", "entity_id", "uid", "kind"})
_NAMES: Final = ("name", "title", "number", "id")
_FIELDS: Final = (
    *(told("title"), told("status"), told("step"), told("field"), told("value"), told("name")),
    *(told("part"), told("part number"), told("serial"), told("lot"), told("location"), told("quantity")),
    *(told("procedure"), told("run"), told("cause"), told("disposition"), told("disposition type")),
    *(told("expected"), told("position"), told("parent"), told("upstream")),
)
_SAID: Final = {str(each): each for each in _FIELDS}
"""What may change, by what it is called; what is not among them is called as the kiosk's model does."""


def differences(before: object, now: object) -> tuple[str, ...]:
    """Return what is different, a phrase each: ``location 'Rack-A1' -> 'Rack-B2'``.

    Args:
        before: a dataclass of ``kiosk.model``.
        now: another one of the same kind.
    """
    return tuple(_differences(before, now))


def _differences(before: Any, now: Any) -> Iterator[str]:  # noqa: ANN401  any dataclass
    for field in fields(before):
        was, is_now = getattr(before, field.name), getattr(now, field.name)
        if was == is_now or field.name in _UNSAID:
            continue
        if _is_list(was) or _is_list(is_now):
            yield from _in_lists(field.name.removesuffix("s"), was, is_now)
        else:
            yield told(
                "{field} {was} -> {now}",
                field=_named(field.name),
                was=_shown(was),
                now=_shown(is_now),
            )


def _in_lists(what: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> Iterator[str]:
    was = {item.id: item for item in before}
    is_now = {item.id: item for item in now}
    for id_ in was.keys() | is_now.keys():
        one = is_now.get(id_) or was[id_]
        name = listed((_named(what), _shown(one)), between=" ")
        if id_ not in is_now:
            yield told("{name} is gone", name=name)
        elif id_ not in was:
            yield told("{name} is new", name=name)
        else:
            yield from (listed((name, each), between=": ") for each in _differences(was[id_], is_now[id_]))


def _named(field: str) -> str:
    words = field.replace("_", " ")
    return _SAID.get(words, words)


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(item) for item in value)


def _shown(value: object) -> str:
    if value is None or value == "":
        return told("nothing")
    if is_dataclass(value):
        return quoted(next(str(getattr(value, name)) for name in _NAMES if getattr(value, name, None)))
    return quoted(", ".join(map(str, value)) if isinstance(value, tuple) else str(value), length=60)
