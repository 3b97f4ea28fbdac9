import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, Sequel
from kiosk.journal.tables import operations
from kiosk.model import Json, Level, Message, Operation, OperationState, Operator, Role, Submit
from kiosk.words import Told, told
from tests.journal.opened import counted, new_job, opened, queued, rows_of, session, submit

FOLLOWING = Sequel((new_job("a1/label/0"),), (("a1/then/0", submit("photo/1")),))


def claimed(journal: Journal, *resting: str) -> Operation:
    operation = journal.outbox.claim(resting)
    assert operation is not None
    return operation


def test_a_claimed_operation_is_in_flight_on_disk_before_it_is_sent(journal: Journal) -> None:
    queued(journal, "key-1")
    operation = claimed(journal)
    assert (operation.state, operation.attempts) == (OperationState.IN_FLIGHT, 1)
    assert journal.outbox.find(operation.id) == operation
    assert journal.outbox.claim() is None


def test_one_subject_goes_one_at_a_time_and_others_overtake(journal: Journal) -> None:
    for key, subject in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")):
        queued(journal, key, subject)
    first, second = claimed(journal), claimed(journal)
    assert (first.key, second.key) == ("a1", "b1")
    assert journal.outbox.claim() is None
    journal.outbox.settle(second, OperationState.DONE, result={})
    assert claimed(journal).key == "b2"
    journal.outbox.settle(first, OperationState.DONE, result={})
    assert claimed(journal).key == "a2"


@pytest.mark.parametrize("state", [OperationState.UNKNOWN, OperationState.PARKED])
def test_what_is_in_doubt_blocks_its_own_subject_only(journal: Journal, state: OperationState) -> None:
    for key, subject in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        queued(journal, key, subject)
    first = journal.outbox.settle(claimed(journal), state, error="no answer")
    assert claimed(journal, first.id).key == "b1"
    assert journal.outbox.claim([first.id]) is None


def test_of_what_was_changed_lately_nothing_is_taken_while_it_is_not_read(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        for key, subject in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b"), ("c1", "c")):
            queued(journal, key, subject)
        assert journal.outbox.changed_lately() == frozenset()
        made: Json = [{"id": "9", "kind": "inventory"}]
        result: Mapping[str, Json] = {
            "inventories": made,
            "line": {"id": "1"},
            "receipt_id": "3",
            "order": None,
        }
        journal.outbox.settle(claimed(journal), OperationState.DONE, result=result)
        journal.outbox.settle(claimed(journal), OperationState.UNKNOWN)
    with closing(opened(tmp_path)) as journal:
        unread = journal.outbox.changed_lately()
        assert unread == {"a", "inventory/9"}
        taken = [journal.outbox.claim(unread=them) for them in ({"a", "b"}, unread, unread, ())]
        assert [one.key if one else "" for one in taken] == ["c1", "b1", "", "a2"]


@pytest.mark.parametrize("state", [OperationState.REJECTED, OperationState.DONE])
def test_what_is_decided_blocks_nothing(journal: Journal, state: OperationState) -> None:
    queued(journal, "a1", "a")
    queued(journal, "a2", "a")
    journal.outbox.settle(claimed(journal), state)
    assert claimed(journal).key == "a2"


def test_an_unknown_one_stays_unknown_when_it_is_taken(journal: Journal) -> None:
    queued(journal, "a1", "a")
    journal.outbox.settle(claimed(journal), OperationState.UNKNOWN, error="no answer")
    operation = claimed(journal)
    assert (operation.state, operation.attempts, operation.is_doubtful) == (OperationState.UNKNOWN, 1, True)
    again = journal.outbox.mark_in_flight(operation)
    assert (again.state, again.attempts, again.is_doubtful) == (OperationState.IN_FLIGHT, 2, True)


def test_at_start_everything_in_flight_is_unknown_and_nothing_else_changes(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        for name in "abcd":
            queued(journal, f"{name}1", name)
        journal.outbox.settle(claimed(journal), OperationState.PARKED, error="?")
        claimed(journal)
        claimed(journal)
    with closing(opened(tmp_path, ids="b")) as journal:
        assert journal.recover() == (2, 0)
        assert [(found.key, found.state.value, found.is_doubtful) for found in journal.outbox.listed()] == [
            ("d1", "queued", False),
            ("c1", "unknown", True),
            ("b1", "unknown", True),
            ("a1", "parked", False),
        ]
        assert journal.recover() == (0, 0)


def test_what_follows_is_queued_with_the_end_or_not_at_all(journal: Journal, tmp_path: Path) -> None:
    queued(journal, "a1")
    operation = claimed(journal)
    with rows_of(tmp_path) as connection:
        connection.execute(
            "CREATE TRIGGER no BEFORE INSERT ON print_jobs BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        with pytest.raises(JournalError, match=r"The journal refuses it\. \(SQLite says: no"):
            journal.outbox.settle(operation, OperationState.DONE, result={}, sequel=FOLLOWING)
        assert journal.outbox.find(operation.id) == operation
        assert counted(tmp_path)["operations"] == 1
        connection.execute("DROP TRIGGER no")
    done = journal.outbox.settle(operation, OperationState.DONE, result={"n": 1}, sequel=FOLLOWING)
    assert (done.state, done.result) == (OperationState.DONE, {"n": 1})
    assert (counted(tmp_path)["print_jobs"], counted(tmp_path)["operations"]) == (1, 2)
    assert claimed(journal).key == "a1/then/0"


def test_an_end_is_written_once(journal: Journal) -> None:
    queued(journal, "a1")
    operation = claimed(journal)
    journal.outbox.settle(operation, OperationState.DONE, result={})
    with pytest.raises(JournalError, match="expected it in_flight, it was changed meanwhile"):
        journal.outbox.settle(operation, OperationState.QUEUED)
    with pytest.raises(JournalError, match="changed meanwhile"):
        journal.outbox.mark_in_flight(operation)


def test_a_person_decides_only_on_what_waits_for_one(journal: Journal) -> None:
    queued(journal, "a1", "a")
    operation = claimed(journal)
    assert journal.outbox.decide(operation.id, OperationState.DISCARDED, "no") is None
    journal.outbox.settle(operation, OperationState.REJECTED, error="wrong lot")
    again = journal.outbox.decide(operation.id, OperationState.QUEUED, "lot mended in ION")
    assert again is not None
    assert (again.state, again.error) == (OperationState.QUEUED, "lot mended in ION")
    journal.outbox.settle(claimed(journal), OperationState.PARKED, error="?")
    gone = journal.outbox.decide(operation.id, OperationState.DISCARDED, "counted by hand")
    assert gone is not None
    assert gone.state is OperationState.DISCARDED
    assert journal.outbox.claim() is None
    assert journal.outbox.decide("nobody", OperationState.QUEUED, "") is None


def test_packages_are_known_until_their_receipt_is_given_up(journal: Journal) -> None:
    one, two, three = "0123456789abcdef", "0023456789abcdef", "0003456789abcdef"
    for number, bags in enumerate(([one, two], [], [three])):
        journal.book.commit(Entry(session(), submits=[(f"k{number}", submit(f"line/{number}", bags=bags))]))
    moved = Submit("move", "inventory/1", "inventory/1", {"bags": ["000000000000000a"]})
    journal.book.commit(Entry(session(), submits=[("k9", moved)]))
    assert journal.outbox.packages([one, three, "ffffffffffffffff"]) == {one, three}
    assert journal.outbox.packages(["000000000000000a", "0", "%", "bags"]) == frozenset()
    first, second, third = (claimed(journal) for _ in range(3))
    journal.outbox.settle(first, OperationState.DONE, result={})
    journal.outbox.settle(second, OperationState.DONE, result={})
    journal.outbox.settle(third, OperationState.REJECTED, error="no")
    assert journal.outbox.packages([one, two, three]) == {one, two, three}
    journal.outbox.decide(third.id, OperationState.DISCARDED, "not ours")
    assert journal.outbox.packages([one, two, three]) == {one, two}


@pytest.mark.parametrize("state", [OperationState.PARKED, OperationState.UNKNOWN, OperationState.REJECTED])
def test_a_person_cannot_decide_what_only_ion_knows(journal: Journal, state: OperationState) -> None:
    with pytest.raises(ValueError, match="expected one of discarded, done, queued"):
        journal.outbox.decide("any", state, "because")


def test_a_rejected_one_sent_again_waits_for_what_is_in_doubt_on_its_subject(journal: Journal) -> None:
    queued(journal, "a1", "a")
    queued(journal, "a2", "a")
    rejected = journal.outbox.settle(claimed(journal), OperationState.REJECTED, error="no")
    doubtful = journal.outbox.settle(claimed(journal), OperationState.UNKNOWN, error="?")
    journal.outbox.decide(rejected.id, OperationState.QUEUED, "again")
    assert journal.outbox.claim([doubtful.id]) is None
    assert claimed(journal).key == "a2"
    journal.outbox.settle(doubtful, OperationState.DONE, result={})
    assert claimed(journal).key == "a1"


def test_the_database_itself_refuses_two_in_flight_on_one_subject(journal: Journal, tmp_path: Path) -> None:
    queued(journal, "a1", "a")
    queued(journal, "a2", "a")
    claimed(journal)
    with (
        rows_of(tmp_path) as connection,
        pytest.raises(Exception, match=r"UNIQUE constraint failed: operations\.subject"),
    ):
        connection.execute("UPDATE operations SET state = 'in_flight'")


def test_counts_and_lists(journal: Journal) -> None:
    states = [
        OperationState.DONE,
        OperationState.REJECTED,
        OperationState.UNKNOWN,
        OperationState.PARKED,
        OperationState.DISCARDED,
    ]
    for number, state in enumerate(states):
        queued(journal, f"key-{number}", f"subject-{number}")
        settled = OperationState.PARKED if state is OperationState.DISCARDED else state
        ended = journal.outbox.settle(claimed(journal, *_unknown(journal)), settled)
        if state is OperationState.DISCARDED:
            journal.outbox.decide(ended.id, state, "why")
    queued(journal, "key-9", "subject-9")
    assert journal.outbox.counts() == (2, 2)
    assert [found.key for found in journal.outbox.listed([OperationState.DONE])] == ["key-0"]
    assert [found.key for found in journal.outbox.listed(limit=2)] == ["key-9", "key-4"]
    assert [found.key for found in journal.outbox.about(["order/1"])] == ["key-2", "key-3", "key-9"]
    assert journal.outbox.about(["order/2"]) == ()


def _unknown(journal: Journal) -> list[str]:
    return [found.id for found in journal.outbox.listed([OperationState.UNKNOWN])]


def test_claiming_uses_its_indexes(journal: Journal, tmp_path: Path) -> None:
    """A partial index is silently left aside when a query does not repeat its condition."""
    queued(journal, "key-1")
    said: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    engine = journal.clerk.store._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    journal.outbox.claim(["resting"], ["unread"])
    journal.outbox.about(["order/1"])
    journal.outbox.counts()
    journal.prints.claim("zebra")
    journal.book.waiting("dock-1")
    journal.history.newest("dock-1", 100)
    journal.history.glance("dock-1")
    sa.event.remove(engine, "before_cursor_execute", listen)
    with rows_of(tmp_path) as connection:
        plans = [
            str(step[3])
            for statement, parameters in said
            if statement.startswith("SELECT") and "FROM audit" not in statement
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]
    # The tallies have a row for each state there is.
    assert not [
        plan
        for plan in plans
        if (plan.startswith("SCAN") and plan != "SCAN operation_tallies") or "TEMP B-TREE" in plan
    ]
    used = {index.name for index in operations.indexes if any(f" {index.name} " in plan for plan in plans)}
    assert used == {index.name for index in operations.indexes} - {
        "ix_operations_event",
        "ix_operations_created",
    }


def test_a_session_without_effects_queues_nothing(journal: Journal) -> None:
    journal.book.commit(Entry(session()))
    assert journal.outbox.listed() == ()
    journal.book.commit(Entry(session(), submits=[("key-1", submit())]))
    assert [found.state for found in journal.outbox.listed()] == [OperationState.QUEUED]


def test_an_operation_keeps_who_did_it(journal: Journal, tmp_path: Path) -> None:
    lead = Operator("ion/42", "Ada Okafor", Role.LEAD)
    operation = queued(journal, "a1", actor=lead)
    assert operation.actor == lead
    assert claimed(journal).actor == lead
    assert queued(journal, "a2", "order-line/2").actor is None
    with rows_of(tmp_path) as connection:
        rows = connection.execute("SELECT event, details FROM audit ORDER BY seq").fetchall()
    told = [(event, json.loads(details).get("actor")) for event, details in rows]
    whole = {"id": "ion/42", "name": "Ada Okafor", "role": "lead", "language": ""}
    assert told == [
        ("event", "ion/42"),
        ("operation-queued", whole),
        ("operation-sent", None),
        ("event", None),
        ("operation-queued", None),
    ]


def test_a_note_is_part_of_the_chain(journal: Journal, tmp_path: Path) -> None:
    journal.note("dock-1", "signed-in", {"operator": "ion/42"})
    with rows_of(tmp_path) as connection:
        found = connection.execute("SELECT station, event, details FROM audit").fetchall()
    assert found == [("dock-1", "signed-in", '{"operator":"ion/42"}')]
    assert journal.first_break() is None


STEP = "step/6/filled"
COMPLETE = Submit("set_step_status", "run/7", "run/7", {"title": "Step 2"}, needs=STEP)
PHOTO = Submit("attach_file", "photo/1", "run/7", {"title": "Picture"}, serves=STEP)
VALUE = Submit("set_field_value", "run/7", "run/7", {"title": "Torque"}, serves=STEP)


def commit(journal: Journal, *submits: Submit) -> None:
    journal.book.commit(Entry(session(), submits=[(f"key-{n}", each) for n, each in enumerate(submits)]))


def test_what_needs_something_waits_for_all_that_serves_it(journal: Journal) -> None:
    """The completion of a step after its photo, and after the value that the photo becomes."""
    commit(journal, PHOTO, COMPLETE)
    photo = claimed(journal)
    assert photo.operation == "attach_file"
    assert journal.outbox.claim() is None
    journal.outbox.settle(photo, OperationState.DONE, sequel=Sequel((), (("key-0/then/0", VALUE),)))
    value = claimed(journal)
    assert value.operation == "set_field_value"
    assert journal.outbox.claim() is None
    journal.outbox.settle(value, OperationState.DONE)
    assert claimed(journal).operation == "set_step_status"


def test_other_steps_do_not_wait(journal: Journal) -> None:
    commit(journal, PHOTO, replace(COMPLETE, needs="step/5/filled"))
    assert claimed(journal).operation == "attach_file"
    assert claimed(journal).operation == "set_step_status"


@pytest.mark.parametrize("is_queued_before", [True, False])
def test_what_needs_something_refused_is_not_sent(journal: Journal, is_queued_before: bool) -> None:
    commit(journal, VALUE, *([COMPLETE] if is_queued_before else []))
    journal.outbox.settle(claimed(journal), OperationState.REJECTED, error="Out of range.")
    if not is_queued_before:
        commit(journal, VALUE, COMPLETE)
    stopped = claimed(journal)
    assert (stopped.operation, stopped.state, stopped.attempts) == (
        "set_step_status",
        OperationState.REJECTED,
        0,
    )
    assert stopped.error == "Not sent, since this is missing before it: Torque. Out of range."
    assert journal.outbox.claim() is None


def test_a_person_lets_it_go_on_in_either_way(journal: Journal) -> None:
    commit(journal, VALUE, COMPLETE)
    value = journal.outbox.settle(claimed(journal), OperationState.REJECTED, error="Out of range.")
    complete = claimed(journal)
    for each in (complete, value):
        assert journal.outbox.decide(each.id, OperationState.QUEUED, "once more") is not None
    value = claimed(journal)
    assert value.operation == "set_field_value"
    journal.outbox.settle(value, OperationState.REJECTED, error="Out of range.")
    assert claimed(journal).state is OperationState.REJECTED
    journal.outbox.decide(value.id, OperationState.DISCARDED, "the gauge is broken")
    journal.outbox.decide(complete.id, OperationState.QUEUED, "without the value")
    assert claimed(journal).state is OperationState.IN_FLIGHT


def test_what_ion_shows_stands_beside_what_went_wrong(journal: Journal) -> None:
    queued(journal, "key-1")
    parked = journal.outbox.settle(
        claimed(journal), OperationState.PARKED, error="No answer.", facts="2 of 5."
    )
    assert (parked.error, parked.facts) == ("No answer.", "2 of 5.")
    assert journal.outbox.find(parked.id) == parked


REFUSED = told(
    "{facts}: expected one, got {rows}",
    facts=told("Attach {file} to {entity}", file="'a'", entity="'b'"),
    rows="'c'",
)


def test_what_went_wrong_is_kept_with_what_the_sentence_is_made_of(journal: Journal) -> None:
    queued(journal, "a1")
    shows = told("{name} is gone", name="'c'")
    settled = journal.outbox.settle(claimed(journal), OperationState.PARKED, error=REFUSED, facts=shows)
    found = journal.outbox.find(settled.id)
    for one in (settled, found, *journal.outbox.for_a_person(9)):
        assert one is not None
        assert (one.error, one.facts) == (str(REFUSED), str(shows))
        assert isinstance(one.error, Told)
        assert isinstance(one.facts, Told)
        assert one.error.values == REFUSED.values
        assert isinstance(one.error.values["facts"], Told)


def test_another_sentence_afterwards_is_not_said_with_the_old_one_s_words(journal: Journal) -> None:
    queued(journal, "a1")
    settled = journal.outbox.settle(claimed(journal), OperationState.PARKED, error=REFUSED)
    decided = journal.outbox.decide(settled.id, OperationState.DISCARDED, "Counted twice")
    assert decided is not None
    assert (decided.error, type(decided.error)) == ("Counted twice", str)


def test_a_row_of_before_keeps_its_sentence(journal: Journal) -> None:
    queued(journal, "a1")
    settled = journal.outbox.settle(claimed(journal), OperationState.REJECTED, error=str(REFUSED))
    assert (settled.error, type(settled.error)) == (str(REFUSED), str)


def test_a_message_is_kept_with_what_its_values_are_made_of(journal: Journal) -> None:
    said = Message(Level.STOP, "{what}: {error}", {"what": "x", "error": REFUSED})
    journal.book.commit(Entry(replace(session(), message=said)))
    again = journal.book.reopen(session())
    assert again.message is not None
    assert again.message == said
    assert isinstance(again.message.values["error"], Told)
    assert type(again.message.values["what"]) is str
