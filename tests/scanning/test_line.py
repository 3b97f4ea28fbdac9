from datetime import timedelta

from kiosk.model import DeviceState, FaultSeen, Pace, ScanSeen
from kiosk.scanning import ScannerLine
from tests.fakes import Clock, FakeScanner
from tests.scanning.rooms import Listener


class World:
    def __init__(self) -> None:
        self.scanner, self.station, self.clock = FakeScanner(), Listener(), Clock()
        self.changes = 0
        self.for_the_page: list[tuple[str, bytes]] = []
        self.line = ScannerLine(
            "gun",
            self.scanner,
            self.station,
            self.clock.sleep,
            self.changed,
            self.clock.now,
            self.clock.monotonic_s,
            self.is_spoken_for,
        )

    def changed(self) -> None:
        self.changes += 1

    def is_spoken_for(self, name: str, data: bytes) -> bool:
        self.clock.passed_s += 0.004
        if data == b"SHOWN CODE":
            self.for_the_page.append((name, data))
            return True
        return False


def test_scans_are_handed_on_byte_for_byte_and_in_order() -> None:
    world = World()
    world.scanner.send(b"\x1d240ABC\x1d", b"second")
    world.scanner.send(b"third")
    world.line.step()
    world.line.step()
    assert world.station.heard == [(b"\x1d240ABC\x1d", "gun"), (b"second", "gun"), (b"third", "gun")]
    assert world.scanner.opened == 1


def test_the_lamp_says_when_it_is_gone_and_back() -> None:
    world = World()
    assert world.line.lamp.is_ready is False
    world.line.step()
    assert world.line.lamp == DeviceState("gun", is_ready=True, text="Ready.")
    world.scanner.unplug()
    for _ in range(5):
        world.line.step()
    assert world.line.lamp == DeviceState(
        "gun", is_ready=False, text="Cannot open scanner 'gun': it is not there. Check its plug."
    )
    assert world.changes == 3
    world.scanner.plug()
    world.scanner.send(b"back")
    world.line.step()
    assert world.line.lamp.is_ready
    assert world.station.heard == [(b"back", "gun")]


def test_a_scanner_that_comes_back_is_heard_within_three_seconds() -> None:
    world = World()
    world.scanner.unplug()
    world.line.step()
    assert 0 < world.clock.passed_s <= 1


def test_a_garbled_scan_is_told_until_the_next_good_one() -> None:
    world = World()
    world.scanner.garble()
    world.line.step()
    assert world.line.lamp == DeviceState(
        "gun", is_ready=True, text="Scanner 'gun' sent too much; scan again."
    )
    world.scanner.send(b"good")
    world.line.step()
    assert world.line.lamp.text == "Ready."
    assert world.station.heard == [(b"good", "gun")]


def test_one_scan_that_is_not_kept_does_not_take_the_others_along() -> None:
    world = World()
    world.station.refused = b"second"
    world.scanner.send(b"first", b"second", b"third")
    world.line.step()
    assert [data for data, _ in world.station.heard] == [b"first", b"third"]


def test_it_can_be_closed_twice() -> None:
    world = World()
    world.line.step()
    world.line.close()
    world.line.close()
    world.line.step()
    assert world.line.lamp.is_ready is False


def test_what_it_sent_last_is_remembered_newest_first() -> None:
    world = World()
    world.scanner.send(b"\x1d1")
    world.line.step()
    world.clock.sleep(5)
    world.scanner.send(*(b"%d" % number for number in range(30)))
    world.line.step()
    seen = world.line.last_scans()
    assert [one.data for one in seen[:2]] == [b"29", b"28"]
    assert len(seen) == 20


def test_each_scan_is_remembered_with_how_it_came_and_how_long_it_took() -> None:
    world = World()
    world.scanner.pace = Pace(0.012, 0.05)
    world.station.refused = b"second"
    at = world.clock.now()
    world.scanner.send(b"first", b"second")
    world.line.step()
    assert world.line.last_scans() == (
        ScanSeen(at + timedelta(seconds=0.004), b"second", Pace(0.012, 0.05), None),
        ScanSeen(at, b"first", Pace(0.012, 0.05), 0.004),
    )


def test_the_code_that_the_scanner_page_shows_is_no_scan_of_the_station() -> None:
    world = World()
    world.scanner.send(b"SHOWN CODE", b"PO-1")
    world.line.step()
    assert world.station.heard == [(b"PO-1", "gun")]
    assert world.for_the_page == [("gun", b"SHOWN CODE")]
    assert [one.data for one in world.line.last_scans()] == [b"PO-1", b"SHOWN CODE"]


def test_the_last_fault_is_remembered_when_all_is_well_again() -> None:
    world = World()
    world.line.step()
    assert (world.line.faults, world.line.last_fault) == (0, None)
    world.scanner.garble()
    world.line.step()
    world.scanner.send(b"good")
    world.line.step()
    assert world.line.lamp.text == "Ready."
    at = world.clock.now() - timedelta(seconds=0.004)
    assert world.line.last_fault == FaultSeen(at, "Scanner 'gun' sent too much; scan again.")
    world.scanner.unplug()
    for _ in range(3):
        world.line.step()
    assert world.line.faults == 2
    assert world.line.last_fault.text == "Scanner 'gun' went away. Check its plug."
