"""Who changes the people, on a page of its own: signed in there by badge and PIN, apart from every station.

A station's page is open to whoever stands there; what is signed in at it must not let another browser change
who may sign in.
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

PAGE: Final = "operators page"
_LONGEST_S: Final = 1800.0


class Office(Visits):
    """Leads and technicians who came to the page."""

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
            frozenset({Role.LEAD, Role.TECHNICIAN}),
            "Changing people needs a lead or a technician.",
            idle_s=times.idle_minutes * 60,
            longest_s=_LONGEST_S,
            fresh_s=times.sign_minutes * 60,
        )
        super().__init__(register, gate, terms, monotonic_s=monotonic_s, new_token=new_token, note=note)
