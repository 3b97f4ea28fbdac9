"""A whole kiosk under anything in any order: nothing lost, nothing twice, every label accounted for.

``KIOSK_MODEL_EXAMPLES`` and ``KIOSK_MODEL_STEPS`` say for how long; where they are set, chance decides anew
what is tried.
"""

import os
from typing import Any, ClassVar, TypeAlias

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from kiosk.settings import IonSettings
from kiosk.simulator.schema import Dialect
from tests.faults.hasty import send_again
from tests.faults.kiosk_model import KioskMachine
from tests.faults.kiosk_site import RUN
from tests.faults.whole_kiosk import KnownIon, WholeKiosk

Step: TypeAlias = tuple[str, dict[str, Any]]
EXAMPLES = int(os.environ.get("KIOSK_MODEL_EXAMPLES", "4"))
STEPS = int(os.environ.get("KIOSK_MODEL_STEPS", "25"))
SIZE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="KIOSK_MODEL_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
SEARCH = settings(
    max_examples=100,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)


RECEIVED = ("receive_a_lot", {"station": "dock-1", "gesture": "once", "fate": "lives", "at": 1})


class DocumentedKiosk(KioskMachine):
    """The same against the other of ION's dialects."""

    dialect: ClassVar[Dialect] = "documented-2026"


TestClassic = KioskMachine.TestCase
TestClassic.settings = SIZE
TestDocumented = DocumentedKiosk.TestCase
TestDocumented.settings = SIZE


def test_a_run_s_own_barcode_is_no_proof_of_a_label_that_never_came_out() -> None:
    """It was scanned before the label was asked for."""
    run: Step = ("stray", {"station": "dock-1", "text": RUN})
    printed: Step = ("stray", {"station": "dock-1", "text": "ION/CMD/PRINT"})
    lost: Step = ("print", {"printer": "zebra", "fate": "breaks before", "steps": 2})
    walked(KioskMachine, [run, printed, lost, run])


# --- the controls: with one protection taken away, the same model finds what goes wrong


class Retrying(httpx.BaseTransport):
    """Sends once more what broke off, as client libraries offer to do, changes too."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, and where there is no answer, send it again."""
        try:
            return self._inner.handle_request(request)
        except httpx.TransportError:
            return self._inner.handle_request(request)


class BlindIon(KnownIon):
    """Lets its client send again what is in doubt."""

    def __init__(self, settings: IonSettings, *, transport: httpx.BaseTransport, **more: Any) -> None:  # noqa: ANN401
        super().__init__(settings, transport=Retrying(transport), **more)


class BlindKiosk(DocumentedKiosk):
    """Sends again what is in doubt."""

    make_ion = BlindIon


class HastyWhole(WholeKiosk):
    """Sends a label again that was being sent when it died."""

    def recover(self) -> None:
        """Doubt what was on its way to ION, and nothing else."""
        send_again(self.journal.prints)
        super().recover()


class HastyKiosk(KioskMachine):
    """Prints again what may be printed."""

    make_kiosk = HastyWhole

    @initialize()
    def open(self) -> None:
        """Begin with a label that waits: chance alone hardly ever brings one so far, and a death then."""
        super().open()
        self.receive_a_lot(**RECEIVED[1])
        self.deliver(fate="good", steps=12)


class ForgetfulWhole(WholeKiosk):
    """Has a disk that loses the log at a crash, as one does whose log is not synced."""

    def note_what_is_left(self) -> None:
        """Keep the file without its log."""
        super().note_what_is_left()
        for log in self._left.glob("kiosk.db-wal"):
            log.unlink()


class ForgetfulKiosk(KioskMachine):
    """Acknowledges what is not on disk."""

    make_kiosk = ForgetfulWhole


class KeylessKiosk(KioskMachine):
    """Does not know an event again."""

    has_keys = False


CONTROLS: list[tuple[type[KioskMachine], type[KioskMachine], str, list[Step]]] = [
    (
        DocumentedKiosk,
        BlindKiosk,
        "was received 2 times|is called refused, and is in ION",
        [RECEIVED, ("deliver", {"fate": "answer lost", "steps": 12})],
    ),
    (
        KioskMachine,
        HastyKiosk,
        "a label came out that nobody sent, or twice",
        [
            RECEIVED,
            ("deliver", {"fate": "good", "steps": 12}),
            ("print", {"printer": "zebra", "fate": "killed after", "steps": 2}),
        ],
    ),
    (KioskMachine, ForgetfulKiosk, "lost|acknowledged and", [RECEIVED, ("crash", {})]),
    (
        KioskMachine,
        KeylessKiosk,
        "a repeat gets the first answer",
        [("receive_a_lot", {**RECEIVED[1], "gesture": "resent"})],
    ),
]


def walked(machine: type[KioskMachine], steps: list[Step]) -> None:
    """Take these steps and no others, judged as always."""
    state = machine()
    try:
        state.open()
        for name, given in steps:
            getattr(state, name)(**given)
            state.hold()
    finally:
        state.teardown()


@pytest.mark.parametrize(("sound", "control", "words", "steps"), CONTROLS)
def test_what_the_kiosk_survives_is_red_without_one_protection(
    sound: type[KioskMachine], control: type[KioskMachine], words: str, steps: list[Step]
) -> None:
    walked(sound, steps)
    with pytest.raises(AssertionError, match=words):
        walked(control, steps)


@pytest.mark.skipif(
    "KIOSK_MODEL_EXAMPLES" not in os.environ, reason="make soak lets the model find it itself"
)
@pytest.mark.parametrize(("control", "words"), [(control, words) for _, control, words, _ in CONTROLS])
def test_without_one_protection_the_model_finds_a_counter_example(
    control: type[KioskMachine], words: str
) -> None:
    with pytest.raises(AssertionError, match=words):
        run_state_machine_as_test(control, settings=SEARCH)
