"""What was acknowledged is there after kill -9, and nothing is there by halves."""

import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.model import OperationState
from tests.journal.opened import opened, rows_of

ROOT = Path(__file__).parent.parent.parent

WORK = """
import sys
from pathlib import Path
from kiosk.journal import Entry
from kiosk.model import JobState, OperationState
from tests.journal.opened import new_job, opened, scan, session, submit

journal = opened(Path(sys.argv[1]))
for number in range(100_000):
    name = str(number)
    journal.book.keep(scan("kept-" + name))
    print("ACK kept-" + name, flush=True)
    entry = Entry(session(revision=number), scan=scan("scan-" + name), key="k-" + name,
                  submits=[("op-" + name, submit("line-" + name))], jobs=[new_job("job-" + name)])
    journal.book.commit(entry)
    print("ACK scan-" + name, flush=True)
    operation = journal.outbox.claim()
    job, _ = journal.prints.claim("zebra")
    print("SENT", operation.key, job.key, flush=True)
    journal.outbox.settle(operation, OperationState.DONE, result={})
    journal.prints.settle(job.id, JobState.CONFIRMED)
    print("DONE", operation.key, job.key, flush=True)
    print("KEPT", journal.files.keep(f"photo {name} ".encode() * 10_000), flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_acknowledged_rows_survive_a_kill(tmp_path: Path, seed: int) -> None:
    said = _killed(tmp_path, 0.05 + random.Random(seed).random() * 0.4)  # noqa: S311 - not for secrets
    acknowledged = {line.split()[1] for line in said if line.startswith("ACK")}
    assert acknowledged, "it was killed before it began"
    with closing(opened(tmp_path, ids="ff")) as journal:
        recovered = journal.recover()
        assert journal.first_break() is None
        operations = {found.key: found for found in journal.outbox.listed(limit=1_000_000)}
        jobs = {job.key: job for job in journal.prints.newest("dock-1", 1_000_000)}
        for digest in (line.split()[1] for line in said if line.startswith("KEPT")):
            assert journal.files.read(digest) is not None
    with rows_of(tmp_path) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM scans")}
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert acknowledged <= kept
    assert {f"op-{name[5:]}" for name in kept if name.startswith("scan-")} == set(operations)
    assert {f"job-{name[5:]}/1" for name in kept if name.startswith("scan-")} == set(jobs)
    assert max(recovered) <= 1
    for line in said:
        word, *keys = line.split()
        if word == "DONE":
            assert operations[keys[0]].state is OperationState.DONE
            assert jobs[keys[1]].state == "confirmed"
        elif word == "SENT":
            assert operations[keys[0]].state in {OperationState.DONE, OperationState.UNKNOWN}
            assert jobs[keys[1]].state in {"confirmed", "unknown"}


def _killed(folder: Path, after_s: float) -> list[str]:
    """Let the work run a while after its first word, kill it, and return its whole lines."""
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    return [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
