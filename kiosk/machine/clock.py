"""Whether the time is right: TLS refuses a wrong one, and people read it."""

from collections.abc import Iterator
from typing import Final

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine

_BUILT: Final = 2026
"""No kiosk of this version ran before."""


def clock(machine: Machine) -> Iterator[Finding]:
    """Tell a clock that stands before the kiosk was built, and one that nothing keeps right."""
    now = machine.now()
    has_clock = any(machine.sys.glob("class/rtc/rtc*"))
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    by_itself = "" if has_clock else " It has no clock of its own, so each power cut sets the time back."
    if now.year < _BUILT:
        yield Finding(
            "clock",
            "time",
            is_ok=False,
            text=f"it is {shown} here: the clock is not set, and ION's certificate will be refused."
            f"{by_itself} Give it a network in which NTP (UDP port 123) gets through, or: sudo date -s '...'",
        )
    elif not machine.clock_is_kept():
        yield Finding(
            "clock",
            "time",
            is_ok=False,
            text=f"{shown}; nothing keeps it right.{by_itself} Switch that on: "
            "sudo timedatectl set-ntp true; behind a firewall name your time server in timesyncd.conf.",
        )
    else:
        yield Finding("clock", "time", is_ok=True, text=f"{shown}, kept right by the network.")
