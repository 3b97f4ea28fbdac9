"""A Debian in a folder, with the kiosk installed as on a Pi, and what judges it from inside."""

import re
import shutil
from pathlib import Path

from tests.checkout import ROOT
from tests.debian.root import run, unpacked, wheels

SETTINGS = """
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
[journal]
allow_volatile = true           # the machine's disk is memory
[[stations]]
name = "dock-1"
printer = "usb"
[[scanners]]
name = "serial"
station = "dock-1"
port = "0c2e:0b61:HON1"
[[scanners]]
name = "keys"
station = "dock-1"
kind = "keyboard"
port = "0c2e:0b61:HON1"
[[scanners]]
name = "pos"
station = "dock-1"
kind = "hid-pos"
port = "0c2e:0b61:HON1"
[[printers]]
name = "usb"
url = "device://0a5f:0120:28J1"
"""
GUEST = (
    "tests/__init__.py",
    "tests/kernel/__init__.py",
    "tests/kernel/gadget.py",
    "tests/kernel/session_probe.py",
    "tests/kernel/unit_probe.py",
    "tests/kernel/unit_proof.py",
    "tests/scanners/__init__.py",
    "tests/scanners/strokes.py",
)
PYTHON = "/opt/ion-kiosk/bin/python"


DRIVER = "cdc-acm"
"""The kernel's driver that comes and goes; the others are there from the start."""


def pack_installed(folder: Path, image: Path, kernel: Path, version: str) -> None:
    """Install the kiosk into a Debian of its own, and pack that into a disk; it takes about two minutes.

    Args:
        folder: where that Debian is unpacked.
        image: the disk.
        kernel: the folder of the kernel that will run it.
        version: of that kernel.
    """
    with unpacked(folder) as root:
        python = run("chroot", root, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
        shutil.copytree(ROOT / "systemd", root / "src/systemd")
        shutil.copytree(wheels(folder, python.strip()), root / "src/wheels")
        (root / "src/kiosk.toml").write_text(SETTINGS, encoding="utf-8")
        (root / "src/secret").write_text("a secret\n", encoding="ascii")
        given = ("--config", "/src/kiosk.toml", "--secret", "/src/secret")
        run("chroot", root, "/src/systemd/install", "--wheels", "/src/wheels", "--no-browser", *given)
        # What every Pi has; the first comes with cage and Chromium.
        packages = ("libpam-systemd", "kmod")
        run("chroot", root, "apt-get", "-q", "-q", "-y", "install", "--no-install-recommends", *packages)
        places = [(ROOT / name, root / "src" / name) for name in GUEST]
        # ``init.sh`` looks for its script where this checkout has it.
        first = ROOT / "tests/kernel/unit_guest.sh"
        for source, inside in (*places, (first, beneath(root, first))):
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, inside)
        _add_units(root / "etc/systemd/system")
        _add_driver(root, kernel, version)
        run("umount", root / "proc")
        run("mke2fs", "-q", "-F", "-t", "ext4", "-d", root, image, "1500M")


def _add_driver(root: Path, kernel: Path, version: str) -> None:
    """Add the driver as a module, for udev and ``modprobe``."""
    modules = root / "usr/lib/modules" / version
    (module,) = (kernel / "lib/modules" / version).rglob(f"{DRIVER}.ko*")
    modules.mkdir(parents=True)
    shutil.copy(module, modules)
    run("depmod", "-b", root, version)


def beneath(root: Path, path: Path) -> Path:
    """Return where an absolute path of the guest stands here."""
    return root / path.relative_to("/")


def _add_units(units: Path) -> None:
    """Add what plugs the devices in, the probe in the service's own cage, and what judges both."""
    plug = "from tests.kernel.unit_proof import plug_in; plug_in()"
    judge = f"[Service]\nType=oneshot\nWorkingDirectory=/src\nExecStart={PYTHON} -m tests.kernel.unit_proof\n"
    (units / "plug.service").write_text(
        "[Unit]\nBefore=ion-kiosk.service\nAfter=systemd-udevd.service sys-kernel-config.mount\n"
        "Wants=sys-kernel-config.mount\n"
        f"[Service]\nType=oneshot\nRemainAfterExit=yes\nWorkingDirectory=/src\n"
        f'ExecStart={PYTHON} -c "{plug}"\n',
        encoding="ascii",
    )
    (units / "proof.service").write_text(
        "[Unit]\nWants=plug.service\nAfter=plug.service\n"
        f"{judge}StandardOutput=tty\nStandardError=tty\nTTYPath=/dev/ttyS0\nTimeoutStartSec=infinity\n"
        "ExecStopPost=/bin/systemctl poweroff --force --force\n",
        encoding="ascii",
    )
    # The service's unit, line by line; only what it runs is another program, which ends.
    caged = (units / "ion-kiosk.service").read_text(encoding="utf-8")
    for pattern, instead in (
        (r"(?m)^Type=.*$", "Type=oneshot"),
        (r"(?m)^ExecStart=.*$", f"ExecStart={PYTHON} /src/tests/kernel/unit_probe.py"),
        (r"(?m)^(WatchdogSec|Restart|RestartSec|NotifyAccess)=.*\n", ""),
    ):
        caged, count = re.subn(pattern, instead, caged)
        assert count
    (units / "probe.service").write_text(caged, encoding="utf-8")
    session = (ROOT / "systemd/ion-kiosk-browser.service").read_text(encoding="utf-8")
    for pattern, instead in (
        (r"(?ms)/usr/bin/cage .*?\$PAGE$", f"PYTHONPATH=/src {PYTHON} -m tests.kernel.session_probe"),
        (r"(?m)^Restart=.*$", "Type=oneshot"),
        (r"(?m)^RestartSec=.*\n", ""),
    ):
        session, count = re.subn(pattern, instead, session)
        assert count
    (units / "session.service").write_text(session, encoding="utf-8")
    (units / "multi-user.target.wants/proof.service").symlink_to("../proof.service")
    for name in ("getty@tty1.service", "serial-getty@ttyS0.service", "systemd-networkd-wait-online.service"):
        (units / name).unlink(missing_ok=True)
        (units / name).symlink_to("/dev/null")
