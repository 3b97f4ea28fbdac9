"""A queue that stands still says why, goes on by itself, and never prints what does not fit."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.flows.sequel import print_message
from kiosk.journal import Journal, NewBatch, NewJob
from kiosk.language import language
from kiosk.model import JobState, Level, Message, Print, PrintJob
from kiosk.printer_setup import open_printers
from kiosk.settings import PrinterSettings
from kiosk.simulator.label_printer import LabelPrinter
from kiosk.words import told as word
from printers import PrinterState, PrinterStatus, Reason
from tests.journal.opened import opened
from tests.test_printing import SHELF, World, memory_world, tcp_world

PRINTING = Message(Level.WAIT, "Printing the label of {title}.", {"title": "Shelf 7"})
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def printer() -> Iterator[LabelPrinter]:
    printer = LabelPrinter(print_time_s=0.01)
    yield printer
    printer.stop()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(opened(tmp_path)) as journal:
        yield journal


def told(world: World) -> list[str]:
    """Return what a station that asked for the label said in turn."""
    said, shown = [], PRINTING
    for job in world.changes:
        if job is not None:
            shown = print_message(job, shown) or shown
            said.append(shown.text)
    return list(dict.fromkeys(said))


def test_a_label_that_waits_says_why_and_goes_on_by_itself(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.desk.clock = lambda: NOON
    printer.faults.is_paper_out = True
    world.step()
    assert world.desk.since == NOON
    world.queue("label-1", "label-2")
    world.step(3)
    assert [job.error for job in journal.prints.newest("dock-1", 2)] == ["", "Load labels"]
    printer.faults.is_paper_out = False
    world.until(lambda: world.states() == ["confirmed", "confirmed"])
    assert world.desk.since is None
    assert [job.error for job in journal.prints.newest("dock-1", 2)] == ["", ""]
    assert told(world) == [
        "The label of Shelf 7 waits for the printer. Load labels",
        "Printing the label of Shelf 7.",
        "The label of Shelf 7 came out.",
    ]


def test_the_first_of_each_station_is_told_and_only_once(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    printer.faults.is_head_open = True
    world.step()
    prepared = world.shop.prepare("dock-1", SHELF)
    for number, station in enumerate(("dock-1", "dock-1", "desk")):
        journal.prints.add([NewJob(f"label-{number}", station, "zebra", SHELF, prepared)])
    world.step(4)
    moved = [(job.station, job.error) for job in world.changes if job is not None]
    assert moved == [("dock-1", "Close the head"), ("desk", "Close the head")]


def test_what_a_connection_says_stands_behind_what_to_do_in_the_language_of_the_screen(
    tmp_path: Path, journal: Journal
) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    world = World(tmp_path, journal, f"file://{folder}")
    world.step()
    folder.rmdir()
    world.queue("label-1")
    world.step()
    german = (
        "Nicht erreichbar: einschalten und Kabel prüfen. "
        f"(für die Technik: file://{folder}: erwartet wird ein Ordner, keiner gefunden)"
    )
    assert language("de").sentence(world.desk.lamp.text) == german
    assert language("de").sentence(world.job().error) == german, "as it is kept beside the label"


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (
            "tcp://192.0.2.1:9100: expected a connection, got [Errno 111] Connection refused",
            "tcp://192.0.2.1:9100: erwartet wird eine Verbindung, erhalten [Errno 111] Connection refused",
        ),
        (
            "ipp://x/p: expected image/png to be taken, got IPP status 0x0400 'no'",
            "ipp://x/p: erwartet wird, dass image/png angenommen wird, erhalten der IPP-Status 0x0400 'no'",
        ),
        ("Error: expected a miracle", "Error: expected a miracle"),
    ],
)
def test_only_what_the_device_says_itself_stays_as_it_came(said: str, german: str) -> None:
    text = word("{words} (for the technician: {fault})", words="Load labels", fault=said)
    assert language("de").told(text).endswith(f"(für die Technik: {german})")
    assert language("de").sentence(str(text)) == f"Etiketten einlegen (für die Technik: {german})"


@pytest.mark.parametrize(
    ("error", "german"),
    [
        ("code128 'ü': expected ASCII only, got 'ü'", "code128 'ü': erwartet wird nur ASCII, erhalten 'ü'"),
        ("zpl: speed=99: expected 1 to 14", "zpl: speed=99: erwartet wird 1 bis 14"),
        (
            "epl2: cut='each': expected it to be left out, as it cannot be set",
            "epl2: cut='each': erwartet wird nichts, da es sich nicht setzen lässt",
        ),
    ],
)
def test_why_a_label_cannot_be_made_is_said_in_any_language(error: str, german: str) -> None:
    said = language("de").sentence(f"Cannot make label 'part': {error}")
    assert said == f"Etikett 'part' geht nicht: {german}"


def test_wrong_labels_are_named_by_their_size(tmp_path: Path, journal: Journal) -> None:
    world = memory_world(tmp_path, journal)
    world.desk._note(PrinterStatus(PrinterState.TROUBLE, (Reason.MEDIA_WRONG,)))
    assert not world.desk.lamp.is_ready
    assert world.desk.lamp.text == "Load the right labels. The settings say 101.6 × 50.8 mm"
    assert language("de").sentence(world.desk.lamp.text).endswith(" 101,6 × 50,8 mm")


def test_a_printer_that_a_person_holds_says_so_until_it_is_let_go_on(
    tmp_path: Path, journal: Journal
) -> None:
    world = memory_world(tmp_path, journal)
    journal.prints.hold("zebra", "Ada")
    world.queue("label-1")
    world.step(2)
    assert world.states() == ["queued"]
    assert world.desk.lamp.text == "Paused by Ada. Let it go on under Printers."
    assert (world.desk.lamp.is_ready, world.desk.since is not None) == (False, True)
    assert world.job().error == "Paused by Ada. Let it go on under Printers."
    assert language("de").sentence(world.job().error) == (
        "Von Ada angehalten. Unter Drucker weiterlaufen lassen."
    )
    assert None in world.changes, "the lamp changed"
    journal.prints.release("zebra")
    world.step()
    assert world.states() == ["sent"]
    assert (world.desk.lamp.is_ready, world.desk.since) == (True, None)


def test_what_was_made_for_other_labels_is_never_printed_and_says_so(
    tmp_path: Path, journal: Journal
) -> None:
    world = memory_world(tmp_path, journal)
    world.queue("old")
    fine = PrinterSettings(name="zebra", url=world.url, dpi=300)
    changed = World(tmp_path, journal, world.url)
    changed.desk.printer = open_printers((fine,))["zebra"]
    changed.step(3)
    assert changed.states() == ["queued"]
    assert changed.job().error == (
        "This label was made for zpl, 203 dpi, 101.6 × 50.8 mm. "
        "This printer is zpl, 300 dpi, 101.6 × 50.8 mm."
    )
    assert language("de").sentence(changed.job().error) == (
        "Dieses Etikett wurde für zpl, 203 dpi, 101,6 × 50,8 mm gemacht. "
        "Dieser Drucker ist zpl, 300 dpi, 101,6 × 50,8 mm."
    )
    prepared = replace(changed.shop.prepare("dock-1", SHELF), made_for=changed.desk.kind)
    journal.batches.order(NewBatch("new", "dock-1", [NewJob("new", "dock-1", "zebra", SHELF, prepared)]))
    changed.step(2)
    assert changed.states() == ["queued", "sent"], "what fits is not held up by it"
    world.step()
    assert world.states() == ["sent", "sent"], "it fits again, with the settings of then"


def test_a_label_that_a_vanished_process_began_to_send_is_asked_about(
    tmp_path: Path, journal: Journal
) -> None:
    world = memory_world(tmp_path, journal)
    now_s = [1000.0]
    world.desk.monotonic_s = lambda: now_s[0]
    world.queue("label-1", "label-2")
    assert journal.prints.claim("zebra") is not None, "by a process that is killed now"
    for _ in range(30):
        now_s[0] += 5
        world.step()
    assert world.states() == ["unknown", "sent"]
    doubted = [job for job in world.changes if job is not None and job.state is JobState.UNKNOWN]
    assert [job.key for job in doubted] == ["label-1/1"], "the station is told"


def test_a_label_that_another_process_is_sending_is_left_alone(tmp_path: Path, journal: Journal) -> None:
    world = memory_world(tmp_path, journal)
    now_s = [1000.0]
    world.desk.monotonic_s = lambda: now_s[0]
    world.queue("label-1", "label-2")
    found = journal.prints.claim("zebra")
    assert found is not None
    for _ in range(11):
        now_s[0] += 10
        world.step()
    assert world.states() == ["sending", "queued"]
    journal.prints.settle(found[0].id, JobState.CONFIRMED)
    world.step()
    assert world.states() == ["confirmed", "sent"]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.SENDING])
def test_the_trouble_on_the_screen_goes_when_it_is_over(state: JobState) -> None:
    waiting = Message(Level.WAIT, "The label of {label} waits for the printer. {error}", {"label": "a"})
    label = Print("part", {"serialNumber": "SN-1"}, "inventory/1")
    job = PrintJob(
        "1", "k", "dock-1", "zebra", "part", "d", label.fields, label.subject, "e", 1, 1, state, NOON
    )
    shown = print_message(job, waiting)
    assert shown is not None
    assert (shown.level, shown.text) == (Level.WAIT, "Printing the label of SN-1.")
    assert print_message(job, PRINTING) is PRINTING
