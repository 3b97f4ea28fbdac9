from dataclasses import dataclass, field
from typing import cast

import pytest

from kiosk.errors import ScanError
from kiosk.ports import StationRoom
from kiosk.scanner_line import ScannerLine


@dataclass
class Dropping:
    """A scanner every scan of which is dropped."""

    reasons: list[str] = field(default_factory=list)

    def open(self) -> None:
        pass

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        assert timeout_s <= 1
        raise ScanError(self.reasons.pop(0))

    def close(self) -> None:
        pass


def test_a_burst_of_dropped_scans_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    nobody = cast(StationRoom, None)
    line = ScannerLine("gun", Dropping(["lost", "lost", "cut", "lost"]), nobody, lambda _: None, lambda: None)
    for _ in range(4):
        line.step()
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["lost", "cut", "lost"]
