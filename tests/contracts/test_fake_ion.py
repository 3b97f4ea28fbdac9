from collections.abc import Mapping

import pytest

from kiosk.errors import IonRejected
from kiosk.model import Asked, Json, Location, Question, Subject
from tests.contracts.ion_port import IonPortContract, IonWorld
from tests.fakes import FakeIon, Outcome

QUESTION = Question(Asked.LOCATION_NAME, "WH-Receiving")
SUBJECT = Location("7", "WH-Receiving")


class FakeWorld:
    def __init__(self) -> None:
        self.ion = FakeIon()
        self.ion.teach(QUESTION, SUBJECT)

    @property
    def known(self) -> tuple[Question, Subject]:
        return QUESTION, SUBJECT

    def change(self) -> tuple[str, Mapping[str, Json]]:
        return "move", {"inventory_id": "1", "location_id": "7"}

    def effects(self) -> int:
        return len(self.ion.ledger)

    def cut(self) -> None:
        self.ion.go_offline()

    def mend(self) -> None:
        self.ion.come_back()

    def lose_next_answer(self) -> None:
        self.ion.outcomes.append(Outcome.ANSWER_LOST)

    def refuse_next(self) -> None:
        self.ion.outcomes.append(IonRejected("No.", code="VALIDATION_ERROR"))


class TestFakeIon(IonPortContract):
    @pytest.fixture
    def world(self) -> IonWorld:
        return FakeWorld()


def test_a_late_copy_is_refused_once_its_effect_was_looked_for() -> None:
    ion = FakeIon()
    ion.outcomes += [Outcome.LATE, Outcome.LATE]
    for marker in ("k:1", "k:2"):
        with pytest.raises(Exception, match="expected an answer"):
            ion.perform("move", {}, marker=marker)
    ion.find_effect("move", {}, marker="k:1")
    ion.arrive()
    assert [effect.marker for effect in ion.ledger] == ["k:2"]
