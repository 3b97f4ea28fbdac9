"""Who may print a label once more, or let it not count, and for which reasons."""

from typing import Final

from kiosk.flows.signing import serial_on
from kiosk.model import JobState, PrintJob, Reason, Role, Why

REPRINT_REASONS: Final = (
    Reason.DAMAGED,
    Reason.LOST,
    Reason.MISPRINTED,
    Reason.MISSING,
    Reason.FURTHER,
    Reason.OTHER,
)
"""Of which a person chooses one."""
VOID_REASONS: Final = (Reason.DAMAGED, Reason.LOST, Reason.MISPRINTED, Reason.MISSING, Reason.OTHER)
_NOT_YET = (JobState.QUEUED, JobState.HELD, JobState.SENDING)


def is_serialized(job: PrintJob) -> bool:
    """Return whether a label names one thing of which there is no second."""
    return bool(serial_on(job.fields, job.subject))


def may_reprint(job: PrintJob, why: Why, *, role: str, is_proved: bool, least: Role) -> str:
    """Return why a label is not printed once more, in words for who asks; empty where it is.

    Args:
        job: any print of it.
        why: it is to be.
        role: of who asks; one that is not known counts as an operator's.
        is_proved: whether it is known for sure who asks.
        least: the least role for a label that names one thing; of an operator's no proof is asked.
    """
    if job.state in _NOT_YET:
        return "This label is not printed yet. Wait for it, or cancel it."
    if why.reason not in REPRINT_REASONS or not why.is_said:
        return "Say why this label is printed once more."
    if is_serialized(job) and _rank(role) < _rank(least):
        return f"A label with a serial number is printed once more by a {least.value}. Let one sign in."
    if is_serialized(job) and _rank(least) and not is_proved:
        return "A label with a serial number is printed once more with a PIN. Give yours, or sign in again."
    return ""


def may_void(job: PrintJob, why: Why, *, role: str, is_proved: bool, least: Role) -> str:
    """Return why a label goes on counting, in words for who asks; empty where it does not.

    A label of a serial that may be out there is taken back by who may print another one; see ``may_reprint``.
    """
    if job.state is JobState.SENDING:
        return "This label is being printed. Wait for it."
    if job.state in {JobState.VOIDED, JobState.FAILED}:
        return "This label does not count already."
    if why.reason not in VOID_REASONS or not why.is_said:
        return "Say why this label does not count."
    if job.state in _NOT_YET or not is_serialized(job):
        return ""
    if _rank(role) < _rank(least):
        return f"The label of a serial number is voided by a {least.value}. Let one sign in."
    if _rank(least) and not is_proved:
        return "The label of a serial number is voided with a PIN. Give yours, or sign in again."
    return ""


def _rank(role: str) -> int:
    ranks = [one.value for one in Role]
    return ranks.index(role) if role in ranks else 0
