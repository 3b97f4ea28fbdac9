import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.service_notice import ServiceNotice


@pytest.fixture(params=["path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """Give systemd's end: a datagram socket in the file system, or one in the abstract space."""
    is_abstract = request.param == "abstract"
    name = f"ion-kiosk-test-{os.getpid()}" if is_abstract else str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
        line.bind(f"\0{name}" if is_abstract else name)
        line.settimeout(5)
        yield line, f"@{name}" if is_abstract else name


def test_it_tells_what_systemd_waits_for(listener: tuple[socket.socket, str]) -> None:
    line, address = listener
    manager = ServiceNotice({"NOTIFY_SOCKET": address})
    manager.ready()
    manager.alive()
    manager.stopping()
    assert [line.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_a_manager_it_says_nothing() -> None:
    manager = ServiceNotice({})
    manager.ready()
    manager.alive()
    manager.stopping()


def test_a_manager_that_is_gone_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ServiceNotice({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).alive()
    assert "Cannot tell the service manager 'WATCHDOG=1'" in caplog.text


def test_a_manager_that_does_not_read_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.service_notice._TIMEOUT_S", 0.05)  # a second for each of them is long here
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
        line.bind(str(tmp_path / "notify"))
        manager = ServiceNotice({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        for _ in range(10_000):
            manager.alive()
            if caplog.records:
                break
    assert "Cannot tell the service manager" in caplog.text
