"""Work that stopped for a person, as the pages see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kiosk.model import Message, Operator

__all__ = ["Choice", "ParkedRoom", "ParkedWork"]


class Choice(StrEnum):
    """What a person can do with work that stopped."""

    AGAIN = "again"
    """Send it once more; what was in doubt is looked for first."""
    BY_HAND = "by-hand"
    """Somebody has done it in ION."""
    GIVE_UP = "give-up"
    """It is not to be done."""


@dataclass(frozen=True, slots=True)
class ParkedWork:
    """One change that ION refused, or of which nobody knows whether ION has it."""

    id: str
    wanted: str
    """What was to happen."""
    facts: Mapping[str, str]
    """What tells it from others of its kind, by caption."""
    is_refused: bool
    """ION has not done it; else that is in doubt."""
    why: str
    """What ION said, or what became of the sending."""
    station: str
    by: str
    """Who did it, empty where nobody was signed in."""
    at: datetime
    operation: str
    sent: Mapping[str, str]
    """Its arguments, as JSON where they are no texts."""
    attempts: int
    held: int
    """How many later changes of the same thing wait behind it."""
    shows: str = ""
    """What ION shows of it, where that was looked for."""
    is_guarded: bool = False
    """Only a lead or a technician, with their PIN, gives it up or says that it is done."""


class ParkedRoom(Protocol):
    """Where a person decides about them."""

    def work(self) -> tuple[ParkedWork, ...]:
        """Return what waits for a person, oldest first; at most a hundred.

        Raises:
            JournalError: the journal cannot be read.
        """

    def look(self, id_: str) -> Message | None:
        """Ask ION what it shows now; ``None`` where nothing of that id waits for a person.

        Raises:
            JournalError: the journal cannot be read.
        """

    def decide(self, id_: str, choice: Choice, why: str, by: Operator | None = None) -> Message:
        """Take a person's decision, and say what follows.

        Args:
            id_: the work's.
            choice: what to do.
            why: the reason, kept in the audit; only sending it again needs none.
            by: who decides, where they gave their PIN just now.

        Raises:
            JournalError: it could not be written, and is not decided.
        """
