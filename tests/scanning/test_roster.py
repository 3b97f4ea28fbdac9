from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.model import Binding, DeviceState
from kiosk.scanning import bound_settings
from kiosk.settings import ScannerSettings
from tests.scanning.rooms import BOUND, GUN, Floor, eventually


@pytest.fixture
def floor() -> Iterator[Floor]:
    floor = Floor()
    yield floor
    floor.supervisor.stop()
    floor.roster.close()


def test_scanners_of_the_settings_and_bound_ones_are_at_work_for_their_stations(floor: Floor) -> None:
    floor.roster.employ(GUN)
    floor.roster.bind(BOUND)
    assert [(one.name, one.binding) for one in floor.roster.posts] == [
        ("dock-gun", None),
        ("dock-1-scanner", BOUND),
    ]
    for name in ("dock-gun", "dock-1-scanner"):
        floor.step(name)
    assert floor.roster.lamps("dock-1") == (
        DeviceState("dock-gun", is_ready=True, text="Ready."),
        DeviceState("dock-1-scanner", is_ready=True, text="Ready."),
    )
    assert floor.roster.lamps("floor-1") == ()


def test_a_binding_is_as_the_settings_would_have_it() -> None:
    assert bound_settings(replace(BOUND, tab_ends=True, baud=9600)) == ScannerSettings(
        name="dock-1-scanner",
        station="dock-1",
        kind="keyboard",
        port="0c2e:0b61:HON1",
        baud=9600,
        layout="de",
        tab_ends=True,
    )


def test_a_bound_scanner_is_heard_at_once_while_the_kiosk_runs(floor: Floor) -> None:
    floor.supervisor.start()
    floor.roster.bind(BOUND)
    floor.scanners["dock-1-scanner"].send(b"PO-1")
    assert eventually(lambda: floor.stations["dock-1"].heard == [(b"PO-1", "dock-1-scanner")])


def test_a_released_scanner_is_heard_no_more_and_lets_its_device_go(floor: Floor) -> None:
    floor.supervisor.start()
    floor.roster.employ(GUN)
    floor.roster.bind(BOUND)
    scanner = floor.scanners["dock-1-scanner"]
    assert eventually(lambda: scanner.opened == 1)
    assert floor.changes == 2
    assert floor.roster.release("dock-1-scanner") == BOUND
    assert floor.roster.release("dock-1-scanner") is None
    assert floor.changes == 3
    assert scanner._is_open is False
    assert set(floor.supervisor.health()) == {"scanner dock-gun"}
    assert [one.name for one in floor.roster.posts] == ["dock-gun"]


def test_a_scanner_of_the_settings_is_never_released(floor: Floor) -> None:
    floor.roster.employ(GUN)
    assert floor.roster.release("dock-gun") is None
    assert [one.name for one in floor.roster.posts] == ["dock-gun"]


@pytest.mark.parametrize(
    ("binding", "why"),
    [
        (
            replace(BOUND, station="dock-9"),
            "Not used: the settings have no station 'dock-9'. Remove it.",
        ),
        (
            replace(BOUND, name="dock-gun"),
            "Not used: the settings have a scanner of this name, and they come first. Remove it.",
        ),
        (
            replace(BOUND, layout="klingon"),
            "Not used: this kiosk cannot read it. Remove it, and add it again.",
        ),
    ],
)
def test_what_is_at_odds_with_the_settings_is_idle_and_can_be_removed(
    floor: Floor, binding: Binding, why: str
) -> None:
    floor.roster.employ(GUN)
    floor.roster.bind(binding)
    first, idle = floor.roster.posts
    assert idle.lamp == DeviceState(idle.name, is_ready=False, text=why)
    assert (idle.kind, idle.port, idle.station) == (binding.kind, binding.port, binding.station)
    assert (idle.last_scans(), idle.faults, idle.last_fault) == ((), 0, None)
    assert [lamp.name for lamp in floor.roster.lamps("dock-1")] == ["dock-gun"]
    assert floor.roster.release(idle.name) == binding
    assert floor.roster.posts == (first,)


def test_names_are_new_and_fit_the_settings(floor: Floor) -> None:
    assert floor.roster.name_for("dock-1") == "dock-1-scanner"
    floor.roster.bind(BOUND)
    assert floor.roster.name_for("dock-1") == "dock-1-scanner-2"
    floor.roster.bind(replace(BOUND, name="dock-1-scanner-2", port="1"))
    assert floor.roster.name_for("dock-1") == "dock-1-scanner-3"
    long = "d" * 64
    assert ScannerSettings(name=floor.roster.name_for(long), station=long, port="x")


def test_several_scanners_come_and_go_while_the_kiosk_runs(floor: Floor) -> None:
    floor.supervisor.start()
    for number in range(5):
        floor.roster.bind(replace(BOUND, name=f"gun-{number}", port=str(number)))
    for number in range(5):
        assert floor.roster.release(f"gun-{number}") is not None
    assert floor.roster.posts == ()
    assert floor.supervisor.health() == {}
