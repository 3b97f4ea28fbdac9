"""The contract of ``IonReader`` and ``IonWriter``."""

from collections.abc import Mapping
from typing import Protocol

import pytest

from kiosk.errors import IonRejected, IonUnknown, IonUnreachable, IonUnsupported
from kiosk.model import Asked, Json, Operator, Question, Subject
from kiosk.ports import Absent, Finding, Found, IonReader, IonWriter, Unsure


class IonPorts(IonReader, IonWriter, Protocol):
    """Both ports of one ION."""


class IonWorld(Protocol):
    """An ION together with the far end that a test can look at and play with."""

    @property
    def ion(self) -> IonPorts:
        """Return the ION under test."""

    @property
    def known(self) -> tuple[Question, Subject]:
        """Return a question and the one subject that ION has for it."""

    def change(self) -> tuple[str, Mapping[str, Json]]:
        """Return an operation that ION will take, and its arguments."""

    def effects(self) -> int:
        """Return how many changes were executed."""

    def cut(self) -> None:
        """Take the network away."""

    def mend(self) -> None:
        """Bring the network back."""

    def lose_next_answer(self) -> None:
        """Let the next change be executed and its answer be lost."""

    def refuse_next(self) -> None:
        """Let the next change be refused."""


class IonPortContract:
    """Subclass it and give a fixture ``world``."""

    def test_a_known_question_gives_its_subject(self, world: IonWorld) -> None:
        question, subject = world.known
        assert world.ion.ask([question]) == {question: (subject,)}

    def test_every_question_is_answered_an_unknown_one_with_nothing(self, world: IonWorld) -> None:
        question, subject = world.known
        nobody = Question(Asked.SERIAL, "no such serial")
        assert world.ion.ask([nobody, question]) == {nobody: (), question: (subject,)}

    def test_what_it_offers_it_performs(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        assert operation in world.ion.offers()
        world.ion.perform(operation, arguments, marker="k:1")
        assert world.effects() == 1

    def test_what_somebody_without_a_token_does_is_done_all_the_same(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        world.ion.perform(operation, arguments, marker="k:1", actor=Operator("badge/7", "Mia"))
        assert world.effects() == 1

    def test_an_operation_nobody_knows_is_unsupported(self, world: IonWorld) -> None:
        with pytest.raises(IonUnsupported):
            world.ion.perform("levitate", {}, marker="k:1")
        assert world.effects() == 0

    def test_what_was_done_is_found(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        world.ion.perform(operation, arguments, marker="k:1")
        assert isinstance(world.ion.find_effect(operation, arguments, marker="k:1"), Found)
        assert world.effects() == 1

    def test_what_was_never_sent_is_not_found(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        finding: Finding = world.ion.find_effect(operation, arguments, marker="k:1")
        assert isinstance(finding, Absent | Unsure)
        assert world.effects() == 0

    def test_a_lost_answer_is_unknown_and_the_effect_is_found(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        world.lose_next_answer()
        with pytest.raises(IonUnknown):
            world.ion.perform(operation, arguments, marker="k:1")
        assert world.effects() == 1
        assert isinstance(world.ion.find_effect(operation, arguments, marker="k:1"), Found)

    def test_without_network_nothing_happens(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        world.ion.offers()
        world.cut()
        with pytest.raises(IonUnreachable):
            world.ion.perform(operation, arguments, marker="k:1")
        with pytest.raises(IonUnreachable):
            world.ion.ask([world.known[0]])
        world.mend()
        assert world.effects() == 0
        world.ion.perform(operation, arguments, marker="k:1")
        assert world.effects() == 1

    def test_a_refusal_proves_that_nothing_happened(self, world: IonWorld) -> None:
        operation, arguments = world.change()
        world.refuse_next()
        with pytest.raises(IonRejected):
            world.ion.perform(operation, arguments, marker="k:1")
        assert world.effects() == 0
