"""A label from the command line: printed by the kiosk that runs, or from here where none does."""

import time
from typing import Final

from kiosk.compose import new_id, opened_journal, utc_now
from kiosk.journal import Journal, NewJob
from kiosk.label_shelf import LabelShelf
from kiosk.model import JobState, LabelFields, Print, PrintJob
from kiosk.printer_desk import PrinterDesk
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.resources import templates_dir
from kiosk.settings import Settings

_TIMEOUT_S: Final = 15.0


def print_now(
    settings: Settings, name: str, values: LabelFields, *, printer: str, copies: int
) -> tuple[PrintJob, ...]:
    """Print a label and wait for what becomes of it.

    A kiosk that runs on the same journal may take the jobs; else they are printed from here.

    Raises:
        LabelError: the label cannot be made.
        JournalError: it could not be written.
    """
    shelf = LabelShelf(templates_dir() / "labels", settings.labels.designs, utc_now)
    shop = LabelShop(shelf.load(is_proved=False), settings.stations, open_printers(settings.printers))
    label = Print(name, values, subject="", copies=copies)
    prepared = shop.prepare_for(printer, label)
    with opened_journal(settings) as journal:
        key = f"cli/{new_id()}"
        jobs = journal.prints.add([NewJob(key, "", printer, label, prepared)])
        desk = PrinterDesk(shop.printer(printer), journal.prints, lambda _job: None, time.sleep)
        end_s = time.monotonic() + _TIMEOUT_S
        while any(_is_open(journal, job) for job in jobs) and time.monotonic() < end_s:
            desk.step()
        return tuple(journal.prints.find(job.id) or job for job in jobs)


def _is_open(journal: Journal, job: PrintJob) -> bool:
    now = journal.prints.find(job.id)
    return now is not None and now.state in {JobState.QUEUED, JobState.SENDING}
