"""The model of the disk loses what it should lose, and nothing else."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.crash_disk import KINDS, Disk
from tests.faults.crash_trace import (
    CALLS,
    NOT_MODELLED,
    STRACE,
    Create,
    Cut,
    NotJudged,
    Operation,
    Rename,
    Said,
    Step,
    Sync,
    Unlink,
    Write,
    read_trace,
)
from tests.faults.crash_work import HAS_STRACE

A, B = "/s/a", "/s/b"


def _after(*operations: Operation, kind: str = "nothing", seed: int = 0) -> dict[str, bytes]:
    disk = Disk("/s")
    for number, operation in enumerate(operations):
        disk.take(Step(number, number, operation))
    (chosen,) = (one for one in KINDS if one == kind)
    return disk.after_cut(chosen, random.Random(seed))  # noqa: S311 - not for secrets


def test_nothing_is_there_that_was_not_synced() -> None:
    assert _after(Create(A), Write(A, 0, b"one")) == {}
    assert _after(Create(A), Write(A, 0, b"one"), kind="everything") == {"a": b"one"}


def test_a_sync_keeps_a_file_and_its_name_but_no_other_file() -> None:
    steps = (Create(B), Write(B, 0, b"two"), Create(A), Write(A, 0, b"one"), Sync(A, 4))
    assert _after(*steps) == {"a": b"one", "b": b""}


def test_a_sync_keeps_nothing_that_was_under_way_when_it_began() -> None:
    steps = (Create(A), Write(A, 0, b"one"), Write(A, 3, b"two"), Sync(A, 2))
    assert _after(*steps) == {"a": b"one"}


def test_a_name_that_is_taken_away_is_back_until_the_folder_is_synced() -> None:
    steps = (Create(A), Write(A, 0, b"one"), Sync(A, 2), Unlink(A))
    assert _after(*steps) == {"a": b"one"}
    assert _after(*steps, kind="everything") == {}
    assert _after(*steps, Sync("/s", 9)) == {}


def test_a_file_made_again_is_another_file() -> None:
    steps = (Create(A), Write(A, 0, b"one"), Sync(A, 2), Unlink(A), Create(A), Write(A, 0, b"2"))
    assert _after(*steps) == {"a": b"one"}
    assert _after(*steps, kind="everything") == {"a": b"2"}


def test_a_new_name_takes_the_old_one_s_place_as_one_change() -> None:
    steps = (Create(A), Write(A, 0, b"one"), Sync(A, 2), Rename(A, B))
    assert {tuple(_after(*steps, kind="some", seed=seed)) for seed in range(20)} == {("a",), ("b",)}


def test_a_write_is_torn_by_sectors() -> None:
    steps = (Create(A), Write(A, 0, bytes(2048)), Sync(A, 2), Write(A, 0, b"x" * 2048))
    found = {_after(*steps, kind="torn", seed=seed)["a"] for seed in range(200)}
    assert len(found) == 16
    assert all(part in {b"x" * 512, bytes(512)} for one in found for part in _parts(one))


def _parts(data: bytes) -> list[bytes]:
    return [data[start : start + 512] for start in range(0, len(data), 512)]


def test_a_file_is_cut_and_grows() -> None:
    steps = (Create(A), Write(A, 0, b"abcdef"), Cut(A, 2), Write(A, 4, b"!"))
    assert _after(*steps, kind="everything") == {"a": b"ab\0\0!"}


@pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")
def test_a_program_s_calls_are_read_as_they_were(tmp_path: Path) -> None:
    folder, trace = tmp_path / "s", tmp_path / "trace"
    folder.mkdir()
    source = f"""
import os, socket
os.chdir({str(folder)!r})
file = os.open("a", os.O_CREAT | os.O_RDWR)
os.pwrite(file, b"one\\n", 4096)
os.ftruncate(file, 8192)
os.fdatasync(file)
with open("b", "ab") as more:
    more.write(b"two")
os.rename(os.path.abspath("b"), os.path.abspath("c"))
os.unlink(os.path.abspath("a"))
os.pwrite(file, b"into the deleted file", 0)
left, right = socket.socketpair()
left.send(b"said")
"""
    calls = ",".join([CALLS, *sorted(NOT_MODELLED)])
    command = [*STRACE, "-o", str(trace), "-e", f"trace={calls}", sys.executable, "-c", source]
    subprocess.run(command, check=True)
    found = [step.operation for step in read_trace(trace, folder)]
    begun = next(one.begun for one in found if isinstance(one, Sync))
    a, b, c = (str(folder / name) for name in "abc")
    assert found == [
        Create(a),
        Write(a, 4096, b"one\n"),
        Cut(a, 8192),
        Sync(a, begun),
        Create(b),
        Write(b, -1, b"two"),
        Rename(b, c),
        Unlink(a),
        Said(b"said"),
    ]


@pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")
def test_what_the_model_does_not_know_is_not_judged(tmp_path: Path) -> None:
    folder, trace = tmp_path / "s", tmp_path / "trace"
    folder.mkdir()
    source = f"import os; os.mkdir({str(folder / 'a')!r})"
    subprocess.run([*STRACE, "-o", str(trace), sys.executable, "-c", source], check=True)
    with pytest.raises(NotJudged, match="mkdir on a file of the journal"):
        read_trace(trace, folder)
