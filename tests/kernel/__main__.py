"""Devices, the service and power cuts on a real Linux kernel, in a virtual machine: ``make test-kernel``.

With ``ARGS=devices`` it runs ``cases.py`` and ``printer_cases.py`` in it, two to four minutes; with
``ARGS=unit`` it installs the kiosk into a Debian of its own, boots that and judges the service under systemd,
five to ten; with ``ARGS=power`` it cuts the power of the whole service, ten to twenty; without, all of it.
Nothing of this is part of ``make test``.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kernel.machine import command, kernel, missing, ram_disk, say
from tests.kernel.power import cut_again_and_again
from tests.kernel.unit_root import pack_installed


def devices(folder: Path, version: str, work: Path) -> bool:
    """Run the cases, show their console, and return whether their verdict is good."""
    disk = work / "devices"
    ram_disk(folder, version, disk, "guest.sh")
    return is_good(command(folder, version, disk, "-nic", "none"))


def unit(folder: Path, version: str, work: Path) -> bool:
    """Install the kiosk, boot what it was installed in, and return whether the verdict is good."""
    disk, root = work / "unit", work / "root.ext4"
    ram_disk(folder, version, disk, "unit_guest.sh")
    pack_installed(work, root, folder, version)
    drive = f"file={root},if=virtio,format=raw,readonly=on"
    return is_good(command(folder, version, disk, "-nic", "none", "-drive", drive, KIOSK_ROOT="/dev/vda"))


def is_good(start: list[str]) -> bool:
    """Run a machine, show its console, and return whether its last word is that all went well."""
    verdict = ""
    with subprocess.Popen(start, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as machine:
        assert machine.stdout is not None
        try:
            for line in machine.stdout:
                verdict = line.strip() if line.startswith("VERDICT") else verdict
                say(line.rstrip())
        finally:
            machine.kill()
    return verdict == "VERDICT 0"


PARTS = {"devices": devices, "unit": unit, "power": cut_again_and_again}


def main(wanted: list[str]) -> int:
    """Run the parts that are wanted, all where none is named."""
    if lacks := missing():
        say(f"NOT RUN: the kernel tests need an x86-64 machine with Debian's apt; missing: {lacks}")
        return 1
    if unknown := [name for name in wanted if name not in PARTS]:
        say(f"There is no {unknown[0]!r}: expected some of {sorted(PARTS)}.")
        return 2
    folder, version = kernel()
    are_good = True
    for name, run in PARTS.items():
        if not wanted or name in wanted:
            with tempfile.TemporaryDirectory() as work:
                are_good &= run(folder, version, Path(work))
    return 0 if are_good else 1


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    sys.exit(main(sys.argv[1:]))
