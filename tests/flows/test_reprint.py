"""Who may print a label once more, and when it may be said not to count."""

from dataclasses import replace

import pytest

from kiosk.flows.reprint import REPRINT_REASONS, VOID_REASONS, may_reprint, may_void
from kiosk.model import JobState, Reason, Role, Why
from tests.flows.test_sequel import job

SERIAL = job(JobState.CONFIRMED, serialNumber="SN-1")
LOT = job(JobState.CONFIRMED, lotNumber="LOT-A")
LOST = Why(Reason.LOST)


@pytest.mark.parametrize(
    ("role", "least", "is_allowed"),
    [
        ("operator", Role.LEAD, False),
        ("lead", Role.LEAD, True),
        ("technician", Role.LEAD, True),
        ("lead", Role.TECHNICIAN, False),
        ("operator", Role.OPERATOR, True),
        ("", Role.LEAD, False),
        ("admin", Role.LEAD, False),
        ("Lead", Role.LEAD, False),
    ],
)
def test_a_label_of_one_thing_needs_a_role(role: str, least: Role, *, is_allowed: bool) -> None:
    said = may_reprint(SERIAL, LOST, role=role, is_proved=True, least=least)
    expected = f"A label with a serial number is printed once more by a {least.value}. Let one sign in."
    assert said == ("" if is_allowed else expected)
    for other in (LOT, job(JobState.CONFIRMED, serialNumber="")):
        assert may_reprint(other, LOST, role=role, is_proved=False, least=least) == ""


def test_a_role_that_is_asked_for_is_proved_just_now() -> None:
    unproved = may_reprint(SERIAL, LOST, role="lead", is_proved=False, least=Role.LEAD)
    assert unproved == (
        "A label with a serial number is printed once more with a PIN. Give yours, or sign in again."
    )
    assert may_reprint(SERIAL, LOST, role="operator", is_proved=False, least=Role.OPERATOR) == ""


@pytest.mark.parametrize("reason", Reason)
def test_a_reprint_has_a_reason_and_another_one_has_words(reason: Reason) -> None:
    said = may_reprint(LOT, Why(reason), role="lead", is_proved=True, least=Role.LEAD)
    is_enough = reason in REPRINT_REASONS and reason is not Reason.OTHER
    assert said == ("" if is_enough else "Say why this label is printed once more.")
    in_words = may_reprint(LOT, Why(reason, " wrong side "), role="lead", is_proved=True, least=Role.LEAD)
    assert (in_words == "") is (reason in REPRINT_REASONS)
    assert may_reprint(LOT, Why(Reason.OTHER, "  "), role="lead", is_proved=True, least=Role.LEAD)


@pytest.mark.parametrize("state", JobState)
def test_only_what_was_sent_is_printed_once_more(state: JobState) -> None:
    said = may_reprint(replace(LOT, state=state), LOST, role="lead", is_proved=True, least=Role.LEAD)
    is_waiting = state in {JobState.QUEUED, JobState.HELD, JobState.SENDING}
    assert said == ("This label is not printed yet. Wait for it, or cancel it." if is_waiting else "")


@pytest.mark.parametrize("state", JobState)
def test_what_counts_may_be_said_not_to(state: JobState) -> None:
    said = may_void(replace(SERIAL, state=state), LOST, role="lead", is_proved=True, least=Role.LEAD)
    refused = {
        JobState.SENDING: "This label is being printed. Wait for it.",
        JobState.VOIDED: "This label does not count already.",
        JobState.FAILED: "This label does not count already.",
    }
    assert said == refused.get(state, "")


@pytest.mark.parametrize("reason", Reason)
def test_voiding_has_a_reason_too(reason: Reason) -> None:
    is_enough = reason in VOID_REASONS and reason is not Reason.OTHER
    said = may_void(LOT, Why(reason), role="operator", is_proved=False, least=Role.LEAD)
    assert said == ("" if is_enough else "Say why this label does not count.")


def test_the_label_of_a_serial_that_may_be_out_is_voided_by_who_may_print_another() -> None:
    by_operator = may_void(SERIAL, LOST, role="operator", is_proved=True, least=Role.LEAD)
    assert by_operator == "The label of a serial number is voided by a lead. Let one sign in."
    unproved = may_void(SERIAL, LOST, role="lead", is_proved=False, least=Role.LEAD)
    assert unproved == "The label of a serial number is voided with a PIN. Give yours, or sign in again."
    assert may_void(SERIAL, LOST, role="lead", is_proved=True, least=Role.LEAD) == ""
    waiting = replace(SERIAL, state=JobState.QUEUED)
    assert may_void(waiting, LOST, role="operator", is_proved=False, least=Role.LEAD) == "", "never printed"
