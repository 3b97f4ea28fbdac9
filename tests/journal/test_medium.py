import logging
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal.medium import filesystem_magic, forgetful
from kiosk.journal.store import Store

TMPFS, EXT4 = 0x01021994, 0xEF53


@pytest.mark.parametrize(
    ("magic", "kind"),
    [(TMPFS, "tmpfs"), (0x858458F6, "ramfs"), (0x794C7630, "overlayfs"), (EXT4, None), (0x9123683E, None)],
)
def test_what_forgets_is_known_by_its_magic_number(magic: int, kind: str | None) -> None:
    assert forgetful(Path("/"), lambda _folder: magic) == kind


def test_the_magic_number_is_the_one_that_stat_tells(tmp_path: Path) -> None:
    for folder in (tmp_path, Path("/"), Path("/proc"), Path("/dev")):
        told = subprocess.run(
            ["stat", "-f", "-c", "%t", str(folder)], capture_output=True, text=True, check=True
        )
        assert filesystem_magic(folder) == int(told.stdout, 16)


def test_a_folder_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"Cannot look at the journal's folder .*gone'.*No such file"):
        forgetful(tmp_path / "gone")


@pytest.mark.parametrize("magic", [TMPFS, 0x794C7630])
def test_a_journal_in_memory_is_refused_before_a_file_is_made(tmp_path: Path, magic: int) -> None:
    with pytest.raises(JournalError, match=r"is on (tmpfs|overlayfs): all of it is gone with the power"):
        Store(f"sqlite:///{tmp_path}/kiosk.db", magic=lambda _folder: magic)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_on_a_disk_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Store(f"sqlite:///{tmp_path}/kiosk.db", magic=lambda _folder: EXT4).close()
    assert caplog.records == []


def test_the_demo_s_journal_in_memory_is_said_loudly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/kiosk.db"
    with closing(Store(url, allow_volatile=True, magic=lambda _folder: TMPFS)) as store:
        assert store.volatile == "tmpfs"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "is on tmpfs: all of it is gone with the power." in record.getMessage()


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that is really in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a tmpfs")
    folder = tmp_path / "memory"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_real_tmpfs_is_refused(in_memory: Path) -> None:
    with pytest.raises(JournalError, match="is on tmpfs"):
        Store(f"sqlite:///{in_memory}/kiosk.db")
