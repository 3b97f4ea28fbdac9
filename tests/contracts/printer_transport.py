"""What every way to a printer does, however its far end behaves."""

import time
from abc import ABC, abstractmethod

import pytest

from printers import PrinterUnreachable, PrintUnknown, Transport, open_transport

LABEL = bytes(range(256)) * 200
LARGE = b"x" * 20_000_000
"""More than any buffer on the way holds."""


class FarEnd(ABC):
    """A printer at the other end of one kind of way."""

    @property
    @abstractmethod
    def url(self) -> str:
        """How it is reached."""

    @abstractmethod
    def heard(self, count: int) -> bytes:
        """Wait for so many bytes of labels, and return all that came."""

    @abstractmethod
    def stop_in_the_middle(self) -> None:
        """Take a bit of what comes next, and no more."""

    @abstractmethod
    def pull(self) -> None:
        """Be gone."""

    @abstractmethod
    def plug(self) -> None:
        """Be back, at the same place."""

    @abstractmethod
    def close(self) -> None:
        """Clear away."""


def opened(far: FarEnd) -> Transport:
    return open_transport(far.url, connect_timeout_s=0.5, io_timeout_s=0.3)


def never(_answer: bytes) -> bool:
    return False


class TransportContract:
    """Subclasses give a fixture `far`."""

    def test_every_byte_arrives(self, far: FarEnd) -> None:
        with opened(far).connection() as connection:
            connection.send(LABEL)
            assert far.heard(len(LABEL)) == LABEL

    def test_one_label_after_the_other(self, far: FarEnd) -> None:
        transport = opened(far)
        for number in range(3):
            with transport.connection() as connection:
                connection.send(b"label %d;" % number)
        assert far.heard(24) == b"label 0;label 1;label 2;"

    def test_gone_nothing_is_sent(self, far: FarEnd) -> None:
        transport = opened(far)
        far.pull()
        with (
            pytest.raises(PrinterUnreachable, match=r"expected .* got "),
            transport.connection() as connection,
        ):
            connection.send(LABEL)

    def test_back_it_prints_again(self, far: FarEnd) -> None:
        transport = opened(far)
        far.pull()
        with pytest.raises(PrinterUnreachable), transport.connection():
            pass
        far.plug()
        with transport.connection() as connection:
            connection.send(LABEL)
            assert far.heard(len(LABEL)) == LABEL

    def test_a_write_that_stops_half_way_is_unknown(self, far: FarEnd) -> None:
        far.stop_in_the_middle()
        started = time.monotonic()
        with opened(far).connection() as connection, pytest.raises(PrintUnknown, match=r"expected .* got "):
            connection.send(LARGE)
        assert time.monotonic() - started < 10

    def test_gone_in_the_middle_is_unknown(self, far: FarEnd) -> None:
        with opened(far).connection() as connection:
            connection.send(b"label;")
            far.heard(6)
            far.pull()
            with pytest.raises(PrintUnknown, match=r"expected .* got "):
                connection.send(LARGE)

    def test_silence_is_no_answer(self, far: FarEnd) -> None:
        with opened(far).connection() as connection:
            connection.send(b"label;")
            far.heard(6)
            assert connection.receive(0.05, never) == b""
