from datetime import UTC, date, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.journal import Journal, NewReprint
from kiosk.model import JobState, PrintJob, Reason, Tally, Why
from tests.fakes import Clock
from tests.journal.opened import new_job, opened

FURTHER = Why(Reason.FURTHER)


def printed(journal: Journal, key: str, end: JobState = JobState.CONFIRMED) -> PrintJob:
    (job,) = journal.prints.add([new_job(key)])
    found = journal.prints.claim("zebra")
    assert found is not None
    settled = journal.prints.settle(found[0].id, end)
    assert settled is not None
    assert settled.id == job.id
    return settled


def state(journal: Journal, job: PrintJob) -> tuple[str, str]:
    found = journal.prints.find(job.id)
    assert found is not None
    return found.state.value, found.error


def test_an_earlier_job_is_queued_again_with_the_very_bytes_of_then(journal: Journal) -> None:
    first = printed(journal, "a")
    made = journal.accounts.reprint(NewReprint(first.id, "again/1", 2, FURTHER))
    assert [(job.copy, job.copies, job.edition, job.state, job.key) for job in made] == [
        (1, 2, 2, JobState.QUEUED, "again/1/1"),
        (2, 2, 3, JobState.QUEUED, "again/1/2"),
    ]
    same = ("label", "design_digest", "fields", "subject", "encoded", "station", "printer")
    assert all(getattr(job, name) == getattr(first, name) for job in made for name in same)
    found = journal.prints.claim("zebra")
    assert found is not None
    assert (found[0].id, found[1]) == (made[0].id, b"payload of ION/LOC/7")
    assert journal.prints.picture(made[1].id) == journal.prints.picture(first.id)


def test_a_reprint_of_a_reprint_is_one_more_edition_of_the_first(journal: Journal) -> None:
    first = printed(journal, "a")
    (second,) = journal.accounts.reprint(NewReprint(first.id, "again/1", 1, FURTHER))
    (third,) = journal.accounts.reprint(NewReprint(second.id, "again/2", 1, FURTHER))
    (fourth,) = journal.accounts.reprint(NewReprint(first.id, "again/3", 1, FURTHER))
    assert [(job.edition, job.reprint_of) for job in (first, second, third, fourth)] == [
        (1, ""),
        (2, first.id),
        (3, first.id),
        (4, first.id),
    ]


def test_a_repeated_reprint_queues_nothing_twice_and_voids_nothing_later(journal: Journal) -> None:
    first = printed(journal, "a", JobState.SENT)
    new = NewReprint(first.id, "again/1", 1, Why(Reason.LOST, "on the floor"), "Ada")
    made = journal.accounts.reprint(new)
    assert journal.accounts.reprint(new) == made
    assert journal.accounts.reprint(NewReprint("none", "again/2", 1, FURTHER)) == ()
    batch = journal.batches.find(made[0].batch)
    assert batch is not None
    assert (batch.reason, batch.note, batch.by, batch.tally.issued) == (Reason.LOST, "on the floor", "Ada", 1)


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.CANCELED])
@pytest.mark.parametrize("end", [JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN])
def test_what_a_reprint_stands_for_does_not_count_any_more(
    journal: Journal, reason: Reason, end: JobState
) -> None:
    first = printed(journal, "a", end)
    journal.accounts.reprint(NewReprint(first.id, "again", 1, Why(reason, "torn")))
    stays = reason in {Reason.FURTHER, Reason.OTHER}
    assert state(journal, first) == ((end.value, "") if stays else ("voided", "torn"))


@pytest.mark.parametrize(
    ("end", "is_voided"),
    [(JobState.CONFIRMED, True), (JobState.SENT, True), (JobState.UNKNOWN, True), (JobState.FAILED, False)],
)
def test_a_spoiled_label_is_voided(journal: Journal, end: JobState, *, is_voided: bool) -> None:
    job = printed(journal, "a", end)
    voided = journal.accounts.void(job.id, Why(Reason.MISPRINTED, "faint"), "Ada")
    assert (voided is not None) is is_voided
    if is_voided:
        assert state(journal, job) == ("voided", "faint")
        assert journal.accounts.void(job.id, Why(Reason.LOST)) is None
        assert journal.accounts.confirm(job.id) is None
    assert journal.first_break() is None


def test_what_is_being_sent_is_not_voided_and_what_waits_is(journal: Journal) -> None:
    first, second = journal.prints.add([new_job("a"), new_job("b")])
    journal.prints.claim("zebra")
    assert journal.accounts.void(first.id, Why(Reason.LOST)) is None
    assert journal.accounts.void(second.id, Why(Reason.LOST)) is not None
    journal.prints.settle(first.id, JobState.CONFIRMED)
    assert journal.prints.claim("zebra") is None


@pytest.mark.parametrize(
    ("end", "is_taken"), [(JobState.SENT, True), (JobState.UNKNOWN, True), (JobState.FAILED, False)]
)
def test_a_persons_word_confirms_what_is_in_doubt(journal: Journal, end: JobState, *, is_taken: bool) -> None:
    job = printed(journal, "a", end)
    confirmed = journal.accounts.confirm(job.id, "Ada")
    assert (confirmed is not None) is is_taken
    assert state(journal, job)[0] == ("confirmed" if is_taken else "failed")


@pytest.mark.parametrize(
    ("end", "becomes"),
    [(JobState.UNKNOWN, "queued"), (JobState.SENT, "sent"), (JobState.CONFIRMED, "confirmed")],
)
def test_a_persons_word_prints_what_broke_off(journal: Journal, end: JobState, becomes: str) -> None:
    job = printed(journal, "a", end)
    assert (journal.accounts.deny(job.id, "Ada") is not None) is (end is JobState.UNKNOWN)
    assert state(journal, job)[0] == becomes
    assert journal.accounts.deny("none") is None


def test_what_broke_off_in_a_canceled_batch_is_not_printed(journal: Journal) -> None:
    job = printed(journal, "a", JobState.UNKNOWN)
    journal.batches.cancel(job.batch)
    denied = journal.accounts.deny(job.id)
    assert denied is not None
    assert denied.state is JobState.VOIDED


def test_the_account_of_a_day_by_printer_and_design(tmp_path: Path) -> None:
    clock = Clock()
    journal = opened(tmp_path, clock)
    for number, end in enumerate((JobState.CONFIRMED, JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN)):
        printed(journal, f"a{number}", end)
    spoiled = printed(journal, "spoiled")
    journal.accounts.void(spoiled.id, Why(Reason.DAMAGED))
    (canceled, *_) = journal.prints.add([new_job("canceled", copies=2)])
    journal.batches.cancel(canceled.batch)
    journal.prints.add([new_job("waits"), new_job("elsewhere", "brother")])
    clock.passed_s += 24 * 3600
    journal.prints.add([new_job("tomorrow")])
    days = journal.accounts.days(date(2026, 3, 2), date(2026, 3, 3), UTC)
    shown = [(one.day.day, one.printer, one.label, one.tally.issued) for one in days]
    assert shown == [
        (3, "zebra", "location", 1),
        (2, "brother", "location", 1),
        (2, "zebra", "location", 8),
    ]
    whole = days[-1]
    tally = whole.tally
    assert (tally.confirmed, tally.voided, whole.canceled, tally.unknown, tally.pending) == (2, 3, 2, 2, 1)
    assert journal.accounts.days(date(2026, 3, 3), date(2026, 3, 3), UTC) == days[:1]
    doubts = journal.accounts.unaccounted(date(2026, 3, 2), date(2026, 3, 2), UTC)
    assert [job.state.value for job in doubts] == ["unknown", "sent"]
    assert journal.accounts.unaccounted(date(2026, 3, 3), date(2026, 3, 3), UTC) == ()
    journal.close()


@pytest.mark.parametrize(
    ("minutes_east", "day"), [(0, 2), (-8 * 60 - 45, 2), (-9 * 60, 1), (15 * 60, 2), (15 * 60 + 15, 3)]
)
def test_a_day_is_that_of_the_wall_clock(tmp_path: Path, minutes_east: int, day: int) -> None:
    journal = opened(tmp_path, Clock(45 * 60 + 30))
    journal.prints.add([new_job("a")])
    zone = timezone(timedelta(minutes=minutes_east))
    on = date(2026, 3, day)
    (account,) = journal.accounts.days(on, on, zone)
    assert (account.day, account.tally.issued) == (on, 1)
    assert journal.accounts.days(on + timedelta(days=1), on + timedelta(days=1), zone) == ()
    assert journal.accounts.days(on - timedelta(days=1), on - timedelta(days=1), zone) == ()
    journal.close()


@pytest.mark.parametrize("one", JobState)
def test_every_state_counts_once(one: JobState) -> None:
    tally = Tally({one: 1})
    assert tally.issued == tally.confirmed + tally.voided + tally.unknown + tally.pending == 1
