"""A label printer on the real usblp driver: the kernel's printer gadget is its other end.

Only for the virtual machine that ``python -m tests.kernel`` starts.
"""

import grp
import os
import random
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kiosk.journal import Journal, NewJob
from kiosk.model import JobState, PreparedLabel, Print
from kiosk.printer_desk import PrinterDesk
from kiosk.simulator.printer_answers import Load, host_identification, host_status
from kiosk.simulator.printer_faults import Faults
from kiosk.simulator.zpl_reader import ZplLabel, ZplReader
from printers import (
    LANGUAGES,
    Handling,
    Identity,
    Media,
    Patience,
    Printer,
    PrinterState,
    PrinterUnreachable,
    PrintState,
    PrintUnknown,
    Raster,
    open_transport,
)
from printers.discovery import usb_printers
from printers.transports.usb_identity import UsbIdentity
from tests.journal.opened import opened
from tests.kernel.gadget import Gadget, Make

ZEBRA = Make("0a5f", "0120", "Zebra", "ZD421")
URL = "device://0a5f:0120:28J1"
FAR_END = Path("/dev/g_printer0")
MEDIA = Media(101.6, 50.8, 203)
ZPL = LANGUAGES["zpl"]
PATIENCE = Patience(timeout_s=20, silence_s=5, answer_s=2, poll_s=0.1)
IDLE = host_status(Faults(), Load(0, 0, is_inside_label=False), 406)
LONG_S = 30.0


def noise(seed: int) -> bytes:
    """A label that cannot be compressed, so that the driver does not take it in one transfer."""
    dots = random.Random(seed).randbytes(102 * 406)  # noqa: S311 - test data
    bits = b"".join(dots[start : start + 101] + b"\0" for start in range(0, len(dots), 102))
    return ZPL.encode(Raster(812, 406, bits), MEDIA, Handling())


def printer(url: str = URL) -> Printer:
    return Printer("usb", ZPL, open_transport(url, io_timeout_s=LONG_S), MEDIA)


def send(one: Printer, payload: bytes) -> PrintState:
    return one.print(payload, clock=time.monotonic, sleep=time.sleep, patience=PATIENCE).state


class FarEnd(threading.Thread):
    """The device's side: takes every byte, and answers as a Zebra that has nothing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = b""
        self._stopping = threading.Event()

    def run(self) -> None:
        device = os.open(FAR_END, os.O_RDWR | os.O_NONBLOCK)
        try:
            while not self._stopping.is_set():
                self._turn(device)
        finally:
            os.close(device)

    def _turn(self, device: int) -> None:
        if not select.select([device], [], [], 0.05)[0]:
            return
        try:
            more = os.read(device, 65536)
        except BlockingIOError:
            return
        self.taken += more
        if self.taken.endswith(b"~HS"):
            os.write(device, IDLE)
        elif self.taken.endswith(b"~HI"):
            os.write(device, host_identification())

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def labels(self) -> list[bytes]:
        """What came beside the questions."""
        return [one for one in self.taken.replace(b"~HI", b"").split(b"~HS") if one]


@contextmanager
def reading() -> Iterator[FarEnd]:
    far = FarEnd()
    far.start()
    try:
        yield far
    finally:
        far.stop()


@pytest.fixture(scope="module")
def zebra() -> Iterator[Gadget]:
    zebra = Gadget(2, "28J1", "printer.0", make=ZEBRA)
    zebra.plug()
    yield zebra
    zebra.unplug()


def until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + LONG_S
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.1)


def node() -> Path | None:
    """Return the printer's node, which need not be lp0: other USB devices have numbers too."""
    try:
        found = UsbIdentity.read(URL.removeprefix("device://")).node()
    except PrinterUnreachable:
        return None
    return found if found.exists() else None


def its_node() -> Path:
    until(lambda: node() is not None)
    found = node()
    assert found is not None
    return found


def unplug_soon(zebra: Gadget) -> threading.Timer:
    timer = threading.Timer(1.0, zebra.unplug)
    timer.start()
    return timer


@pytest.mark.parametrize("by_identity", [True, False])
def test_every_byte_of_a_label_arrives_and_it_is_confirmed(zebra: Gadget, *, by_identity: bool) -> None:
    del zebra
    path = its_node()
    url = URL if by_identity else f"device://{path}"
    payload = noise(1)
    assert len(payload) > 5 * 8192
    with reading() as far:
        assert send(printer(url), payload) is PrintState.CONFIRMED
    assert far.labels() == [payload]
    (label,) = [one for one in ZplReader().feed(payload) if isinstance(one, ZplLabel)]
    assert label.problems == ()


def test_it_says_how_and_what_it_is(zebra: Gadget) -> None:
    del zebra
    with reading():
        assert printer().status(timeout_s=5).state is PrinterState.READY
        assert printer().identity(timeout_s=5) == Identity("KIOSK-VIRTUAL", "V1.0", 8)


def test_it_is_found_by_what_it_is(zebra: Gadget) -> None:
    del zebra
    (found,) = [one for one in usb_printers() if one.url == URL]
    assert (found.model, found.language) == ("Zebra ZD421", "zpl")


def test_the_service_may_open_it(zebra: Gadget) -> None:
    del zebra
    facts = its_node().stat()
    assert (grp.getgrgid(facts.st_gid).gr_name, oct(facts.st_mode & 0o777)) == ("lp", "0o660")


def test_unplugged_in_mid_write_it_is_unknown_and_back_it_prints(zebra: Gadget) -> None:
    timer = unplug_soon(zebra)  # nobody reads at the far end, so that not all is taken
    with pytest.raises(PrintUnknown, match=r": expected \d+ bytes to be taken, got .* after \d+$"):
        send(printer(), noise(2))
    timer.join()
    with pytest.raises(PrinterUnreachable, match="expected one such printer on USB, got none"):
        send(printer(), noise(3))
    zebra.plug()
    its_node()
    with reading() as far:
        assert send(printer(), noise(4)) is PrintState.CONFIRMED
    assert far.labels() == [noise(4)]


def test_the_queue_goes_on_when_the_printer_is_back(zebra: Gadget, tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        desk = PrinterDesk(printer(), journal.prints, lambda _: None, time.sleep, patience=PATIENCE)
        with reading():
            desk.step()
        for number in (5, 6):
            label = Print("location", {"code": f"{number}"}, f"{number}")
            prepared = PreparedLabel("location", "digest", f"{number}", noise(number), b"PNG")
            journal.prints.add([NewJob(f"label-{number}", "dock-1", "usb", label, prepared)])
        timer = unplug_soon(zebra)
        desk.step()
        timer.join()
        # It may hold the first one still: nobody can say yet whether it comes out.
        assert states(journal) == [JobState.SENDING, JobState.QUEUED]
        desk.step()
        assert states(journal) == [JobState.SENDING, JobState.QUEUED], (
            "nothing is sent to a printer that is gone"
        )
        zebra.plug()
        its_node()
        with reading() as far:
            end_s = time.monotonic() + LONG_S
            while states(journal)[1] is JobState.QUEUED:
                assert time.monotonic() < end_s, desk.lamp
                desk.step()
        assert states(journal) == [JobState.UNKNOWN, JobState.CONFIRMED]
        assert far.labels() == [noise(6)], "the first one is not sent again"


def states(journal: Journal) -> list[JobState]:
    return [job.state for job in reversed(journal.prints.newest("dock-1", 10))]
