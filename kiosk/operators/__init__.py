"""The people whom the kiosk itself knows: their PINs, who may sign in, and who may change that."""

from kiosk.operators.desk import PeopleDesk, PinReply
from kiosk.operators.doorway import Doorway
from kiosk.operators.gate import PinAnswer, PinGate, Verdict
from kiosk.operators.hashing import PinHasher
from kiosk.operators.office import Office
from kiosk.operators.register import Register, badge_label, drawn_pin
from kiosk.operators.staff import Staff, hire_staff
from kiosk.operators.visits import Visitor

__all__ = [
    "Doorway",
    "Office",
    "PeopleDesk",
    "PinAnswer",
    "PinGate",
    "PinHasher",
    "PinReply",
    "Register",
    "Staff",
    "Verdict",
    "Visitor",
    "badge_label",
    "drawn_pin",
    "hire_staff",
]
