"""What changed between two looks at the same thing, in words for a person."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from kiosk.ion.wording import quoted

__all__ = ["differences"]

_UNSAID: Final = frozenset({"etag", "entity_id", "uid", "kind"})
_NAMES: Final = ("name", "title", "number", "id")


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
            yield f"{field.name.replace('_', ' ')} {_shown(was)} -> {_shown(is_now)}"


def _in_lists(what: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> Iterator[str]:
    was = {item.id: item for item in before}
    is_now = {item.id: item for item in now}
    for id_ in was.keys() | is_now.keys():
        one = is_now.get(id_) or was[id_]
        name = f"{what} {_shown(one)}"
        if id_ not in is_now:
            yield f"{name} is gone"
        elif id_ not in was:
            yield f"{name} is new"
        else:
            yield from (f"{name}: {each}" for each in _differences(was[id_], is_now[id_]))


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(item) for item in value)


def _shown(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if is_dataclass(value):
        return quoted(next(str(getattr(value, name)) for name in _NAMES if getattr(value, name, None)))
    return quoted(", ".join(map(str, value)) if isinstance(value, tuple) else str(value), length=60)
