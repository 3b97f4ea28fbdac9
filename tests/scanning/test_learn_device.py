"""Learn mode of a whole kiosk among fake devices; see ``learn_cases.py``."""

from tests.scanners.among_fakes import needs_fake_devices, run_cases
from tests.scanning import learn_cases


@needs_fake_devices
def test_learning() -> None:
    run_cases(learn_cases)
