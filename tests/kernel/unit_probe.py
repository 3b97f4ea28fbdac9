"""Tries, in the service's own cage, what it may and what it must not; prints one JSON object.

Started by a copy of ``ion-kiosk.service`` in which nothing but the program is another one.
"""

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

CREDENTIALS = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent"))
_NEWUSER = 0x10000000
"""``CLONE_NEWUSER`` of sched.h."""


def tried(what: Callable[[], object]) -> str:
    """Return ``ok``, or the name of the error."""
    try:
        what()
    except OSError as error:
        return type(error).__name__ if error.errno is None else os.strerror(error.errno)
    return "ok"


def opened(path: str, flags: int) -> str:
    return tried(lambda: os.close(os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)))


def written(path: str) -> str:
    def write() -> None:
        Path(path).write_bytes(b"x")
        Path(path).unlink()

    return tried(write)


def called(name: str, *arguments: object) -> str:
    library = ctypes.CDLL(None, use_errno=True)
    return "ok" if getattr(library, name)(*arguments) == 0 else os.strerror(ctypes.get_errno())


def hashed() -> None:
    """Run argon2's C code, which cffi calls, without memory that is both written and executed."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - what is tried

    hasher = PasswordHasher()
    hasher.verify(hasher.hash("271828"), "271828")


def main() -> None:
    devices = json.loads(Path("/run/plugged.json").read_text(encoding="utf-8"))
    found = {
        "devices": {path: opened(path, os.O_RDONLY if "input" in path else os.O_RDWR) for path in devices},
        "other devices": {
            path: opened(path, os.O_RDONLY)
            for path in ("/dev/vda", "/dev/kmsg", "/dev/mem", "/dev/ttyS0", "/dev/fuse")
        },
        "state": written("/var/lib/ion-kiosk/probe"),
        "elsewhere": {
            path: written(path)
            for path in (
                "/etc/probe",
                "/etc/ion-kiosk/probe",
                "/opt/probe",
                "/usr/probe",
                "/var/lib/probe",
                "/run/probe",
            )
        },
        "secrets": {
            "ion-secret": tried((CREDENTIALS / "ion-secret").read_bytes),
            "pin-pepper": tried((CREDENTIALS / "pin-pepper").read_bytes),
            "/etc/ion-kiosk/ion-secret": tried(Path("/etc/ion-kiosk/ion-secret").read_bytes),
            "/etc/shadow": tried(Path("/etc/shadow").read_bytes),
        },
        "calls": {
            "raw socket": tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()),
            "unshare": called("unshare", _NEWUSER),
            "mount": called("mount", b"none", b"/tmp", b"tmpfs", 0, None),
            "sethostname": called("sethostname", b"x", 1),
        },
        "argon2": tried(hashed),
        "user": os.geteuid(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
