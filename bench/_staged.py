"""A kiosk that notes when a scan reached each stage of its way: ``python -m bench._staged serve ...``.

The clock is the kernel's monotonic one, which all processes of a machine share: the moments fit between those
of the process that scans and listens. What is wrapped does what it did, and takes some microseconds longer.
"""

import atexit
import json
import os
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from kiosk.cli import main
from kiosk.decision import Judge
from kiosk.scanners.link import DescriptorLink
from kiosk.station import Station
from kiosk.web.changes import Subscription
from kiosk.web.screens import Screens

FILE = "KIOSK_BENCH_STAGES"
"""The environment variable that names where the moments are written at the end."""

STAGES = {
    "received": "the scanner's thread reads it from the device",
    "taken": "its station's thread has it",
    "read": "it is decoded, and its subject remembered",
    "decided": "the flow has answered",
    "written": "the transaction is filled",
    "committed": "the commit, with its fdatasync",
    "woken": "the page's thread knows",
    "viewed": "what the screen shows is read",
    "drawn": "the screen is drawn",
}
"""The stages in their order, and what ends each."""
_SENT = "it is written to the socket, and read by the client"

_moments: list[tuple[float, str]] = []


def _note(stage: str) -> None:
    _moments.append((time.perf_counter(), stage))


def _wrap(owner: type[Any], name: str, *, before: str = "", after: str = "") -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def noting(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - stands for any method
        if before:
            _note(before)
        found = inner(*args, **named)
        # A device or a page that heard nothing within its time has reached no stage.
        if after and (found or found is None):
            _note(after)
        return found

    setattr(owner, name, noting)


def stages_ms(path: Path, scans: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
    """Return how long each stage took, by what ended it.

    Args:
        path: what the kiosk wrote.
        scans: when the last byte of each scan was sent, and when its screen had been read.
    """
    moments = [(float(at), str(stage)) for at, stage in json.loads(path.read_text(encoding="ascii"))]
    found: dict[str, list[float]] = {words: [] for words in (*STAGES.values(), _SENT)}
    for sent, read in scans:
        reached = [sent]
        for stage in STAGES:
            later = [at for at, name in moments if name == stage and reached[-1] <= at <= read]
            if not later:
                break
            reached.append(min(later))
        else:
            for words, (begin, end) in zip(found, pairwise([*reached, read]), strict=True):
                found[words].append((end - begin) * 1000)
    return found


def _write() -> None:
    Path(os.environ[FILE]).write_text(json.dumps(_moments), encoding="ascii")


def _main() -> None:
    _wrap(DescriptorLink, "receive", after="received")
    _wrap(Station, "_take", before="taken")
    _wrap(Judge, "decided", before="read", after="decided")
    _wrap(DefaultDialect, "do_commit", before="written", after="committed")
    _wrap(Subscription, "wait", after="woken")
    _wrap(Station, "view", after="viewed")
    _wrap(Screens, "fragment", after="drawn")
    atexit.register(_write)
    main()


if __name__ == "__main__":
    _main()
