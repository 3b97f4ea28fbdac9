"""The touchscreen's session as its unit starts it, in a Debian of its own; its screen is only a picture.

wlroots' headless backend stands in for the screen and the touch, and ``grim`` takes the picture. There is no
systemd in that Debian: who starts the session again is the test.
"""

import io
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.debian.root import run

UNIT = "etc/systemd/system/ion-kiosk-browser.service"
POLICY = "etc/chromium/policies/managed/ion-kiosk.json"
PACKAGES = ("grim", "wtype")
"""Beside those of the session: what looks at the screen, and what types."""
PLACE = "/run/ion-kiosk-browser"
USER = "ion-kiosk-browser"
PAMS_PLACE = "/run/user/990"
"""What PAM says to the unit, and the unit cannot see."""
ENVIRONMENT = {
    "HOME": PLACE,
    "WAYLAND_DISPLAY": "wayland-0",
    "PATH": "/usr/bin:/bin",
    "WLR_BACKENDS": "headless",
    "WLR_RENDERER": "pixman",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "LIBSEAT_BACKEND": "noop",
}
NO_SANDBOX = "--no-sandbox"
"""In a changed root the kernel gives Chromium no namespaces for its own."""
PATIENCE_S = 60.0


def command_of(unit: str, page: str) -> list[str]:
    """Return what the unit starts, for a page."""
    found = re.search(r"^ExecStart=((?:.*\\\n)*.*)$", unit, re.MULTILINE)
    assert found is not None
    words = shlex.split(found[1].replace("\\\n", " "))
    return [page if word == "$PAGE" else word for word in words]


@dataclass(frozen=True, slots=True)
class ScreenSession:
    """A session that runs."""

    root: Path
    program: subprocess.Popen[bytes]

    def within(self, *command: str) -> bytes:
        """Run a program beside it, and return what it says."""
        told = [*_as_user(self.root), *command]
        return subprocess.run(told, check=True, capture_output=True, timeout=PATIENCE_S).stdout

    def picture(self) -> Image.Image:
        """Return what is on the screen."""
        return Image.open(io.BytesIO(self.within("/usr/bin/grim", "-"))).convert("RGB")

    def types(self, *words: str) -> None:
        """Press keys as a keyboard would."""
        self.within("/usr/bin/wtype", *words)

    def wait_until(self, is_so: Callable[[Image.Image], bool]) -> Image.Image:
        """Return what is on the screen once it is as wanted."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                shown = self.picture()
            except subprocess.CalledProcessError:
                assert self.program.poll() is None, "the session ended"
            else:
                if is_so(shown):
                    return shown
            assert time.monotonic() < give_up, "what is wanted does not come onto the screen"
            time.sleep(0.2)

    def settled(self) -> Image.Image:
        """Return what is on the screen once it stays the same."""
        before = self.picture()
        for _ in range(100):
            time.sleep(0.3)
            now = self.picture()
            if now.tobytes() == before.tobytes():
                return now
            before = now
        raise AssertionError("The screen never stands still.")

    def kill_browser(self) -> None:
        """Kill the browser as the kernel does when memory runs out, and wait until the session is over."""
        for place in Path("/proc").iterdir():
            if place.name.isdecimal() and _is_browser_of(place, self.program.pid):
                os.kill(int(place.name), signal.SIGKILL)
        self.program.wait(PATIENCE_S)


def _is_browser_of(place: Path, session: int) -> bool:
    try:
        parent = re.search(r"^PPid:\s+(\d+)", (place / "status").read_text(), re.MULTILINE)
        name = (place / "comm").read_text().strip()
    except OSError:
        return False
    return parent is not None and int(parent[1]) == session and name.startswith("chrom")


def _as_user(root: Path, place: str = PLACE) -> Sequence[str]:
    given = [f"{name}={value}" for name, value in {**ENVIRONMENT, "XDG_RUNTIME_DIR": place}.items()]
    return ("chroot", f"--userspec={USER}:{USER}", str(root), "/usr/bin/env", "-i", *given)


@contextmanager
def devices(root: Path) -> Iterator[None]:
    """Lend the Debian this machine's devices and shared memory."""
    run("mount", "--rbind", "/dev", root / "dev")
    run("mount", "--make-rslave", root / "dev")
    try:
        yield
    finally:
        run("umount", "-l", root / "dev")


@contextmanager
def session(root: Path, page: str) -> Iterator[ScreenSession]:
    """Start what the installed unit starts; leaving it ends the session."""
    place = root / PLACE.removeprefix("/")
    run("rm", "-rf", place)
    place.mkdir(mode=0o700)
    run("chroot", root, "chown", f"{USER}:{USER}", PLACE)
    command = command_of((root / UNIT).read_text(encoding="utf-8"), page)
    started = subprocess.Popen(
        [*_as_user(root, PAMS_PLACE), *command[:-1], NO_SANDBOX, page],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield ScreenSession(root, started)
    finally:
        started.terminate()
        started.wait(PATIENCE_S)
