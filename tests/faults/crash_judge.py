"""Whether what a power cut left keeps every promise: opened as the service opens it at its next start."""

import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.errors import KioskError
from tests.faults.crash_disk import KINDS, Disk
from tests.faults.crash_trace import NotJudged, Said, Step
from tests.faults.crash_work import Traced
from tests.journal.opened import opened

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_WHOLE_START_EVERY = 10
"""One image in so many is opened and brought to order by the journal itself; the others are only read."""


@dataclass
class Promises:
    """What the service has said so far, which a power cut may not make untrue."""

    receipts: set[str] = field(default_factory=set)
    """Acknowledged."""
    lots: set[str] = field(default_factory=set)
    """Sent to ION."""
    labels: int = 0
    """Sent to the printer."""

    def hear(self, said: bytes, run: Traced) -> None:
        """Take note of what was sent."""
        if b"HTTP/1.1 2" in said or b'"receipt"' in said or b'"jobs"' in said:
            self.receipts |= {one for one in run.receipts if one.encode() in said}
        if b"mutation" in said:
            self.lots |= {one for one in run.lots if one.encode() in said}
        self.labels += said.count(b"^XA")


@dataclass
class Verdict:
    """What was found in all the images."""

    images: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first: str = ""

    def add(self, faults: Sequence[str], where: str) -> None:
        """Count an image and what is wrong with it."""
        self.images += 1
        self.faults.update(fault.partition(":")[0] for fault in faults)
        if faults and not self.first:
            self.first = f"{where}: {'; '.join(faults)}"


def judge(run: Traced, most: int, seed: int = 7) -> Verdict:
    """Cut the power after every step, as often as the size allows, spread evenly over the whole run.

    Args:
        run: what was traced.
        most: about how many images.
        seed: of what is left of unsynced writes, and of which images are made.

    Raises:
        NotJudged: the model does not reproduce the files that the run left, or nothing was promised.
    """
    _check_model(run)
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    share = most / (len(run.steps) * len(KINDS))
    disk, promises, verdict = Disk(str(run.folder)), Promises(), Verdict()
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as scratch:
        for number, step in enumerate(run.steps):
            _follow(step, disk, promises, run)
            for kind in KINDS:
                for _ in range(int(share) + (chance.random() < share % 1)):
                    image = Path(scratch) / "image"
                    _lay_out(image, disk.after_cut(kind, chance))
                    is_whole = verdict.images % _WHOLE_START_EVERY == 0
                    faults = _faults(image, promises) + (_faults_of_a_start(image) if is_whole else [])
                    verdict.add(faults, f"step {number} {type(step.operation).__name__}, {kind}")
    unseen = (set(run.receipts) - promises.receipts) | (set(run.lots) - promises.lots)
    if unseen or not promises.labels:
        raise NotJudged(f"not all that was promised was seen: {sorted(unseen)}, {promises.labels} labels")
    return verdict


def _check_model(run: Traced) -> None:
    """Compare what the model says that the run left with what it left."""
    disk = Disk(str(run.folder))
    for step in run.steps:
        disk.take(step)
    model = disk.after_cut("everything", random.Random(0))  # noqa: S311 - not for secrets
    files = [path for path in run.folder.glob("kiosk.db*") if not path.name.endswith("-shm")]
    real = {path.name: path.read_bytes() for path in files}
    differ = sorted(name for name in real if model.get(name) != real[name])
    if differ or not real:
        raise NotJudged(f"the model does not reproduce {differ or 'anything'}")


def _follow(step: Step, disk: Disk, promises: Promises, run: Traced) -> None:
    if isinstance(step.operation, Said):
        promises.hear(step.operation.data, run)
    else:
        disk.take(step)


def _lay_out(image: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(image, ignore_errors=True)
    image.mkdir()
    for name, content in files.items():
        (image / name).write_bytes(content)


def _faults(image: Path, promises: Promises) -> list[str]:
    """Read what is there, as SQLite recovers it, and compare it with what was promised."""
    if not (image / "kiosk.db").exists():
        return ["lost: the whole journal"] if promises.receipts else []
    try:
        with closing(sqlite3.connect(image / "kiosk.db")) as connection:
            return _broken_promises(connection, promises)
    except sqlite3.DatabaseError as error:
        return [f"unreadable: {error}"]


def _broken_promises(connection: sqlite3.Connection, promises: Promises) -> list[str]:
    if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        return ["corrupt: integrity_check"]
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit'").fetchone():
        return ["lost: all tables"] if promises.receipts else []
    tables = ("scans", "presses", "print_jobs")
    rows = (connection.execute(f"SELECT id FROM {name}") for name in tables)  # noqa: S608 - our own names
    kept = {row[0] for found in rows for row in found}
    faults = []
    if lost := promises.receipts - kept:
        faults.append(f"lost: {len(lost)} of {len(promises.receipts)} that were acknowledged")
    sent = connection.execute("SELECT arguments FROM operations WHERE attempts > 0").fetchall()
    if unwritten := [lot for lot in promises.lots if not any(f'"{lot}"' in row[0] for row in sent)]:
        faults.append(f"unwritten: {unwritten} went to ION without a word in the journal")
    query = "SELECT count(*) FROM print_jobs WHERE state <> 'queued'"
    if connection.execute(query).fetchone()[0] < promises.labels:
        faults.append("unwritten: a label went to the printer without a word in the journal")
    return faults


def _faults_of_a_start(image: Path) -> list[str]:
    try:
        with closing(opened(image, ids="after")) as journal:
            journal.recover()
            broken = journal.first_break()
    except KioskError as error:
        return [f"refused: {error}"]
    return [] if broken is None else [f"audit: broken at {broken}"]
