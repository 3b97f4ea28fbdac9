from collections.abc import Iterator

import pytest

from kiosk.simulator.server import IonServer
from tests.simulator.asking import Clock, Wire, seeded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[IonServer]:
    with IonServer(seeded(clock)) as running:
        yield running


@pytest.fixture
def wire(server: IonServer) -> Wire:
    return Wire(server).sign_in()
