from kiosk.journal import Entry, Journal, NewBatch
from kiosk.model import JobState, PrintJob, Verdict
from tests.journal.opened import STATION, new_job, session

KIND = "zpl, 203 dpi"


def order(journal: Journal, key: str, count: int, made_for: str = KIND) -> str:
    jobs = [new_job(f"{key}/{n}", code=f"ION/LOC/{n}", made_for=made_for) for n in range(count)]
    return journal.batches.order(NewBatch(key, STATION, jobs)).id


def claimed(journal: Journal, printer: str = "zebra") -> PrintJob:
    found = journal.prints.claim(printer)
    assert found is not None
    return found[0]


def where(journal: Journal) -> list[tuple[str, str]]:
    return [(job.printer, job.state.value) for job in reversed(journal.prints.newest(STATION, 100))]


def test_another_printer_takes_over_what_waits_and_nothing_else(journal: Journal) -> None:
    batch = order(journal, "many", 6)
    for end in (JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN):
        journal.prints.settle(claimed(journal).id, end)
    under_way = claimed(journal)
    assert journal.queues.take_over("zebra", "spare", [KIND], "Ada") == 2
    assert where(journal) == [
        ("zebra", "confirmed"),
        ("zebra", "sent"),
        ("zebra", "unknown"),
        ("zebra", "sending"),
        ("spare", "queued"),
        ("spare", "queued"),
    ]
    assert claimed(journal, "spare").moved_from == "zebra"
    journal.prints.settle(under_way.id, JobState.QUEUED, "not taken")
    assert claimed(journal).id == under_way.id, "what came back stays with its printer until it is moved"
    found = journal.batches.find(batch)
    assert found is not None
    assert found.tally.issued == 6


def test_a_label_in_doubt_that_did_not_come_out_is_printed_where_it_was(journal: Journal) -> None:
    order(journal, "many", 1)
    job = claimed(journal)
    journal.prints.settle(job.id, JobState.UNKNOWN)
    assert journal.queues.take_over("zebra", "spare", [KIND]) == 0
    journal.book.commit(Entry(session(), verdicts=[Verdict(job.id, came_out=False)]))
    assert where(journal) == [("zebra", "queued")]


def test_what_was_made_for_another_kind_stays(journal: Journal) -> None:
    order(journal, "fine", 1, "zpl, 300 dpi")
    order(journal, "old", 1, "")
    order(journal, "fits", 1)
    assert journal.queues.take_over("zebra", "spare", [KIND]) == 1
    assert where(journal) == [("zebra", "queued"), ("zebra", "queued"), ("spare", "queued")]
    assert journal.queues.take_over("zebra", "spare", [KIND, ""]) == 1


def test_it_goes_on_from_the_second_to_a_third_and_a_paused_batch_stays_paused(journal: Journal) -> None:
    batch = order(journal, "many", 1)
    journal.batches.pause(batch)
    journal.queues.take_over("zebra", "spare", [KIND])
    journal.queues.take_over("spare", "third", [KIND])
    assert journal.queues.take_over("third", "third", [KIND]) == 0
    assert where(journal) == [("third", "held")]
    journal.batches.go_on(batch)
    assert (claimed(journal, "third").moved_from, journal.queues.waiting("third")) == ("zebra", 0)


def test_what_the_page_of_printers_shows(journal: Journal) -> None:
    first, second = order(journal, "first", 2), order(journal, "second", 2)
    assert (journal.queues.names(), journal.queues.waiting("zebra")) == (("zebra",), 4)
    assert journal.queues.in_flight("zebra") is None
    job = claimed(journal)
    in_flight = journal.queues.in_flight("zebra")
    assert in_flight is not None
    assert in_flight.id == job.id
    journal.prints.settle(job.id, JobState.UNKNOWN)
    assert [one.id for one in journal.queues.asked("zebra")] == [job.id]
    assert [one.id for one in journal.queues.newest("zebra")] == [job.id]
    nexts = [journal.queues.next_of(batch, "zebra") for batch in (first, second)]
    assert [one.key for one in nexts if one] == ["first/1/1", "second/0/1"]
    assert journal.queues.next_of(first, "other") is None
    for batch in (first, second):
        journal.batches.cancel(batch)
    assert journal.queues.names() == ("zebra",), "there is a label to ask about"
    assert [one.id for one in journal.queues.newest("zebra")] == [job.id], "what was canceled was never sent"
    journal.accounts.confirm(job.id)
    assert journal.queues.names() == ()
