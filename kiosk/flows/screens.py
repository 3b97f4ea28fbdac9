"""Every screen that a station can show: the steps of the flows, and what lies over them or between them."""

from typing import Final

from kiosk.flows.dispatch import UNANSWERED
from kiosk.flows.identity import IDENTITY
from kiosk.flows.over import PAGES
from kiosk.flows.registry import FLOWS

_HOME: Final = frozenset({"idle", *UNANSWERED, *IDENTITY, *PAGES})
SCREENS: Final = frozenset(
    {
        *(f"home/{step}" for step in _HOME),
        *(f"{name}/{step}" for name, flow in FLOWS.items() for step in flow.steps),
    }
)
"""Each as ``<flow>/<step>``; its template stands under that name."""
