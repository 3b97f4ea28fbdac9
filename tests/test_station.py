import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.model import Asked, JobState, Operation, OperationState, Question, Stock
from kiosk.ports import StationView
from kiosk.settings import StationSettings
from tests.journal.opened import counted, new_job, opened, rows_of
from tests.station_world import BOLT, LONG_S, ORDER, SETTINGS, World, warmed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        yield world
        world.pool.shutdown()


# Scans that are known, in one transaction; scans that are not, kept first.


def test_a_known_scan_is_answered_in_one_transaction(world: World) -> None:
    warmed(world, "PO-1")
    before = counted(world.folder)
    receipt = world.scan("PO-1")
    assert not receipt.is_repeat
    assert world.view.screen == "receive/order"
    assert {table: count - before[table] for table, count in counted(world.folder).items()} == {
        "scans": 1,
        "presses": 0,
        "sessions": 0,
        "operations": 0,
        "print_jobs": 0,
        "label_contents": 0,
        "audit": 1,
    }
    assert world.scans()[-1] == (b"PO-1", "handled")


def test_an_unknown_scan_is_on_disk_and_acknowledged_before_ion_is_asked(world: World) -> None:
    receipt = world.scan("PO-1")
    assert world.scans() == [(b"PO-1", "waiting")]
    assert world.ion.asked == []
    assert world.message == "wait: Looking up PO-1 …"
    world.look()
    assert world.scans() == [(b"PO-1", "handled")]
    assert world.view.screen == "receive/order"
    assert world.journal.book.seen("x") is None
    assert receipt.id


def test_a_known_scan_shows_its_age_then_the_fresh_answer(world: World) -> None:
    warmed(world, "PO-1")
    world.clock.passed_s = 7200
    world.ion.teach(
        Question(Asked.ORDER_NUMBER, "PO-1"),
        replace(ORDER, lines=(replace(ORDER.lines[0], received=Decimal(4)),)),
    )
    world.scan("PO-1")
    assert world.view.state["as_of"] == "2026-03-02T08:00:00+00:00"
    assert _remaining(world.view) == "10"
    revision = world.view.revision
    world.look()
    assert world.view.state["as_of"] is None
    assert _remaining(world.view) == "6"
    assert world.view.revision > revision


def _remaining(view: StationView) -> object:
    order = view.state["order"]
    assert isinstance(order, dict)
    lines = order["lines"]
    assert isinstance(lines, list | tuple)
    assert isinstance(lines[0], dict)
    return lines[0]["remaining"]


def test_any_bytes_are_taken(world: World) -> None:
    hostile = [
        b"",
        b"\x00",
        bytes(range(256)),
        b"\r\n",
        b"'; DROP TABLE scans; --",
        b"x" * 100_000,
        b"{}" * 50,
    ]
    for data in hostile:
        world.scan(data)
        if world.station._looking:
            world.look()
    assert [raw for raw, _ in world.scans()] == hostile
    assert {state for _, state in world.scans()} == {"handled"}


def test_a_persons_word_for_a_label_is_taken_with_the_event(world: World) -> None:
    (job,) = world.journal.prints.add([new_job("label-1", "zebra")])
    world.journal.prints.claim("zebra")
    world.journal.prints.recover()
    before = counted(world.folder)["audit"]
    world.scan("ION/CMD/PRINTED/NO")
    found = world.journal.prints.find(job.id)
    assert found is not None
    assert (found.state, world.woken) == ("queued", ["zebra"])
    assert world.message == "wait: The label of ION/LOC/7 is printed again."
    assert counted(world.folder)["audit"] == before + 2
    world.scan("ION/CMD/PRINTED/YES")
    assert world.message == "ask: No label of this station is in doubt."


def test_a_scan_of_a_label_is_told_to_the_station_that_asked_for_it(world: World) -> None:
    (job,) = world.journal.prints.add([replace(new_job("label-1", code="ION/LOC/8"), station="dock-2")])
    world.journal.prints.claim("zebra")
    world.journal.prints.settle(job.id, JobState.SENT)
    warmed(world, "ION/LOC/8")
    assert [(one.id, one.station, one.state) for one in world.proved] == [
        (job.id, "dock-2", JobState.CONFIRMED)
    ]
    world.scan("ION/LOC/8")
    assert len(world.proved) == 1, "it is proved once"


def test_a_package_is_known_long_after_it_was_received(world: World) -> None:
    label = "[)>\x1e06\x1dPPN-BOLT\x1dQ2\x1d3SBOX-1\x1e\x04"
    warmed(world, "PO-1", "PN-BOLT")
    for _ in range(2):
        world.press("HOME")
        world.scan("PO-1")
        world.scan(label)
        if world.view.screen == "home/agree":
            break
        assert world.view.screen == "receive/line"
        world.press("CONFIRM")
        operation = world.journal.outbox.claim()
        assert operation is not None
        world.journal.outbox.settle(operation, OperationState.DONE, result={})
        world.ids = "again"
        world.station = world.hired()
    assert world.message == "ask: This bag was counted already. Confirm to count it again."
    world.press("CONFIRM")
    assert world.view.screen == "receive/line"


# ION away.


def test_offline_a_known_scan_shows_the_old_answer_with_its_age(world: World) -> None:
    warmed(world, "PO-1")
    world.ion.go_offline()
    world.clock.passed_s = 60
    world.scan("PO-1")
    world.look()
    assert (world.view.screen, world.view.state["as_of"]) == ("receive/order", "2026-03-02T08:00:00+00:00")


def test_offline_an_unknown_scan_is_kept_and_says_offline(world: World) -> None:
    world.ion.go_offline()
    world.scan_and_look("PN-BOLT")
    assert world.view.screen == "home/unknown"
    assert world.message == "offline: PN-BOLT is kept. It is not known here, and ION cannot be asked now."
    assert world.scans() == [(b"PN-BOLT", "handled")]


def test_a_mistake_in_asking_does_not_leave_the_station_waiting_for_ever(world: World) -> None:
    world.scan("PO-1")
    world.ion.trouble = KeyError("a bug")
    with pytest.raises(KeyError):
        world.station.look_step()
    world.station.step()
    assert world.message.startswith("offline: PO-1 is kept.")
    world.ion.come_back()
    world.scan_and_look("PO-1")
    assert world.view.screen == "receive/order"


def test_the_stations_own_location_is_asked_once_and_its_failure_spoils_nothing(world: World) -> None:
    home = (Question(Asked.LOCATION_NAME, "WH-Receiving"),)
    for _ in range(3):
        world.scan_and_look("PN-BOLT")
        while world.station._looks.next(0) is not None:
            pass
        world.ion.teach(Question(Asked.PART_NUMBER, "PN-BOLT"), Stock(BOLT))
    world.scan_and_look("PO-1")
    assert world.view.state["location"] == {
        "id": "7",
        "kind": "location",
        "name": "WH-Receiving",
        "uid": None,
        "entity_id": None,
    }
    assert world.ion.asked.count(home) == 1


# Events that come while ION is asked.


def test_what_comes_meanwhile_waits_behind_in_order_scans_on_disk(world: World) -> None:
    world.scan("PO-1")
    second = world.send("PN-BOLT")
    world.station.step()
    assert second.result(LONG_S).is_repeat is False
    pushed = world.push("CONFIRM")
    world.station.step()
    third = world.send("ION/CMD/QUANTITY/3")
    world.station.step()
    assert third.result(LONG_S).is_repeat is False
    assert not pushed.done()
    assert [raw for raw, state in world.scans() if state == "waiting"] == [
        b"PO-1",
        b"PN-BOLT",
        b"ION/CMD/QUANTITY/3",
    ]
    world.look()
    assert world.view.screen == "receive/order"
    world.station.step()  # the part is not remembered yet, and asked for
    world.look()
    assert world.view.screen == "receive/line"
    assert not pushed.done()
    world.station.step()
    assert pushed.result(LONG_S).is_stale is False
    assert [operation.arguments["quantity"] for operation in world.operations()] == ["10"]
    world.station.step()
    assert {state for _, state in world.scans()} == {"handled"}


def test_news_never_waits_and_never_hides_the_look_up(world: World) -> None:
    world.scan("PO-1")
    world.station.settled(_receipt(world, OperationState.REJECTED))
    world.station.step()
    assert world.message == "wait: Looking up PO-1 …"
    world.look()
    assert world.view.screen == "receive/order"


def _receipt(world: World, state: OperationState, error: str = "") -> Operation:
    return Operation(
        "o1",
        "k",
        world.station.name,
        "receive",
        "receive",
        "order-line/4",
        "order/3",
        {"quantity": "5", "part_number": "PN-BOLT"},
        state,
        world.clock.now(),
        error=error,
    )


def test_news_changes_the_screen_and_no_press_becomes_stale_by_it(world: World) -> None:
    world.scan_and_look("PO-1")
    drawn = world.view.revision
    world.station.settled(_receipt(world, OperationState.REJECTED, "Lot is required."))
    world.station.step()
    assert world.message == "stop: ION did not take it. 5 × PN-BOLT: Lot is required."
    assert world.view.revision == drawn + 1
    assert world.woken == ["zebra"]
    assert world.press("CONFIRM", revision=drawn).is_stale is False


def test_a_finished_receipt_refreshes_its_order(world: World) -> None:
    world.scan_and_look("PO-1")
    world.ion.teach(
        Question(Asked.ORDER_ID, "3"), replace(ORDER, lines=(replace(ORDER.lines[0], received=Decimal(5)),))
    )
    world.station.settled(_receipt(world, OperationState.DONE))
    world.station.step()
    world.look()
    assert _remaining(world.view) == "5"


def test_a_look_that_only_refreshes_does_not_hold_anybody_up(world: World) -> None:
    warmed(world, "PO-1", "PN-BOLT")
    world.ion.gate.clear()
    world.scan("PO-1")
    asking = world.pool.submit(world.station.look_step)
    try:
        world.scan("PN-BOLT")
        world.press("CONFIRM")
        assert [operation.arguments["quantity"] for operation in world.operations()] == ["10"]
    finally:
        world.ion.gate.set()
    asking.result(LONG_S)


# Presses.


def test_a_stale_press_does_nothing_and_says_so(world: World) -> None:
    warmed(world, "PO-1", "PN-BOLT")
    world.scan("PO-1")
    drawn = world.view.revision
    world.scan("PN-BOLT")
    before = (world.view, counted(world.folder))
    receipt = world.press("CONFIRM", revision=drawn)
    assert receipt.is_stale
    assert (world.view, counted(world.folder)) == before


def test_two_browsers_have_one_effect(world: World) -> None:
    warmed(world, "PO-1", "PN-BOLT")
    world.scan("PO-1")
    world.scan("PN-BOLT")
    drawn = world.view.revision
    first, second = world.push("CONFIRM", revision=drawn), world.push("CONFIRM", revision=drawn)
    world.station.step()
    world.station.step()
    assert {first.result(LONG_S).is_stale, second.result(LONG_S).is_stale} == {False, True}
    assert len(world.operations()) == 1


def test_a_page_drawn_before_a_restart_is_stale(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        warmed(world, "PO-1", "PN-BOLT")
        world.scan("PO-1")
        world.scan("PN-BOLT")
        for _ in range(3):
            world.station.settled(_receipt(world, OperationState.REJECTED, f"{_}"))
            world.station.step()
        drawn = world.view.revision
        world.pool.shutdown()
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ids="b")
        assert again.view.screen == "receive/line"
        assert again.press("CONFIRM", revision=again.view.revision).is_stale is False
        assert again.press("CONFIRM", revision=drawn).is_stale
        assert len(again.operations()) == 1
        again.pool.shutdown()


def test_a_key_finds_its_first_answer_scan_or_press(world: World) -> None:
    warmed(world, "PO-1", "PN-BOLT")
    world.scan("PO-1")
    first = world.scan("PN-BOLT", key="a")
    confirmed = world.press("CONFIRM", key="b")
    assert world.scan("PN-BOLT", key="a") == replace(first, is_repeat=True)
    assert world.press("CONFIRM", key="b") == replace(confirmed, is_repeat=True)
    assert world.press("CONFIRM", key="a") == replace(first, is_repeat=True)
    assert len(world.operations()) == 1


def test_a_key_finds_a_scan_that_still_waits_and_a_press_behind_it(world: World) -> None:
    first = world.scan("PO-1", key="a")
    again = world.send("PO-1", key="a")
    world.station.step()
    assert again.result(LONG_S) == replace(first, is_repeat=True)
    one, two = world.push("HOME", key="b"), world.push("HOME", key="b")
    world.station.step()
    world.station.step()
    world.look()
    world.station.step()
    world.station.step()
    receipts = [one.result(LONG_S), two.result(LONG_S)]
    assert sorted(receipt.is_repeat for receipt in receipts) == [False, True]
    assert counted(world.folder)["presses"] == 1


def test_long_keys_that_begin_alike_are_two_keys(world: World) -> None:
    warmed(world, "PO-1")
    for number in range(2):
        assert world.scan("PO-1", key="k" * 500 + str(number)).is_repeat is False
    assert world.scan("PO-1", key="k" * 500 + "1").is_repeat


def test_keys_of_two_stations_do_not_meet(world: World) -> None:
    warmed(world, "PO-1")
    world.scan("PO-1", key="a")
    other = World(world.folder, world.journal, settings=replace_name(SETTINGS, "dock-2"), ids="d")
    assert other.scan("PO-1", key="a").is_repeat is False
    other.pool.shutdown()


def replace_name(settings: StationSettings, name: str) -> StationSettings:
    return settings.model_copy(update={"name": name})


def test_a_repeated_turn_after_a_crash_makes_no_second_operation(world: World) -> None:
    """The operation's key is the session's turn: two stations on one session are one."""
    warmed(world, "PO-1", "PN-BOLT")
    world.scan("PO-1")
    world.scan("PN-BOLT")
    twin = world.hired()
    world.press("CONFIRM")
    twin_press = world.pool.submit(lambda: twin.press("CONFIRM"))
    while not twin_press.done():
        twin.step()
    assert len(world.operations()) == 1


# Threads.


def test_every_view_is_of_one_moment(world: World) -> None:
    """A revision stands for what is shown; two views of one revision are the same, whoever looks when."""
    warmed(world, "PO-1", "PN-BOLT")
    seen: dict[int, set[tuple[str, str]]] = {}
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.is_set():
            view = world.station.view()
            text = view.message.text if view.message else ""
            seen.setdefault(view.revision, set()).add((view.screen, text))

    watchers = [world.pool.submit(watch) for _ in range(2)]
    for number in range(15):
        world.scan("PO-1")
        world.scan(f"unknown {number}")
        world.station.look_step()
        world.station.step()
        while world.station._looks.next(0) is not None:
            pass
    stopping.set()
    for watcher in watchers:
        watcher.result(LONG_S)
    assert len(seen) > 5
    assert {revision: shown for revision, shown in seen.items() if len(shown) > 1} == {}


def test_it_is_on_disk_when_the_pages_are_told(world: World) -> None:
    warmed(world, "PO-1")
    at: list[str] = []

    def look_at_disk(_name: str) -> None:
        with rows_of(world.folder) as connection:
            at.append(connection.execute("SELECT flow || '/' || step FROM sessions").fetchone()[0])

    world.on_publish = look_at_disk
    world.scan("PO-1")
    assert at == ["receive/order"]


def test_many_scanners_and_browsers_at_once_lose_nothing(world: World) -> None:
    stopping = threading.Event()

    def turn(step: Callable[[], None]) -> None:
        while not stopping.is_set():
            step()

    loops = [world.pool.submit(turn, step) for step in (world.station.step, world.station.look_step)]
    names = [f"{thread}-{number}" for thread in range(6) for number in range(8)]
    with ThreadPoolExecutor(6) as scanners:
        receipts = list(
            scanners.map(lambda name: world.station.scan(name.encode(), scanner="gun", key=name), names)
        )
        again = list(
            scanners.map(lambda name: world.station.scan(name.encode(), scanner="gun", key=name), names)
        )
    end_s = time.monotonic() + LONG_S
    while world.journal.book.waiting("dock-1") and time.monotonic() < end_s:
        time.sleep(0.01)
    stopping.set()
    for loop in loops:
        loop.result(LONG_S)
    assert [receipt.id for receipt in again] == [receipt.id for receipt in receipts]
    assert all(receipt.is_repeat for receipt in again)
    assert sorted(raw.decode() for raw, _ in world.scans()) == sorted(names)
    assert {state for _, state in world.scans()} == {"handled"}


def test_ion_is_never_asked_while_the_database_is_held(world: World) -> None:
    """Another writer gets in at once while a look-up hangs."""
    world.ion.gate.clear()
    world.scan("PO-1")
    asking = world.pool.submit(world.station.look_step)
    try:
        with rows_of(world.folder) as other:
            other.execute("PRAGMA busy_timeout = 0")
            other.execute("BEGIN EXCLUSIVE")
            other.execute("ROLLBACK")
    finally:
        world.ion.gate.set()
    asking.result(LONG_S)


def test_what_a_view_tells(world: World) -> None:
    warmed(world, "PO-1")
    world.scan("PO-1")
    view = world.view
    assert (view.station, view.location, view.flows) == ("dock-1", "WH-Receiving", SETTINGS.flows)
    assert (view.waiting, view.parked, view.jobs) == (0, 0, ())
    assert view.scanners[0].name == "dock-1-gun"
    assert world.published[-1] == "dock-1"
    assert world.station.name == "dock-1"
