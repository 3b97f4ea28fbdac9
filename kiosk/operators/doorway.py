"""Who comes in from another machine: by badge and PIN, before any page is shown there.

At the kiosk itself nobody signs in to look: who stands there holds the parts. From elsewhere a browser shows
who asks, and what it may do then is what that person may do.
"""

import secrets
import time
from collections.abc import Callable
from typing import Final

from kiosk.model import Role
from kiosk.operators.gate import PinGate
from kiosk.operators.register import Register
from kiosk.operators.visits import Note, Terms, Visits
from kiosk.settings import PeopleSettings

PAGE: Final = "other machines"
_IDLE_S: Final = 1800.0
"""A desk is not the floor, where the next person takes over within minutes; OWASP ASVS 5.0, 7.1.1."""


class Doorway(Visits):
    """People who came in from other machines."""

    def __init__(  # noqa: PLR0913 - clock and secrets are handed in too
        self,
        register: Register,
        gate: PinGate,
        times: PeopleSettings,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        new_token: Callable[[], str] = secrets.token_urlsafe,
        note: Note,
    ) -> None:
        """Begin with nobody; see ``Visits``."""
        terms = Terms(
            PAGE,
            frozenset(Role),
            "Nobody of that role comes in from other machines.",
            idle_s=_IDLE_S,
            longest_s=times.longest_hours * 3600,
            fresh_s=times.sign_minutes * 60,
        )
        super().__init__(register, gate, terms, monotonic_s=monotonic_s, new_token=new_token, note=note)
