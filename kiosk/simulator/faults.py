"""What goes wrong next: a list of faults, each for some operation, some number of times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final, Literal, get_args

__all__ = ["Fault", "FaultKind", "Faults", "read_faults"]

FaultKind = Literal[
    "refuse",
    "delay",
    "reset_before",
    "reset_after",
    "status_before",
    "status_after",
    "truncate",
    "html",
    "hold_and_release",
    "expire_token",
    "rate_limit",
    "errors_and_data",
    "duplicate_execution",
    "offline",
]

_KINDS: Final[tuple[str, ...]] = get_args(FaultKind)
_ANY: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to go wrong.

    ``refuse``: the connection is closed without an answer, nothing was executed. ``delay``: the answer comes
    ``seconds`` late. ``reset_before``, ``reset_after``: TCP reset before or after executing. ``status_before``,
    ``status_after``: a gateway's page with ``status`` before or after executing. ``truncate``: executed, half the
    answer. ``html``: 200 with a portal's page, nothing was executed. ``hold_and_release``: the connection is reset
    now, and the request executed after the next one of the same operation was answered. ``expire_token``: the token
    is refused as expired from now on. ``rate_limit``: 429 with Retry-After ``seconds``. ``errors_and_data``: executed,
    an error beside the data. ``duplicate_execution``: executed twice, the first answer sent.
    """

    kind: FaultKind
    operation: str = _ANY
    """A root field of the request, ``token`` for the token endpoint, ``*`` for any request to GraphQL."""
    times: int = 1
    after: int = 0
    """How many matching requests go through first."""
    seconds: float = 1.0
    status: int = 503

    def matches(self, operations: frozenset[str]) -> bool:
        """Return whether the fault is about one of these operations."""
        return self.operation in operations or (self.operation == _ANY and "token" not in operations)


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []
        self._offline = False

    @property
    def offline(self) -> bool:
        """Whether everything is refused until further notice."""
        return self._offline

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """The faults that have not happened yet."""
        return tuple(self._waiting)

    def add(self, faults: Iterable[Fault]) -> None:
        """Let these go wrong, after what was added before."""
        with self._lock:
            self._waiting.extend(faults)

    def go_offline(self, *, offline: bool) -> None:
        """Refuse every connection from now on, or take them again."""
        self._offline = offline

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._waiting.clear()
            self._offline = False

    def take(self, operations: frozenset[str]) -> Fault | None:
        """Return what goes wrong with a request for these operations, and count it."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if not fault.matches(operations):
                    continue
                if fault.after > 0:
                    self._waiting[index] = replace(fault, after=fault.after - 1)
                    continue
                if fault.times > 1:
                    self._waiting[index] = replace(fault, times=fault.times - 1)
                else:
                    del self._waiting[index]
                return fault
        return None


def read_faults(data: object) -> tuple[list[Fault], bool | None]:
    """Return the faults in a JSON object or list of objects, and whether to be offline, if that was said.

    Raises:
        ValueError: Something in it is no fault.
    """
    faults: list[Fault] = []
    offline: bool | None = None
    for entry in data if isinstance(data, list) else [data]:
        if isinstance(entry, Mapping) and entry.get("kind") == "offline":
            offline = _read(entry, "on", bool, default=True)
        else:
            faults.append(_read_fault(entry))
    return faults, offline


def _read_fault(entry: object) -> Fault:
    if not isinstance(entry, Mapping):
        raise ValueError(f"a fault must be an object, got {entry!r}")  # noqa: TRY004  it came as JSON
    kind = entry.get("kind")
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {kind!r}")
    unknown = set(entry) - {"kind", "operation", "times", "after", "seconds", "status"}
    if unknown:
        raise ValueError(f"a fault has no {', '.join(sorted(map(str, unknown)))}")
    return Fault(
        kind=kind,
        operation=_read(entry, "operation", str, default=_ANY),
        times=_read(entry, "times", int, default=1, least=1),
        after=_read(entry, "after", int, default=0, least=0),
        seconds=_read(entry, "seconds", float, default=1.0, least=0),
        status=_read(entry, "status", int, default=503, least=200),
    )


def _read(
    entry: Mapping[str, Any], name: str, kind: type, *, default: Any, least: float | None = None
) -> Any:  # noqa: ANN401
    value = entry.get(name, default)
    accepted = (int, float) if kind is float else kind
    fits = isinstance(value, accepted) and (kind is bool or not isinstance(value, bool))
    if not fits or (least is not None and value < least):
        raise ValueError(
            f"{name} must be {kind.__name__}{'' if least is None else f' from {least}'}, got {value!r}"
        )
    return value
