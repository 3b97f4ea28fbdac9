"""What stands in the checkout, as git knows it."""

import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@lru_cache(maxsize=1)
def tracked_files() -> tuple[str, ...]:
    """Return the paths of all files in git, from the top, sorted; skips the test outside a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # safe.directory: a continuous integration often runs as another user than the one who cloned.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))
