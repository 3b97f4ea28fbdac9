"""``kiosk support``: what helps to find a fault, in one file that can be handed on.

No secret stands in it. What was scanned, and who was there, only where that is asked for.
"""

import http.client
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk import __version__
from kiosk.compose import opened_journal
from kiosk.errors import KioskError, SettingsError
from kiosk.inspection import inspect
from kiosk.log_lines import without_foreign
from kiosk.machine import Machine
from kiosk.redaction import redacted, scrubbed, secrets_of
from kiosk.settings import Settings, load_settings
from kiosk.wire import object_json

__all__ = ["Tools", "collected", "write_bundle"]

_UNITS: Final = ("ion-kiosk.service", "ion-kiosk-browser.service")
_LINES: Final = 2000
_NEWEST: Final = 200
_PATIENCE_S: Final = 20.0
_ASKED: Final = {"healthz.json": "/healthz", "metrics.txt": "/metrics", "printers.json": "/api/v1/printers"}
_FACTS: Final = (
    "ActiveState,SubState,Result,NRestarts,ExecMainStatus,ExecMainStartTimestamp,MemoryCurrent,StatusText"
)


def run(command: Sequence[str]) -> str:
    """Return what a program says, and where it does not run, why."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {type(error).__name__}\n"
    return done.stdout + done.stderr


def ask(port: int, path: str) -> str:
    """Return what the running service answers, and where it does not, why."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        line.request("GET", path)
        return line.getresponse().read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return f"The service does not answer: {type(error).__name__}\n"
    finally:
        line.close()


@dataclass(frozen=True, slots=True)
class Tools:
    """How the world outside is asked."""

    run: Callable[[Sequence[str]], str] = run
    ask: Callable[[int, str], str] = ask


def collected(
    config: Path | None, machine: Machine, now: datetime, *, with_scans: bool, tools: Tools | None = None
) -> Mapping[str, str]:
    """Return the bundle's files, by name.

    A part that cannot be had says why in its place; the others are there all the same.

    Args:
        config: the configuration file, ``None`` for the usual one.
        machine: beneath the kiosk.
        now: the time.
        with_scans: what was scanned, sent and logged, with people's names, too.
        tools: how the world outside is asked.
    """
    tools = tools or Tools()
    files = {
        "about.json": _json(_about(now, with_scans=with_scans)),
        "log.txt": _log(tools, with_scans=with_scans),
        "systemd.txt": _systemd(tools),
    }
    try:
        settings = load_settings(config)
    except SettingsError as error:
        return {**files, "settings.txt": f"{error}\n"}
    before = secrets_of(settings)
    files["settings.json"] = _json(redacted(settings))
    files["check.json"] = _json([asdict(one) for one in inspect(settings, machine)])
    files |= {f"service/{name}": tools.ask(settings.web.port, path) for name, path in _ASKED.items()}
    files |= _journal(settings, with_scans=with_scans)
    # What is rotated meanwhile is a secret before and after.
    secrets = before | secrets_of(settings)
    return {name: scrubbed(text, secrets) for name, text in files.items()}


def write_bundle(path: Path, files: Mapping[str, str], now: datetime) -> None:
    """Write the files as one archive, for its owner alone.

    Raises:
        OSError: it could not be written, or is there already.
    """
    folder = f"ion-kiosk-support-{now:%Y%m%d-%H%M%S}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(f"{folder}/{name}", text.encode("utf-8", "replace"))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True, default=str) + "\n"


def _about(now: datetime, *, with_scans: bool) -> Mapping[str, object]:
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        system = ""
    packages = {
        one.metadata["Name"]: one.version
        for one in importlib.metadata.distributions()
        if one.metadata["Name"]
    }
    return {
        "version": __version__,
        "at": now.isoformat(),
        "with_scans": with_scans,
        "python": sys.version,
        "system": system,
        "kernel": f"{platform.release()} {platform.machine()}",
        "packages": dict(sorted(packages.items(), key=lambda one: str(one[0]).lower())),
    }


def _log(tools: Tools, *, with_scans: bool) -> str:
    command = ["journalctl", "--no-pager", "--output=json", f"--lines={_LINES}"]
    said = tools.run([*command, *(f"--unit={unit}" for unit in _UNITS)])
    return "".join(
        f"{line}\n" for entry in said.splitlines() for line in _logged(entry, with_scans=with_scans)
    )


def _logged(entry: str, *, with_scans: bool) -> Sequence[str]:
    """Return the lines of an entry of systemd's journal; of what else was said, nothing unless asked for."""
    try:
        said = json.loads(entry)
        at = datetime.fromtimestamp(int(said["__REALTIME_TIMESTAMP"]) / 1e6, UTC)
        message, who = said["MESSAGE"], said.get("SYSLOG_IDENTIFIER", "")
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return [entry] if with_scans else []
    if not isinstance(message, str):
        return [f"{at:%Y-%m-%d %H:%M:%S} {who}: not text"]
    is_open = with_scans or who == "systemd"
    return [
        f"{at:%Y-%m-%d %H:%M:%S} {who}: {line if is_open else without_foreign(line)}"
        for line in message.splitlines()
    ]


def _systemd(tools: Tools) -> str:
    parts = [["systemctl", "show", f"--property={_FACTS}", unit] for unit in _UNITS]
    parts += [["systemctl", "--failed", "--no-pager", "--plain"], ["timedatectl", "show"], ["uptime"]]
    return "\n".join(f"$ {' '.join(command)}\n{tools.run(command)}" for command in parts)


def _journal(settings: Settings, *, with_scans: bool) -> Mapping[str, str]:
    try:
        with opened_journal(settings) as journal:
            counts, schema = journal.tally.counts(), journal.schemas.schema(settings.ion.url)
            facts = {
                **{name: value for name, value in asdict(counts).items() if name != "pending_labels"},
                "pending_labels": {
                    f"{printer} {state}": number for (printer, state), number in counts.pending_labels.items()
                },
                "state": journal.state().text,
                "audit_head": str(journal.head()),
                "audit_broken_at": journal.first_break(),
                "bindings": [asdict(one) for one in journal.bindings.all()],
                "schema": {"digest": schema.digest, "at": schema.at} if schema else None,
            }
            files = {"journal.json": _json(facts)}
            if with_scans:
                listed = journal.outbox.listed(limit=_NEWEST)
                files["operations.json"] = _json([object_json(one) for one in listed])
                kept = journal.book.scanned()[-_NEWEST:]
                files["scans.json"] = _json([asdict(one) for one in kept])
    except KioskError as error:
        return {"journal.txt": f"{error}\n"}
    return files
