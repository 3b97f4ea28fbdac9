"""Real print services as far ends: CUPS's ippeveprinter and a cupsd of our own, on this machine only."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

PEERS = ("ippeveprinter", "avahi-daemon", "dbus-daemon")
_PATIENCE_S = 20.0
_STARTS = 5
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
_ANNOUNCER = """[server]
use-ipv6=no
allow-interfaces=lo
[publish]
publish-hinfo=no
publish-workstation=no
"""
"""ippeveprinter runs only where it can announce itself; nobody beyond this machine is to hear it."""


def program(name: str) -> str | None:
    """Find a program, also where only root looks."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@contextmanager
def running(
    *command: str, log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=os.environ | (environment or {})
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def until(is_so: object, what: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        if is_so():  # type: ignore[operator]  # a function without arguments
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: {log.read_text(errors='replace')[-2000:]}")


def is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


def answers(path: Path) -> bool:
    """Tell whether somebody takes connections there: a socket's name stands before its server listens."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        return True
    return False


def is_running(name: str, pid_file: Path) -> bool:
    """Tell whether the process named there runs and is that program: a number left behind is given again."""
    try:
        return Path(f"/proc/{int(pid_file.read_text())}/comm").read_text().strip() == name
    except (OSError, ValueError):
        return False


@contextmanager
def service_discovery(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Run avahi until the end; one that gives up while it starts is started again."""
    command = (
        *(str(program("avahi-daemon")), "--no-drop-root", "--no-chroot"),
        *("-f", str(folder / "avahi.conf")),
    )
    for attempt in range(_STARTS):
        log = folder / f"avahi-{attempt}.log"
        with running(*command, log=log, environment=environment) as avahi:
            is_up = partial(has_started, log)
            until(lambda process=avahi, up=is_up: up() or process.poll() is not None, "no avahi", log)
            if is_up():
                yield
                return
    raise AssertionError(f"avahi ended {_STARTS} times: {log.read_text(errors='replace')[-2000:]}")


def has_started(log: Path) -> bool:
    return "Server startup complete" in log.read_text(errors="replace")


@contextmanager
def announcer(folder: Path) -> Iterator[dict[str, str]]:
    """Run a bus and a service discovery that ends at this machine; give the environment that finds them."""
    (folder / "bus.conf").write_text(_BUS.format(folder=folder))
    (folder / "avahi.conf").write_text(_ANNOUNCER)
    environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    with ExitStack() as stack:
        # There is one avahi on a machine: other tests wait, and one of the system's is used as it is.
        lock = stack.enter_context((Path(tempfile.gettempdir()) / "ion-kiosk-avahi.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_running("avahi-daemon", Path("/run/avahi-daemon/pid")):
            yield {}
            return
        bus = (str(program("dbus-daemon")), "--nofork", "--config-file", str(folder / "bus.conf"))
        stack.enter_context(running(*bus, log=folder / "bus.log"))
        until(lambda: answers(folder / "bus"), "no bus", folder / "bus.log")
        stack.enter_context(service_discovery(folder, environment))
        yield environment


_LABEL_PRINTER = """ATTR mimeMediaType document-format-supported {formats}
ATTR mimeMediaType document-format-default application/octet-stream
ATTR keyword media-supported {media}
ATTR keyword media-default {media}
ATTR keyword media-ready {media}
ATTR resolution printer-resolution-supported {dpi}dpi
ATTR resolution printer-resolution-default {dpi}dpi
ATTR textWithoutLanguage printer-make-and-model "Label Maker 9"
"""


class EvePrinter:
    """CUPS's sample printer; what it does with a job is a script's affair."""

    def __init__(self, folder: Path, port: int, environment: dict[str, str]) -> None:
        self.folder, self.port, self._environment = folder, port, environment
        self.log = folder / "printer.log"
        self.paper, self.script = folder / "paper", folder / "print.sh"
        self.paper.mkdir()
        (folder / "spool").mkdir()
        self.does("")
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def does(self, commands: str) -> None:
        """Say what happens before a job's document falls out on the paper."""
        self.script.write_text(f'#!/bin/sh\n{commands}\ncp "$1" "{self.paper}/$$"\n')
        self.script.chmod(0o755)

    def start(self, media: str = "oe_4x2-label_4x2in", dpi: int = 203) -> None:
        formats = "application/vnd.zebra-zpl,application/pdf,image/png,application/octet-stream"
        (self.folder / "label.conf").write_text(_LABEL_PRINTER.format(formats=formats, media=media, dpi=dpi))
        printer = (
            *(str(program("ippeveprinter")), "-p", str(self.port), "-n", "localhost", "-k"),
            *("-a", str(self.folder / "label.conf")),
            *("-d", str(self.folder / "spool"), "-c", str(self.script), "Test Label"),
        )
        self._stack.enter_context(running(*printer, log=self.log, environment=self._environment))
        until(lambda: is_open(self.port), "no printer", self.log)

    def stop(self) -> None:
        self._stack.close()

    def papers(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.paper.iterdir(), key=os.path.getmtime)]


_CUPS = """Listen 127.0.0.1:{port}
Listen {folder}/socket
DefaultAuthType None
WebInterface No
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_CUPS_FILES = """ServerRoot {folder}/etc
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
FatalErrors none
Printcap {folder}/printcap
"""


@contextmanager
def cups(folder: Path, port: int) -> Iterator[str]:
    """Run a cupsd that touches nothing of the system's; give the address for its tools."""
    for name in ("etc", "spool", "cache", "state", "log"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "cupsd.conf").write_text(_CUPS.format(port=port, folder=folder))
    (folder / "files.conf").write_text(_CUPS_FILES.format(folder=folder))
    daemon = (str(program("cupsd")), "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "files.conf"))
    with running(*daemon, log=folder / "cupsd.log"):
        until(lambda: is_open(port), "no cupsd", folder / "cupsd.log")
        yield f"127.0.0.1:{port}"


def add_raw_queue(server: str, name: str, device: str) -> None:
    subprocess.run(
        [str(program("lpadmin")), "-h", server, "-p", name, "-E", "-v", device, "-m", "raw"],
        check=True,
        capture_output=True,
        timeout=30,
    )
