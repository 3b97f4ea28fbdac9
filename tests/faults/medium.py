"""A card of its own for a journal: a small ext4 on which the kernel lets things go wrong."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_SIZE = "32M"


@dataclass(frozen=True, slots=True)
class Card:
    """The file that is the medium, and where it is mounted."""

    image: Path
    folder: Path

    def mount(self) -> None:
        """Put it in, as a Pi mounts its card: an error makes it read-only."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder))

    def unmount(self) -> None:
        """Take it out."""
        _run("umount", str(self.folder))

    def settle(self) -> None:
        """Put all on it that was written without a sync."""
        _run("sync", "-f", str(self.folder))

    def repair(self) -> None:
        """Do what a boot does before it mounts a card that had errors."""
        done = subprocess.run(
            ["e2fsck", "-fy", str(self.image)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stdout  # 1: errors were corrected, e2fsck(8)

    def go_read_only(self) -> None:
        """Let the kernel find an error on it: from then on nothing is written any more."""
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
        device = next(fields[0] for fields in mounts if fields[1] == str(self.folder))
        Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("by a test", encoding="ascii")


@contextmanager
def card(place: Path) -> Iterator[Card]:
    """Give a card that is mounted; skips where only root may mount, or nothing can be mounted at all."""
    made = Card(place / "card.img", place / "card")
    made.folder.mkdir()
    try:
        _run("truncate", "-s", _SIZE, str(made.image))
        _run("mke2fs", "-q", "-t", "ext4", str(made.image))
        made.mount()
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("an ext4 of one's own cannot be mounted here")
    try:
        yield made
    finally:
        subprocess.run(["umount", str(made.folder)], capture_output=True, check=False)


def _run(*command: str) -> None:
    subprocess.run(command, capture_output=True, check=True)
