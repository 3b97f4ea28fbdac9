from collections.abc import Iterator

import pytest

from kiosk.simulator.schema import DIALECTS, Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests.ion.served import Place


@pytest.fixture(scope="module")
def places() -> Iterator[dict[Dialect, Place]]:
    served: dict[Dialect, Place] = {}
    servers = []
    for dialect in DIALECTS:
        server = IonServer(seed_world(World()), dialect=dialect)
        server.start()
        servers.append(server)
        served[dialect] = Place(server)
    yield served
    for place in served.values():
        place.ion.close()
    for server in servers:
        server.stop()


@pytest.fixture
def place(request: pytest.FixtureRequest, places: dict[Dialect, Place]) -> Place:
    found = places[request.param]
    found.reset()
    return found
