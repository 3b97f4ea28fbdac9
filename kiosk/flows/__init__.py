"""The jobs of the floor: plain functions from a session and an event to an outcome."""

from kiosk.flows.asking import awaited
from kiosk.flows.concern import concerned, is_of_queue, is_verdict, packages_concerned, subject_shown
from kiosk.flows.dispatch import handle
from kiosk.flows.field_given import asks_signature
from kiosk.flows.flow import resting
from kiosk.flows.history import looks_back, reprint_asked
from kiosk.flows.identity import UNLOCK, badge_of, is_identity, question_beneath
from kiosk.flows.registry import FLOWS
from kiosk.flows.sequel import on_delivered
from kiosk.flows.verbatim import is_verbatim
from kiosk.flows.wanted import facts, wanted

__all__ = [
    "FLOWS",
    "UNLOCK",
    "asks_signature",
    "awaited",
    "badge_of",
    "concerned",
    "facts",
    "handle",
    "is_identity",
    "is_of_queue",
    "is_verbatim",
    "is_verdict",
    "looks_back",
    "on_delivered",
    "packages_concerned",
    "question_beneath",
    "reprint_asked",
    "resting",
    "subject_shown",
    "wanted",
]
