"""What is wrong with the virtual printer, now or a few labels from now."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final, Literal, get_args

__all__ = [
    "SWITCHES",
    "Faults",
    "PowerCycle",
    "PrinterFault",
    "PrinterFaultKind",
    "Troubles",
    "read_printer_faults",
]

PrinterFaultKind = Literal[
    "paper_out",
    "ribbon_out",
    "head_open",
    "paused",
    "silent",
    "slow",
    "half_answers",
    "deaf",
    "refuse",
    "reprints_always",
    "reset",
    "power_cycle",
]
_KINDS: Final[tuple[str, ...]] = get_args(PrinterFaultKind)
_LONGEST_S: Final = 3600.0
_MOST_LABELS: Final = 10_000
_MOST_BYTES: Final = 100_000_000


@dataclass(slots=True)
class Faults:
    """What is wrong now; set from any thread, it takes effect at once."""

    is_paper_out: bool = False
    is_ribbon_out: bool = False
    is_head_open: bool = False
    is_paused: bool = False
    is_silent: bool = False
    """It prints and answers nothing."""
    answers_half: bool = False
    """Of each answer only the first half comes."""
    is_deaf: bool = False
    """It takes connections and not a byte from them."""
    is_refusing: bool = False
    """It takes no connections, as with its cable out."""
    reprints_always: bool = False
    """It prints an interrupted label again even where it was told not to."""
    answer_delay_s: float = 0.0

    @property
    def interrupts(self) -> bool:
        """Whether a label that is being printed stops half-way."""
        return self.is_paper_out or self.is_ribbon_out or self.is_head_open

    @property
    def holds(self) -> bool:
        """Whether no label comes out."""
        return self.interrupts or self.is_paused


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterFault:
    """One thing to go wrong.

    ``paper_out``, ``ribbon_out``, ``head_open``: a label that is being printed stops half-way; whether it is
    printed again afterwards is for ``^JZ`` to say. ``paused``: the label is finished, the next one waits.
    ``silent``: prints, answers nothing. ``slow``: answers ``seconds`` late. ``half_answers``: of each answer
    the first half. ``deaf``: takes no byte. ``refuse``: takes no connection. ``reprints_always``: as some
    firmware, whatever ``^JZ`` says. ``reset``: the connection is reset after so many ``bytes`` of labels.
    ``power_cycle``: off for ``seconds``, every connection reset, labels in its buffer lost unless it
    ``keeps`` them.
    """

    kind: PrinterFaultKind
    on: bool = True
    """False ends it."""
    after: int | None = None
    """Labels that still come out first: it strikes in the middle of the next one; None: at once."""
    seconds: float | None = None
    """After this time it ends by itself; None: not before somebody ends it."""
    bytes: int = 100
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class PowerCycle:
    """The printer is switched off and on again."""

    dark_s: float
    keeps: bool


SWITCHES: Final = {
    "paper_out": "is_paper_out",
    "ribbon_out": "is_ribbon_out",
    "head_open": "is_head_open",
    "paused": "is_paused",
    "silent": "is_silent",
    "half_answers": "answers_half",
    "deaf": "is_deaf",
    "refuse": "is_refusing",
    "reprints_always": "reprints_always",
    "slow": "answer_delay_s",
}
"""The attribute of `Faults` that a kind sets."""
_LATE_S: Final = 2.0
_DARK_S: Final = 0.5


class Troubles:
    """The faults in force and those to come; used from many threads."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self.now = Faults()
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._coming: list[PrinterFault] = []
        self._ends: dict[str, float] = {}
        self._reset_after: int | None = None
        self._cycle: PowerCycle | None = None

    def add(self, faults: list[PrinterFault]) -> None:
        """Let things go wrong, or right."""
        with self._lock:
            for fault in faults:
                if fault.after is None:
                    self._strike(fault)
                else:
                    self._coming.append(fault)

    def clear(self) -> None:
        """Let nothing be wrong any more."""
        with self._lock:
            self._coming.clear()
            self._ends.clear()
            self._reset_after = self._cycle = None
            for one in fields(Faults):
                setattr(self.now, one.name, one.default)

    def shown(self) -> dict[str, object]:
        """Return everything as JSON."""
        with self._lock:
            return {
                "now": asdict(self.now),
                "coming": [asdict(fault) for fault in self._coming],
                "reset_after_bytes": self._reset_after,
            }

    def middle_of_label(self) -> None:
        """A label is half-way out: let strike what waited for it."""
        with self._lock:
            due = [fault for fault in self._coming if fault.after == 0]
            self._coming = [replace(fault, after=fault.after - 1) for fault in self._coming if fault.after]
            for fault in due:
                self._strike(fault)

    def mend(self) -> None:
        """End what ends by itself."""
        with self._lock:
            now_s = self._clock_s()
            for kind, end_s in tuple(self._ends.items()):
                if now_s >= end_s:
                    del self._ends[kind]
                    self._set(kind, None)

    def taken(self, arrived: int) -> int | None:
        """Count bytes of labels: how many of these are taken before the connection is reset, None for all."""
        with self._lock:
            if self._reset_after is None:
                return None
            if arrived < self._reset_after:
                self._reset_after -= arrived
                return None
            taken, self._reset_after = self._reset_after, None
            return taken

    def power_cycle(self) -> PowerCycle | None:
        """Return the power cycle that is due, once."""
        with self._lock:
            cycle, self._cycle = self._cycle, None
            return cycle

    def _strike(self, fault: PrinterFault) -> None:
        self._ends.pop(fault.kind, None)
        if fault.kind == "power_cycle":
            dark_s = _DARK_S if fault.seconds is None else fault.seconds
            self._cycle = PowerCycle(dark_s, fault.keeps) if fault.on else None
        elif fault.kind == "reset":
            self._reset_after = fault.bytes if fault.on else None
        else:
            self._set(fault.kind, fault if fault.on else None)
            if fault.on and fault.seconds is not None and fault.kind != "slow":
                self._ends[fault.kind] = self._clock_s() + fault.seconds

    def _set(self, kind: str, fault: PrinterFault | None) -> None:
        value: bool | float = fault is not None
        if kind == "slow" and fault is not None:
            value = _LATE_S if fault.seconds is None else fault.seconds
        setattr(self.now, SWITCHES[kind], value)


def read_printer_faults(data: object) -> list[PrinterFault]:
    """Return the faults in a JSON object or list of objects.

    Raises:
        ValueError: Something in it is no fault.
    """
    return [_read_fault(entry) for entry in (data if isinstance(data, list) else [data])]


def _read_fault(entry: object) -> PrinterFault:
    if not isinstance(entry, Mapping):
        raise ValueError(f"a fault must be an object, got {entry!r}")  # noqa: TRY004 - it came as JSON
    kind = entry.get("kind")
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}, got {kind!r}")
    if unknown := set(entry) - {"kind", *_CHECKS}:
        raise ValueError(f"a fault has no {', '.join(sorted(map(str, unknown)))}")
    for name, (fits, expected) in _CHECKS.items():
        if name in entry and not fits(entry[name]):
            raise ValueError(f"{name} must be {expected}, got {entry[name]!r}")
    return PrinterFault(**entry)


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_S


_CHECKS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "on": (lambda value: isinstance(value, bool), "true or false"),
    "after": (
        lambda value: value is None or _is_whole(value, _MOST_LABELS),
        f"a whole number from 0 to {_MOST_LABELS}",
    ),
    "seconds": (
        lambda value: value is None or _is_duration(value),
        f"a number from 0 to {_LONGEST_S:g}",
    ),
    "bytes": (lambda value: _is_whole(value, _MOST_BYTES), f"a whole number from 0 to {_MOST_BYTES}"),
    "keeps": (lambda value: isinstance(value, bool), "true or false"),
}
