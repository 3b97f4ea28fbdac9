"""The way of a scan as the log tells it: from being taken to ION's answer and the label, under one id.

Nothing of what was scanned stands in it, and nobody's name.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk.journal import Entry
from kiosk.log_lines import about
from kiosk.model import JobState, Operation, OperationState, PrintJob, RawScan

LOG: Final = "kiosk.way"
"""Told in any case, also where only what goes wrong is asked for."""
_LOG: Final = logging.getLogger(LOG)


def tell_kept(scan: RawScan) -> None:
    """Tell that a scan is on disk, before it is known what it means."""
    with about(event=scan.id, station=scan.station, scanner=scan.scanner):
        _LOG.info("Kept")


def tell_taken(entry: Entry) -> None:
    """Tell that an event and all that follows from it are on disk."""
    session = entry.session
    where = {"station": session.station, "session": session.id, "screen": f"{session.flow}/{session.step}"}
    with about(event=entry.event, **where, scanner=entry.scan.scanner if entry.scan else ""):
        _LOG.info("Taken: %d changes, %d labels", len(entry.submits), len(entry.jobs))


@contextmanager
def delivering(operation: Operation) -> Iterator[None]:
    """Put on every line within which operation it is about, and the event that it goes back to."""
    with about(event=operation.event, station=operation.station, operation=operation.id):
        yield


def tell_settled(operation: Operation, state: OperationState) -> None:
    """Tell what became of an operation."""
    with delivering(operation), about(change=operation.operation, state=state.value):
        _LOG.info("Delivered")


def tell_printed(job: PrintJob, state: JobState, error: str) -> None:
    """Tell what became of a label, and why where it did not come out."""
    where = {"station": job.station, "job": job.id, "printer": job.printer}
    with about(event=job.event, **where, label=job.label, state=state.value):
        if error:
            _LOG.info("Label: %s", error)
        else:
            _LOG.info("Label")
