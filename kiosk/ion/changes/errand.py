"""What a change takes along on its way to ION."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.ion.changes.memory import Memory
from kiosk.ion.documents import Call
from kiosk.ion.storage import Storage
from kiosk.ion.tenant import Tenant
from kiosk.ports import FileRoom

__all__ = ["Errand"]


@dataclass(frozen=True, slots=True)
class Errand:
    """One change on its way: where to, by which document, under which name."""

    operation: str
    tenant: Tenant
    calls: Mapping[str, Call]
    marker: str
    memory: Memory
    storage: Storage
    marker_key: str | None = None
    """The tenant's attribute that carries markers."""
    files: FileRoom | None = None
    request_life_s: float = 120.0
    """How long a copy that nobody waits for any more may still be carried out."""
    works_alone: bool = False
    """Nobody else does the same to the same within that time."""

    @property
    def may_be_others(self) -> bool:
        """Return whether what is there now may be somebody else's: it was looked for in vain before.

        What ION answered that it did was not there only in reads that lag behind.
        """
        memory = self.memory
        return self.marker in memory.absent and self.marker not in memory.answered and not self.works_alone
