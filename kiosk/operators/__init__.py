"""The people whom the kiosk itself knows: their PINs, who may sign in, and who may change that."""

from kiosk.operators.gate import PinAnswer, PinGate, Verdict
from kiosk.operators.hashing import PinHasher
from kiosk.operators.register import Register, drawn_pin

__all__ = ["PinAnswer", "PinGate", "PinHasher", "Register", "Verdict", "drawn_pin"]
