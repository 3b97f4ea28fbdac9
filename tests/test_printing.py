import itertools
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.errors import JournalError, LabelError, SettingsError
from kiosk.journal import Entry, Journal, NewJob, NewReprint
from kiosk.label_shelf import read_designs
from kiosk.model import Print, PrintJob, Reason, Why
from kiosk.printer_desk import PrinterDesk
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.settings import PrinterSettings, StationSettings
from kiosk.simulator.label_printer import LabelPrinter
from printers import Patience
from tests.journal.opened import opened, rows_of, scan, session

DESIGNS = Path(__file__).parent.parent / "templates" / "labels"
STATIONS = (StationSettings(name="dock-1", printer="zebra"), StationSettings(name="desk"))
SHELF = Print("location", {"code": "ION/LOC/7", "name": "Shelf 7"}, "location/7")
QUICK = Patience(timeout_s=2.0, silence_s=0.5, answer_s=0.2, poll_s=0.02)


class Silent:
    """A printer on TCP that takes what it is sent and says nothing, or hangs up in the middle."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.breaks_after: int | None = None
        self.got: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line:
                self.got.append(self._taken(line))

    def _taken(self, line: socket.socket) -> bytes:
        line.settimeout(5)
        taken = b""
        while more := line.recv(65536 if self.breaks_after is None else self.breaks_after):
            taken += more
            if self.breaks_after is not None:
                # A reset instead of a good-bye, as a cable or a power switch gives it.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
        return taken


@dataclass(slots=True)
class World:
    folder: Path
    journal: Journal
    url: str
    changes: list[PrintJob | None] = field(default_factory=list)
    shop: LabelShop = field(init=False)
    desk: PrinterDesk = field(init=False)

    def __post_init__(self) -> None:
        printers = open_printers((PrinterSettings(name="zebra", url=self.url),))
        self.shop = LabelShop(read_designs(DESIGNS), STATIONS, printers)
        self.desk = PrinterDesk(
            printers["zebra"], self.journal.prints, self.changes.append, self.rest, patience=QUICK
        )
        self.desk.wake()

    def rest(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    def queue(self, *keys: str, label: Print = SHELF) -> None:
        prepared = self.shop.prepare("dock-1", label)
        self.journal.prints.add([NewJob(key, "dock-1", "zebra", label, prepared) for key in keys])

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.desk.wake()
            self.desk.step()

    def until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(300):
            if is_so():
                return
            self.desk._asked_at_s = None  # the pauses between two looks are not what is tested
            self.step()
        raise AssertionError(f"it never came to that: {self.states()}, {self.desk.lamp}")

    def states(self) -> list[str]:
        return [job.state.value for job in reversed(self.journal.prints.newest("dock-1", 50))]

    def job(self) -> PrintJob:
        return self.journal.prints.newest("dock-1", 1)[0]


@pytest.fixture
def printer() -> Iterator[LabelPrinter]:
    printer = LabelPrinter(print_time_s=0.01)
    yield printer
    printer.stop()


@pytest.fixture
def silent() -> Iterator[Silent]:
    with closing(Silent()) as silent:
        yield silent


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(opened(tmp_path)) as journal:
        yield journal


_names = itertools.count()


def memory_world(tmp_path: Path, journal: Journal) -> World:
    return World(tmp_path, journal, f"memory://printing-{next(_names)}")


def tcp_world(tmp_path: Path, journal: Journal, port: int) -> World:
    return World(tmp_path, journal, f"tcp://127.0.0.1:{port}")


def test_a_label_that_came_out_is_confirmed(tmp_path: Path, journal: Journal, printer: LabelPrinter) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.queue("label-1", "label-2")
    world.step(2)
    assert world.states() == ["confirmed", "confirmed"]
    assert len(printer.wait_for_labels(2, 5)) == 2
    assert (world.desk.lamp.is_ready, world.desk.lamp.text) == (True, "Ready.")
    moved = [job.state.value for job in world.changes if job is not None]
    assert moved == ["sending", "confirmed", "sending", "confirmed"]


def test_what_is_sent_is_what_was_kept(tmp_path: Path, journal: Journal, silent: Silent) -> None:
    world = tcp_world(tmp_path, journal, silent.port)
    prepared = world.shop.prepare("dock-1", SHELF)
    world.queue("label-1")
    world.step()
    assert world.states() == ["sent"]
    assert next(got for got in silent.got if got.startswith(b"^XA")).startswith(prepared.payload)


def test_a_reprint_is_the_same_bytes_after_its_design_has_changed(
    tmp_path: Path, journal: Journal, silent: Silent
) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    design = (DESIGNS / "location.toml").read_text()
    (folder / "location.toml").write_text(design)
    world = tcp_world(tmp_path, journal, silent.port)
    world.shop = LabelShop(read_designs(folder), STATIONS, {"zebra": world.desk.printer})
    world.queue("label-1")
    first = world.job()
    (folder / "location.toml").write_text(design.replace("size_mm = 20", "size_mm = 5"))
    world.shop = LabelShop(read_designs(folder), STATIONS, {"zebra": world.desk.printer})
    world.queue("label-2")
    (again,) = journal.accounts.reprint(NewReprint(first.id, "again/1", 1, Why(Reason.FURTHER)))
    world.step(3)
    sent = [got.partition(b"~HS")[0] for got in silent.got if got.startswith(b"^XA")]
    assert len(sent) == 3
    assert sent[2] == sent[0] != sent[1]
    changed = next(job for job in journal.prints.newest("dock-1", 3) if job.key == "label-2/1")
    assert again.design_digest == first.design_digest != changed.design_digest
    assert again.fields == first.fields == dict(SHELF.fields)


def test_a_printer_that_never_answers_prints_and_is_never_called_confirmed(
    tmp_path: Path, journal: Journal, silent: Silent
) -> None:
    world = tcp_world(tmp_path, journal, silent.port)
    world.queue("label-1", "label-2")
    world.step(2)
    assert world.states() == ["sent", "sent"]
    assert world.job().error == ""
    assert (world.desk.lamp.is_ready, world.desk.lamp.text) == (True, "Does not say how it is.")
    assert silent.got[0].startswith(b"~HS"), "asked before it is sent a label"
    assert [got.count(b"~HS") for got in silent.got if got.startswith(b"^XA")] == [1, 1]


def test_a_scan_of_the_label_confirms_it(tmp_path: Path, journal: Journal) -> None:
    world = memory_world(tmp_path, journal)
    world.queue("label-1")
    world.step()
    assert world.states() == ["sent"]
    journal.book.commit(Entry(session(), scan=scan("scan-1"), proof="ION/LOC/7"))
    assert world.states() == ["confirmed"]


def test_out_of_reach_it_stays_queued_and_goes_out_when_the_printer_is_back(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    port = printer.start()
    world = tcp_world(tmp_path, journal, port)
    printer.stop()
    world.queue("label-1", "label-2")
    world.step(5)
    assert world.states() == ["queued", "queued"]
    assert not world.desk.lamp.is_ready
    assert world.desk.lamp.text == "Check that the printer is on and its cable is in"
    with rows_of(tmp_path) as connection:
        tried = connection.execute("SELECT count(*) FROM audit WHERE event = 'job-sending'").fetchone()
    assert tried == (0,), "a printer that is away is asked, not sent labels"
    printer.start(port=port)
    world.until(lambda: world.states() == ["confirmed", "confirmed"])
    assert len(printer.wait_for_labels(2, 5)) == 2


def test_gone_in_the_middle_it_is_unknown_and_never_printed_again_by_itself(
    tmp_path: Path, journal: Journal, silent: Silent
) -> None:
    world = tcp_world(tmp_path, journal, silent.port)
    silent.breaks_after = 100
    world.queue("label-1")
    world.step()
    assert world.states() == ["unknown"]
    assert world.job().error == "The connection to the printer broke off. The printer may still print it."
    assert world.desk.lamp.text.startswith("Broke off while printing.")
    silent.breaks_after = None
    world.queue("label-2")
    world.until(lambda: world.states() == ["unknown", "sent"])
    world.step(3)
    assert world.states() == ["unknown", "sent"]


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        ("is_paper_out", "Load labels"),
        ("is_head_open", "Close the head"),
        ("is_paused", "Press PAUSE on the printer"),
    ],
)
def test_trouble_holds_the_queue_with_the_remedy_in_words(
    tmp_path: Path, journal: Journal, printer: LabelPrinter, fault: str, remedy: str
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    setattr(printer.faults, fault, True)
    world.step()
    world.queue("label-1", "label-2")
    world.step(5)
    assert world.states() == ["queued", "queued"]
    assert (world.desk.lamp.is_ready, world.desk.lamp.text) == (False, remedy)
    setattr(printer.faults, fault, False)
    world.until(lambda: world.states() == ["confirmed", "confirmed"])


def test_paper_that_runs_out_under_a_label_puts_it_in_doubt_and_holds_those_behind(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.step()
    world.queue("label-1", "label-2")
    printer.faults.is_paper_out = True
    world.step(4)
    assert world.states() == ["sending", "queued"], "nobody can say yet what becomes of it"
    assert world.desk.lamp.text == "Load labels"
    printer.faults.is_paper_out = False
    world.until(lambda: world.states() == ["unknown", "confirmed"])
    assert journal.prints.newest("dock-1", 2)[1].error == "Load labels", "the printer is empty now"


def test_a_label_that_a_printer_may_still_hold_is_asked_about_after_ten_minutes(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.step()
    world.queue("label-1")
    printer.faults.is_paper_out = True
    world.step(2)
    assert world.states() == ["sending"]
    really_s = world.desk.monotonic_s
    world.desk.monotonic_s = lambda: really_s() + 601
    world.step()
    assert world.states() == ["unknown"]
    assert world.job().error == "Load labels. The printer may still print it."


def test_a_printer_that_used_to_answer_and_is_silent_holds_its_queue(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.step()
    printer.faults.is_silent = True
    world.until(lambda: not world.desk.lamp.is_ready)
    world.queue("label-1")
    world.step(3)
    assert world.states() == ["queued"]
    assert world.desk.lamp.text == "Look at the printer: it does not answer"


def test_a_crash_while_sending_gives_unknown(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        memory_world(tmp_path, journal).queue("label-1", "label-2")
        assert journal.prints.claim("zebra") is not None
    with closing(opened(tmp_path, ids="b")) as journal:
        world = memory_world(tmp_path, journal)
        journal.recover()
        world.step(5)
        assert world.states() == ["unknown", "sent"]


def test_a_mistake_while_sending_gives_unknown_too_and_the_next_label_goes_on(
    tmp_path: Path, journal: Journal
) -> None:
    world = memory_world(tmp_path, journal)
    world.queue("label-1", "label-2")
    mended = world.desk.on_change

    def broken(job: PrintJob | None) -> None:
        if job is not None:
            raise KeyError("a bug")

    world.desk.on_change = broken
    with pytest.raises(KeyError):
        world.step()
    assert world.states() == ["sending", "queued"]
    world.desk.on_change = mended
    world.step(2)
    assert world.states() == ["unknown", "sent"]


def test_what_became_of_a_label_is_not_forgotten_while_the_disk_refuses(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    world.queue("label-1")
    with rows_of(tmp_path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.event = 'job-confirmed' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        for _ in range(3):
            with pytest.raises(JournalError):
                world.step()
        connection.execute("DROP TRIGGER full")
    world.step()
    assert world.states() == ["confirmed"]
    assert len(printer.wait_for_labels(1, 5)) == 1


def test_stopping_does_not_wait_for_paper(tmp_path: Path, journal: Journal, printer: LabelPrinter) -> None:
    world = tcp_world(tmp_path, journal, printer.start())
    stopping = threading.Event()
    world.desk.is_stopping = stopping.is_set
    world.desk.patience = Patience(timeout_s=3600, answer_s=0.2)
    world.step()
    printer.faults.is_paper_out = True
    world.queue("label-1")
    timer = threading.Timer(0.2, stopping.set)
    timer.start()
    world.step()
    timer.join()
    assert world.states() == ["unknown"]


def test_labels_of_a_shop(tmp_path: Path, journal: Journal) -> None:
    shop = memory_world(tmp_path, journal).shop
    assert (shop.printer_of("dock-1"), shop.printer_of("desk"), shop.printer_of("nowhere")) == (
        "zebra",
        "",
        "",
    )
    made = shop.prepare("dock-1", SHELF)
    assert (made.label, made.encoded) == ("location", "ION/LOC/7")
    assert made.png.startswith(b"\x89PNG")
    assert made.payload.startswith(b"^XA")


@pytest.mark.parametrize(
    ("station", "label", "words"),
    [
        (
            "dock-1",
            Print("ghost", {}, ""),
            "Cannot make label 'ghost': expected one of ['badge', ",
        ),
        ("desk", SHELF, "Cannot make label 'location': this station has no printer."),
        ("dock-1", Print("location", {"code": "ION/LOC/7"}, ""), "Cannot make label 'location': "),
        (
            "dock-1",
            Print("location", {"code": "x" * 5000, "name": "n"}, ""),
            "Cannot make label 'location': ",
        ),
        (
            "dock-1",
            Print("location", {"code": "c", "name": "n", "ghost": "g"}, ""),
            "Cannot make label 'location': ",
        ),
    ],
)
def test_a_label_that_cannot_be_made(
    tmp_path: Path, journal: Journal, station: str, label: Print, words: str
) -> None:
    shop = memory_world(tmp_path, journal).shop
    with pytest.raises(LabelError, match=re.escape(words)):
        shop.prepare(station, label)


def test_a_printer_that_is_not_in_the_settings(tmp_path: Path, journal: Journal) -> None:
    shop = memory_world(tmp_path, journal).shop
    with pytest.raises(LabelError, match=r"Cannot print on 'ghost': expected one of \['zebra'\]"):
        shop.prepare_for("ghost", SHELF)


def test_every_fault_of_the_printers_settings_is_told_at_once() -> None:
    settings = (
        PrinterSettings(name="a", url="memory://a", language="latin"),
        PrinterSettings(name="b", url="gopher://b"),
        PrinterSettings(name="c", url="tcp://"),
        PrinterSettings(name="d", url="memory://d"),
        PrinterSettings(name="e", url="memory://e", status_url="snmp://host?version=3"),
    )
    with pytest.raises(SettingsError) as caught:
        open_printers(settings)
    first, second, third, fourth = str(caught.value).splitlines()
    assert fourth.startswith("printers: 'e': printer status_url 'snmp://host?version=3': expected version")
    assert first.startswith("printers: 'a': language: expected one of brother_ql, ")
    assert second.startswith("printers: 'b': printer url 'gopher://b': expected one of tcp://")
    assert third == "printers: 'c': printer url 'tcp://': expected tcp://host:port"


def test_settings_that_a_language_cannot_express_are_faults_too() -> None:
    settings = (
        PrinterSettings(name="a", url="memory://a", darkness=31),
        PrinterSettings(name="b", url="memory://b", language="brother_ql"),
        PrinterSettings(name="c", url="memory://c", language="epl2", cut="full"),
        PrinterSettings(name="d", url="memory://d", language="tspl", tracking="mark", darkness=15),
    )
    with pytest.raises(SettingsError) as caught:
        open_printers(settings)
    first, second, third = str(caught.value).splitlines()
    assert first == "printers: 'a': zpl: darkness=31: expected 0 to 30"
    assert second.startswith("printers: 'b': brother_ql: model='': expected one of QL-500, ")
    assert third == "printers: 'c': epl2: cut='full': expected it to be left out, as it cannot be set"


def test_settings_reach_the_label() -> None:
    settings = PrinterSettings(
        name="zebra",
        url="memory://settings",
        tracking="continuous",
        speed=6,
        darkness=12,
        cut="full",
        offset_x_mm=1.0,
        native=True,
    )
    shop = LabelShop(read_designs(DESIGNS), STATIONS, open_printers((settings,)))
    payload = shop.prepare("dock-1", SHELF).payload
    assert payload.startswith(b"~SD12^XA^CI28^PW812^LL406^LH0,0^JZN^MNN^MMC^PR6^BY2,3,1^FO48,")


def test_a_printer_with_other_dots_holds_its_queue(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    settings = PrinterSettings(name="zebra", url=f"tcp://127.0.0.1:{printer.start()}", dpi=300)
    world = World(tmp_path, journal, settings.url)
    world.desk.printer = open_printers((settings,))["zebra"]
    world.step()
    world.queue("label-1")
    world.step(2)
    assert world.states() == ["queued"]
    assert (world.desk.lamp.is_ready, world.desk.lamp.text) == (
        False,
        "Wrong dpi in the settings: KIOSK-VIRTUAL has 8 dots a millimetre, labels are made for 12.",
    )


def test_a_design_with_a_fault_is_a_label_error(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(LabelError, match=r"odd\.toml"):
        read_designs(tmp_path)
