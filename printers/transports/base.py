"""What a way to a printer has to offer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, Protocol, runtime_checkable

from printers.status import Identity, PrinterStatus

LARGEST_ANSWER: Final = 65536
"""Bytes of an answer that are kept; a peer that sends more is cut off here."""


class Connection(Protocol):
    """An open way to a printer, for one job."""

    @property
    def is_closed(self) -> bool:
        """Whether the printer has hung up, having taken what was sent."""
        ...

    def send(self, data: bytes) -> None:
        """Hand all bytes over.

        Raises:
            PrinterNotReady: Not one byte was taken in time.
            PrintUnknown: It broke off after a first byte may have left.
        """
        ...

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        """Collect what the printer says until that is complete, the time is up or it hangs up.

        Returns:
            What came, perhaps nothing; never more than LARGEST_ANSWER bytes.

        Raises:
            PrintUnknown: The connection was torn down, with whatever had not reached the printer yet.
        """
        ...


@runtime_checkable
class TellsStatus(Protocol):
    """A connection that knows how the printer is, whatever language that speaks."""

    def status(self) -> PrinterStatus:
        """Ask how the printer is, and what became of what was sent.

        Raises:
            PrintUnknown: What was sent was given up, or nobody is there any more.
        """
        ...

    def identity(self) -> Identity | None:
        """Ask what the printer is; None where that is not said.

        Raises:
            PrintUnknown: What was answered is no answer.
        """
        ...


class Transport(Protocol):
    """A way to one printer, opened anew for each job."""

    @property
    def can_answer(self) -> bool:
        """Whether anything can come back at all."""
        ...

    @property
    def notices_restart(self) -> bool:
        """Whether a printer that is switched off and on breaks the connection."""
        ...

    def connection(self) -> AbstractContextManager[Connection]:
        """Connect.

        Raises:
            PrinterUnreachable: It did not come about; nothing was sent.
        """
        ...
