"""Who this is, and what they may open: the devices' groups, the state folder, the secrets."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine, text
from kiosk.settings import Settings

_GROUP_FIELDS = 4
"""``group(5)``."""


def access(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Tell groups that are missing for the devices of the settings, and secrets that others can read."""
    wanted = dict(_wanted(settings))
    if machine.user() == 0:
        yield Finding(
            "access",
            "user",
            is_ok=True,
            text="root sees everything, the service does not: 'sudo kiosk check' tries it as the service.",
        )
    else:
        rows = [line.split(":") for line in text(machine.group).splitlines()]
        known = {name: number for name, _, number, *_ in (row for row in rows if len(row) == _GROUP_FIELDS)}
        own = {str(one) for one in machine.groups()}
        for group, what in wanted.items():
            if group in known and known[group] not in own:
                yield Finding(
                    "access",
                    group,
                    is_ok=False,
                    text=f"not in the group {group!r}, to which {what} belongs: sudo usermod -aG {group} "
                    "with the user's name, and sign in again; systemd/install does it for the service.",
                )
    for name, path in (
        ("ion.client_secret_file", settings.ion.client_secret_file),
        ("people.pepper_file", settings.people.pepper_file),
    ):
        if path is not None:
            yield from _secret(name, path)


def _wanted(settings: Settings) -> Iterator[tuple[str, str]]:
    for scanner in settings.scanners:
        if scanner.kind == "serial" and not scanner.port.startswith("/dev/pts/"):
            yield "dialout", f"the serial scanner {scanner.name!r}"
        elif scanner.kind in {"keyboard", "hid-pos"}:
            yield "input", f"the scanner {scanner.name!r}"
    for printer in settings.printers:
        if printer.url.startswith("device:"):
            yield "lp", f"the printer {printer.name!r}"
        elif printer.url.startswith("serial:") and not re.match(r"serial:///dev/pts/", printer.url):
            yield "dialout", f"the printer {printer.name!r}"


def _secret(name: str, path: Path) -> Iterator[Finding]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # whoever needs it says so
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        yield Finding(
            "access",
            name,
            is_ok=False,
            text=f"{os.fspath(path)!r} has mode {stat.S_IMODE(mode):04o}, others may read it: sudo chmod 600",
        )
