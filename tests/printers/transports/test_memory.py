import pytest

from printers import PrinterUnreachable
from printers.transports.memory import MemoryTransport


def test_jobs_are_kept_and_answers_given_in_turn() -> None:
    transport = MemoryTransport("kept", answers=[b"one", b"two"])
    with transport.connection() as connection:
        connection.send(b"label")
        assert transport.can_answer
        assert [connection.receive(1, bool) for _ in range(3)] == [b"one", b"two", b""]
        assert not connection.is_closed
    assert transport.jobs == [b"label"]
    assert not transport.can_answer


def test_gone_and_back() -> None:
    transport = MemoryTransport("away", is_reachable=False)
    with pytest.raises(PrinterUnreachable) as caught, transport.connection():
        pass
    assert str(caught.value) == "memory://away: expected a connection, got a printer told to be away"
    transport.is_reachable = True
    with transport.connection() as connection:
        connection.send(b"label")
    assert transport.jobs == [b"label"]
