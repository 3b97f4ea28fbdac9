from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.rfc2217 import Rfc2217

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, ECHO, SGA, COM_PORT = 0, 1, 3, 44
SETTINGS_9600 = bytes.fromhex(
    "fffa2c0100002580fff0 fffa2c0208fff0 fffa2c0301fff0 fffa2c0401fff0 fffa2c0501fff0"
)
BAUD_IS_9600 = bytes.fromhex("fffa2c6500002580fff0")
READY = bytes((IAC, WILL, BINARY, IAC, DO, COM_PORT))


def test_the_greeting_asks_for_binary_and_the_port() -> None:
    assert Rfc2217.greeting() == bytes(
        (
            IAC,
            WILL,
            BINARY,
            IAC,
            DO,
            BINARY,
            IAC,
            WILL,
            SGA,
            IAC,
            DO,
            SGA,
            IAC,
            WILL,
            COM_PORT,
            IAC,
            DO,
            COM_PORT,
        )
    )


def test_the_line_is_set_once_the_other_side_agrees() -> None:
    telnet = Rfc2217(9600)
    assert telnet.feed(bytes((IAC, WILL, BINARY))) == (b"", b"")
    assert not telnet.is_ready
    assert telnet.feed(bytes((IAC, DO, COM_PORT))) == (b"", SETTINGS_9600)
    assert not telnet.is_ready
    assert telnet.feed(BAUD_IS_9600) == (b"", b"")
    assert (telnet.is_ready, telnet.line_baud) == (True, 9600)
    assert telnet.feed(READY) == (b"", b"")


def test_the_speed_that_the_other_side_tells_counts() -> None:
    telnet = Rfc2217(9600)
    telnet.feed(READY)
    telnet.feed(bytes.fromhex("fffa2c65 0000ffff00 fff0"))
    assert (telnet.is_ready, telnet.line_baud) == (True, 0xFF00)
    telnet.feed(b"\xff\xfa\x2c\x6b" + bytes(100) + b"\xff\xf0")
    assert telnet.line_baud == 0xFF00


def test_a_speed_with_the_byte_255_is_escaped() -> None:
    telnet = Rfc2217(0x00FF00)
    assert telnet.feed(READY)[1][:11] == bytes.fromhex("fffa2c01 00 00 ffff 00 fff0")


def test_data_between_commands_arrives_and_a_doubled_255_is_one() -> None:
    telnet = Rfc2217(9600)
    stream = (
        b"A\xff\xf1B\xff\xffC" + READY + b"D" + bytes((IAC, SB, COM_PORT, 107, IAC, IAC, 1, IAC, SE)) + b"E\r"
    )
    data, _ = telnet.feed(stream)
    assert data == b"AB\xffCDE\r"


def test_what_is_not_wanted_is_refused_once() -> None:
    telnet = Rfc2217(9600)
    assert telnet.feed(bytes((IAC, WILL, ECHO))) == (b"", bytes((IAC, DONT, ECHO)))
    assert telnet.feed(bytes((IAC, WILL, ECHO))) == (b"", b"")
    assert telnet.feed(bytes((IAC, DO, ECHO))) == (b"", bytes((IAC, WONT, ECHO)))
    assert telnet.feed(bytes((IAC, WONT, ECHO, IAC, DONT, ECHO))) == (b"", b"")


def test_a_refusal_is_acknowledged_and_is_not_ready() -> None:
    telnet = Rfc2217(9600)
    assert telnet.feed(bytes((IAC, WONT, BINARY))) == (b"", bytes((IAC, DONT, BINARY)))
    assert telnet.feed(bytes((IAC, DONT, COM_PORT))) == (b"", bytes((IAC, WONT, COM_PORT)))
    assert not telnet.is_ready
    assert telnet.feed(bytes((IAC, WILL, BINARY))) == (b"", bytes((IAC, DO, BINARY)))
    assert telnet.feed(bytes((IAC, DO, COM_PORT))) == (b"", bytes((IAC, WILL, COM_PORT)) + SETTINGS_9600)
    telnet.feed(BAUD_IS_9600)
    assert telnet.is_ready


@given(st.binary(max_size=300), st.lists(st.integers(0, 600), max_size=8))
def test_every_byte_arrives_however_it_is_chunked(data: bytes, cuts: list[int]) -> None:
    sent = data.replace(b"\xff", b"\xff\xff")
    telnet = Rfc2217(9600)
    at = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    came = [telnet.feed(sent[start:end]) for start, end in pairwise(at)]
    assert (b"".join(one for one, _ in came), b"".join(reply for _, reply in came)) == (data, b"")


@given(st.binary(max_size=2000))
def test_garbage_never_raises_nor_is_answered_for_ever(garbage: bytes) -> None:
    telnet, other = Rfc2217(9600), Rfc2217(9600)
    _, reply = telnet.feed(garbage)
    for _ in range(8):
        _, reply = other.feed(reply)
        _, reply = telnet.feed(reply)
    assert reply == b""
