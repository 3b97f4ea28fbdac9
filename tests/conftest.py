"""What holds for every test: a clean environment, no thread left running, sockets and files closed.

Sockets and files that are not closed raise ``ResourceWarning``, which pyproject.toml turns into a failure.
"""

import contextlib
import importlib
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import settings

from tests.turns import in_turn, is_long, unit_of

# A test says what is right, not how fast: another program on the machine is no fault of ours.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

THREAD_GRACE_S = 2.0
"""How long a thread that was told to stop may take to end."""


def pytest_collection(session: pytest.Session) -> None:
    """Let each process of several compile its share of the tests first, and find the others' done.

    In a fresh clone each would compile all of them, which takes as long as all else that collecting does.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    root = session.config.rootpath
    files = sorted(path.relative_to(root) for path in root.glob("tests/**/test_*.py"))
    for path in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        with contextlib.suppress(Exception):  # collecting comes upon it again, and says where
            importlib.import_module(".".join(path.with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each process of several begin with what takes longest."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        items[:] = in_turn(
            items, processes, lambda item: is_long(item.nodeid), lambda item: unit_of(item.nodeid)
        )


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of the machine the tests run on."""
    for name in os.environ:
        if name.startswith("KIOSK_") or name == "CREDENTIALS_DIRECTORY":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail the test that started a thread and did not stop it."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    names = still_running(left)
    assert not names, f"the test left threads running: {names}"


def still_running(threads: Iterable[threading.Thread]) -> list[str]:
    """Return the names of those that have not ended within the grace."""
    every = list(threads)
    for thread in every:
        end_s = time.monotonic() + THREAD_GRACE_S
        # A server that serves several tests may be starting one just now, and that cannot be joined yet.
        while thread.ident is None and time.monotonic() < end_s:
            time.sleep(0.001)
        if thread.ident is not None:
            thread.join(THREAD_GRACE_S)
    return [thread.name for thread in every if thread.is_alive()]


@pytest.fixture
def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that nothing listens on, for a program that cannot be given port 0."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
