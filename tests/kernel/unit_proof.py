"""Judges the installed service under systemd, on a real kernel: what it opens, what it is refused.

Only for the virtual machine that ``python -m tests.kernel unit`` starts.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.kernel.gadget import CONFIG, Gadget, Make

ZEBRA = Make("0a5f", "0120", "Zebra", "ZD421")
PLUGGED = Path("/run/plugged.json")
REFUSED = {
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
    "No such file or directory",
}
KINDS = ("ttyACM*", "usb/lp*", "hidraw*", "input/by-id/*HON1*event-kbd")
PATIENCE_S = 240.0
"""An emulated machine starts Python in seconds."""
WATCHDOG_S, SPARE_S = 30.0, 30.0


def plug_in() -> None:
    """Plug a scanner of three kinds and a printer in, and note their nodes."""
    Gadget(0, "HON1", "acm.0", "hid.keys", "hid.pos").plug()
    Gadget(1, "28J1", "printer.0", make=ZEBRA).plug()
    wait_until(lambda: all(nodes(kind) for kind in KINDS))
    subprocess.run(["udevadm", "settle"], check=True)
    PLUGGED.write_text(json.dumps([node for kind in KINDS for node in nodes(kind)]), encoding="utf-8")


def nodes(kind: str) -> list[str]:
    """Return the nodes of one kind of what is plugged in: each driver takes its time."""
    return sorted({str(path.resolve()) for path in Path("/dev").glob(kind)})


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def systemctl(*words: str) -> str:
    return subprocess.run(["systemctl", *words], check=False, capture_output=True, text=True).stdout.strip()


def fact(name: str, unit: str = "ion-kiosk.service") -> str:
    return systemctl("show", "--value", f"--property={name}", unit)


def wait_until(look: Callable[[], object], patience_s: float = PATIENCE_S) -> float:
    """Return after how many seconds it was so."""
    began_s = time.monotonic()
    while not look():
        assert time.monotonic() - began_s < patience_s, subprocess.run(
            ["journalctl", "-u", "ion-kiosk", "-u", "probe", "-n", "40", "--no-pager"],
            check=False,
            capture_output=True,
            text=True,
        ).stdout
        time.sleep(0.5)
    return time.monotonic() - began_s


def asked(path: str) -> Mapping[str, Any]:
    line = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
    try:
        line.request("GET", path)
        answer: Mapping[str, Any] = json.load(line.getresponse())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        line.close()
    return answer


def lamps() -> Mapping[str, bool]:
    view = asked("/api/v1/stations/dock-1")
    return {one["name"]: one["is_ready"] for one in (*view.get("scanners", ()), *view.get("printers", ()))}


def the_service_starts_and_opens_its_devices() -> None:
    wait_until(lambda: fact("ActiveState") == "active")
    wait_until(lambda: asked("/healthz").get("status") == "ok")
    wait_until(lambda: list(lamps().values()) == [True] * 4)
    say(f"the service has {', '.join(lamps())}")


def probed(name: str, begin: str) -> Mapping[str, Any]:
    """Return what a probe found in the cage of a unit; what it says begins like this."""
    unit = f"{name}.service"
    systemctl("start", unit)
    assert fact("Result", unit) == "success", systemctl("status", "--no-pager", "--lines=40", unit)
    # Not by unit: logind moves a session's processes to a unit of its own.
    said = subprocess.run(
        ["journalctl", "-b", "-o", "cat", "--no-pager"], check=True, capture_output=True, text=True
    ).stdout
    (line,) = (line for line in said.splitlines() if line.startswith(f'{{"{begin}"'))
    say(line)
    found: Mapping[str, Any] = json.loads(line)
    return found


def its_cage_lets_through_what_it_needs_and_nothing_else() -> None:
    # Two cannot have the scanners at once.
    systemctl("stop", "ion-kiosk.service")
    found = probed("probe", "devices")
    systemctl("start", "ion-kiosk.service")
    plugged = json.loads(PLUGGED.read_text(encoding="utf-8"))
    assert len(plugged) >= len(KINDS)
    assert found["devices"] == dict.fromkeys(plugged, "ok")
    assert set(found["other devices"].values()) <= REFUSED
    assert found["other devices"]["/dev/vda"] in {"Operation not permitted", "Permission denied"}
    assert found["state"] == "ok"
    assert set(found["elsewhere"].values()) <= REFUSED
    assert [found["secrets"][name] for name in ("ion-secret", "pin-pepper")] == ["ok", "ok"]
    assert {found["secrets"][name] for name in ("/etc/ion-kiosk/ion-secret", "/etc/shadow")} <= REFUSED
    assert "ok" not in found["calls"].values()
    assert found["argon2"] == "ok"
    assert found["user"] != 0


def the_touchscreen_s_session_has_a_seat_and_a_place_for_its_sockets() -> None:
    found = probed("session", "terminal")
    assert (found["terminal"], found["seat"], found["screen"]) == ("/dev/tty1", "seat0", "1")
    assert found["session"]
    assert [found[name] for name in ("socket", "home", "temporary")] == ["ok"] * 3
    assert set(found["not its own"].values()) <= REFUSED
    assert found["user"] != 0


def a_scanner_whose_driver_was_not_there_at_the_start_is_opened() -> None:
    systemctl("stop", "ion-kiosk.service")
    plug = CONFIG / "g0/UDC"
    controller = plug.read_text(encoding="ascii")
    plug.write_text("\n", encoding="ascii")
    wait_until(lambda: not nodes("ttyACM*"))
    subprocess.run(["rmmod", "cdc_acm"], check=True)
    systemctl("start", "ion-kiosk.service")
    wait_until(lambda: asked("/healthz").get("status") == "ok")
    plug.write_text(controller, encoding="ascii")
    wait_until(lambda: list(lamps().values()) == [True] * 4)
    say("the driver of the serial scanner was loaded for the service, and the scanner opened")


def a_service_that_hangs_is_started_again() -> None:
    wait_until(lambda: asked("/healthz").get("status") == "ok")
    before = fact("MainPID")
    os.kill(int(before), signal.SIGSTOP)
    took_s = wait_until(lambda: fact("MainPID") not in {before, "0"}, WATCHDOG_S + SPARE_S)
    wait_until(lambda: asked("/healthz").get("status") == "ok")
    say(f"stopped by SIGSTOP, started again after {took_s:.0f} s of the machine's own time")


def the_command_line_has_what_the_service_has() -> None:
    # From a folder that its user may not enter.
    Path("/var/closed").mkdir(mode=0o700)
    done = subprocess.run(
        ["/usr/local/sbin/kiosk", "check", "--json"],
        cwd="/var/closed",
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("["), done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert [one["ok"] for one in found if one["part"] == "journal"] == [True]
    # It is not root, is in the devices' groups, and has the secret: only nobody answers at ION's port.
    assert [one for one in found if one["part"] == "access"] == []
    assert "secret" not in next(one["text"] for one in found if one["part"] == "ion")


def the_second_secret_may_be_missing_and_the_first_may_not() -> None:
    Path("/etc/credstore/ion-kiosk.pin-pepper").unlink()
    systemctl("restart", "ion-kiosk.service")
    wait_until(lambda: fact("ActiveState") == "active")
    Path("/etc/ion-kiosk/ion-secret").unlink()
    systemctl("restart", "ion-kiosk.service")
    assert fact("ActiveState") != "active"
    assert fact("ExecMainStatus") == "243", systemctl("status", "--no-pager", "ion-kiosk.service")


def main() -> int:
    """Run every case; the last line is the verdict."""
    failed = 0
    for case in (
        the_service_starts_and_opens_its_devices,
        its_cage_lets_through_what_it_needs_and_nothing_else,
        the_touchscreen_s_session_has_a_seat_and_a_place_for_its_sockets,
        a_scanner_whose_driver_was_not_there_at_the_start_is_opened,
        a_service_that_hangs_is_started_again,
        the_command_line_has_what_the_service_has,
        the_second_secret_may_be_missing_and_the_first_may_not,
    ):
        try:
            case()
        except AssertionError as error:
            failed += 1
            say(f"FAILED {case.__name__}: {error}")
        else:
            say(f"ok {case.__name__}")
    say(f"VERDICT {failed}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
