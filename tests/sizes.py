"""How much is tried of what has no end: a little in ``make test``, many times as much in ``make soak``."""

import os

TIMES = int(os.environ.get("KIOSK_TEST_TIMES", "1"))
"""How many times as much as ``make test`` tries; read here, since tests see no KIOSK_ variables."""
