"""A kiosk without its journal: it takes nothing, and every screen says why.

A damaged journal waits for a technician's decision, one that cannot be opened for its disk.
"""

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType

from kiosk import __version__
from kiosk.address import allowed_hosts, is_for_any_address
from kiosk.compose import opened_journal, utc_now
from kiosk.errors import JournalDamaged, JournalError, JournalUnopened, SettingsError
from kiosk.journal import noted_damage, set_aside, sole_use
from kiosk.service_notice import ServiceNotice
from kiosk.settings import Settings
from kiosk.web import WebServer, create_standstill_app, serve

_LOG = logging.getLogger(__name__)
_LOOK_S = 1.0
_ALIVE_S = 0.2


def stand_still(settings: Settings, error: JournalDamaged, ready: Callable[[int], None]) -> bool:
    """Set the damaged journal aside and show that, until a new one is begun or SIGTERM or SIGINT comes.

    Where the disk lets nothing be set aside, that is shown until it does; the next start finds the damage.

    Args:
        settings: the kiosk's.
        error: what opening the journal said.
        ready: told the page's port, once it is served.

    Returns:
        Whether a technician has begun a new journal, or the disk has come back, and the kiosk can start.

    Raises:
        JournalError: the files cannot be set aside.
        SettingsError: the page cannot be served.
    """
    url = settings.journal.url
    try:
        with sole_use(url):
            damage = set_aside(url, error.found, utc_now())
    except JournalUnopened as unopened:
        # A card that damages files often goes read-only too.
        return stand_by(settings, unopened, ready)
    return _shown(settings, damage.words, ready, lambda: noted_damage(url) is None)


def stand_by(settings: Settings, error: JournalUnopened, ready: Callable[[int], None]) -> bool:
    """Show that the journal cannot be opened, until it can or SIGTERM or SIGINT comes.

    Args:
        settings: the kiosk's.
        error: what opening the journal said.
        ready: told the page's port, once it is served.

    Returns:
        Whether it can be opened now, and the kiosk can start.

    Raises:
        SettingsError: the page cannot be served.
    """
    return _shown(settings, str(error), ready, lambda: _is_there(settings))


def _is_there(settings: Settings) -> bool:
    """Return whether there is anything new for a start to find, be it damage."""
    try:
        with sole_use(settings.journal.url), opened_journal(settings):
            return True
    except JournalUnopened:
        return False
    except JournalError:
        return True


def _shown(settings: Settings, words: str, ready: Callable[[int], None], is_over: Callable[[], bool]) -> bool:
    """Serve the page; return whether it is over, and not that the kiosk is told to stop."""
    _LOG.critical("%s", words)
    told = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    manager = ServiceNotice(os.environ)
    with contextlib.closing(_Page(settings, words)) as page:
        ready(page.server.port)
        manager.ready()
        if looked_until_over(is_over, told, manager.alive):
            return True
        manager.stopping()
    return False


def looked_until_over(is_over: Callable[[], bool], told: threading.Event, alive: Callable[[], None]) -> bool:
    """Look again and again until it is over, and say meanwhile that the service is alive.

    One look opens the journal, which checks it: on a worn card, for longer than the watchdog is patient.

    Args:
        is_over: looks; its errors are raised here.
        told: set when the kiosk is told to stop; a look that is on its way is left to itself then.
        alive: feeds the watchdog.

    Returns:
        Whether it is over, and not that the kiosk is told to stop.
    """
    over: Future[None] = Future()

    def look() -> None:
        try:
            while not is_over() and not told.wait(_LOOK_S):
                pass
        except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
            over.set_exception(error)
        else:
            over.set_result(None)

    threading.Thread(target=look, name="standstill", daemon=True).start()
    while not told.wait(_ALIVE_S):
        if over.done():
            over.result()
            return True
        alive()
    return False


class _Page:
    """The page while it is served."""

    def __init__(self, settings: Settings, words: str) -> None:
        web = settings.web
        app = create_standstill_app(
            words,
            version=__version__,
            allowed_hosts=allowed_hosts(web),
            is_any_address_allowed=is_for_any_address(web),
            languages=settings.languages,
            otherwise=web.language,
            hours=web.clock,
        )
        try:
            self.server: WebServer = serve(app, web.host, web.port)
        except OSError as error:
            raise SettingsError(f"web: cannot serve on {web.host} port {web.port}: {error}") from error

    def close(self) -> None:
        """Stop serving."""
        self.server.stop()
