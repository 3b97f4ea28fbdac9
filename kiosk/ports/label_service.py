"""Labels that programs and people at a workstation ask for, one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.model import NORMAL_PRIORITY, Batch, LabelFields, PreparedLabel, PrintJob, Scope, Why
from kiosk.ports.print_room import Asker


@dataclass(frozen=True, slots=True)
class LabelWish:
    """One label that is asked for, in all its copies: of fields, or of what ION has by a code."""

    label: str = ""
    """The design; empty for the one that things of the subject's kind have."""
    fields: LabelFields | None = None
    subject: str = ""
    """A code of any kind; counts where there are no fields."""
    printer: str = ""
    """Empty for the station's."""
    station: str = ""
    """Which is told of the label and answers doubts; empty for one that prints there, or none."""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """Labels that are asked for together: all of them are queued, or none."""

    wishes: Sequence[LabelWish]
    key: str | None = None
    """The asker's idempotency key."""
    client: str = "api"
    """Whose idempotency keys these are: two askers may use the same ones."""
    by: str = ""
    title: str = ""
    priority: int = NORMAL_PRIORITY
    is_as_shown: bool = False
    """Of what is remembered, which a picture has just shown; ION is asked only about what is not."""
    scope: Scope | None = None
    """``None`` where everything may be asked for."""
    asker: Asker | None = None
    """Who answers for another label of a serial that has one; ``None`` where nobody does."""
    why: Why | None = None
    """Why another one is wanted."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Labels that are queued."""

    batch: Batch
    jobs: tuple[PrintJob, ...]
    is_repeat: bool
    """The same was asked under the same key before; nothing was queued a second time."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A thing that can have a label."""

    code: str
    """The kiosk's reference, which finds this thing and no other."""
    kind: str
    """A word for people: *Part*, *Stock*, *Run*, *Location*."""
    title: str
    detail: str
    designs: tuple[str, ...]
    """Labels that its data fill, its own first."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was found for a text or a code."""

    found: tuple[Labelled, ...]
    is_cut: bool = False
    """There were more than are shown."""
    as_of: datetime | None = None
    """When ION gave the oldest of the answers."""
    is_remembered: bool = False
    """ION could not be asked; it is what ION said when it was last asked."""
    trouble: str = ""
    """Why nothing, or not all, could be found, in words for a person."""


class LabelService(Protocol):
    """Takes orders for labels."""

    def order(self, order: LabelOrder) -> Ordered:
        """Queue labels.

        Raises:
            OrderRefused: some of them cannot be made; nothing is queued.
            KeyReused: the key was used for another order.
            OutOfScope: the asker may not have all of them.
            IonError: ION could not be asked about a subject, and nothing is remembered of it.
            JournalError: nothing is queued.
        """

    def prepare(self, wish: LabelWish) -> PreparedLabel:
        """Make one label as it would be printed; ION is asked only about what is not remembered.

        Raises:
            OrderRefused: it cannot be made.
            IonError: ION could not be asked.
        """

    def search(self, text: str) -> Search:
        """Find what can have a label by a code, or by a part of a part's number or a run's title."""

    def latest(self, wish: LabelWish) -> PrintJob | None:
        """Return the print of a label of a serial that is out already, ``None`` where another is its first.

        Raises:
            OrderRefused: the label cannot be made.
            IonError: ION could not be asked.
        """

    def printers(self) -> tuple[str, ...]:
        """Return the printers of the settings."""

    def title(self, label: str) -> str:
        """Return what a person calls a design."""

    def jobs(self, batch_id: str) -> tuple[PrintJob, ...]:
        """Return the labels of a batch in their order; none where there is no such batch."""

    def uses(self, batch_id: str) -> frozenset[tuple[str, str]]:
        """Return the labels of a batch, each by design and printer; none where there is no such batch."""
