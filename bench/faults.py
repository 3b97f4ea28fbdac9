"""Duplicates per 1,000 receipts through random faults: the kiosk, and a client as the vendor's quickstart.

``KIOSK_FAULT_RECEIPTS`` says how many (1,000), ``KIOSK_FAULT_SEED`` which faults.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.receipts import Tally, received_by_kiosk, received_by_quickstart

MOST_PARKED = 0.001


def _show(name: str, tally: Tally) -> None:
    print(
        f"{name:28} {tally.per_thousand:6.1f} duplicates per 1,000   lost {tally.lost}   "
        f"told as failed {tally.rejected}   parked {tally.parked}   "
        f"({tally.receipts} receipts, {tally.faults} faults, {tally.seconds:.0f} s)",
        flush=True,
    )


def main() -> int:
    """Measure both; the kiosk must count nothing twice and lose nothing."""
    receipts = int(os.environ.get("KIOSK_FAULT_RECEIPTS", "1000"))
    seed = int(os.environ.get("KIOSK_FAULT_SEED", "7"))
    print(f"{receipts} receipts, seed {seed}, a fault for every tenth request that changes something")
    kept = True
    with TemporaryDirectory() as folder:
        for dialect, name in (("classic", "kiosk, by receipts"), ("documented-2026", "kiosk, by lines")):
            (place := Path(folder) / dialect).mkdir()
            tally = received_by_kiosk(place, dialect, receipts, seed)  # type: ignore[arg-type]
            _show(name, tally)
            kept &= not (tally.duplicates or tally.lost or tally.rejected)
            kept &= tally.parked <= receipts * MOST_PARKED
    _show("three tries, as quickstart", received_by_quickstart("documented-2026", receipts, seed))
    return 0 if kept else 1
