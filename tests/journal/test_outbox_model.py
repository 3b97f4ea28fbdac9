"""The outbox against a model of a few lines: whatever is claimed, ended, decided or cut off, in any order."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.journal import FOR_A_PERSON, Entry, Journal
from kiosk.model import Operation, OperationState
from tests.journal.opened import opened, session, submit
from tests.sizes import TIMES

Q, F, U = OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN
ACTIVE = (F, U, OperationState.PARKED)
ENDS = (OperationState.DONE, OperationState.REJECTED, U, OperationState.PARKED, Q)


class OutboxMachine(RuleBasedStateMachine):
    """``model`` maps each key, oldest first, to its subject and state."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="outbox-"))
        self.starts = 0
        self.model: dict[str, tuple[str, OperationState]] = {}
        self.journal: Journal = opened(self.folder)

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            shutil.rmtree(self.folder)

    @rule(subject=st.sampled_from("abc"), count=st.integers(1, 3))
    def submit(self, subject: str, count: int) -> None:
        keys = [f"key-{len(self.model) + number}" for number in range(count)]
        self.journal.book.commit(Entry(session(), submits=[(key, submit(subject)) for key in keys]))
        self.model |= dict.fromkeys(keys, (subject, Q))

    @rule(number=st.integers(0, 100))
    def submit_again(self, number: int) -> None:
        if self.model:
            key = list(self.model)[number % len(self.model)]
            self.journal.book.commit(Entry(session(), submits=[(key, submit("somewhere else"))]))

    @rule(resting=st.sets(st.integers(0, 8)))
    def claim(self, resting: set[int]) -> None:
        keys = {key for number, key in enumerate(self.model) if number in resting}
        found = {operation.key: operation.id for operation in self.rows()}
        operation = self.journal.outbox.claim([found[key] for key in keys])
        expected = self.expected_claim(keys)
        assert (operation.key if operation else None) == expected
        if expected is not None and self.model[expected][1] is Q:
            self.model[expected] = (self.model[expected][0], F)

    @rule(number=st.integers(0, 100), end=st.sampled_from(ENDS))
    def settle(self, number: int, end: OperationState) -> None:
        running = [operation for operation in self.rows() if operation.state in {F, U}]
        if running:
            operation = running[number % len(running)]
            self.journal.outbox.settle(operation, end, error="why")
            self.model[operation.key] = (operation.subject, end)

    @rule(number=st.integers(0, 100))
    def send_again(self, number: int) -> None:
        doubtful = [operation for operation in self.rows() if operation.state is U]
        if doubtful:
            operation = doubtful[number % len(doubtful)]
            self.journal.outbox.mark_in_flight(operation)
            self.model[operation.key] = (operation.subject, F)

    @rule(number=st.integers(0, 100), state=st.sampled_from((Q, OperationState.DISCARDED)))
    def decide(self, number: int, state: OperationState) -> None:
        operations = self.rows()
        if operations:
            operation = operations[number % len(operations)]
            decided = self.journal.outbox.decide(operation.id, state, "a person said so")
            assert (decided is not None) is (operation.state in FOR_A_PERSON)
            if decided is not None:
                self.model[operation.key] = (operation.subject, state)

    @rule()
    def crash(self) -> None:
        self.journal.close()
        self.starts += 1
        self.journal = opened(self.folder, ids=f"{self.starts:04x}")
        self.journal.recover()
        self.model = {
            key: (subject, U if state is F else state) for key, (subject, state) in self.model.items()
        }

    @invariant()
    def nothing_is_lost_and_nothing_is_made_up(self) -> None:
        if hasattr(self, "journal"):
            assert {row.key: (row.subject, row.state) for row in self.rows()} == self.model

    @invariant()
    def one_subject_has_one_under_way(self) -> None:
        if hasattr(self, "journal"):
            active = [row.subject for row in self.rows() if row.state in ACTIVE]
            assert len(active) == len(set(active))

    @invariant()
    def the_tallies_count_what_is_there(self) -> None:
        if hasattr(self, "journal"):
            states = [state for _, state in self.model.values()]
            on_the_way = sum(state in {Q, F, U} for state in states)
            assert self.journal.outbox.counts() == (
                on_the_way,
                sum(state in FOR_A_PERSON for state in states),
            )

    @invariant()
    def the_audit_is_whole(self) -> None:
        if hasattr(self, "journal"):
            assert self.journal.first_break() is None

    def rows(self) -> tuple[Operation, ...]:
        return self.journal.outbox.listed(limit=10_000)[::-1]

    def expected_claim(self, resting: set[str]) -> str | None:
        held = {subject for subject, state in self.model.values() if state in ACTIVE}
        for key, (subject, state) in self.model.items():
            if state is U and key not in resting:
                return key
            if state is Q and subject not in held:
                if key not in resting:
                    return key
                held.add(subject)
        return None


OutboxMachine.TestCase.settings = settings(max_examples=30 * TIMES, stateful_step_count=30, deadline=None)
TestOutbox = OutboxMachine.TestCase
