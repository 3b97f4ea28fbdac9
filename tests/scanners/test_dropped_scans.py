from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import pytest

from kiosk.errors import ScanError
from kiosk.model import Pace
from kiosk.ports import StationRoom
from kiosk.scanning import ScannerLine

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class Dropping:
    """A scanner every scan of which is dropped."""

    reasons: list[str] = field(default_factory=list)
    pace: Pace = field(default_factory=Pace)

    def open(self) -> None:
        pass

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        assert timeout_s <= 1
        raise ScanError(self.reasons.pop(0))

    def close(self) -> None:
        pass


def test_a_burst_of_dropped_scans_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    nobody = cast(StationRoom, None)
    dropping = Dropping(["lost", "lost", "cut", "lost"])
    line = ScannerLine(
        *("gun", dropping, nobody, lambda _: None, lambda: None, lambda: NOW, lambda: 0.0),
        lambda _name, _data: False,
    )
    for _ in range(4):
        line.step()
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["lost", "cut", "lost"]
