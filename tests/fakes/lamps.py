"""Lamps that nothing hangs on."""

from kiosk.model import DeviceState


class FakeLamps:
    """Every device is ready."""

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        return (DeviceState(f"{station}-gun", is_ready=True, text="Ready."),)

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        return (DeviceState(f"{station}-zebra", is_ready=True, text="Ready."),)

    def ion(self) -> DeviceState:
        return DeviceState("ION", is_ready=True, text="Online.")

    def journal(self) -> DeviceState:
        return DeviceState("Journal", is_ready=True, text="Durable.")
