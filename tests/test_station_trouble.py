from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import JournalError, LabelError
from kiosk.language import language
from kiosk.model import (
    Asked,
    JobState,
    OperationState,
    Question,
    RunHeading,
)
from tests.journal.opened import counted, opened, rows_of
from tests.station_world import LONG_S, ORDER, UID, UNIT, World, warmed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        yield world
        world.pool.shutdown()


# The journal fails.


def test_a_full_disk_is_shown_loudly_nothing_is_acknowledged_and_it_goes_on(world: World) -> None:
    warmed(world, "PO-1")
    before = counted(world.folder)
    with world.full_disk():
        for refused in (world.send("PO-1"), world.send("never seen"), world.push("HOME")):
            world.station.step()
            with pytest.raises(JournalError, match=r"The journal refuses it\. \(SQLite says: full"):
                refused.result(LONG_S)
        assert world.message == (
            "stop: NOT KEPT. Do it again, and tell a technician. The journal refuses it. (SQLite says: full)"
        )
        shown = world.view.message
        assert shown is not None
        assert language("de").message(shown.template, shown.values) == (
            "NICHT GESPEICHERT. Noch einmal machen und die Technik rufen. "
            "Das Journal lehnt es ab. (SQLite meldet: full)"
        )
        assert counted(world.folder) == before
    assert world.scan("PO-1").is_repeat is False
    assert world.view.screen == "receive/order"
    assert world.message.startswith("good:")


def test_a_scan_on_disk_waits_until_the_disk_works_again_and_keeps_its_place(world: World) -> None:
    world.scan("PO-1")
    world.station.look_step()
    with world.full_disk():
        world.station.step()
        assert world.message.startswith("stop: The kiosk cannot write. The last scan is kept and waits.")
        refused = world.send("PN-BOLT")
        world.station.step()
        with pytest.raises(JournalError, match=r"refuses it\. \(SQLite says: full"):
            refused.result(LONG_S)
        for _ in range(3):
            world.station.step()
        assert world.station._is_held
    later = world.send("PN-BOLT")
    for _ in range(4):
        world.station.step()
    assert later.result(LONG_S).is_repeat is False
    assert world.view.screen == "receive/order"
    world.look()
    assert world.view.screen == "receive/line"
    assert world.scans() == [(b"PO-1", "handled"), (b"PN-BOLT", "handled")]


def test_a_sender_that_gave_up_has_no_effect_later(world: World) -> None:
    world.station = world.hired(patience_s=0.05)
    world.scan("PO-1")
    pushed = world.push("HOME", key="a")
    world.station.step()
    with pytest.raises(JournalError, match="It was not taken"):
        pushed.result(LONG_S)
    world.look()
    world.station.step()
    assert world.view.screen == "receive/order"
    assert counted(world.folder)["presses"] == 0
    assert world.press("HOME", key="a").is_repeat is False


def test_a_station_that_hangs_is_a_journal_error_for_the_sender(world: World) -> None:
    station = world.hired(patience_s=0.05)
    with pytest.raises(JournalError, match="It was not taken"):
        station.scan(b"PO-1", scanner="gun")


# Mistakes of the kiosk.


def test_a_mistake_is_told_to_the_sender_and_shown(world: World) -> None:
    warmed(world, UID)
    world.scan(UID)
    world.labels.fault = KeyError("a bug")
    pushed = world.push("PRINT")
    with pytest.raises(KeyError):
        world.station.step()
    with pytest.raises(JournalError, match="The kiosk made a mistake"):
        pushed.result(LONG_S)
    assert world.message == "stop: NOT KEPT. The kiosk made a mistake. Tell a technician."
    world.labels.fault = None
    world.press("PRINT")
    assert len(world.jobs()) == 1


def test_a_scan_that_the_kiosk_fails_at_is_set_aside_and_not_met_again(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.ion.teach(Question(Asked.ORDER_NUMBER, "PO-1"), replace(ORDER, lines=(None,)))  # type: ignore[arg-type]
        world.scan("PO-1")
        world.station.look_step()
        with pytest.raises(TypeError):
            world.station.step()
        assert world.message == (
            "stop: The kiosk made a mistake with the last scan. It is kept. Tell a technician."
        )
        assert world.scans() == [(b"PO-1", "set aside")]
        world.pool.shutdown()
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ids="b")
        again.station.step()
        assert again.ion.asked == []
        again.pool.shutdown()


def test_a_label_that_cannot_be_made_is_a_sentence_and_nothing_is_queued(world: World) -> None:
    warmed(world, UID)
    world.scan(UID)
    world.labels.fault = LabelError("The serial is too long.")
    world.press("PRINT")
    assert world.message == "stop: This label cannot be made. The serial is too long."
    assert world.jobs() == []
    world.labels.fault = None
    world.press("PRINT")
    assert len(world.jobs()) == 1
    assert world.woken == ["zebra"]


# Restart.


def test_scans_that_waited_are_answered_after_a_restart_in_order(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        world.scan("PO-1")
        behind = world.send("PN-BOLT")
        world.station.step()
        behind.result(LONG_S)
        command = world.send("ION/CMD/QUANTITY/4")
        world.station.step()
        command.result(LONG_S)
        world.pool.shutdown()
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ids="b")
        again.station.step()
        again.look()
        again.station.step()
        again.look()
        again.station.step()
        assert again.view.screen == "receive/line"
        assert again.view.state["quantity"] == "4"
        assert {state for _, state in again.scans()} == {"handled"}
        again.pool.shutdown()


def test_a_station_goes_on_where_it_stood(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        warmed(world, "PO-1", "PN-BOLT")
        world.scan("PO-1")
        world.scan("PN-BOLT")
        before = world.view
        world.pool.shutdown()
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ids="b")
        now = again.view
        assert (now.screen, now.state, now.session) == (before.screen, before.state, before.session)
        again.press("CONFIRM")
        assert [operation.state for operation in again.operations()] == [OperationState.QUEUED]
        again.pool.shutdown()


# References that are followed.

TRAVELLER = replace(UNIT, runs=(RunHeading("12", "Assemble", "TODO"),))


def _with_run(world: World) -> None:
    world.ion.teach(Question(Asked.UID, "0" * 32), TRAVELLER)


def test_a_reference_is_followed_from_memory_in_one_transaction(world: World) -> None:
    _with_run(world)
    warmed(world, UID, "ION/RUN/12")
    world.press("FLOW", "run")
    before = counted(world.folder)
    world.scan(UID)
    assert world.view.screen == "run/run"
    assert counted(world.folder)["scans"] == before["scans"] + 1
    assert counted(world.folder)["audit"] == before["audit"] + 1


def test_a_reference_that_is_not_remembered_keeps_its_scan_waiting(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        _with_run(world)
        warmed(world, UID)
        world.press("FLOW", "run")
        world.scan(UID)
        assert world.scans()[-1] == (UID, "waiting")
        assert world.message == "wait: Looking up ION/RUN/12 …"
        world.pool.shutdown()
    with closing(opened(tmp_path, ids="b")) as journal:
        again = World(tmp_path, journal, ids="b")
        _with_run(again)
        again.station.step()
        again.look()
        assert again.view.screen == "run/run"
        assert again.scans()[-1] == (UID, "handled")
        again.pool.shutdown()


def test_a_press_is_taken_before_its_reference_is_followed(world: World) -> None:
    _with_run(world)
    warmed(world, UID)
    world.scan(UID)
    while world.station._looks.next(0) is not None:
        pass
    receipt = world.press("CHOOSE", "run/12")
    assert receipt.is_stale is False
    assert counted(world.folder)["presses"] == 3
    world.look()
    assert world.view.screen == "run/run"


def test_offline_a_reference_says_so(world: World) -> None:
    _with_run(world)
    warmed(world, UID)
    world.ion.go_offline()
    world.press("FLOW", "run")
    world.scan_and_look(UID)
    assert world.message.startswith("offline: ION/RUN/12 is kept.")
    assert world.scans()[-1] == (UID, "handled")


@pytest.mark.parametrize(
    ("found_by", "state"),
    [(b"ION/PI/9", "confirmed"), (UID, "unknown")],
    ids=["another code", "the code of the label, which stands elsewhere, too"],
)
def test_a_scan_of_a_label_confirms_its_job_also_by_way_of_a_look_up(
    world: World, found_by: bytes, state: str
) -> None:
    warmed(world, found_by)
    world.scan(found_by)
    world.press("PRINT")
    claimed = world.journal.prints.claim("zebra")
    assert claimed is not None
    world.journal.prints.recover()
    assert world.journal.prints.find(claimed[0].id) == replace(
        claimed[0], state=JobState.UNKNOWN, error="The kiosk broke off while this was being sent."
    )
    with rows_of(world.folder) as connection:
        connection.execute("DELETE FROM answers")
    world.scan_and_look(UID)
    assert world.view.jobs[0].state == state
