"""What counts as signing: changes for which a person stands, one by one, with their PIN."""

from collections.abc import Collection
from typing import Any

from kiosk.flows.flow import Outcome, Place, Signing
from kiosk.flows.sequel import label_name
from kiosk.model import (
    Demand,
    Effect,
    FieldKind,
    LabelFields,
    Print,
    Reprint,
    Role,
    Session,
    Submit,
    Verdict,
)


def signing_of(session: Session, flows: Collection[str], outcome: Outcome, place: Place) -> Signing | None:
    """Return what an outcome signs, ``None`` where nothing of it needs a PIN here.

    Where the flow asks for PINs that is: a step or run completed, a step signed off, stock counted anew or
    scrapped, more received than was expected, something taken back, the label of a serial printed by hand.
    Anywhere it is a step signed off in the name of a person who has a PIN: nobody signs for them without it;
    and the label of a serial printed once more by the rank of who is here.

    Args:
        session: before the event.
        flows: that the outcome belongs to.
        outcome: what the flows made of the event.
        place: who is there, and what the flow asks.
    """
    is_asked = any(place.demand(flow) is Demand.PIN for flow in flows)
    for effect in outcome.effects:
        found = _signed(effect, session, place)
        if found is not None and (is_asked or _is_own_name(effect, place) or _is_rank(effect, place)):
            return found
    return None


def serial_on(fields: LabelFields, subject: str) -> str:
    """Return the serial that a label of stock carries, empty for none; on a tool it is its number."""
    number = fields.get("number") if subject.startswith("inventory/") else None
    return str(fields.get("serialNumber") or number or "")


def _is_own_name(effect: Effect, place: Place) -> bool:
    """Return whether a sign-off names the person who is here, and whose PIN is known."""
    if place.operator is None or not place.has_pin or not isinstance(effect, Submit):
        return False
    is_signoff = effect.arguments.get("type") == FieldKind.SIGNOFF
    return is_signoff and effect.arguments["value"] == place.operator.name


def _is_rank(effect: Effect, place: Place) -> bool:
    """Return whether it takes the rank of the person who is here, which their PIN has to prove."""
    return (
        isinstance(effect, Reprint)
        and place.operator is not None
        and place.reprints_serials is not Role.OPERATOR
    )


def _signed(effect: Effect, session: Session, place: Place) -> Signing | None:
    match effect:
        case Submit(undoes=str(first)) if first:
            return Signing("undo", str(effect.arguments.get("title") or effect.subject))
        case Reprint(job) if serial_on(job.fields, job.subject):
            return Signing("reprint", label_name(job))
        case Submit("set_step_status" | "set_run_status") if effect.arguments["status"] == "COMPLETE":
            return Signing("complete", str(effect.arguments["title"]))
        case Submit("set_field_value") if effect.arguments["type"] == FieldKind.SIGNOFF:
            return Signing("signoff", str(effect.arguments["title"]))
        case Submit("adjust"):
            return Signing("quantity", str(effect.arguments["title"]))
        case Submit("receive") if session.state.get("is_over"):
            return Signing("over", str(effect.arguments["title"]))
        case Submit("render_label") if effect.arguments.get("serial"):
            return Signing("reprint", str(effect.arguments["serial"]))
        case Print() if serial_on(effect.fields, effect.subject):
            return Signing("reprint", serial_on(effect.fields, effect.subject))
        case Verdict(came_out=False):
            asked: Any = next((each for each in place.doubtful if each.id == effect.job), None)
            is_serial = asked is not None and serial_on(asked.fields, asked.subject)
            return Signing("reprint", label_name(asked)) if is_serial else None
        case _:
            return None
