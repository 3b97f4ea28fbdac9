"""Who changes the people, on a page of its own: signed in there by badge and PIN, apart from every station.

A station's page is open to whoever stands there; what is signed in at it must not let another browser change
who may sign in.
"""

from typing import Final

from kiosk.model import Role
from kiosk.operators.visits import Terms, Visits
from kiosk.settings import PeopleSettings

PAGE: Final = "operators page"
_LONGEST_S: Final = 1800.0


class Office(Visits):
    """Leads and technicians who came to the page."""

    @staticmethod
    def terms(times: PeopleSettings) -> Terms:
        """See ``Visits``."""
        return Terms(
            PAGE,
            frozenset({Role.LEAD, Role.TECHNICIAN}),
            "Changing people needs a lead or a technician.",
            idle_s=times.idle_minutes * 60,
            longest_s=_LONGEST_S,
            fresh_s=times.sign_minutes * 60,
        )
