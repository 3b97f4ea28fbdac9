"""The disk beneath the journal: room, file system, and how the card is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine, number, text
from kiosk.settings import Settings

_LEAST_FREE: Final = 500_000_000
_MEBI: Final = 1024 * 1024
_WORN: Final = 0x09
"""``life_time`` of an eMMC, or a card that says so: tenths that are used up (JESD84-B51, 7.4)."""
_PRE_EOL_URGENT: Final = 0x03


def disk(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Tell how the folder of the journal is, and the medium it stands on."""
    path = _database(settings)
    if path is not None:
        yield from _folder(machine, path.parent)
    yield from _root(machine)
    yield from _file_systems(machine)
    yield from _cards(machine)


def _database(settings: Settings) -> Path | None:
    found = re.fullmatch(r"sqlite(?:\+\w+)?:///(/[^?]+)(?:\?.*)?", settings.journal.url)
    return Path(found[1]) if found else None


def _folder(machine: Machine, folder: Path) -> Iterator[Finding]:
    try:
        free, size = machine.free_bytes(folder)
    except OSError as error:
        yield Finding("disk", str(folder), is_ok=False, text=f"{error.strerror}. Is the service installed?")
        return
    how = _options(machine, folder)
    if "ro" in how:
        yield Finding(
            "disk",
            str(folder),
            is_ok=False,
            text="the file system is read-only: after an error the kernel writes no more. "
            "'kiosk journal backup' to another medium, then change the card.",
        )
    elif free < min(_LEAST_FREE, size // 10):
        yield Finding(
            "disk",
            str(folder),
            is_ok=False,
            text=f"{free // _MEBI} MiB free of {size // _MEBI} MiB. The last 16 are not used for new scans. "
            "Make room: sudo apt-get clean; sudo journalctl --vacuum-size=50M; old backups.",
        )
    else:
        yield Finding(
            "disk", str(folder), is_ok=True, text=f"{free // _MEBI} MiB free of {size // _MEBI} MiB."
        )


def _mounts(machine: Machine) -> list[tuple[str, str, str]]:
    """Return folder, kind and options of each file system, as they were mounted."""
    rows = [line.split() for line in text(machine.proc / "self/mounts").splitlines()]
    return [(row[1].replace("\\040", " "), row[2], row[3]) for row in rows if len(row) > 3]  # noqa: PLR2004


def _options(machine: Machine, folder: Path) -> list[str]:
    beneath = [row for row in _mounts(machine) if folder == Path(row[0]) or Path(row[0]) in folder.parents]
    # Of two at one place the later one lies on top.
    return max(reversed(beneath), key=lambda row: len(row[0]))[2].split(",") if beneath else []


def _root(machine: Machine) -> Iterator[Finding]:
    kinds = [kind for folder, kind, _ in _mounts(machine) if folder == "/"]
    if kinds[-1:] == ["overlay"]:
        yield Finding(
            "disk",
            "/",
            is_ok=True,
            text="an overlay over a read-only system: what is changed in /etc is gone after a restart. "
            "Switch it off for that with raspi-config, and on again.",
        )


def _file_systems(machine: Machine) -> Iterator[Finding]:
    for entry in sorted(machine.sys.glob("fs/ext4/*/errors_count")):
        if errors := number(entry):
            where = text(entry.parent / "last_error_func")
            yield Finding(
                "disk",
                entry.parent.name,
                is_ok=False,
                text=f"the file system has {errors} error(s){f', the last in {where}' if where else ''}. "
                "Make a backup ('kiosk journal backup' to another medium), then a new card.",
            )


def _cards(machine: Machine) -> Iterator[Finding]:
    for entry in sorted(machine.sys.glob("block/mmcblk*/device")):
        worn = [int(word, 0) for word in re.findall(r"0x[0-9a-fA-F]+", text(entry / "life_time"))]
        used = max(worn, default=0)
        urgency = number(entry / "pre_eol_info") or 0
        name = f"{entry.parent.name} {text(entry / 'name')}".strip()
        if used >= _WORN or urgency >= _PRE_EOL_URGENT:
            yield Finding(
                "disk",
                name,
                is_ok=False,
                text=f"the medium is worn out: {min(used, 10) * 10} % of its life is used. "
                "Make a backup, then take a new one.",
            )
        elif used:
            yield Finding("disk", name, is_ok=True, text=f"{used * 10} % of its life is used at most.")
        else:
            made = text(entry / "date")
            yield Finding(
                "disk",
                name,
                is_ok=True,
                text=f"made {made or 'nobody knows when'}; it does not say how worn it is.",
            )
