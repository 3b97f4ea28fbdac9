from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from printers.transports import TRANSPORTS
from tests.contracts.far_ends import LineFarEnd, RawFarEnd, ServiceFarEnd, TerminalFarEnd
from tests.contracts.printer_transport import FarEnd, TransportContract

OF_THEIR_OWN = {"file", "memory", "ipps"}
"""Cannot stop half way, or are another one over TLS."""


class TestTcp(TransportContract):
    @pytest.fixture
    def far(self) -> Iterator[FarEnd]:
        with closing(RawFarEnd()) as far:
            yield far


class TestDevice(TransportContract):
    @pytest.fixture
    def far(self, tmp_path: Path) -> Iterator[FarEnd]:
        with closing(TerminalFarEnd(tmp_path)) as far:
            yield far


class TestSerial(TransportContract):
    @pytest.fixture
    def far(self, tmp_path: Path) -> Iterator[FarEnd]:
        with closing(LineFarEnd(tmp_path)) as far:
            yield far


class TestIpp(TransportContract):
    @pytest.fixture
    def far(self) -> Iterator[FarEnd]:
        with closing(ServiceFarEnd()) as far:
            yield far


def test_every_way_keeps_the_contract() -> None:
    kept = {name.removeprefix("Test").lower() for name in globals() if name.startswith("Test")}
    assert set(TRANSPORTS) - OF_THEIR_OWN == kept
