"""Somebody else changes a thing between the kiosk's reading and its change: CONCURRENCY_ERROR by ION's etag.

The kiosk looks again. What is still as the operator saw it is changed with the new etag, once; what is not is
for a person, and stays as the other one left it.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kiosk.model import OperationState
from kiosk.simulator.world import World
from tests.faults.cases import CASES, Case
from tests.faults.proxy import Action, Rule
from tests.faults.site import Kiosk, Site, kiosk, site
from tests.faults.test_matrix import FAULTS, LOSSES

EDITS = {
    "move": ("part_inventories", 9002),
    "recount": ("part_inventories", 9017),
    "scrap": ("part_inventories", 9017),
    "step": ("run_steps", 6),
    "value": ("run_step_fields", 7),
}
"""What each change of the classic dialect checks the etag of."""
NAMED: dict[str, Case] = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    with site("classic") as made:
        yield made


@pytest.fixture(scope="module")
def at(place: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    ion = place.gateway()
    with kiosk(tmp_path_factory.mktemp("overtaken"), ion, place.clock) as made:
        yield made
    ion.close()


def _changed(world: World, table: str, id_: int, **facts: Any) -> None:  # noqa: ANN401  as the row's own
    rows = getattr(world, table)
    with world.transaction():
        rows.put(replace(rows[id_], etag=world.new_hex(), **facts))


def _overtaken(
    place: Site,
    at: Kiosk,
    case: Case,
    fault: str = "",
    **facts: Any,  # noqa: ANN401  as the row's own
) -> tuple[OperationState, str]:
    """Send a case that somebody gets in before; the second send meets a fault. Return how it ended."""
    place.reset()
    table, id_ = EDITS[case.name]

    def overtake() -> None:
        with place.server.ion.lock:
            _changed(place.server.ion.world, table, id_, **facts)

    place.proxy.overtake = overtake
    place.proxy.add(Rule(action=Action.OVERTAKE, operation=case.mutation))
    if fault:
        place.proxy.add(replace(FAULTS[fault], operation=case.mutation))
    key = at.queue(case.operation, case.arguments)
    at.run()
    place.proxy.release()
    end = at.found(key)
    return end.state, end.error


@pytest.mark.parametrize("fault", LOSSES)
@pytest.mark.parametrize("name", EDITS)
def test_what_is_still_as_it_was_seen_is_changed_once_whatever_becomes_of_the_second_send(
    place: Site, at: Kiosk, name: str, fault: str
) -> None:
    case = NAMED[name]
    state, error = _overtaken(place, at, case, fault)
    sent = [entry for entry in place.proxy.log if case.mutation in str(entry["operations"])]
    assert (state, case.count(place.ledger())) == (OperationState.DONE, 1), error
    assert len(sent) >= 2, "ION refused the first for its etag"


@pytest.mark.parametrize("name", ["recount", "scrap"])
@pytest.mark.parametrize("fault", ["", "reset before the answer"])
def test_what_is_not_as_it_was_seen_any_more_is_left_alone_and_a_person_is_told(
    place: Site, at: Kiosk, name: str, fault: str
) -> None:
    case = NAMED[name]
    state, error = _overtaken(place, at, case, fault, quantity=Decimal(83))
    assert (state, case.count(place.ledger())) == (OperationState.REJECTED, 0)
    assert "83" in error
    assert place.server.ion.world.part_inventories[9017].quantity == 83


def test_who_is_overtaken_at_every_send_gives_it_to_a_person(place: Site, at: Kiosk) -> None:
    """Two sends, and no third: the thing is in other hands."""
    case = NAMED["move"]
    place.reset()
    table, id_ = EDITS[case.name]

    def overtake() -> None:
        with place.server.ion.lock:
            _changed(place.server.ion.world, table, id_)

    place.proxy.overtake = overtake
    place.proxy.add(Rule(action=Action.OVERTAKE, operation=case.mutation, is_once=False))
    key = at.queue(case.operation, case.arguments)
    at.run()
    assert (at.found(key).state, case.count(place.ledger())) == (OperationState.REJECTED, 0)
    assert "changed it in between" in at.found(key).error


@pytest.mark.parametrize("name", ["lot", "serials"])
def test_a_receipt_that_somebody_touches_is_received_once_or_by_nobody(
    place: Site, at: Kiosk, name: str
) -> None:
    case = NAMED[name]
    place.reset()

    def overtake() -> None:
        with place.server.ion.lock:
            for receipt in list(place.server.ion.world.receipts):
                _changed(place.server.ion.world, "receipts", receipt.id)

    place.proxy.overtake = overtake
    place.proxy.add(Rule(action=Action.OVERTAKE, operation=case.mutation))
    key = at.queue(case.operation, case.arguments)
    at.run()
    end = at.found(key)
    assert (end.state, case.count(place.ledger())) in {
        (OperationState.DONE, 1),
        (OperationState.REJECTED, 0),
    }, end.error


# --- the control


def test_without_the_second_look_the_same_goes_wrong(
    place: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends again with the new etag and does not ask what has changed writes over another's count."""
    monkeypatch.setattr("kiosk.ion.changes.stock.AdjustedInventory._is_as_seen", lambda _change, _now: True)
    ion = place.gateway()
    with kiosk(tmp_path, ion, place.clock, "z") as careless:
        state, _ = _overtaken(place, careless, NAMED["recount"], quantity=Decimal(83))
    ion.close()
    assert (state, NAMED["recount"].count(place.ledger())) == (OperationState.DONE, 1)
    assert place.server.ion.world.part_inventories[9017].quantity == 80
