from pathlib import Path

import pytest

from printers import PrinterUnreachable, open_transport


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
