"""Runs ``cases.py`` and ``printer_cases.py`` on a real Linux kernel, in a machine: ``make test-kernel``.

Debian's kernel comes by apt into ``~/.cache/ion-kiosk``. The virtual machine sees this one's files,
read-only; nothing is installed or loaded here. It takes two to four minutes, and is no part of ``make test``.
A second machine, with ``unit``, boots a Debian in which the kiosk was installed; ``unit_proof.py`` judges it.
"""

import lzma
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kernel.unit_root import unit_root

HERE = Path(__file__).resolve().parent
CACHE = Path.home() / ".cache/ion-kiosk/kernel"
MODULES = (
    *("virtio_pci", "virtio_blk", "9pnet_virtio", "9p", "overlay"),
    *("evdev", "usbhid", "hid-generic", "cdc-acm"),
    *("dummy_hcd", "libcomposite", "usb_f_acm", "usb_f_hid"),
    *("usblp", "usb_f_printer"),
)
PARAMETERS = {"dummy_hcd.ko": " num=3"}
NEEDED = ("qemu-system-x86_64", "busybox", "cpio", "modprobe", "depmod", "apt-get", "dpkg-deb")
MOST_S = 600


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def output(*command: str | Path, folder: Path | None = None) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def kernel() -> tuple[Path, str]:
    """Return the folder of Debian's kernel and its version, fetched where it is not here yet."""
    found = re.search(r"Depends: linux-image-(\S+)", output("apt-cache", "depends", "linux-image-amd64"))
    if found is None:
        sys.exit("apt knows no linux-image-amd64: run apt-get update, on Debian")
    version = found[1]
    folder = CACHE / version
    if not (folder / f"boot/vmlinuz-{version}").exists():
        say(f"Fetching Debian's kernel {version} into {CACHE}")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as fetched:
            output("apt-get", "-q", "download", f"linux-image-{version}", folder=Path(fetched))
            (package,) = Path(fetched).glob("*.deb")
            output("dpkg-deb", "-x", package, folder)
        modules = folder / "lib/modules" / version
        output("depmod", "-b", folder, version) if modules.exists() else sys.exit(f"no {modules}")
    return folder, version


def ram_disk(folder: Path, version: str, target: Path, guest: Path) -> None:
    """Pack busybox, the modules in the order in which they load, ``init.sh``, and which script comes next."""
    tree = target.parent / "tree"
    for name in ("bin", "dev", "proc", "modules", "memory", "lower", "new"):
        (tree / name).mkdir(parents=True)
    shutil.copy(str(shutil.which("busybox")), tree / "bin/busybox")
    shutil.copy(HERE / "init.sh", tree / "init")
    order: dict[str, None] = {}
    for module in MODULES:
        shown = output("modprobe", "-d", folder, "-S", version, "--show-depends", module)
        for path in re.findall(r"(?m)^insmod (\S+)", shown):
            name = Path(path).name.removesuffix(".xz")
            data = Path(path).read_bytes()
            (tree / "modules" / name).write_bytes(lzma.decompress(data) if path.endswith(".xz") else data)
            order[name + PARAMETERS.get(name, "")] = None
    (tree / "order").write_text("".join(f"{line}\n" for line in order), encoding="ascii")
    (tree / "guest").write_text(f"{guest}\n", encoding="utf-8")
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    with target.open("wb") as packed:
        subprocess.run(
            ["cpio", "--quiet", "-o", "-H", "newc"], cwd=tree, input=names.encode(), stdout=packed, check=True
        )


def boot(folder: Path, version: str, disk: Path, root: Path = Path("/"), *more: str) -> int:
    """Run the machine on a folder's files, show its console, and return 0 when its verdict is good."""
    # KVM may be there and yet hang where this machine is itself a virtual one.
    command = (
        *("qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-smp", "2"),
        *("-display", "none", "-no-reboot", "-nic", "none", "-serial", "stdio", "-monitor", "none"),
        *("-kernel", str(folder / f"boot/vmlinuz-{version}"), "-initrd", str(disk)),
        *("-fsdev", f"local,id=root,path={root},security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=root,mount_tag=root"),
        *("-append", f"console=ttyS0 quiet loglevel=3 panic=1 KERNEL_PYTHON={sys.executable}"),
        *more,
    )
    verdict = ""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as machine:
        assert machine.stdout is not None
        try:
            for line in machine.stdout:
                verdict = line.strip() if line.startswith("VERDICT") else verdict
                say(line.rstrip())
        finally:
            machine.kill()
    return 0 if verdict == "VERDICT 0" else 1


def main() -> int:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if platform.machine() != "x86_64" or missing:
        say(f"NOT RUN: the kernel tests need an x86-64 machine with Debian's apt; missing: {missing}")
        return 1
    folder, version = kernel()
    wanted = sys.argv[1:] or ["devices", "unit"]
    verdicts = []
    with tempfile.TemporaryDirectory() as work:
        if "devices" in wanted:
            disk = Path(work) / "devices" / "initrd"
            ram_disk(folder, version, disk, HERE / "guest.sh")
            verdicts.append(boot(folder, version, disk))
        if "unit" in wanted:
            disk, block = Path(work) / "unit" / "initrd", Path(work) / "block"
            ram_disk(folder, version, disk, Path("/src/tests/kernel/unit_guest.sh"))
            block.write_bytes(bytes(1024 * 1024))
            with unit_root(Path(work)) as root:
                drive = f"file={block},if=virtio,format=raw"
                verdicts.append(boot(folder, version, disk, root, "-drive", drive))
    return max(verdicts)


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    sys.exit(main())
