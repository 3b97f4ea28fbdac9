"""A Debian of its own in a folder: made once by debootstrap, kept packed, unpacked for each use."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.checkout import ROOT

SUITE = os.environ.get("KIOSK_TEST_SUITE", "bookworm")
CACHE = Path.home() / ".cache/ion-kiosk/debian"
BASE = "systemd-sysv,udev,kmod,python3,ca-certificates"
"""What every Debian that boots has, and Python, which nearly every one has."""
MOST_S = 1800


def run(*command: str | Path, folder: Path | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/root"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_S,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def mirror() -> str:
    """Return where this machine's apt has Debian from."""
    for line in run("apt-cache", "policy").splitlines():
        if found := re.match(r"\s*\d+ (https?://\S+/debian)/? ", line):
            return found[1]
    raise AssertionError("apt knows no mirror of Debian: run apt-get update")


def packed() -> Path:
    """Return a bare Debian as an archive."""
    archive = CACHE / f"{SUITE}.tar"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        folder = CACHE / f"{SUITE}.{os.getpid()}"
        run("debootstrap", "--variant=minbase", f"--include={BASE}", SUITE, folder, mirror())
        run("tar", "-C", folder, "--numeric-owner", "-cf", f"{archive}.new", ".")
        run("rm", "-rf", folder)
        Path(f"{archive}.new").rename(archive)
    return archive


@contextmanager
def unpacked(folder: Path) -> Iterator[Path]:
    """Give a bare Debian as a folder to change root into; services of its packages do not start."""
    root = folder / "root"
    root.mkdir()
    run("tar", "-C", root, "--numeric-owner", "-xpf", packed())
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    for name in ("etc/resolv.conf", "etc/hosts"):
        (root / name).write_bytes(Path("/", name).read_bytes())
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(0o755)
    run("mount", "-t", "proc", "proc", root / "proc")
    try:
        yield root
    finally:
        if (root / "proc").is_mount():
            run("umount", "-l", root / "proc")
        run("rm", "-rf", "--one-file-system", root)


def wheels(folder: Path, python: str) -> Path:
    """Return a folder with the kiosk's wheel and all that it needs, in the tested versions, for a Python."""
    place = folder / "wheels"
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", place, ROOT)
    (wheel,) = place.glob("*.whl")
    run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"),
        *("--only-binary=:all:", f"--python-version={python}", "--dest", place),
        *("--constraint", ROOT / ".ci/constraints.txt", wheel),
    )
    return place
