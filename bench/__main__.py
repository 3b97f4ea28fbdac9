"""Runs every file of this folder that has a ``main()``, or those named: ``python -m bench decode journal``.

``main()`` takes nothing and prints what it measured. It returns ``None`` or 0 when its budget was kept,
another number when not; an exception counts as not kept, and the next file runs all the same.
"""

import importlib
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def find_benches(wanted: list[str]) -> dict[str, Callable[[], int | None]]:
    """Return ``main`` by file name; raises ``SystemExit`` for a name that is not here."""
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    if unknown := sorted(set(wanted) - set(names)):
        sys.exit(f"bench: no file named {', '.join(unknown)}, expected some of {', '.join(names) or 'none'}")
    modules = {name: importlib.import_module(f"bench.{name}") for name in wanted or names}
    return {name: module.main for name, module in modules.items() if hasattr(module, "main")}


def main(wanted: list[str]) -> int:
    missed = []
    for name, bench in find_benches(wanted).items():
        print(f"\n== {name}", flush=True)
        try:
            is_kept = not bench()
        except Exception:  # noqa: BLE001 - one failing bench must not hide the others
            traceback.print_exc()
            is_kept = False
        if not is_kept:
            missed.append(name)
    print(f"\nBudget missed: {', '.join(missed)}" if missed else "\nEvery budget kept.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
