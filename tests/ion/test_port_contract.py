"""The real client keeps the ports' contract, over HTTP, in every dialect."""

from collections.abc import Mapping
from typing import Final

import pytest

from kiosk.ion import Ion
from kiosk.model import Asked, Json, Location, Question, Subject
from kiosk.simulator.schema import DIALECTS
from tests import plain_http
from tests.contracts.ion_port import IonPortContract, IonWorld
from tests.ion.served import Place

MOVE: Final[dict[str, Json]] = {"inventory_id": "9002", "location_id": "4", "from_location_id": "2"}


class ServedWorld:
    """A simulated tenant as the contract wants to play with it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        is_classic = place.server.ion.dialect != "documented-2026"
        self._mutation = "updatePartInventory" if is_classic else "adjustInventory"
        self._uid = place.server.ion.world.locations[4].uid if is_classic else None
        self._entity_id = "3000004" if is_classic else None

    @property
    def ion(self) -> Ion:
        return self._place.ion

    @property
    def known(self) -> tuple[Question, Subject]:
        found = Location("4", "WH-Receiving", self._uid, self._entity_id)
        return Question(Asked.LOCATION_NAME, "WH-Receiving"), found

    def change(self) -> tuple[str, Mapping[str, Json]]:
        return "move", MOVE

    def effects(self) -> int:
        return len(self._place.effects())

    def cut(self) -> None:
        self._offline(on=True)

    def mend(self) -> None:
        self._offline(on=False)

    def lose_next_answer(self) -> None:
        self._place.fault("reset_after", self._mutation)

    def refuse_next(self) -> None:
        self._place.fault("status_before", self._mutation, status=415)

    def _offline(self, *, on: bool) -> None:
        faults = f"{self._place.server.base_url}/faults"
        plain_http.post(faults, json={"kind": "offline", "on": on}).raise_for_status()


@pytest.mark.parametrize("place", DIALECTS, indirect=True)
class TestIon(IonPortContract):
    @pytest.fixture
    def world(self, place: Place) -> IonWorld:
        return ServedWorld(place)
