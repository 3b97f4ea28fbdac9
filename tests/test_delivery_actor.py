"""In whose name operations are sent."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import IonSignedOut
from kiosk.model import Operator
from tests.journal.opened import opened, queued
from tests.test_delivery import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        yield World(tmp_path, journal)


def test_it_is_sent_in_the_name_of_who_did_it(world: World) -> None:
    ada = Operator("ion/42", "Ada Okafor")
    queued(world.journal, "key-1", actor=ada)
    queued(world.journal, "key-2", "order-line/2")
    world.run(10)
    assert [effect.actor for effect in world.ion.ledger] == [ada, None]


def test_a_person_s_token_that_is_gone_delays_nothing_for_long(world: World) -> None:
    operation = queued(world.journal, "key-1", actor=Operator("ion/42", "Ada Okafor"))
    world.ion.outcomes.append(IonSignedOut("The person's own sign-in is not accepted any more."))
    world.run(3)
    assert world.state(operation) == "done"
    assert (len(world.ion.ledger), len(world.ion.sent)) == (1, 2)
    assert world.ion.looked_for == []
