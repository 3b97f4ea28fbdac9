"""Where the kernel and systemd tell how the machine is; every place can be another one."""

import ctypes
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_TIME_ERROR: Final = 5
"""``adjtimex(2)``: nothing keeps the clock right."""
_TIMEX_BYTES: Final = 256
"""More than ``struct timex`` has on any machine; ``modes`` 0 comes first and changes nothing."""


def resolves(host: str) -> bool:
    """Return whether a name server, or /etc/hosts, knows a host."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


def clock_is_kept() -> bool:
    """Return whether something that asks for the time keeps the kernel's clock right (adjtimex(2))."""
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return state != _TIME_ERROR


def free_bytes(folder: Path) -> tuple[int, int]:
    """Return what is free for others than root, and the size of the file system.

    Raises:
        OSError: there is no such folder.
    """
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize, facts.f_blocks * facts.f_frsize


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine as its files show it."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    run: Path = Path("/run")
    dev: Path = Path("/dev")
    group: Path = Path("/etc/group")
    resolves: Callable[[str], bool] = resolves
    clock_is_kept: Callable[[], bool] = clock_is_kept
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    free_bytes: Callable[[Path], tuple[int, int]] = free_bytes
    groups: Callable[[], list[int]] = lambda: [os.getgid(), *os.getgroups()]
    user: Callable[[], int] = os.geteuid

    def runs(self, service: str) -> bool:
        """Return whether a service of systemd runs: then it has a control group."""
        return (self.sys / "fs/cgroup/system.slice" / f"{service}.service").is_dir()


def text(path: Path) -> str:
    """Return what the kernel says at a place, without blanks around it; nothing where it says nothing."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def number(path: Path) -> int | None:
    """Return the number at a place, decimal or ``0x``; ``None`` where there is none."""
    try:
        return int(text(path), 0)
    except ValueError:
        return None
