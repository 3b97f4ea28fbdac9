"""A kiosk that was forked is the same program as ``python -m kiosk``, and shares nothing with others."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.floor import Plant, wait_for
from tests.end_to_end.warm import started


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with Plant(tmp_path) as running:
        yield running


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _internet_sockets(pid: int) -> set[str]:
    tables = (Path(f"/proc/{pid}/net/{name}").read_text(encoding="ascii") for name in ("tcp", "tcp6"))
    return {f"socket:[{line.split()[9]}]" for table in tables for line in table.splitlines()[1:]}


def _links(pid: int) -> Iterator[str]:
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since the folder was read
            yield str(one.readlink())


def _opened(pid: int) -> Counter[str]:
    """Return all that it holds open for good, but for the network."""
    looks = []
    for _ in range(5):  # a connection may end between the list of what is open and the list of connections
        links = set(_links(pid))
        looks.append(links - _internet_sockets(pid))
    return Counter(re.sub(r"\d+", "N", link) for link in set.intersection(*looks))


def _seen(plant: Plant, *, is_warm: bool) -> dict[str, Any]:
    """Start a kiosk, tell what can be seen of it from outside, and end it as systemd does."""
    plant.is_warm = is_warm
    process = plant.serve()
    wait_for(lambda: plant.view()["ion"]["is_ready"], "ION's lamp")
    base, folder = f"http://127.0.0.1:{plant.port}", Path(f"/proc/{process.pid}")
    health = plant.client.get(f"{base}/healthz").json()
    status = (folder / "status").read_text(encoding="ascii")
    found = {
        "view": {name: value for name, value in plant.view().items() if name != "revision"},
        "interface": plant.client.get(f"{base}/api/openapi.json").json(),
        "health": sorted(health),
        "threads": _threads(process.pid),
        "signals": re.findall(r"^(Sig(?:Blk|Ign|Cgt)):\t(\w+)", status, re.MULTILINE),
        "folder": (folder / "cwd").readlink(),
        "opened": _opened(process.pid),
    }
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    return found


def test_a_forked_kiosk_is_the_same_program(plant: Plant) -> None:
    _seen(plant, is_warm=True)  # the first one makes the journal
    cold, warm = _seen(plant, is_warm=False), _seen(plant, is_warm=True)
    assert warm == cold


def test_each_forked_kiosk_ends_alone(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant.serve()
    monkeypatch.setenv("KIOSK_CONFIG", str(plant.folder / "missing.toml"))
    second = started(["serve"])
    assert second.wait(20) == 78
    assert second.stdout is not None
    assert second.stdout.read() == ""
    second.stdout.close()
    assert plant.processes[0].poll() is None
    plant.kill()
    assert plant.processes[0].poll() == -signal.SIGKILL
