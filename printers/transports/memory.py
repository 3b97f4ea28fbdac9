"""A printer that keeps its jobs in memory: `memory://name`."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from printers.errors import PrinterUnreachable


@dataclass(slots=True)
class MemoryTransport:
    """Every transport opened under one name is this same printer, as with a real address."""

    name: str
    jobs: list[bytes] = field(default_factory=list)
    """What was sent, one entry a `send`."""
    answers: list[bytes] = field(default_factory=list)
    """What it says, one entry a `receive`; with none left it is silent. Only asked when it has one."""
    is_reachable: bool = True

    _named: ClassVar[dict[str, "MemoryTransport"]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def named(cls, name: str) -> "MemoryTransport":
        """Return the printer of this name, a new one the first time."""
        with cls._lock:
            return cls._named.setdefault(name, cls(name))

    @property
    def can_answer(self) -> bool:
        """Whether answers were prepared."""
        return bool(self.answers)

    @property
    def notices_restart(self) -> bool:
        """Nothing is switched."""
        return True

    @property
    def is_closed(self) -> bool:
        """Memory does not hang up."""
        return False

    @contextmanager
    def connection(self) -> Iterator["MemoryTransport"]:
        """Connect, unless told to be out of reach."""
        if not self.is_reachable:
            raise PrinterUnreachable(
                f"memory://{self.name}: expected a connection, got a printer told to be away"
            )
        yield self

    def send(self, data: bytes) -> None:
        """Keep the bytes."""
        self.jobs.append(data)

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:  # noqa: ARG002 - answers are whole
        """Give the next prepared answer."""
        return self.answers.pop(0) if self.answers else b""
