"""Who comes in from another machine: by badge and PIN, before any page is shown there.

At the kiosk itself nobody signs in to look: who stands there holds the parts. From elsewhere a browser shows
who asks, and what it may do then is what that person may do.
"""

from typing import Final

from kiosk.model import Role
from kiosk.operators.gate import THE_DOOR
from kiosk.operators.visits import Terms, Visits
from kiosk.settings import PeopleSettings

_IDLE_S: Final = 1800.0
"""A desk is not the floor, where the next person takes over within minutes; OWASP ASVS 5.0, 7.1.1."""


class Doorway(Visits):
    """People who came in from other machines."""

    @staticmethod
    def terms(times: PeopleSettings) -> Terms:
        """See ``Visits``."""
        return Terms(
            THE_DOOR,
            frozenset(Role),
            "Nobody of that role comes in from other machines.",
            idle_s=_IDLE_S,
            longest_s=times.longest_hours * 3600,
            fresh_s=times.sign_minutes * 60,
        )
