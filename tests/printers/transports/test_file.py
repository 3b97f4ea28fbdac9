import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printers import PrinterNotReady, PrinterUnreachable, open_transport


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_each_job_is_a_numbered_file(tmp_path: Path) -> None:
    (tmp_path / "job-000007.prn").write_bytes(b"there before")
    (tmp_path / "job-x.prn").write_bytes(b"somebody else's")
    transport = open_transport(f"file://{tmp_path}")
    for job in (b"one", b"two"):
        with transport.connection() as connection:
            connection.send(job)
            assert connection.receive(5, bool) == b""
            assert not connection.is_closed
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "job-000007.prn": b"there before",
        "job-000008.prn": b"one",
        "job-000009.prn": b"two",
        "job-x.prn": b"somebody else's",
    }
    assert not transport.can_answer


def test_gone_and_back(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    transport = open_transport(f"file://{folder}")
    with pytest.raises(PrinterUnreachable) as caught, transport.connection():
        pass
    assert str(caught.value) == f"file://{folder}: expected a folder, got none"
    folder.mkdir()
    with transport.connection() as connection:
        folder.rmdir()
        with pytest.raises(PrinterUnreachable, match="expected to write here, got "):
            connection.send(b"label")
        folder.mkdir()
        connection.send(b"label")
    assert [path.read_bytes() for path in folder.iterdir()] == [b"label"]


def test_no_room_leaves_no_half_job_and_may_be_tried_again(tmp_path: Path) -> None:
    with open_transport(f"file://{tmp_path}").connection() as connection:
        with largest_file(1000), pytest.raises(PrinterNotReady, match=r"expected to write 5000 bytes, got "):
            connection.send(b"x" * 5000)
        assert list(tmp_path.iterdir()) == []
        connection.send(b"x" * 5000)
    assert [path.name for path in tmp_path.iterdir()] == ["job-000001.prn"]


def test_writers_at_the_same_time_never_overwrite_each_other(tmp_path: Path) -> None:
    start = threading.Barrier(4)

    def write(writer: int) -> None:
        start.wait(5)
        with open_transport(f"file://{tmp_path}").connection() as connection:
            for job in range(10):
                connection.send(b"%d.%d" % (writer, job))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == sorted(
        b"%d.%d" % (writer, job) for writer in range(4) for job in range(10)
    )
