import base64
import binascii
import io
import random
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from zebrafy.zebrafy_image import ZebrafyImage

from kiosk.simulator.label_printer import LabelPrinter, PrintedLabel
from kiosk.simulator.printer_answers import Load, error_status, host_status
from kiosk.simulator.printer_faults import Faults
from kiosk.simulator.zpl_reader import ZplLabel, ZplQuery, ZplReader

BITS = bytes.fromhex("FFFF8001800100000000FFF0")
WHEN = datetime(2025, 11, 21, 12, 0, tzinfo=UTC)


def graphic(data: bytes, size: int = len(BITS), row_bytes: int = 2) -> bytes:
    return b"^XA^PW20^LL8^FO2,1^GFA,%d,%d,%d," % (len(data), size, row_bytes) + data + b"^FS^XZ"


def packed(kind: bytes, data: bytes) -> bytes:
    text = base64.b64encode(data)
    return b":%s:%s:%04X" % (kind, text, binascii.crc_hqx(text, 0))


def rows(label: ZplLabel) -> list[str]:
    """The picture as text, so that a failing test shows it."""
    dots = label.image.convert("L").tobytes()
    width = label.image.width
    return ["".join(".#"[dot == 0] for dot in dots[row : row + width]) for row in range(0, len(dots), width)]


PICTURE = [
    "....................",
    "..################..",
    "..#..............#..",
    "..#..............#..",
    "....................",
    "....................",
    "..############......",
    "....................",
]


@pytest.mark.parametrize(
    "data",
    [
        b"FFFF80018001000000" + b"00FFF0",
        b"ffff8001\r\n8001 0000 0000 fff0",
        b"!8001:,:FFF0",
        b"!8H01:,,IF,",
        b"JF8H018H01N0IF0",
        packed(b"B64", BITS),
        packed(b"Z64", zlib.compress(BITS)),
    ],
    ids=["hex", "hex with spaces", "rows", "rests", "runs over rows", "B64", "Z64"],
)
def test_all_encodings_of_a_graphic(data: bytes) -> None:
    (label,) = ZplReader().feed(graphic(data))
    assert isinstance(label, ZplLabel)
    assert (label.problems, label.copies) == ((), 1)
    assert rows(label) == PICTURE


@pytest.mark.parametrize("kind", ["ASCII", "B64", "Z64"])
def test_graphics_of_another_writer(kind: str) -> None:
    dice = random.Random(7)  # noqa: S311 - test data
    picture = Image.frombytes("1", (64, 40), dice.randbytes(320))
    zpl = ZebrafyImage(picture, format=kind, invert=False, complete_zpl=True).to_zpl()
    (label,) = ZplReader(64, 40).feed(zpl.encode())
    assert isinstance(label, ZplLabel)
    assert label.problems == ()
    assert label.image.tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (packed(b"Z64", zlib.compress(BITS))[:-4] + b"0000", "^GF left out: expected CRC"),
        (packed(b"Z64", zlib.compress(BITS)).lower(), "^GF left out: expected 12 bytes of bits"),
        (packed(b"Z64", b"not zlib"), "^GF left out: expected zlib data"),
        (packed(b"Z64", zlib.compress(bytes(10**7))), "^GF left out: expected 12 bytes of bits, got 13"),
        (packed(b"B64", BITS[:-1]), "^GF left out: expected 12 bytes of bits, got 11"),
        (b"FFFF", "^GF left out: expected 12 bytes of bits, got 2"),
        (b"z" * 1000 + b"F" * 100, "^GF left out: expected 12 bytes of bits"),
        (b"FF*F", "^GF left out: expected a hex digit or a run length, got '*'"),
    ],
)
def test_a_graphic_that_is_not_whole_is_left_out(data: bytes, problem: str) -> None:
    (label,) = ZplReader().feed(graphic(data))
    assert isinstance(label, ZplLabel)
    assert rows(label) == ["." * 20] * 8
    assert [text[: len(problem)] for text in label.problems] == [problem]


@pytest.mark.parametrize(
    "parameters", [b"B,12,12,2,x", b"A,12", b"A,12,13,2,FF", b"A,12,12,0,FF", b"A,1,99999999999,2,FF"]
)
def test_graphic_parameters_are_checked(parameters: bytes) -> None:
    (label,) = ZplReader().feed(b"^XA^GF" + parameters + b"^FS^XZ")
    assert isinstance(label, ZplLabel)
    assert len(label.problems) == 1


@given(st.lists(st.integers(1, 40), max_size=60))
def test_any_chunking_gives_the_same(cuts: list[int]) -> None:
    stream = (
        b"noise ^FX rem^XA^CI28^JZN"
        + graphic(packed(b"Z64", zlib.compress(BITS)))[3:-3]
        + b"^PQ2^XZ~HS~HQES~HI"
    )
    reader, events, place = ZplReader(), [], 0
    for cut in [*cuts, len(stream)]:
        events += reader.feed(stream[place : place + cut])
        place += cut
    label, *queries = events
    assert isinstance(label, ZplLabel)
    assert (rows(label), label.copies) == (PICTURE, 2)
    assert queries == [ZplQuery("HS"), ZplQuery("HQES"), ZplQuery("HI")]
    assert not reader.is_inside_label


def test_graphics_add_up_shift_with_the_home_and_are_clipped() -> None:
    reader = ZplReader(8, 2)
    (label,) = reader.feed(b"^XA^LH1,0^FO0,0^GFA,1,1,1,80^FS^FO6,1^GFA,1,1,1,FF^FS^FO0,0^GFA,1,1,1,40^FS^XZ")
    assert isinstance(label, ZplLabel)
    assert rows(label) == [".##.....", ".......#"]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    ZplReader().feed(b"^XA" + data + b"^FS^XZ" + data)


def test_a_command_without_an_end_does_not_fill_the_memory() -> None:
    reader = ZplReader()
    assert reader.feed(b"^XA^FX" + b"x" * 8_000_000) == []
    assert isinstance(reader.feed(b"^XZ")[0], ZplLabel)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.settimeout(5)
        yield line


def ask(line: socket.socket, query: bytes, ends: int) -> bytes:
    line.sendall(query)
    answer = b""
    while answer.count(b"\x03") < ends:
        more = line.recv(1000)
        assert more
        answer += more
    return answer


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[tuple[LabelPrinter, int]]:
    one = LabelPrinter(tmp_path / "out", clock=lambda: WHEN, print_time_s=0.02)
    port = one.start()
    yield one, port
    one.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("label-printer")]


def test_labels_come_out_numbered_as_png(printer: tuple[LabelPrinter, int], tmp_path: Path) -> None:
    one, port = printer
    told: list[PrintedLabel] = []
    one.on_label = told.append
    with connected(port) as line:
        line.sendall(graphic(packed(b"Z64", zlib.compress(BITS))).replace(b"^XZ", b"^PQ2^XZ") + graphic(b"*"))
        labels = one.wait_for_labels(3, 5)
    assert [(label.number, label.copy, label.printed_at) for label in labels] == [
        (1, 1, WHEN),
        (2, 2, WHEN),
        (3, 1, WHEN),
    ]
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        f"label-{label.number:04d}.png": label.png for label in labels
    }
    with Image.open(io.BytesIO(labels[0].png)) as picture:
        assert rows(ZplLabel(picture.copy(), 1, ())) == PICTURE
    assert one.problems == ["^GF left out: expected a hex digit or a run length, got '*'"]
    one.stop()
    assert told == labels


def test_numbers_go_on_after_a_restart(printer: tuple[LabelPrinter, int], tmp_path: Path) -> None:
    one, port = printer
    with connected(port) as line:
        line.sendall(b"^XA^XZ")
        one.wait_for_labels(1, 5)
    one.stop()
    again = LabelPrinter(tmp_path / "out", print_time_s=0)
    with connected(again.start()) as line:
        line.sendall(b"^XA^XZ")
        assert [label.number for label in again.wait_for_labels(1, 5)] == [2]
    again.stop()


def test_questions_are_answered_in_zebras_frames(printer: tuple[LabelPrinter, int]) -> None:
    one, port = printer
    one.faults.is_paused = True
    with connected(port) as line:
        assert ask(line, b"^XA^LL600^XZ~HS", 3) == (
            b"\x02030,0,1,0600,001,0,0,0,000,0,0,0\x03\r\n"
            b"\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n"
            b"\x021234,0\x03\r\n"
        )
        assert ask(line, b"^XA~HS", 3).startswith(b"\x02030,0,1,0600,001,0,0,1,000,0,0,0\x03")
        assert ask(line, b"~HI", 1) == b"\x02KIOSK-VIRTUAL,V1.0,8,8192KB\x03\r\n"
        assert ask(line, b"~HQES", 1) == (
            b"\x02\r\n  PRINTER STATUS\r\n   ERRORS:         1 00000000 00010000\r\n"
            b"   WARNINGS:       0 00000000 00000000\r\n\x03"
        )
    assert one.waiting == 1


def test_copies_count_down_and_faults_hold_the_rest(printer: tuple[LabelPrinter, int]) -> None:
    one, port = printer
    one.on_label = lambda label: setattr(one.faults, "is_paper_out", label.copy == 2)
    with connected(port) as line:
        line.sendall(b"^XA^PQ5^XZ")
        one.wait_for_labels(2, 5)
        held = ask(line, b"~HS", 3)
        while b"1,0,0,0406" not in held and b"030,1" not in held:
            held = ask(line, b"~HS", 3)
        assert b"\x02030,1,0,0406,000,0,0,0," in held
        assert b",00000003,1,000\x03" in held
        assert len(one.labels) == 2
        one.faults.is_paper_out = False
        assert len(one.wait_for_labels(5, 5)) == 5
    assert one.waiting == 0


def test_a_silent_printer_prints(printer: tuple[LabelPrinter, int]) -> None:
    one, port = printer
    one.faults.is_silent = True
    with connected(port) as line:
        line.sendall(b"~HS^XA^XZ~HI~HQES")
        assert len(one.wait_for_labels(1, 5)) == 1
        line.settimeout(0.05)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_stopping_with_work_left_and_lines_open_leaves_nothing_behind(
    printer: tuple[LabelPrinter, int],
) -> None:
    one, port = printer
    one.faults.is_head_open = True
    with connected(port) as line, connected(port) as other:
        line.sendall(b"^XA^PQ3^XZ^XA^XZ^XA^FO1,1")
        ask(other, b"~HI", 1)
        one.stop()
        assert (one.labels, one.waiting) == ([], 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_too_many_lines_are_turned_away(printer: tuple[LabelPrinter, int]) -> None:
    _, port = printer
    with ExitStack() as lines:
        held = [lines.enter_context(connected(port)) for _ in range(20)]
        assert ask(held[0], b"~HI", 1)
        held[-1].settimeout(5)
        assert held[-1].recv(1) == b""


def test_frames() -> None:
    faults = Faults(is_paper_out=True, is_head_open=True)
    assert host_status(faults, Load(12, 3, is_inside_label=True), 1218) == (
        b"\x02030,1,0,1218,012,0,0,1,000,0,0,0\x03\r\n"
        b"\x02000,0,1,0,0,2,6,0,00000003,1,000\x03\r\n"
        b"\x021234,0\x03\r\n"
    )
    assert b"ERRORS:         1 00000000 00000005\r\n" in error_status(faults)
    assert b"ERRORS:         0 00000000 00000000\r\n" in error_status(Faults())
