"""The real service is killed at one call of one of its threads, starts again, and is asked what it did."""

import contextlib
import itertools
import logging
import random
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.end_to_end.floor import Plant, wait_for
from tests.faults.kill_flows import LABEL, Job, done, jobs, made_ready

_LOG = logging.getLogger(__name__)
_TOLD_EVERY = 10
_MOST_MISSED = 10
"""Beyond as many as were wanted: a thread that makes fewer calls the second time is no reason to go on."""
TABLES = ("operations", "print_jobs")
_MOST_ON_ONE_ORDER = 8
"""Receipts before ION's order line would be full, and the screen would ask."""
CALLS = ("pwrite64", "fdatasync", "write", "ftruncate", "sendto", "recvfrom", "connect")
KILLED = "signal=SIGKILL"
REFUSALS = (
    ("pwrite64", "error=EIO"),
    ("pwrite64", "error=ENOSPC"),
    ("fdatasync", "error=EIO"),
    ("socket", "error=EMFILE"),
    ("accept4", "error=EMFILE"),
)
"""Calls that the system refuses once: a bad sector, a full disk, no more files for a line out or in."""
REFUSED_CALLS = tuple(dict.fromkeys(call for call, _ in REFUSALS))


@dataclass(frozen=True, slots=True)
class Point:
    """Where to strike."""

    job: int
    thread: int | None
    """Which of the service's threads, in the order in which they were started; ``None``: each of them."""
    call: str
    number: int
    """At the thread's first, second ... such call since the job began."""


@dataclass
class Tally:
    """What came of all the strikes."""

    struck: Counter[str] = field(default_factory=Counter)
    """Per job."""
    missed: int = 0
    """The thread made fewer such calls this time."""
    parked: int = 0
    """A person is asked, since what ION did cannot be proved."""
    unfinished: int = 0
    """All was acknowledged, and the screen wanted more before it would commit the job."""
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what came of others."""
        self.struck += other.struck
        self.missed += other.missed
        self.parked += other.parked
        self.unfinished += other.unfinished
        self.faults += other.faults


class Service:
    """The service, started as often as it is killed."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._jobs = 0

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        self._plant.serve(has_gun=False)
        # Before that a screen does not know what this ION offers.
        wait_for(lambda: self._plant.view()["ion"]["is_ready"], "ION's lamp")

    @property
    def pid(self) -> int:
        """Return its process."""
        return self._plant.processes[-1].pid

    def new_job(self, index: int) -> Job:
        """Return a job under names that were never used, with ION as it needs it; nothing is on its way."""
        self._jobs += 1
        job = jobs(self._jobs)[index]
        if job.prepare or self._jobs % _MOST_ON_ONE_ORDER == 0:
            self._plant.client.post(f"{self._plant.ion.base_url}/reset").raise_for_status()
        return job

    def answers(self) -> bool:
        """Return whether it answers, which it does as long as it lives."""
        try:
            self._plant.view()
        except httpx.HTTPError:
            return False
        return True

    @property
    def is_alive(self) -> bool:
        """Return whether it runs."""
        return self._plant.processes[-1].poll() is None

    def ended(self) -> int:
        """Wait until it has ended, and return minus the signal."""
        return self._plant.processes[-1].wait(20)

    def threads(self) -> list[int]:
        """Return its threads in the order in which they were started."""
        threads = [int(path.name) for path in Path(f"/proc/{self.pid}/task").iterdir()]
        # After the highest number the kernel goes on with low ones.
        most = int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii"))
        return sorted(threads, key=lambda thread: (thread - self.pid) % most)


def find_points(plant: Plant, service: Service, folder: Path, calls: tuple[str, ...] = CALLS) -> list[Point]:
    """Do each job once, and return every one of these calls, at which it could be struck."""
    points = []
    for index in range(len(jobs(0))):
        found = _profile(plant, service, folder, index, calls)
        counts = Counter((thread, call) for thread, call, _ in found)
        points += [
            Point(index, thread, call, number)
            for (thread, call), most in sorted(counts.items())
            for number in range(1, most + 1)
        ]
    return points


def first_sync_of_a_label() -> Point:
    """Return the point at which a label that is asked for is put on disk, by whichever thread."""
    return Point([job.name for job in jobs(0)].index(LABEL), None, "fdatasync", 1)


def point_after_sending(plant: Plant, service: Service, folder: Path) -> Point:
    """Return the point at which a label has gone to the printer and its journal does not know yet.

    It is where the printer's answer is read: a commit takes as many calls as pages have changed, and that
    differs from one label to the next.
    """
    index = [job.name for job in jobs(0)].index(LABEL)
    # The first label finds the connection on which the printer was asked how it is, and makes a call more.
    _profile(plant, service, folder, index)
    calls = _profile(plant, service, folder, index)
    (label,) = (number for number, (_, call, text) in enumerate(calls) if call == "sendto" and "^XA" in text)
    thread = calls[label][0]
    before = [call for one, call, _ in calls[:label] if one == thread]
    return Point(index, thread, "recvfrom", before.count("recvfrom") + 1)


def _profile(
    plant: Plant, service: Service, folder: Path, index: int, traced: tuple[str, ...] = CALLS
) -> list[tuple[int, str, str]]:
    """Do a job, and return the calls of every thread in their order, each with the beginning of its words."""
    job = service.new_job(index)
    made_ready(plant, job)
    threads = service.threads()
    trace = folder / f"profile-{index}"
    with _attached(["-f", "-p", str(service.pid), "-o", str(trace)], f"trace={','.join(traced)}"):
        done(plant, job)
        settle(plant)
    return [
        (threads.index(int(thread)), call, words)
        for thread, call, words in _lines(trace)
        if int(thread) in threads and call in traced
    ]


def strike(
    places: Sequence[tuple[Plant, Service]],
    points: list[Point],
    most: int,
    *,
    fault: str = KILLED,
    seed: int = 7,
) -> Tally:
    """Strike the service at so many of the points, each job in its turn, and judge each time what was done.

    Args:
        places: services at work and what stands around each; all at the same time, since most of the time one
            waits for what it does not know.
        points: where a service can be struck.
        most: how many strikes.
        fault: what happens there, in strace's words; the service lives on unless it is killed.
        seed: of which points are taken.
    """
    chosen = _in_turn(random.Random(seed).sample(points, len(points)))  # noqa: S311 - not for secrets
    count = len(places)
    shares = [most // count + (index < most % count) for index in range(count)]
    with ThreadPoolExecutor(count) as pool:
        under_way = [
            pool.submit(_strike_at, plant, service, chosen[index::count], share, fault)
            for index, ((plant, service), share) in enumerate(zip(places, shares, strict=True))
        ]
    tally = Tally()
    for one in under_way:
        tally.add(one.result())
    return tally


def _strike_at(plant: Plant, service: Service, chosen: list[Point], most: int, fault: str) -> Tally:
    tally = Tally()
    for number, point in enumerate(itertools.cycle(chosen), 1):
        if tally.struck.total() >= most or tally.missed > most + _MOST_MISSED:
            break
        job = service.new_job(point.job)
        made_ready(plant, job)
        first = _newest(plant)
        acknowledged, is_struck = _struck(plant, service, point, job, fault)
        if is_struck:
            tally.struck[job.name] += 1
        else:
            tally.missed += 1
        settle(plant)
        tally.add(_judged(plant, point, job, acknowledged, first))
        if number % _TOLD_EVERY == 0:
            _LOG.info("%d points: %s", number, tally)
    return tally


def _judged(plant: Plant, point: Point, job: Job, acknowledged: str | None, first: tuple[int, int]) -> Tally:
    """Compare what was acknowledged with what ION's ledger and the paper say."""
    tally = Tally()
    query = "SELECT count(*) FROM print_jobs WHERE seq > ? AND state IN ('sent', 'confirmed')"
    ((sent,),) = _asked(plant, query, first[1])
    wait_for(lambda: len(plant.printer.jobs) >= sent, "all labels that are called sent to come out")
    is_asked = _is_asked(plant, job, first)
    tally.parked += is_asked
    count, is_wanted = job.count(plant), _is_wanted(plant, job, first)
    # A scan and the change it leads to are one transaction: what is there without the other led to none.
    tally.unfinished += acknowledged is not None and not is_wanted
    if acknowledged is not None and not _is_kept(plant, acknowledged):
        tally.faults.append(f"{point}: {job.name} was acknowledged and is gone")
    if count > 1 or (acknowledged is not None and is_wanted and not is_asked and count == 0):
        tally.faults.append(f"{point}: {job.name} was done {count} times, {acknowledged=}")
    twice = [code for code, copies in Counter(plant.printer.codes()).items() if copies > 1]
    if twice:
        tally.faults.append(f"{point}: printed twice: {twice}")
    return tally


def _in_turn(points: list[Point]) -> list[Point]:
    """Return them so that each job has its turn before one has its second."""
    turns: Counter[int] = Counter()
    ordered: list[tuple[int, int, Point]] = []
    for number, point in enumerate(points):
        turns[point.job] += 1
        ordered.append((turns[point.job], number, point))
    return [point for _, _, point in sorted(ordered, key=lambda one: one[:2])]


def settle(plant: Plant) -> None:
    """Wait until ION has everything and the printer too, or a person is asked."""
    wait_for(lambda: not _is_busy(plant), "the outbox to be empty", timeout_s=90)


def _struck(plant: Plant, service: Service, point: Point, job: Job, fault: str) -> tuple[str | None, bool]:
    """Do the job, with the strike in it; return the acknowledgement's id, and whether the strike came."""
    thread = service.pid if point.thread is None else service.threads()[point.thread]
    whom = ["-f"] if point.thread is None else []
    strike_at = f"inject={point.call}:{fault}:when={point.number}"
    told = plant.folder / "strike"
    acknowledged: str | None = None
    with _attached([*whom, "-p", str(thread), "-o", str(told)], f"trace={point.call}", strike_at):
        with contextlib.suppress(httpx.HTTPError):
            acknowledged = done(plant, job)
        wait_for(lambda: not service.is_alive or not _is_busy(plant), "the job to end", timeout_s=90)
    # The strike may have come in the very last moment, when its end is not told yet.
    if service.answers():
        return acknowledged, "(INJECTED)" in told.read_text(encoding="ascii", errors="replace")
    assert service.ended() == -signal.SIGKILL
    service.start()
    return acknowledged, True


@contextlib.contextmanager
def _attached(whom: list[str], *expressions: str) -> Iterator[None]:
    """Hold strace to a running process, or to one of its threads."""
    options = [word for expression in expressions for word in ("-e", expression)]
    with subprocess.Popen(
        ["strace", *whom, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as strace:
        assert strace.stderr is not None
        line = strace.stderr.readline()
        assert "attached" in line, line
        try:
            yield
        finally:
            strace.send_signal(signal.SIGINT)
            strace.communicate(timeout=20)


def _lines(trace: Path) -> Iterator[tuple[str, str, str]]:
    """Yield thread, call and arguments of every line that begins a call."""
    for line in trace.read_text(encoding="ascii", errors="replace").splitlines():
        thread, _, rest = line.partition(" ")
        if not rest.lstrip().startswith("<..."):
            call, _, words = rest.strip().partition("(")
            yield thread, call, words


def _is_busy(plant: Plant) -> bool:
    query = (
        "SELECT (SELECT count(*) FROM operations WHERE state IN ('queued', 'in_flight', 'unknown'))"
        " + (SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending'))"
        " + (SELECT count(*) FROM scans WHERE state = 'waiting')"
    )
    return bool(_asked(plant, query)[0][0])


def _newest(plant: Plant) -> tuple[int, int]:
    newest = [f"(SELECT coalesce(max(seq), 0) FROM {table})" for table in TABLES]  # noqa: S608
    ((operation, job),) = _asked(plant, f"SELECT {', '.join(newest)}")
    return operation, job


def _is_wanted(plant: Plant, job: Job, first: tuple[int, int]) -> bool:
    """Return whether the job came to be in the journal."""
    table, newest = ("print_jobs", first[1]) if job.name == LABEL else ("operations", first[0])
    return bool(_asked(plant, f"SELECT count(*) FROM {table} WHERE seq > ?", newest)[0][0])  # noqa: S608


def _is_kept(plant: Plant, id_: str) -> bool:
    """Return whether what was acknowledged is in the journal."""
    query = "SELECT count(*) FROM (SELECT id FROM scans UNION SELECT id FROM print_jobs) WHERE id = ?"
    return bool(_asked(plant, query, id_)[0][0])


def _is_asked(plant: Plant, job: Job, first: tuple[int, int]) -> bool:
    """Return whether a person has to say what became of it."""
    if job.name == LABEL:
        query, newest = "SELECT count(*) FROM print_jobs WHERE seq > ? AND state = 'unknown'", first[1]
    else:
        query, newest = "SELECT count(*) FROM operations WHERE seq > ? AND state = 'parked'", first[0]
    return bool(_asked(plant, query, newest)[0][0])


def _asked(plant: Plant, query: str, *values: int | str) -> list[tuple[int, ...]]:
    with contextlib.closing(sqlite3.connect(plant.folder / "kiosk.db")) as journal:
        return journal.execute(query, values).fetchall()
