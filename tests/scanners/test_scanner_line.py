from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from kiosk.errors import JournalError, ScanError, ScannerGone
from kiosk.model import DeviceState
from kiosk.ports import Receipt, StationView
from kiosk.scanner_line import ScannerLine

Happening = tuple[bytes, ...] | ScanError


@dataclass
class Script:
    """A scanner that does what is written down, one thing a call."""

    reads: list[Happening]
    opens: list[ScannerGone | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.calls.append("open")
        if self.opens and (error := self.opens.pop(0)):
            raise error

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        assert timeout_s <= 1
        self.calls.append("read")
        happening = self.reads.pop(0)
        if isinstance(happening, ScanError):
            raise happening
        return happening

    def close(self) -> None:
        self.calls.append("close")


@dataclass
class Room:
    """A station that refuses the scans it is told to."""

    refused: Sequence[bytes] = ()
    taken: list[tuple[bytes, str]] = field(default_factory=list)
    name: str = "dock-1"

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        assert key is None
        if data in self.refused:
            raise JournalError("disk full")
        self.taken.append((data, scanner))
        return Receipt("1", is_repeat=False)

    def view(self) -> StationView:
        raise NotImplementedError

    def press(
        self, verb: str, argument: str | None = None, *, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        raise NotImplementedError


@dataclass
class Line:
    script: Script
    room: Room = field(default_factory=Room)
    slept_s: list[float] = field(default_factory=list)
    lamps: list[DeviceState] = field(default_factory=list)
    line: ScannerLine = field(init=False)

    def __post_init__(self) -> None:
        self.line = ScannerLine(
            "gun", self.script, self.room, self.slept_s.append, lambda: self.lamps.append(self.line.lamp)
        )

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.line.step()


def lamp(text: str, *, is_ready: bool) -> DeviceState:
    return DeviceState("gun", is_ready=is_ready, text=text)


def test_scans_are_handed_over_in_order() -> None:
    line = Line(Script([(b"A", b"B"), (), (b"C",)]))
    line.steps(3)
    assert line.room.taken == [(b"A", "gun"), (b"B", "gun"), (b"C", "gun")]
    assert line.lamps == [lamp("Ready.", is_ready=True)]
    line.line.close()
    assert line.script.calls == ["open", "read", "read", "read", "close"]


def test_a_scanner_that_is_gone_is_tried_again_within_three_seconds() -> None:
    gone, absent = ScannerGone("went away"), ScannerGone("not there")
    line = Line(Script([gone, (b"A",)], opens=[None, absent, absent, None]))
    line.steps(4)
    assert line.room.taken == [(b"A", "gun")]
    assert sum(line.slept_s) < 3
    assert line.lamps == [
        lamp("Ready.", is_ready=True),
        lamp("went away", is_ready=False),
        lamp("not there", is_ready=False),
        lamp("Ready.", is_ready=True),
    ]


def test_a_dropped_scan_is_said_until_the_next_one(caplog: pytest.LogCaptureFixture) -> None:
    line = Line(Script([ScanError("lost"), (), ScanError("lost"), (b"A",)]))
    line.steps(3)
    assert line.line.lamp == lamp("lost", is_ready=True)
    line.steps(1)
    assert line.line.lamp == lamp("Ready.", is_ready=True)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == ["lost"]


def test_one_scan_that_cannot_be_kept_does_not_take_the_others_with_it() -> None:
    line = Line(Script([(b"A", b"BAD", b"C"), (b"D",)]), Room(refused=(b"BAD",)))
    line.steps(2)
    assert line.room.taken == [(b"A", "gun"), (b"C", "gun"), (b"D", "gun")]
