"""When a label is called confirmed: by counting, by being seen at work, by word, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from printers import (
    AS_SET,
    LANGUAGES,
    Handling,
    Identity,
    Language,
    Media,
    Patience,
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintOutcome,
    PrintState,
    Raster,
    Reason,
    SnmpAgent,
)
from printers.status import SILENT, Loaded, told
from printers.transports.memory import MemoryTransport
from tests.printers.languages.test_brother_ql import frame
from tests.printers.languages.test_zpl_status import answer as host_status
from tests.printers.languages.test_zpl_status import errors
from tests.printers.material import ZEBRA_203

TAPE = Media(62, 29, 300)
QL = Handling(model="QL-820NWB")
TM = Handling(model="TM-L90")
READY, PRINTING, OUT = b"\x02@@@@\x03\r\n", b"\x02P@@@\x03\r\n", b"\x02E@@A\x03\r\n"
OK = b"\x12\x12\x12\x12"


@dataclass
class FarEnd:
    """Gives one prepared answer each time it is asked or listened to; after the last it stays silent."""

    answers: list[bytes]
    sent: list[bytes] = field(default_factory=list)
    refuses: bool = False
    stale: bytes = b""
    """What lies in its buffer from before, until somebody reads it."""

    can_answer = True
    notices_restart = True
    is_closed = False

    @contextmanager
    def connection(self) -> Iterator["FarEnd"]:
        yield self

    def send(self, data: bytes) -> None:
        if self.refuses:
            raise PrinterNotReady("not taken")
        self.sent.append(data)

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        if not self.sent:
            assert timeout_s < 0.1
            stale, self.stale = self.stale, b""
            return stale
        said = self.stale or (self.answers.pop(0) if self.answers else b"")
        self.stale = b""
        assert not said or until(said)
        return said


@dataclass
class Time:
    now_s: float = 0.0

    def clock(self) -> float:
        return self.now_s

    def sleep(self, duration_s: float) -> None:
        self.now_s += duration_s


def print_on(
    name: str,
    answers: list[bytes],
    handling: Handling = AS_SET,
    *,
    stale: bytes = b"",
    payload: bytes = b"LABEL",
) -> tuple[PrintOutcome, FarEnd, float]:
    far, time = FarEnd(answers, stale=stale), Time()
    media = TAPE if name == "brother_ql" else ZEBRA_203
    outcome = Printer("p", LANGUAGES[name], far, media, handling).print(
        payload, clock=time.clock, sleep=time.sleep, patience=Patience(timeout_s=30, silence_s=3, poll_s=0.5)
    )
    assert far.sent[0] == payload
    return outcome, far, time.now_s


def test_seen_printing_then_ready_twice() -> None:
    outcome, _, _ = print_on("tspl", [PRINTING, READY, PRINTING, READY, READY])
    assert outcome == PrintOutcome(PrintState.CONFIRMED, PrinterStatus(PrinterState.READY, (), None))


def test_ready_without_having_been_seen_printing_is_no_proof() -> None:
    outcome, _, waited_s = print_on("tspl", [READY] * 100)
    assert (outcome.state, waited_s) == (PrintState.SENT, 3)


def test_a_label_that_was_interrupted_has_to_be_seen_again() -> None:
    outcome, _, _ = print_on("tspl", [PRINTING, OUT, READY, READY, *[READY] * 50])
    assert outcome.state is PrintState.SENT
    outcome, _, _ = print_on("tspl", [PRINTING, OUT, PRINTING, READY, READY])
    assert outcome.state is PrintState.CONFIRMED


def test_the_second_question_is_asked_where_the_first_stays_unanswered() -> None:
    outcome, far, _ = print_on("tspl", [b"", b"\x20", b"", b"\x00", b"", b"\x00"])
    assert outcome.state is PrintState.CONFIRMED
    assert far.sent == [b"LABEL", *[b"\x1b!S", b"\x1b!?"] * 3]


def test_a_language_without_proof_is_asked_once() -> None:
    outcome, far, waited_s = print_on("epl2", [b"00\r\n"] * 10)
    assert (outcome.state, waited_s, len(far.sent)) == (PrintState.SENT, 0, 2)


def test_a_language_without_proof_still_waits_for_a_person() -> None:
    outcome, _, waited_s = print_on("epl2", [b"07\r\n", b"07\r\n", b"00\r\n"])
    assert (outcome.state, waited_s) == (PrintState.SENT, 1)
    outcome, _, waited_s = print_on("epl2", [b"07\r\n"] * 1000)
    assert outcome.reasons == (Reason.MEDIA_EMPTY, Reason.RIBBON_EMPTY)
    assert waited_s == 30


def test_brother_sends_word() -> None:
    outcome, far, _ = print_on("brother_ql", [frame(b18=6, b19=1), b"", frame(b18=1)], QL)
    assert outcome.state is PrintState.CONFIRMED
    assert far.sent == [b"LABEL"], "it is only listened to"


@pytest.mark.parametrize(
    ("reports", "state"), [(1, PrintState.SENT), (2, PrintState.CONFIRMED), (3, PrintState.CONFIRMED)]
)
def test_brother_sends_word_of_each_label_of_a_job(reports: int, state: PrintState) -> None:
    raster = Raster(64, 64, bytes(511) + b"\x01")
    payload = LANGUAGES["brother_ql"].encode_all([raster, raster], TAPE, QL)
    answers = [answer for _ in range(reports) for answer in (frame(b18=1), frame(b18=6, b19=1), b"")]
    outcome, far, _ = print_on("brother_ql", answers, QL, payload=payload)
    assert outcome.state is state
    assert far.sent == [payload]


def test_word_of_an_earlier_label_proves_nothing() -> None:
    outcome, _, _ = print_on("brother_ql", [], QL, stale=frame(b18=1))
    assert outcome.state is PrintState.SENT


def test_brother_over_the_network_says_nothing() -> None:
    outcome, _, waited_s = print_on("brother_ql", [], QL)
    assert (outcome.state, waited_s) == (PrintState.SENT, 3)
    assert outcome.reasons == (Reason.NO_ANSWER,)


def test_brother_reports_the_end_of_its_tape() -> None:
    outcome, _, waited_s = print_on("brother_ql", [frame(b18=6, b19=1), b"", frame(b18=2, b8=2)], QL)
    assert (outcome.state, outcome.reasons, waited_s) == (PrintState.SENT, (Reason.MEDIA_EMPTY,), 30)


def test_epson_sends_word() -> None:
    outcome, _, _ = print_on("escpos", [OK, OK + b"7\x22LABL\x00"], TM)
    assert outcome.state is PrintState.CONFIRMED
    outcome, _, waited_s = print_on("escpos", [OK] * 100, TM)
    assert (outcome.state, waited_s) == (PrintState.SENT, 3)


def test_a_zebra_that_answers_only_its_second_question_is_not_confirmed() -> None:
    outcome, _, _ = print_on("zpl", [b"", errors()] * 50)
    assert outcome.state is PrintState.SENT
    outcome, _, _ = print_on("zpl", [b"", errors(), host_status(), host_status()])
    assert outcome.state is PrintState.CONFIRMED


def test_a_zebra_that_was_interrupted_counts_down_without_proof() -> None:
    outcome, _, _ = print_on("zpl", [b"", errors(0x4), host_status(), host_status()])
    assert (outcome.state, outcome.was_interrupted) == (PrintState.SENT, True)
    paused = host_status(first="030,0,1,0406,001,0,0,0,000,0,0,0")
    outcome, _, _ = print_on("zpl", [paused, host_status(), host_status()])
    assert (outcome.state, outcome.was_interrupted) == (PrintState.CONFIRMED, False), "a pause tears nothing"


def test_silence_on_a_line_that_stays_open_may_have_been_a_switch() -> None:
    waiting = host_status(first="030,0,0,0406,001,0,0,0,000,0,0,0")
    for notices_restart, state in ((True, PrintState.CONFIRMED), (False, PrintState.SENT)):
        far, time = FarEnd([waiting, b"", b"", host_status(), host_status()]), Time()
        far.notices_restart = notices_restart
        outcome = Printer("p", LANGUAGES["zpl"], far, ZEBRA_203).print(
            b"LABEL", clock=time.clock, sleep=time.sleep
        )
        assert (outcome.state, outcome.was_interrupted) == (state, not notices_restart)


def printer(name: str, answers: list[bytes], media: Media = ZEBRA_203) -> Printer:
    return Printer("p", LANGUAGES[name], FarEnd(answers), media, QL if name == "brother_ql" else AS_SET)


def test_head_open_is_told_by_the_second_question() -> None:
    status = printer("zpl", [b"", errors(0x5)]).status()
    assert status.reasons == (Reason.MEDIA_EMPTY, Reason.HEAD_OPEN)


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        (frame(b11=0x0B, b17=29), True),
        (frame(), True),
        (frame(b10=29), False),
        (frame(b11=0x0B, b17=100), False),
        (frame(b10=61, b11=0x0B, b17=28), True),
    ],
)
def test_the_wrong_stock_is_trouble_before_anything_is_printed(said: bytes, *, is_right: bool) -> None:
    status = printer("brother_ql", [said], TAPE).status()
    assert (status.state is PrinterState.READY) == is_right
    assert (Reason.MEDIA_WRONG in status.reasons) != is_right
    assert status.remedy.startswith("Load the right labels. It holds ") != is_right


def test_a_printer_says_what_it_is() -> None:
    said = b"\x02ZD421,V93,8,8176KB\x03\r\n"
    assert printer("zpl", [said]).identity() == Identity("ZD421", "V93", 8)
    assert printer("zpl", []).identity() is None
    assert printer("epl2", [said]).identity() is None
    refusing = FarEnd([said], refuses=True)
    assert Printer("p", LANGUAGES["zpl"], refusing, ZEBRA_203).identity() is None
    away = MemoryTransport("away", is_reachable=False, answers=[said])
    with pytest.raises(PrinterUnreachable):
        Printer("p", LANGUAGES["zpl"], away, ZEBRA_203).identity()


@pytest.mark.parametrize("language", [LANGUAGES["pdf"], LANGUAGES["png"]], ids=lambda language: language.name)
def test_what_has_no_status_is_not_asked(language: Language) -> None:
    far = FarEnd([])
    outcome = Printer("p", language, far, ZEBRA_203).print(b"LABEL", clock=Time().clock, sleep=Time().sleep)
    assert outcome.state is PrintState.SENT
    assert far.sent == [b"LABEL"]


class Agent(SnmpAgent):
    """Says one prepared status after the other, the last one for ever."""

    __slots__ = ("said",)
    said: list[PrinterStatus]

    def status(self) -> PrinterStatus:
        return self.said.pop(0) if len(self.said) > 1 else self.said[0]


def watched(said: list[PrinterStatus], name: str = "brother_ql") -> tuple[Printer, FarEnd]:
    far, agent = FarEnd([]), Agent("192.0.2.1")
    object.__setattr__(agent, "said", said)
    media = TAPE if name == "brother_ql" else ZEBRA_203
    return Printer("p", LANGUAGES[name], far, media, QL if name == "brother_ql" else AS_SET, agent), far


IDLE, BUSY = told(()), told((), is_busy=True)


@pytest.mark.parametrize(
    ("said", "state", "was_interrupted"),
    [
        ([IDLE, BUSY, IDLE, IDLE], PrintState.CONFIRMED, False),
        ([IDLE], PrintState.SENT, False),
        ([BUSY, told((Reason.MEDIA_EMPTY,)), IDLE], PrintState.SENT, True),
        ([BUSY, told((Reason.MEDIA_EMPTY,)), BUSY, IDLE], PrintState.CONFIRMED, False),
        ([SILENT], PrintState.SENT, False),
    ],
)
def test_an_agent_stands_in_for_a_language_that_says_nothing(
    said: list[PrinterStatus], state: PrintState, *, was_interrupted: bool
) -> None:
    printer, far = watched(said)
    time = Time()
    outcome = printer.print(
        b"LABEL", clock=time.clock, sleep=time.sleep, patience=Patience(timeout_s=30, silence_s=3)
    )
    assert (outcome.state, outcome.was_interrupted) == (state, was_interrupted)
    assert far.sent == [b"LABEL"], "the printer itself is not asked"


def test_an_agent_s_word_of_what_is_in_it_is_compared() -> None:
    printer, _ = watched([told((), loaded=Loaded(((29, 0),)))])
    assert printer.status().remedy == (
        "Load the right labels. It holds 29 mm, labels are made for 62 x 29 mm"
    )
    printer, _ = watched([SILENT])
    assert printer.status() == SILENT


def test_a_language_that_counts_is_asked_itself() -> None:
    printer, far = watched([IDLE], "zpl")
    far.answers = [host_status(), host_status()]
    outcome = printer.print(b"LABEL", clock=Time().clock, sleep=Time().sleep)
    assert outcome.state is PrintState.CONFIRMED
    assert far.sent == [b"LABEL", b"~HS", b"~HS"]
