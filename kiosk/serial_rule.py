"""Who may ask for another label of a serial, or take one back: the same for every page and program."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.flows.reprint import is_serialized, may_reprint, may_void
from kiosk.model import PrintJob, Role, Why
from kiosk.ports import Asker


def _asks_none(_station: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class SerialRule:
    """The settings' word on labels that name one thing. Each refusal is a sentence for who asks, or empty."""

    least: Role
    """The least role."""
    asks_pin: Callable[[str], bool] = _asks_none
    """Whether a station asks for PINs: there the label of a serial is signed, whatever the role."""

    def reprint_refusal(self, job: PrintJob, why: Why, asker: Asker) -> str:
        """Return why a label is not printed once more."""
        refusal = may_reprint(job, why, role=asker.role, is_proved=asker.is_proved, least=self.least)
        return refusal or self.pin_refusal(job, asker)

    def void_refusal(self, job: PrintJob, why: Why, asker: Asker) -> str:
        """Return why a label goes on counting."""
        return may_void(job, why, role=asker.role, is_proved=asker.is_proved, least=self.least)

    def pin_refusal(self, job: PrintJob, asker: Asker) -> str:
        """Return why a label is not printed without a PIN."""
        is_signed = asker.id and asker.is_proved
        if is_signed or not is_serialized(job) or not self.asks_pin(job.station):
            return ""
        return f"{job.station} prints the label of a serial with a PIN alone."
