"""A machine in a folder: what the kernel and systemd of a Raspberry Pi show."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from kiosk.machine import Machine

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
MEBI = 1024 * 1024


def a_well_machine(folder: Path) -> Machine:
    """Return a machine on which nothing is to be mended."""
    return Machine(
        sys=folder / "sys",
        proc=folder / "proc",
        run=folder / "run",
        dev=folder / "dev",
        group=folder / "group",
        resolves=lambda _host: True,
        clock_is_kept=lambda: True,
        now=lambda: NOW,
        free_bytes=lambda _folder: (20_000 * MEBI, 30_000 * MEBI),
        groups=lambda: [999, 20, 104, 7],
        user=lambda: 999,
    )


class FakeMachine:
    """Files of a Pi, as far as they are put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.machine = a_well_machine(folder)
        self.put("group", "root:x:0:\ndialout:x:20:\ninput:x:104:\nlp:x:7:\nion-kiosk:x:999:\n")
        self.put("proc/self/mounts", "/dev/root / ext4 rw,noatime 0 0\nproc /proc proc rw 0 0\n")
        self.put("sys/class/net/lo/operstate", "unknown\n")
        self.put("sys/class/net/eth0/operstate", "up\n")
        self.put(
            "proc/net/route",
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            "eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
        )
        self.put("sys/class/rtc/rtc0/name", "rpi-rtc\n")

    def put(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def remove(self, name: str) -> None:
        path = self.folder / name
        path.unlink() if path.is_file() else path.rmdir()

    def starts(self, service: str) -> None:
        (self.folder / f"sys/fs/cgroup/system.slice/{service}.service").mkdir(parents=True)

    def with_(self, **changes: object) -> Self:
        self.machine = replace(self.machine, **changes)  # type: ignore[arg-type]
        return self
