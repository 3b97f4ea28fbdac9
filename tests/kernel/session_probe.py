"""Tries, in the session of the touchscreen's unit, what cage and Chromium need; prints one JSON object.

Started by a copy of ``ion-kiosk-browser.service`` in which nothing but the program is another one.
"""

import json
import os
import socket
import sys
from pathlib import Path

from tests.kernel.unit_probe import tried


def looked_into(path: str) -> str:
    return tried(lambda: list(Path(path).iterdir()))


def main() -> None:
    place = Path(os.environ["XDG_RUNTIME_DIR"])

    def listen() -> None:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(place / "wayland-0"))

    found = {
        "terminal": os.ttyname(0),
        "seat": os.environ.get("XDG_SEAT"),
        "screen": os.environ.get("XDG_VTNR"),
        "session": bool(os.environ.get("XDG_SESSION_ID")),
        "socket": tried(listen),
        "home": tried((Path.home() / "profile").mkdir),
        "temporary": tried(Path("/tmp/.X11-unix").mkdir),  # noqa: S108 - where Xwayland's socket belongs
        "not its own": {path: looked_into(path) for path in ("/var/lib/ion-kiosk", "/etc/ion-kiosk")},
        "user": os.geteuid(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
