"""What people do about labels after they were asked for, against a journal and printers in memory."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest

from kiosk.errors import PrintRefused
from kiosk.model import BatchState, JobState, Proof, Reason, Role, Why
from kiosk.ports import Asker
from kiosk.serial_rule import SerialRule
from tests.print_world import ADA, BOB, LEAD, PrintWorld, print_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PrintWorld]:
    with print_world(tmp_path) as world:
        yield world


def test_who_asks_is_who_is_signed_in_at_the_station(world: PrintWorld) -> None:
    world.people.signed_in["dock-1"] = LEAD
    world.people.proofs["dock-1"] = Proof.FRESH
    assert world.room.asker("dock-1") == ADA
    nobody = [(one.name, one.role, one.is_proved) for one in map(world.room.asker, ("desk", ""))]
    assert nobody == [("", "operator", True)] * 2
    assert world.people.acts == ["dock-1", "desk"], "a program keeps nobody signed in"
    world.people.proofs["dock-1"] = Proof.GIVEN
    world.people.with_pin.add(LEAD.id)
    assert world.room.asker("dock-1") == replace(ADA, is_proved=False, has_pin=True)


def test_each_printer_is_shown_with_its_queue_and_trouble_first(world: PrintWorld) -> None:
    batch = world.order("many", 3)
    world.step("spare")
    world.step("fine")
    world.room.hold("fine", ADA)
    world.step("fine")
    world.journal.prints.claim("zebra")
    queues = {queue.printer.name: queue for queue in world.room.queues()}
    assert list(queues) == ["zebra", "fine", "spare"], "what is not asked yet is no better than trouble"
    zebra = queues["zebra"]
    assert (zebra.waiting, zebra.stations, zebra.takers) == (2, ("dock-1",), ("spare",))
    assert zebra.in_flight is not None
    assert (zebra.in_flight.batch, zebra.batches[0].next.id) == (batch.id, zebra.in_flight.id)
    fine = queues["fine"]
    assert (fine.is_held, fine.printer.text, fine.takers) == (
        True,
        "Paused by Ada. Let it go on under Printers.",
        (),
    )
    assert fine.since is not None
    assert (queues["spare"].printer.text, queues["spare"].batches) == ("Does not say how it is.", ())


def test_a_printer_that_is_not_in_the_settings_any_more_can_be_relieved(world: PrintWorld) -> None:
    batch = world.order("many", 2)
    gone = world.desks.pop("zebra")
    (queue,) = [one for one in world.room.queues() if one.printer.name == "zebra"]
    assert (queue.kind, queue.takers, queue.printer.is_ready) == ("", ("spare",), False)
    assert queue.printer.text == (
        "The settings do not name this printer any more. Let another take over, or cancel."
    )
    assert world.room.take_over("zebra", "fine", ADA) == 0, "what does not fit stays"
    assert world.room.take_over("zebra", "spare", ADA) == 2
    world.step("spare", 2)
    assert world.states(batch) == ["sent", "sent"]
    world.desks["zebra"] = gone


def test_only_a_printer_of_the_same_kind_takes_over(world: PrintWorld) -> None:
    world.order("many", 2)
    with pytest.raises(PrintRefused) as refused:
        world.room.take_over("zebra", "fine", ADA)
    assert str(refused.value) == (
        "fine cannot print what waits for zebra: that is made for zpl, 203 dpi, 101.6 × 50.8 mm, "
        "and it is zpl, 300 dpi, 101.6 × 50.8 mm."
    )
    for other in ("none", "zebra"):
        with pytest.raises(PrintRefused, match="there is no other printer"):
            world.room.take_over("zebra", other, ADA)
    assert world.room.take_over("zebra", "spare", ADA) == 2


def test_a_batch_is_turned_and_printers_and_pages_hear_of_it(world: PrintWorld) -> None:
    batch = world.order("many", 2)
    paused = world.room.pause(batch.id, ADA)
    world.step(times=2)
    assert (paused is not None, world.states(batch)) == (True, ["held", "held"])
    world.room.go_on(batch.id, ADA)
    world.step()
    assert world.states(batch) == ["sent", "queued"]
    hurried = world.room.hurry(batch.id, ADA)
    assert hurried is not None
    assert hurried.priority == 80
    canceled = world.room.cancel(batch.id, ADA)
    assert canceled is not None
    assert (canceled.state, canceled.tally.unknown, canceled.tally.voided) == (BatchState.CANCELED, 1, 1)
    assert world.room.batch(batch.id) == canceled
    assert len(world.published) == 4
    assert all(desk._wake.is_set() for name, desk in world.desks.items() if name != "zebra")


def test_a_label_of_one_thing_is_printed_once_more_by_a_lead_with_a_reason(world: PrintWorld) -> None:
    batch = world.order("serial", serial="SN-1")
    (job,) = world.jobs(batch)
    lost = Why(Reason.LOST)
    with pytest.raises(PrintRefused, match="not printed yet"):
        world.room.reprint(job.id, 1, lost, ADA, "r1")
    world.step()
    with pytest.raises(PrintRefused, match="printed once more by a lead"):
        world.room.reprint(job.id, 1, lost, BOB, "r1")
    assert world.states(batch) == ["sent"]
    (again,) = world.room.reprint(job.id, 1, lost, ADA, "r1")
    assert (again.edition, again.reprint_of, world.states(batch)) == (2, job.id, ["voided"])
    assert world.room.reprint(job.id, 1, lost, BOB, "r1") == (again,), "a repeat is answered, not judged anew"
    world.step()
    assert world.journal.prints.find(again.id).state is JobState.SENT  # type: ignore[union-attr]  # it is there
    assert world.room.reprint("none", 1, lost, ADA, "r2") == ()


def test_where_a_station_asks_for_pins_the_label_of_a_serial_is_signed(world: PrintWorld) -> None:
    shelf, serial = world.jobs(world.order("shelf"))[0], world.jobs(world.order("serial", serial="SN-1"))[0]
    world.step(times=2)
    room = replace(world.room, rule=SerialRule(Role.OPERATOR, lambda station: station == "dock-1"))
    nobody = Asker("", "lead", is_proved=True)
    for asker in (nobody, replace(ADA, is_proved=False)):
        with pytest.raises(PrintRefused, match="dock-1 prints the label of a serial with a PIN alone"):
            room.reprint(serial.id, 1, Why(Reason.FURTHER), asker, None)
    assert len(room.reprint(serial.id, 1, Why(Reason.FURTHER), ADA, None)) == 1
    assert len(room.reprint(shelf.id, 1, Why(Reason.FURTHER), nobody, None)) == 1


def test_other_labels_are_printed_once_more_by_anybody(world: PrintWorld) -> None:
    (job,) = world.jobs(world.order("shelf"))
    world.step()
    assert len(world.room.reprint(job.id, 2, Why(Reason.FURTHER), BOB, None)) == 2
    assert len(world.room.reprint(job.id, 1, Why(Reason.FURTHER), BOB, None)) == 1
    with pytest.raises(PrintRefused, match="Say why"):
        world.room.reprint(job.id, 1, Why(Reason.OTHER), BOB, None)


def test_a_label_is_voided_or_confirmed_by_a_person(world: PrintWorld) -> None:
    (job,) = world.jobs(world.order("shelf"))
    world.step()
    assert world.room.confirm(job.id, BOB) is not None
    assert world.room.confirm(job.id, BOB) is None
    voided = world.room.void(job.id, Why(Reason.MISPRINTED), BOB)
    assert voided is not None
    with pytest.raises(PrintRefused, match="does not count already"):
        world.room.void(job.id, Why(Reason.MISPRINTED), BOB)
    assert world.room.void("none", Why(Reason.LOST), BOB) is None
    assert (world.room.job(job.id), world.room.picture(job.id) is not None) == (voided, True)


def test_the_account_adds_up(world: PrintWorld) -> None:
    batch = world.order("many", 3)
    world.step(times=2)
    world.room.confirm(world.jobs(batch)[0].id, ADA)
    day = world.jobs(batch)[0].created_at.astimezone().date()
    (account,) = world.room.accounts(day, day)
    tally = account.tally
    assert (tally.issued, tally.confirmed, tally.unknown, tally.pending) == (3, 1, 1, 1)
    assert [job.state for job in world.room.unaccounted(day, day)] == [JobState.SENT]
    assert world.room.accounts(date(2020, 1, 1), date(2020, 1, 2)) == ()
    assert world.jobs(batch)[0].created_at.tzinfo == UTC


def test_the_second_sheet_of_a_serial_says_which_it_is(world: PrintWorld) -> None:
    """The first keeps its bytes and its data; a label of which there are many is repeated as it was."""
    (first,) = world.jobs(world.order("serial", serial="SN-1"))
    (shelf,) = world.jobs(world.order("shelf"))
    world.step(times=2)
    why = Why(Reason.FURTHER)
    second, third = world.room.reprint(first.id, 2, why, ADA, "r1")
    world.step(times=2)
    (fourth,) = world.room.reprint(third.id, 1, why, ADA, "r2")
    marks = [job.fields.get("reprint") for job in (first, second, third, fourth)]
    assert marks == [None, "REPRINT 2", "REPRINT 3", "REPRINT 4"]
    pictures = {world.room.picture(job.id) for job in (first, second, third, fourth)}
    assert len(pictures) == 4
    assert {job.encoded for job in (first, second, third, fourth)} == {first.encoded}
    assert world.journal.prints.find(first.id).fields == first.fields  # type: ignore[union-attr]  # it is there
    (again,) = world.room.reprint(shelf.id, 1, why, ADA, "r3")
    assert again.fields == shelf.fields
    assert world.room.picture(again.id) == world.room.picture(shelf.id)


def test_a_serial_whose_design_has_changed_is_printed_as_it_was(world: PrintWorld) -> None:
    (first,) = world.jobs(world.order("serial", serial="SN-1"))
    world.step()
    design = replace(world.shop.designs.good["part"], title="Part, as from today")
    world.shop.change(lambda now: replace(now, good={**now.good, "part": design}))
    (again,) = world.room.reprint(first.id, 1, Why(Reason.FURTHER), ADA, None)
    assert (again.fields, again.edition) == (first.fields, 2)
    assert world.room.picture(again.id) == world.room.picture(first.id)
