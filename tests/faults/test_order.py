"""The order in which ION has what one thing was told, whatever becomes of the line; other things overtake."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.model import Json, OperationState
from tests.faults.cases import CASES
from tests.faults.site import Site, kiosk, site
from tests.faults.test_matrix import FAULTS

LOT = next(case for case in CASES if case.name == "lot")
LOTS = [f"LOT-{number}" for number in range(6)]
BESIDE = "LOT-BESIDE"
BAD = ("reset before the answer", "500 before", "429", "held until after the retry", "truncated")


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    with site("classic") as made:
        yield made


def _arrived(place: Site, folder: Path, *, is_one_subject: bool) -> list[str]:
    """Receive lots while the line goes wrong at each of them, and return their order in ION's stock."""
    place.reset()
    ion = place.gateway()
    with kiosk(folder, ion, place.clock) as at:
        for fault in BAD:
            # In between the other one's lot and the repeated sends pass.
            place.proxy.add(replace(FAULTS[fault], operation=LOT.mutation, nth=1 + BAD.index(fault) % 2))
        keys = [
            at.queue(LOT.operation, _of(lot), "order-line/7002" if is_one_subject else "") for lot in LOTS
        ]
        keys.append(at.queue(LOT.operation, _of(BESIDE), "another thing"))
        at.run()
        place.proxy.release()
        assert [at.found(key).state for key in keys] == [OperationState.DONE] * len(keys)
    ion.close()
    wanted = {*LOTS, BESIDE}
    return [row.lot_number for row in place.server.ion.world.part_inventories if row.lot_number in wanted]


def _of(lot: str) -> dict[str, Json]:
    return {**LOT.arguments, "lot": lot, "quantity": "1"}


def test_one_thing_s_changes_arrive_in_their_order_and_others_overtake(place: Site, tmp_path: Path) -> None:
    arrived = _arrived(place, tmp_path, is_one_subject=True)
    assert [lot for lot in arrived if lot != BESIDE] == LOTS
    assert arrived.index(BESIDE) < len(LOTS) // 2, "it did not wait for what was queued before it"


def test_without_a_common_subject_they_do_not(place: Site, tmp_path: Path) -> None:
    """The control: the same faults, and the lots are things of their own."""
    arrived = _arrived(place, tmp_path, is_one_subject=False)
    assert sorted(arrived) == sorted([*LOTS, BESIDE])
    assert [lot for lot in arrived if lot != BESIDE] != LOTS
