"""What is known of changes that are not settled: of what a restart must not lose, notes are kept."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from kiosk.ion.variables import plain
from kiosk.model import Json
from kiosk.ports import NoteRoom

__all__ = ["Memory"]

_REMEMBERED: Final = 1000
_MOST_WAITS: Final = 4
_LAG_S: Final = 8.0
"""As long as it takes a change to wait as often as that."""


@dataclass(slots=True)
class Memory:
    """What this process knows of changes that are not settled, by their marker.

    A method that keeps or forgets what is noted raises ``JournalError`` where that cannot be written.
    """

    notes: NoteRoom | None = None
    """Where notes outlast this process; ``None`` where nobody goes on after it."""
    monotonic_s: Callable[[], float] = time.monotonic
    recalled: dict[str, None] = field(default_factory=dict)
    """Their notes were read, or are all of this process."""
    unkept: dict[str, None] = field(default_factory=dict)
    """Of them the journal did not take what was to be noted last."""
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
    superseded: dict[tuple[str, str], str] = field(default_factory=dict)
    """What was changed since, by id and etag: a read that shows it lags behind. With it the etag that ION
    answered instead, empty where it answered none."""
    made: dict[str, tuple[str | None, float]] = field(default_factory=dict)
    """What ION answered that it made, by its key: the etag then, and until when reads may not show it."""
    waits: dict[str, tuple[str, int]] = field(default_factory=dict)
    """For which etag to be gone from its reads a change waits, by its marker, and how often it did."""
    unmoved: dict[str, None] = field(default_factory=dict)
    """The operations after which the etag stayed as it was for too long: of them it tells nothing here."""
    is_fence_proved: bool = False
    """This tenant was seen to refuse an addition to a receipt for its stale etag."""

    def recall(self, marker: str) -> None:
        """Take up what was noted of a change before this process began.

        Raises:
            JournalError: it could not be read.
        """
        if self.notes is None or marker in self.recalled:
            return
        noted = self.notes.noted(marker)
        self.recalled[marker] = None
        _trim(self.recalled)
        received, stock, answer = noted.get("received"), noted.get("stock"), noted.get("answered")
        if isinstance(received, str):
            self.received.setdefault(marker, Decimal(received))
        if isinstance(stock, Mapping):
            self.stock.setdefault(marker, {id_: Decimal(str(quantity)) for id_, quantity in stock.items()})
        if noted.get("absent"):
            self.absent[marker] = None
        if isinstance(answer, Mapping):
            self.answered.setdefault(marker, answer)

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
        is_new = marker not in self.absent
        self.absent[marker] = None
        _trim(self.absent)
        if is_new or marker in self.unkept:
            self._keep(marker)

    def remember_answer(self, marker: str, result: Mapping[str, Json]) -> None:
        """Keep what ION answered to a change that its reads do not show yet."""
        self.answered[marker] = result
        _trim(self.answered)
        self._keep(marker)

    def forget_answer(self, marker: str) -> None:
        """Forget what ION answered to a change that is sent once more, and note what could not be before."""
        if self.answered.pop(marker, None) is not None or marker in self.unkept:
            self._keep(marker)

    def remember_made(self, key: str, etag: str | None = None) -> None:
        """Take note that ION answered that it made something.

        Args:
            key: of what it made.
            etag: as it was then, where it may have been there before: stock that was on order.
        """
        self.made.pop(key, None)
        self.made[key] = etag, self.monotonic_s() + _LAG_S
        _trim(self.made)

    def is_unshown(self, key: str, etag: str | None) -> bool:
        """Return whether a read does not show yet what ION answered lately that it made.

        Args:
            key: of what was read.
            etag: with which the read shows it, ``None`` where it shows no such thing.
        """
        made, until_s = self.made.get(key, (None, 0.0))
        if self.monotonic_s() >= until_s:
            return False
        is_known = bool(made and etag) and (key.rpartition("/")[2], made) not in self.superseded
        return etag is None or (is_known and etag != made)

    def fence(self, marker: str) -> bool:
        """Take note that older copies are stale now; return whether they were not before."""
        is_new = marker not in self.fenced
        self.fenced[marker] = None
        _trim(self.fenced)
        return is_new

    def supersede(self, id_: str, etag: str | None, by: str = "") -> None:
        """Take note that something is no longer as its etag was; by another, where ION has answered that."""
        if etag is None or etag == by:
            return
        self.superseded.pop((id_, by), None)
        self.superseded[id_, etag] = by
        _trim(self.superseded)

    def newest(self, id_: str, etag: str) -> str:
        """Return the etag that ION answered last for what had this one, which a lagging read may show."""
        while newer := self.superseded.get((id_, etag)):
            etag = newer
        return etag

    def is_behind(self, id_: str, etag: str | None, operation: str, marker: str) -> bool:
        """Return whether a read shows what was changed since, so that a change waits for a later one.

        An etag that stays as it is for longer than reads lag is one that this operation does not change.
        """
        if etag is None or (id_, etag) not in self.superseded or operation in self.unmoved:
            return False
        waited_for, waits = self.waits.get(marker, (etag, 0))
        waits = waits + 1 if waited_for == etag else 1
        self.waits[marker] = etag, waits
        _trim(self.waits)
        if waits > _MOST_WAITS:
            self.unmoved[operation] = None
        return operation not in self.unmoved

    def remember_received(self, marker: str, received: Decimal, stock: Mapping[str, Decimal]) -> None:
        """Keep what had been received, and was in stock, before the first send.

        It is noted before anything is sent: what it is compared with later may be what the send has done.
        """
        if marker in self.received:
            return
        self.received[marker] = received
        self.stock[marker] = stock
        _trim(self.received)
        _trim(self.stock)
        self._keep(marker)

    def unsent(self, marker: str) -> None:
        """Forget what was there before a send that is proved not executed, unless an earlier one is in doubt.

        Until it is sent again others may do the same, which is not to be taken for it then.
        """
        if marker not in self.doubtful:
            self.before.pop(marker, None)
            self.stock.pop(marker, None)
            if self.received.pop(marker, None) is not None:
                self._keep(marker)

    def forget(self, marker: str) -> None:
        """Forget a change that is settled; what was noted stays, should nobody have heard of it."""
        self.recalled.pop(marker, None)
        self.unkept.pop(marker, None)
        self.doubtful.pop(marker, None)
        self.before.pop(marker, None)
        self.keys.pop(marker, None)
        self.received.pop(marker, None)
        self.stock.pop(marker, None)
        self.absent.pop(marker, None)
        self.answered.pop(marker, None)
        self.fenced.pop(marker, None)
        self.waits.pop(marker, None)

    def _keep(self, marker: str) -> None:
        """Note what a restart must not lose of a change."""
        if self.notes is None:
            return
        notes: dict[str, Json] = {}
        if marker in self.received:
            notes["received"] = plain(self.received[marker])
            stock = self.stock.get(marker, {})
            notes["stock"] = {id_: plain(quantity) for id_, quantity in stock.items()}
        if marker in self.absent:
            notes["absent"] = True
        if marker in self.answered:
            notes["answered"] = self.answered[marker]
        self.unkept[marker] = None
        _trim(self.unkept)
        self.notes.note(marker, notes)
        self.unkept.pop(marker, None)


def _trim(remembered: dict[Any, Any]) -> None:
    """Forget the oldest of too many: changes that a person gave up are never settled here."""
    while len(remembered) > _REMEMBERED:
        del remembered[next(iter(remembered))]
