"""A kiosk at work: every thread and the page, from ready to told to stop."""

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

from kiosk.compose import Demo, Kiosk
from kiosk.errors import SettingsError
from kiosk.footprint import give_back
from kiosk.housekeeping import Housekeeping
from kiosk.service_notice import ServiceNotice
from kiosk.settings_desk import SettingsDesk
from kiosk.supervisor import Supervisor
from kiosk.web import WebServer, create_app, serve

__all__ = ["run_until_told", "running", "watch"]

_WATCHDOG_S = 5.0
_TURN_S = 0.0005
"""After which a busy thread lets another one run. A scan passes through four threads before it is on the
screen; with Python's own 5 ms it may wait that long for each of them."""


@contextlib.contextmanager
def running(kiosk: Kiosk, demo: Demo | None = None, *, source: Path | None = None) -> Iterator[WebServer]:
    """Start every thread and the page; leaving it stops them, what is under way is finished first."""
    app = create_app(replace(kiosk.rooms(demo), settings=SettingsDesk(kiosk.settings, source)))
    web = kiosk.settings.web
    try:
        server = serve(app, web.host, web.port, remote_port=web.remote_port)
    except OSError as error:
        further = f", or 127.0.0.1 port {web.remote_port}" if web.remote_port else ""
        raise SettingsError(f"web: cannot serve on {web.host} port {web.port}{further}: {error}") from error
    try:
        kiosk.supervisor.start()
        yield server
    finally:
        kiosk.changes.stop()
        server.stop()
        for desk in kiosk.desks.values():
            desk.wake()
        kiosk.supervisor.stop()


def run_until_told(
    kiosk: Kiosk,
    ready: Callable[[int], None],
    demo: Demo | None = None,
    *,
    source: Path | None = None,
) -> None:
    """Run a kiosk until SIGTERM or SIGINT.

    Args:
        kiosk: put together.
        ready: told the page's port, once it is served.
        demo: what the demo adds.
        source: the file that the settings were read from, ``None`` where they were read from none.

    Raises:
        JournalDamaged: its file was found damaged, and nobody told the kiosk to stop meanwhile.
    """
    manager = ServiceNotice(os.environ)
    told = threading.Event()
    sys.setswitchinterval(_TURN_S)

    def end(_number: int, _frame: FrameType | None) -> None:
        told.set()
        kiosk.supervisor.tell_to_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with running(kiosk, demo, source=source) as server:
        # What is there now stays to the end: no later collection has to walk over it while a scan waits.
        gc.freeze()
        ready(server.port)
        manager.ready()
        memory = Housekeeping(give_back, lambda _seconds: None)
        watch(kiosk.supervisor, manager, lambda: kiosk.journal.damage is not None, memory.step)
        if kiosk.journal.damage is None or told.is_set():
            manager.stopping()
    # Who is told to stop stops: the file has no mark of an end in order, and the next start checks it.
    if kiosk.journal.damage is not None and not told.is_set():
        # The page that says so is served next, by the same service.
        raise kiosk.journal.damage


def watch(
    supervisor: Supervisor,
    manager: ServiceNotice,
    is_to_end: Callable[[], bool] = lambda: False,
    chore: Callable[[], object] = lambda: None,
) -> None:
    """Look after the threads until told to stop: a hung one stops the pings, one that is gone comes back.

    Args:
        supervisor: has the threads.
        manager: hears that all is well.
        is_to_end: asked at each look; true where there is another reason to stop.
        chore: done at each look; it must take no time to speak of.
    """
    while not is_to_end() and not supervisor.wait(_WATCHDOG_S):
        supervisor.revive()
        if "hung" not in supervisor.health().values():
            manager.alive()
        chore()
