"""Stand-ins for what is outside: they behave, and say what they did."""

from tests.fakes.files import FakeFiles
from tests.fakes.ion import Effect, FakeIon, Outcome
from tests.fakes.labels import FakeLabels
from tests.fakes.lamps import FakeLamps
from tests.fakes.notes import FakeNotes
from tests.fakes.operators import FakeOperators
from tests.fakes.prints import FakePrints
from tests.fakes.scanner import FakeScanner
from tests.fakes.sign_in import FakeSignIn
from tests.fakes.time_and_ids import Clock, counted_ids

__all__ = [
    "Clock",
    "Effect",
    "FakeFiles",
    "FakeIon",
    "FakeLabels",
    "FakeLamps",
    "FakeNotes",
    "FakeOperators",
    "FakePrints",
    "FakeScanner",
    "FakeSignIn",
    "Outcome",
    "counted_ids",
]
