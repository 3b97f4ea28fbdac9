"""What a change takes along on its way to ION, and what this process knows of those that are not settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from kiosk.ion.documents import Call
from kiosk.ion.storage import Storage
from kiosk.ion.tenant import Tenant
from kiosk.model import Json
from kiosk.ports import FileRoom

__all__ = ["Errand", "Memory"]

_REMEMBERED: Final = 1000


@dataclass(slots=True)
class Memory:
    """What this process knows of changes that are not settled, by their marker."""

    doubtful: dict[str, None] = field(default_factory=dict)
    """They were looked for: what stands in ION already may be their own."""
    before: dict[str, frozenset[str]] = field(default_factory=dict)
    """The ids that were there before the first send."""
    keys: dict[str, str] = field(default_factory=dict)
    """The file that is under way: where its bytes went, or the attachment that waits for them."""
    received: dict[str, Decimal] = field(default_factory=dict)
    """What an order's line had received before the first send."""
    stock: dict[str, Mapping[str, Decimal]] = field(default_factory=dict)
    """The quantities, by row, of what was like the goods before the first send."""
    absent: dict[str, None] = field(default_factory=dict)
    """They were looked for, and nothing of them was there: what appears later may be somebody else's."""
    answered: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    """What ION answered to changes that its reads do not show yet: these are made, how often is not known."""
    fenced: dict[str, None] = field(default_factory=dict)
    """Since they were sent last, older copies of them were made stale."""
    etags: dict[str, str] = field(default_factory=dict)
    """The etag that ION answered when it changed a receipt, by the receipt's id: reads may lag behind it."""
    is_fence_proved: bool = False
    """This tenant was seen to refuse an addition to a receipt for its stale etag."""

    def doubt(self, marker: str) -> None:
        """Take note that a change was looked for."""
        self.doubtful[marker] = None
        _trim(self.doubtful)

    def remember_before(self, marker: str, ids: frozenset[str]) -> None:
        """Keep what was there before the first send; later sends of the same change do not count."""
        self.before.setdefault(marker, ids)
        _trim(self.before)

    def miss(self, marker: str) -> None:
        """Take note that a change was looked for in vain."""
        self.absent[marker] = None
        _trim(self.absent)

    def remember_answer(self, marker: str, result: Mapping[str, Json]) -> None:
        """Keep what ION answered to a change that its reads do not show yet."""
        self.answered[marker] = result
        _trim(self.answered)

    def fence(self, marker: str) -> bool:
        """Take note that older copies are stale now; return whether they were not before."""
        is_new = marker not in self.fenced
        self.fenced[marker] = None
        _trim(self.fenced)
        return is_new

    def remember_etag(self, id_: str, etag: str) -> None:
        """Keep the newest etag of a receipt."""
        self.etags[id_] = etag
        _trim(self.etags)

    def remember_received(self, marker: str, received: Decimal, stock: Mapping[str, Decimal]) -> None:
        """Keep what had been received, and was in stock, before the first send."""
        self.received.setdefault(marker, received)
        self.stock.setdefault(marker, stock)
        _trim(self.received)
        _trim(self.stock)

    def unsent(self, marker: str) -> None:
        """Forget what was there before a send that is proved not executed, unless an earlier one is in doubt.

        Until it is sent again others may do the same, which is not to be taken for it then.
        """
        if marker not in self.doubtful:
            self.before.pop(marker, None)
            self.received.pop(marker, None)
            self.stock.pop(marker, None)

    def forget(self, marker: str) -> None:
        """Forget a change that is settled."""
        self.doubtful.pop(marker, None)
        self.before.pop(marker, None)
        self.keys.pop(marker, None)
        self.received.pop(marker, None)
        self.stock.pop(marker, None)
        self.absent.pop(marker, None)
        self.answered.pop(marker, None)
        self.fenced.pop(marker, None)


def _trim(remembered: dict[str, Any]) -> None:
    """Forget the oldest of too many: changes that a person gave up are never settled here."""
    while len(remembered) > _REMEMBERED:
        del remembered[next(iter(remembered))]


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
