from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal
from kiosk.model import JobState, PrintJob
from tests.journal.opened import counted, new_job, opened, rows_of, scan, session


def states(journal: Journal) -> list[str]:
    return [job.state.value for job in reversed(journal.prints.newest("dock-1", 100))]


def claimed(journal: Journal, printer: str = "zebra") -> PrintJob:
    found = journal.prints.claim(printer)
    assert found is not None
    return found[0]


def test_a_label_is_queued_once_a_copy_and_its_bytes_are_kept_once(journal: Journal, tmp_path: Path) -> None:
    jobs = journal.prints.add([new_job("label-1", copies=3), new_job("label-2")])
    assert [(job.key, job.copy, job.copies, job.state) for job in jobs] == [
        ("label-1/1", 1, 3, JobState.QUEUED),
        ("label-1/2", 2, 3, JobState.QUEUED),
        ("label-1/3", 3, 3, JobState.QUEUED),
        ("label-2/1", 1, 1, JobState.QUEUED),
    ]
    assert counted(tmp_path)["label_contents"] == 1


def test_a_known_key_gives_its_first_jobs(journal: Journal) -> None:
    first = journal.prints.add([new_job("label-1", copies=2)])
    assert journal.prints.add([new_job("label-1", copies=2)]) == first
    assert journal.prints.add([new_job("label-1", copies=5)]) == first
    assert len(states(journal)) == 2


def test_the_oldest_of_a_printer_is_claimed_and_no_second_beside_it(journal: Journal) -> None:
    journal.prints.add([new_job("a", "zebra"), new_job("b", "brother"), new_job("c", "zebra")])
    found = journal.prints.claim("zebra")
    assert found is not None
    job, payload = found
    assert (job.key, job.state, payload) == ("a/1", JobState.SENDING, b"payload of ION/LOC/7")
    assert journal.prints.claim("zebra") is None
    assert claimed(journal, "brother").key == "b/1"
    journal.prints.settle(job.id, JobState.SENT)
    assert claimed(journal).key == "c/1"


def test_the_database_itself_refuses_two_labels_on_one_printer(journal: Journal, tmp_path: Path) -> None:
    journal.prints.add([new_job("a", copies=2)])
    claimed(journal)
    with (
        rows_of(tmp_path) as connection,
        pytest.raises(Exception, match=r"UNIQUE constraint failed: print_jobs\.printer"),
    ):
        connection.execute("UPDATE print_jobs SET state = 'sending'")


def test_a_crash_in_sending_gives_unknown_and_nothing_prints_it_again(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.prints.add([new_job("a", copies=2)])
        claimed(journal)
    with closing(opened(tmp_path, ids="b")) as journal:
        assert journal.recover() == (0, 1)
        assert states(journal) == ["unknown", "queued"]
        assert claimed(journal).copy == 2
        assert journal.prints.claim("zebra") is None
        assert journal.prints.newest("dock-1", 2)[1].error == "The kiosk broke off while this was being sent."


def test_one_printer_is_recovered_without_the_others(journal: Journal) -> None:
    journal.prints.add([new_job("a", "zebra"), new_job("b", "brother")])
    claimed(journal, "zebra")
    claimed(journal, "brother")
    assert journal.prints.recover("zebra") == 1
    assert states(journal) == ["unknown", "sending"]


@pytest.mark.parametrize(
    ("way", "last"),
    [
        ([JobState.SENDING, JobState.SENT, JobState.CONFIRMED], "confirmed"),
        ([JobState.SENDING, JobState.QUEUED], "queued"),
        ([JobState.SENDING, JobState.UNKNOWN, JobState.QUEUED], "queued"),
        ([JobState.SENDING, JobState.UNKNOWN, JobState.CONFIRMED], "confirmed"),
        ([JobState.SENDING, JobState.FAILED], "failed"),
        ([JobState.SENDING, JobState.SENT, JobState.VOIDED], "voided"),
        ([JobState.VOIDED], "voided"),
    ],
)
def test_the_ways_a_job_can_go(journal: Journal, way: list[JobState], last: str) -> None:
    (job,) = journal.prints.add([new_job("a")])
    for state in way:
        moved = claimed(journal) if state is JobState.SENDING else journal.prints.settle(job.id, state, "why")
        assert moved is not None
        assert moved.state is state
    assert states(journal) == [last]


@pytest.mark.parametrize("late", [JobState.SENT, JobState.QUEUED, JobState.UNKNOWN, JobState.FAILED])
def test_what_is_confirmed_stays_confirmed(journal: Journal, late: JobState) -> None:
    (job,) = journal.prints.add([new_job("a")])
    claimed(journal)
    journal.prints.settle(job.id, JobState.CONFIRMED)
    assert journal.prints.settle(job.id, late) is None
    assert states(journal) == ["confirmed"]


def test_what_is_queued_cannot_be_called_printed(journal: Journal) -> None:
    (job,) = journal.prints.add([new_job("a")])
    for state in (JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN):
        assert journal.prints.settle(job.id, state) is None
    assert states(journal) == ["queued"]


def test_one_scan_proves_one_copy_the_oldest_in_doubt(journal: Journal) -> None:
    journal.prints.add([new_job("a", copies=3), new_job("other", code="ION/LOC/8")])
    for state in (JobState.CONFIRMED, JobState.SENT, JobState.SENT, JobState.SENT):
        journal.prints.settle(claimed(journal).id, state)
    journal.book.commit(Entry(session(), scan=scan("scan-1"), proof="ION/LOC/7"))
    assert states(journal) == ["confirmed", "confirmed", "sent", "sent"]
    for number in (2, 3):
        journal.book.commit(Entry(session(), scan=scan(f"scan-{number}"), proof="ION/LOC/7"))
    assert states(journal) == ["confirmed", "confirmed", "confirmed", "sent"]


def test_a_scan_proves_nothing_of_what_was_never_sent(journal: Journal) -> None:
    journal.prints.add([new_job("a")])
    journal.book.commit(Entry(session(), scan=scan("scan-1"), proof="ION/LOC/7"))
    assert states(journal) == ["queued"]


def test_the_picture_is_that_of_the_job(journal: Journal) -> None:
    (job,) = journal.prints.add([new_job("a")])
    assert journal.prints.picture(job.id) == b"PNG"
    assert journal.prints.picture("nobody") is None
    assert journal.prints.find("nobody") is None
    assert journal.prints.settle("nobody", JobState.SENT) is None


def test_a_claim_that_cannot_be_written_claims_nothing(journal: Journal, tmp_path: Path) -> None:
    journal.prints.add([new_job("a")])
    with rows_of(tmp_path) as connection:
        connection.execute("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(JournalError):
            journal.prints.claim("zebra")
        connection.execute("DROP TRIGGER no")
    assert states(journal) == ["queued"]


def test_a_label_that_is_asked_about_stays_in_sight_of_its_station_however_many_come_after_it(
    journal: Journal,
) -> None:
    journal.prints.add([new_job("doubtful")])
    journal.prints.settle(claimed(journal).id, JobState.UNKNOWN, "broke off")
    journal.prints.add([new_job("a", copies=3)])
    assert [job.key for job in journal.prints.shown("dock-1", 3)] == ["doubtful/1", "a/3", "a/2"]
    assert [job.key for job in journal.prints.shown("dock-1", 0)] == ["doubtful/1"]
