"""A virtual machine on Debian's own kernel, which sees this machine's files read-only.

The kernel comes by apt into ``~/.cache/ion-kiosk``; nothing is installed or loaded here.
"""

import lzma
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = Path.home() / ".cache/ion-kiosk/kernel"
MODULES = (
    *("virtio_pci", "9pnet_virtio", "9p", "overlay"),
    *("evdev", "usbhid", "hid-generic", "cdc-acm"),
    *("dummy_hcd", "libcomposite", "usb_f_acm", "usb_f_hid"),
    *("usblp", "usb_f_printer"),
    *("virtio_blk", "crc32c_generic", "ext4", "virtio_net"),
)
PARAMETERS = {"dummy_hcd.ko": " num=3"}
NEEDED = ("qemu-system-x86_64", "busybox", "cpio", "modprobe", "depmod", "apt-get", "dpkg-deb", "mke2fs")


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


def ram_disk(folder: Path, version: str, target: Path, program: str) -> None:
    """Pack busybox, the modules in the order in which they load, and ``init.sh``.

    Args:
        folder: of the kernel.
        version: of the kernel.
        target: where the packed file is to be.
        program: the shell script of this folder that runs once this machine's files are there.
    """
    tree = target.with_suffix(".tree")
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
    (tree / "guest").write_text(f"{HERE / program}\n", encoding="utf-8")
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    with target.open("wb") as packed:
        subprocess.run(
            ["cpio", "--quiet", "-o", "-H", "newc"], cwd=tree, input=names.encode(), stdout=packed, check=True
        )


def command(folder: Path, version: str, disk: Path, *more: str, **environment: str) -> list[str]:
    """Return what starts a machine whose console is its standard output.

    Args:
        folder: of the kernel.
        version: of the kernel.
        disk: what ``ram_disk`` packed.
        more: further options of QEMU.
        environment: what the guest's program finds in its environment.
    """
    words = " ".join(f"{name}={value}" for name, value in environment.items())
    # KVM may be there and yet hang where this machine is itself a virtual one.
    return [
        *("qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-smp", "2"),
        *("-display", "none", "-no-reboot", "-serial", "stdio", "-monitor", "none"),
        *("-kernel", str(folder / f"boot/vmlinuz-{version}"), "-initrd", str(disk)),
        *("-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=root,mount_tag=root"),
        *("-append", f"console=ttyS0 quiet loglevel=3 panic=1 KERNEL_PYTHON={sys.executable} {words}"),
        *more,
    ]


def missing() -> list[str]:
    """Return what this machine lacks to run another."""
    lacks = [name for name in NEEDED if shutil.which(name) is None]
    return lacks if platform.machine() == "x86_64" else ["an x86-64 machine", *lacks]
