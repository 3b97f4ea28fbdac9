import hashlib
import io
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from PIL import Image

from kiosk.simulator.label_printer import LabelPrinter
from printers import (
    LANGUAGES,
    Handling,
    LabelInvalid,
    Media,
    Patience,
    PreparedLabel,
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintOutcome,
    PrintState,
    PrintUnknown,
    Reason,
    lay_out,
    load_design,
    open_transport,
    prepare,
    render,
)
from printers.status import SILENT, UNREACHABLE
from printers.transports.memory import MemoryTransport
from tests.printers.material import LABELS, UID, ZEBRA_203, design

ZPL = LANGUAGES["zpl"]
READY = PrinterStatus(PrinterState.READY)
PRINTING = PrinterStatus(PrinterState.PRINTING, (), 1)
PAPER_OUT = PrinterStatus(PrinterState.TROUBLE, (Reason.MEDIA_EMPTY,), 1)
HEAD_OPEN = PrinterStatus(PrinterState.TROUBLE, (Reason.HEAD_OPEN,), 1)


def said(*, waiting: int = 0, paper_out: int = 0, head_open: int = 0) -> bytes:
    first = f"030,{paper_out},0,0406,000,0,0,0,000,0,0,0"
    second = f"000,0,{head_open},0,0,2,6,0,{waiting:08d},1,000"
    return b"".join(f"\x02{frame}\x03\r\n".encode() for frame in (first, second, "1234,0"))


@dataclass
class Script:
    """A far end that gives one prepared answer a question; None is silence, an exception is raised."""

    answers: list[bytes | Exception | None]
    can_answer: bool = True
    notices_restart: bool = True
    closes: bool = False
    sent: list[bytes] = field(default_factory=list)
    open_connections: int = 0
    connections: int = 0
    refuse_question: bool = False

    @property
    def is_closed(self) -> bool:
        return self.closes and not self.answers

    @contextmanager
    def connection(self) -> Iterator["Script"]:
        self.connections += 1
        self.open_connections += 1
        try:
            yield self
        finally:
            self.open_connections -= 1

    def send(self, data: bytes) -> None:
        if self.refuse_question and data == b"~HS":
            raise PrinterNotReady("the question was not taken")
        self.sent.append(data)

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        assert timeout_s > 0
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        assert answer is None or until(answer)
        return answer or b""


class Time:
    def __init__(self) -> None:
        self.now_s = 100.0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, duration_s: float) -> None:
        self.now_s += duration_s


PATIENT = Patience()


def run(script: Script, patience: Patience = PATIENT) -> tuple[PrintOutcome, list[PrinterStatus]]:
    troubles: list[PrinterStatus] = []
    time = Time()
    printer = Printer("zebra", ZPL, script, ZEBRA_203)
    outcome = printer.print(
        b"^XA^XZ", clock=time.clock, sleep=time.sleep, patience=patience, on_trouble=troubles.append
    )
    assert script.open_connections == 0
    assert script.connections == 1
    return outcome, troubles


def test_confirmed_when_done_twice_in_a_row() -> None:
    script = Script([said(waiting=1), said(), said(waiting=1), said(), said()])
    assert run(script) == (PrintOutcome(PrintState.CONFIRMED, READY), [])
    assert script.sent == [b"^XA^XZ", *[b"~HS"] * 5]


def test_trouble_is_told_once_each_and_waited_out() -> None:
    script = Script(
        [
            said(waiting=1, paper_out=1),
            said(waiting=1, paper_out=1),
            said(waiting=1, head_open=1),
            said(waiting=1),
            said(),
            said(),
        ]
    )
    interrupted = PrintOutcome(PrintState.SENT, READY, was_interrupted=True)
    assert run(script) == (interrupted, [PAPER_OUT, HEAD_OPEN]), "nothing waits, whether it came out or not"


def test_trouble_that_stays_ends_as_sent_with_its_reasons() -> None:
    script = Script([said(waiting=1, paper_out=1)] * 1000)
    outcome, troubles = run(script, Patience(timeout_s=5, poll_s=1))
    assert outcome == PrintOutcome(PrintState.SENT, PAPER_OUT, was_interrupted=True)
    assert outcome.reasons == (Reason.MEDIA_EMPTY,)
    assert troubles == [PAPER_OUT]
    assert len(script.sent) == 1 + 6


def test_a_printer_that_never_answers_is_given_up_soon() -> None:
    script = Script([])
    outcome, troubles = run(script, Patience(timeout_s=100, silence_s=3, poll_s=1))
    assert (outcome, troubles) == (PrintOutcome(PrintState.SENT, SILENT), [])
    assert outcome.reasons == (Reason.NO_ANSWER,)
    assert script.sent == [b"^XA^XZ", *[b"~HS", b"~HQES"] * 4]


def test_falling_silent_is_trouble_and_never_done() -> None:
    script = Script([said(waiting=1), None, None, said(), said()])
    assert run(script) == (PrintOutcome(PrintState.CONFIRMED, READY), [SILENT])
    script = Script([said(), None, None, said()])
    outcome, troubles = run(script, Patience(timeout_s=3, poll_s=1))
    assert (outcome, troubles) == (PrintOutcome(PrintState.SENT, SILENT), [SILENT, SILENT])


def test_a_printer_that_hangs_up_after_the_label_has_it() -> None:
    assert run(Script([], closes=True)) == (PrintOutcome(PrintState.SENT, SILENT), [])
    assert run(Script([said(), said()], closes=True)) == (PrintOutcome(PrintState.CONFIRMED, READY), [])


def test_a_question_that_is_not_taken_does_not_make_the_label_retryable() -> None:
    script = Script([], refuse_question=True)
    outcome, _ = run(script, Patience(silence_s=1, poll_s=1))
    assert outcome == PrintOutcome(PrintState.SENT, SILENT)
    assert script.sent == [b"^XA^XZ"]


def test_torn_down_while_waiting_is_unknown() -> None:
    with pytest.raises(PrintUnknown, match=r"^torn$"):
        run(Script([said(waiting=1), PrintUnknown("torn")]))


def test_one_way_printers_are_not_asked() -> None:
    script = Script([], can_answer=False)
    assert run(script) == (PrintOutcome(PrintState.SENT, SILENT), [])
    assert script.sent == [b"^XA^XZ"]


def test_out_of_reach_nothing_is_sent() -> None:
    away = MemoryTransport("away", is_reachable=False)
    printer = Printer("zebra", ZPL, away, ZEBRA_203)
    with pytest.raises(PrinterUnreachable):
        printer.print(b"^XA^XZ", clock=Time().clock, sleep=Time().sleep)
    assert away.jobs == []


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (Script([said()]), READY),
        (Script([said(waiting=1)]), PRINTING),
        (Script([said(paper_out=1, waiting=1)]), PAPER_OUT),
        (Script([]), SILENT),
        (Script([PrintUnknown("torn")]), SILENT),
        (Script([], refuse_question=True), SILENT),
        (Script([said()], can_answer=False), SILENT),
    ],
)
def test_status(script: Script, status: PrinterStatus) -> None:
    assert Printer("zebra", ZPL, script, ZEBRA_203).status() == status
    assert script.open_connections == 0


def test_status_out_of_reach() -> None:
    away = MemoryTransport("away", is_reachable=False)
    assert Printer("zebra", ZPL, away, ZEBRA_203).status() == UNREACHABLE


def test_a_prepared_label_is_what_its_parts_make() -> None:
    label = prepare(design(), {"code": UID, "name": "Bolt"}, Media(50, 30, 203), ZPL, preview_scale=2)
    raster = render(lay_out(design(), {"code": UID, "name": "Bolt"}, Media(50, 30, 203)))
    payload = ZPL.encode(raster, Media(50, 30, 203), Handling())
    assert label == PreparedLabel(payload, raster.png(2), hashlib.sha256(payload).hexdigest(), UID)
    assert (
        Printer("zebra", ZPL, Script([]), Media(50, 30, 203)).prepare(
            design(), {"code": UID, "name": "Bolt"}, preview_scale=2
        )
        == label
    )


def test_what_cannot_be_laid_out_is_not_prepared() -> None:
    with pytest.raises(LabelInvalid):
        prepare(design(), {}, ZEBRA_203, ZPL)


def test_over_tcp_the_label_comes_out_as_previewed() -> None:
    far = LabelPrinter(print_time_s=0.05)
    port = far.start()
    try:
        printer = Printer("zebra", ZPL, open_transport(f"tcp://127.0.0.1:{port}"), ZEBRA_203)
        part = load_design(LABELS / "part.toml")
        label = printer.prepare(part, part.samples)

        def sleep(_duration_s: float) -> None:
            far.wait_for_labels(1, 2)

        # The clock stands still: only the label coming out ends the wait.
        outcome = printer.print(label.payload, clock=lambda: 0, sleep=sleep)
        assert outcome == PrintOutcome(PrintState.CONFIRMED, READY)
        (printed,) = far.labels
        with Image.open(io.BytesIO(printed.png)) as paper, Image.open(io.BytesIO(label.png)) as preview:
            assert (paper.mode, paper.size, paper.tobytes()) == (
                preview.mode,
                preview.size,
                preview.tobytes(),
            )
        far.faults.is_head_open = True
        assert printer.status() == PrinterStatus(PrinterState.TROUBLE, (Reason.HEAD_OPEN,))
        far.faults.is_silent = True
        assert printer.status(timeout_s=0.05) == SILENT
    finally:
        far.stop()
    assert printer.status() == UNREACHABLE
    with socket.create_server(("127.0.0.1", port)):  # the port is free again
        pass
