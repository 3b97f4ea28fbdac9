"""What goes wrong next: a list of faults, each for some operation, some number of times."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, Literal, get_args

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
    "stale_reads",
    "slow_body",
    "offline",
]

_KINDS: Final[tuple[str, ...]] = get_args(FaultKind)
_ANY: Final = "*"
_NOT_GRAPHQL: Final = frozenset({"token", "upload", "download"})
_LONGEST_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to go wrong.

    ``refuse``: the connection is closed without an answer, nothing was executed.
    ``delay``: executed, the answer comes ``seconds`` late.
    ``reset_before``, ``reset_after``: TCP reset before or after executing.
    ``status_before``, ``status_after``: a gateway's page with ``status`` before or after executing.
    ``truncate``: executed, half the answer.
    ``html``: 200 with a portal's page, nothing was executed.
    ``hold_and_release``: the connection is reset at once; the request is executed after the next one of the
    same operation was, or on ``POST /faults/release``.
    ``expire_token``: the token is refused as expired from now on.
    ``rate_limit``: 429 with Retry-After ``seconds``, nothing was executed.
    ``errors_and_data``: executed, an error beside the data.
    ``duplicate_execution``: executed twice, the first answer sent.
    ``stale_reads``: a query is answered as if the last change had not happened yet; mutations pass it by.
    ``slow_body``: executed, the answer's head comes at once and its body in pieces over ``seconds``.
    """

    kind: FaultKind
    operation: str = _ANY
    """A root field of the request; ``token`` for the token endpoint, ``upload`` and ``download`` for the
    storage; ``*`` for any request to GraphQL."""
    times: int = 1
    after: int = 0
    """How many matching requests go through first."""
    seconds: float = 1.0
    status: int = 503

    def matches(self, operations: frozenset[str], *, reading: bool = False) -> bool:
        """Return whether the fault is about one of these operations, which only read or may change things."""
        if self.kind == "stale_reads" and not reading:
            return False
        return self.operation in operations or (self.operation == _ANY and not operations & _NOT_GRAPHQL)


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

    def take(self, operations: frozenset[str], *, reading: bool = False) -> Fault | None:
        """Return what goes wrong with a request for these operations, and count it."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if not fault.matches(operations, reading=reading):
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
            offline = entry.get("on", True)
            if not isinstance(offline, bool):
                raise ValueError(f"on must be true or false, got {offline!r}")
        else:
            faults.append(_read_fault(entry))
    return faults, offline


def _read_fault(entry: object) -> Fault:
    if not isinstance(entry, Mapping):
        raise ValueError(f"a fault must be an object, got {entry!r}")  # noqa: TRY004  it came as JSON
    kind = entry.get("kind")
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {kind!r}")
    unknown = set(entry) - {"kind", *_CHECKS}
    if unknown:
        raise ValueError(f"a fault has no {', '.join(sorted(map(str, unknown)))}")
    for name, (fits, expected) in _CHECKS.items():
        if name in entry and not fits(entry[name]):
            raise ValueError(f"{name} must be {expected}, got {entry[name]!r}")
    return Fault(**entry)


def _whole(least: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LONGEST_S


_CHECKS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "operation": (lambda value: isinstance(value, str), "a string"),
    "times": (_whole(1), "a whole number from 1"),
    "after": (_whole(0), "a whole number from 0"),
    "seconds": (_is_duration, f"a number from 0 to {_LONGEST_S}"),
    "status": (lambda value: _whole(200)(value) and not _whole(600)(value), "an HTTP status from 200 to 599"),
}
