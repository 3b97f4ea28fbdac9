"""Where a station's page hands in a PIN: judged, and then what waited for it goes on."""

import math
from dataclasses import dataclass
from typing import Final

from kiosk.model import Pin
from kiosk.operators.gate import PinGate, Verdict
from kiosk.people import People

_NO_PIN: Final = "A PIN has 6 to 12 digits. It was not looked at."
_NONE: Final = "There is no PIN to compare it with. Ask a lead."
_SOMEBODY_ELSE: Final = "Somebody else is signed in now. It was not looked at."


@dataclass(frozen=True, slots=True)
class PinReply:
    """What is said to who gave a PIN; never with the PIN."""

    is_right: bool
    words: str = ""
    wait_s: int = 0
    """Whole seconds until the next one is looked at."""


class PeopleDesk:
    """Takes PINs for those who are signed in, and signs them out. Pages ask from their threads."""

    def __init__(self, people: People, gate: PinGate) -> None:
        self._people = people
        self._gate = gate

    def give_pin(self, station: str, who: str, text: str) -> PinReply:
        """Take a PIN; a right one lets go on what waited for it, before this returns.

        Args:
            station: where it was given.
            who: the id of the operator whom the page asked.
            text: what was typed.

        Raises:
            JournalError: it could not be counted, and was not looked at.
        """
        presence = self._people.presence(station)
        if presence is None or presence.operator.id != who:
            return PinReply(is_right=False, words=_SOMEBODY_ELSE)
        pin = Pin.read(text)
        if pin is None:
            return PinReply(is_right=False, words=_NO_PIN)
        kind, _, id_ = presence.operator.id.partition("/")
        if kind != "operator":
            return PinReply(is_right=False, words=_NONE)
        answer = self._gate.judge(id_, station, pin)
        wait_s = math.ceil(answer.wait_s)
        match answer.verdict:
            case Verdict.RIGHT:
                self._people.proved(station, presence.operator)
                return PinReply(is_right=True)
            case Verdict.TOO_SOON:
                return PinReply(is_right=False, words="Too soon. It was not looked at.", wait_s=wait_s)
            case Verdict.WRONG:
                return PinReply(is_right=False, words="Wrong PIN.", wait_s=wait_s)
            case Verdict.NONE_SET:
                return PinReply(is_right=False, words=_NONE)

    def sign_out(self, station: str) -> None:
        """Sign out whoever is signed in at the station."""
        self._people.sign_out(station)
