"""Ask the advisory service whether a version in .ci/constraints.txt has a known vulnerability.

Prints each with its advisory. Exit code 0: none known; 1: some; 3: nobody could be asked.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parent / "constraints.txt"
_PATIENCE_S = 120


def answer() -> dict[str, Any] | None:
    """Return pip-audit's answer (its JSON format), ``None`` where it has none."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off"),
        *("--format", "json", "--requirement", str(CONSTRAINTS)),
    ]
    try:
        # Exit code 1 is "found some", and also "could not ask": what is printed tells.
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def judged(found: dict[str, Any] | None) -> tuple[int, list[str]]:
    """Return the exit code, and what to say.

    A package of which the service says nothing counts as not asked, and only all of them together as nobody
    asked: a mirror may know some.
    """
    packages = found["dependencies"] if found else []
    asked = [each for each in packages if "skip_reason" not in each]
    if not asked:
        return 3, ["Nobody could be asked for known vulnerabilities."]
    lines = [
        f"{each['name']} {each['version']}: {hole['id']}, "
        f"mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for each in asked
        for hole in each["vulns"]
    ]
    silent = len(packages) - len(asked)
    lines.append(f"{len(asked)} packages asked about" + (f", {silent} not known there" if silent else ""))
    return int(len(lines) > 1), lines


if __name__ == "__main__":
    code, lines = judged(answer())
    print("\n".join(lines))
    sys.exit(code)
