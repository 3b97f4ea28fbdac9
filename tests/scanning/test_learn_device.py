"""Learn mode of a whole kiosk among fake devices; see ``learn_cases.py``."""

import pytest

from tests.scanners.among_fakes import cases_of, needs_fake_devices, run_case
from tests.scanning import learn_cases


@needs_fake_devices
@pytest.mark.parametrize("case", cases_of(learn_cases))
def test_learn(case: str) -> None:
    run_case(learn_cases, case)
