"""The power supply of a Raspberry Pi, as its firmware sees it."""

from collections.abc import Iterator
from typing import Final

from kiosk.machine.finding import Finding
from kiosk.machine.sources import Machine, number, text

_NOW: Final = {
    0x1: "the voltage is too low",
    0x2: "the clock is capped",
    0x4: "the processor is slowed down",
    0x8: "it is too hot",
}
_SINCE: Final = 16
"""The same bits once more, for "since the start": raspberrypi.com, vcgencmd get_throttled."""
_VOLTAGE: Final = 0x1
_SUPPLY: Final = (
    "Use the official power supply (27 W for a Pi 5, 15 W for a Pi 4) and its cable, and plug what needs "
    "much into a hub with power of its own: a card that is written at low voltage loses what was on it."
)
_AIR: Final = "Give it air or a fan."


def power(machine: Machine) -> Iterator[Finding]:
    """Tell low voltage, and heat; nothing on a machine that has no such sensor."""
    flags = [
        found
        for path in machine.sys.glob("devices/platform/soc*/*firmware/get_throttled")
        if (found := _hex(text(path))) is not None
    ]
    alarms = [
        number(entry.parent / "in0_lcrit_alarm")
        for entry in machine.sys.glob("class/hwmon/hwmon*/name")
        if text(entry) == "rpi_volt"
    ]
    if not flags and not alarms:
        return
    bits = flags[0] if flags else 0
    bits |= _VOLTAGE if any(alarms) else 0
    now = [words for bit, words in _NOW.items() if bits & bit]
    since = [words for bit, words in _NOW.items() if bits & bit << _SINCE and not bits & bit]
    if not now and not since:
        yield Finding("power", "supply", is_ok=True, text="enough voltage, not too hot, since the start.")
        return
    told = [f"now {' and '.join(now)}"] if now else []
    told += [f"since the start it was so: {' and '.join(since)}"] if since else []
    is_low = bits & (_VOLTAGE | _VOLTAGE << _SINCE)
    yield Finding("power", "supply", is_ok=False, text=f"{'; '.join(told)}. {_SUPPLY if is_low else _AIR}")


def _hex(said: str) -> int | None:
    """Return the firmware's flags, which it gives in hexadecimal without ``0x``."""
    try:
        return int(said, 16)
    except ValueError:
        return None
