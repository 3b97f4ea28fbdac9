"""What was scanned, decided and ordered, on disk before anybody is told. The only writer of outcomes."""

from kiosk.journal.apart import migrate_apart
from kiosk.journal.audit import Head, read_head
from kiosk.journal.backup import back_up, restore
from kiosk.journal.batches import Batches
from kiosk.journal.damage import Damage, noted_damage, set_aside
from kiosk.journal.journal import Journal, open_journal
from kiosk.journal.operator_book import NO_STATION, OperatorBook, Tries
from kiosk.journal.outbox import NOTHING_MORE, Sequel
from kiosk.journal.place import database_path
from kiosk.journal.print_orders import NewBatch, NewJob, NewReprint
from kiosk.journal.print_queue import Hold, PrintQueue
from kiosk.journal.renewal import renew
from kiosk.journal.second_copy import CopyWatch, read_copy
from kiosk.journal.sole_use import sole_use
from kiosk.journal.station_book import Entry, Press
from kiosk.journal.tables import FOR_A_PERSON, UNSETTLED
from kiosk.journal.tally import Counts
from kiosk.journal.write_watch import WriteWatch

__all__ = [
    "FOR_A_PERSON",
    "NOTHING_MORE",
    "NO_STATION",
    "UNSETTLED",
    "Batches",
    "CopyWatch",
    "Counts",
    "Damage",
    "Entry",
    "Head",
    "Hold",
    "Journal",
    "NewBatch",
    "NewJob",
    "NewReprint",
    "OperatorBook",
    "Press",
    "PrintQueue",
    "Sequel",
    "Tries",
    "WriteWatch",
    "back_up",
    "database_path",
    "migrate_apart",
    "noted_damage",
    "open_journal",
    "read_copy",
    "read_head",
    "renew",
    "restore",
    "set_aside",
    "sole_use",
]
