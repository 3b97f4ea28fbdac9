"""What was scanned, decided and ordered, on disk before anybody is told. The only writer of outcomes."""

from kiosk.journal.batches import Batches
from kiosk.journal.journal import Journal, open_journal
from kiosk.journal.outbox import NOTHING_MORE, Sequel
from kiosk.journal.print_orders import NewBatch, NewJob, NewReprint
from kiosk.journal.print_queue import Hold, PrintQueue
from kiosk.journal.sole_use import sole_use
from kiosk.journal.station_book import Entry, Press
from kiosk.journal.tables import FOR_A_PERSON, UNSETTLED

__all__ = [
    "FOR_A_PERSON",
    "NOTHING_MORE",
    "UNSETTLED",
    "Batches",
    "Entry",
    "Hold",
    "Journal",
    "NewBatch",
    "NewJob",
    "NewReprint",
    "Press",
    "PrintQueue",
    "Sequel",
    "open_journal",
    "sole_use",
]
