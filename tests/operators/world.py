"""A journal with a few people in it, whose PINs are hashed at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.journal import Journal
from kiosk.model import BadgeHolder, Pin, Role
from kiosk.operators import PinGate, PinHasher, Register
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened

MIA_PIN, WRONG = Pin("271828"), Pin("000001")


class QuickHasher(PinHasher):
    """Hashes nothing, and counts what it was asked to compare."""

    def __init__(self) -> None:
        self.compared = 0
        self.meanwhile: Callable[[], object] = bool
        """What happens while a PIN is compared."""

    def hash(self, pin: Pin) -> str:
        return f"quick {pin.digits[::-1]}"

    def fits(self, pin: Pin, hashed: str) -> bool:
        self.compared += 1
        self.meanwhile()
        return hashed.removeprefix("old ") == self.hash(pin)

    def is_outdated(self, hashed: str) -> bool:
        return hashed.startswith("old ")


@dataclass
class Office:
    folder: Path
    clock: Clock = field(default_factory=Clock)
    hasher: QuickHasher = field(default_factory=QuickHasher)
    journal: Journal = field(init=False)
    register: Register = field(init=False)
    gate: PinGate = field(init=False)

    def __post_init__(self) -> None:
        self.reopen()

    def reopen(self) -> None:
        """Start the kiosk anew on the same journal."""
        if hasattr(self, "journal"):
            self.journal.close()
        self.journal = opened(self.folder, self.clock, ids="f")
        self.register = Register(self.journal.operators, self.hasher, self.clock.now, counted_ids("a"))
        self.gate = PinGate(
            self.journal.operators, self.hasher, clock=self.clock.now, monotonic_s=self.clock.monotonic_s
        )

    def come(
        self, badge: str, role: Role = Role.OPERATOR, pin: Pin | None = MIA_PIN, days: int | None = None
    ) -> BadgeHolder:
        wanted = BadgeHolder("", f"Person {badge}", badge, role)
        register = Register(self.journal.operators, self.hasher, self.clock.now, lambda: f"id-{badge}")
        return register.add(wanted, days, pin, None)
