"""A simulated ION behind the proxy, and kiosks' deliveries that work on it in a time of their own."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from kiosk.delivery import Delivery
from kiosk.ion import Ion
from kiosk.journal import Entry, Journal, open_journal
from kiosk.model import Json, Operation, OperationState, Submit
from kiosk.ports import IonWriter
from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests import plain_http
from tests.fakes import Clock, FakeFiles, FakeLabels, counted_ids
from tests.faults.proxy import FaultProxy
from tests.ion.factory import know, settings_for
from tests.journal.opened import fresh, session

ENDED = frozenset({OperationState.DONE, OperationState.PARKED, OperationState.REJECTED})
PHOTO = b"\xff\xd8\xff\xe0 a photo of a scratch \x00\xff" * 40
_STEP_S = 3.0
_GIVEN_UP_AFTER_S = 3600.0


@dataclass(slots=True)
class Site:
    """One ION, its proxy and the time that both sides share."""

    server: IonServer
    proxy: FaultProxy
    clock: Clock
    gateways: list[Ion] = field(default_factory=list)

    def reset(self, **switches: Any) -> None:  # noqa: ANN401  as Switches
        """Begin anew: the seed's data, its switches but for these, and nothing that goes wrong."""
        self.proxy.clear()
        plain_http.request("DELETE", f"{self.server.base_url}/faults").raise_for_status()
        plain_http.post(f"{self.server.base_url}/reset", json={"switches": switches}).raise_for_status()
        now = asdict(self.server.ion.switches)
        assert {name: now[name] for name in switches} == switches
        for ion in self.gateways:
            # Here an etag comes back that was changed since, and what was made.
            ion._memory.superseded.clear()
            ion._memory.made.clear()

    def fault(self, **fault: Json) -> None:
        """Let something go wrong in ION itself."""
        plain_http.post(f"{self.server.base_url}/faults", json=fault).raise_for_status()

    def ledger(self) -> list[str]:
        """Return the mutations that had an effect, in order."""
        with self.server.ion.lock:
            return [effect.operation for effect in self.server.ion.world.ledger]

    def gateway(self, *, transport: httpx.BaseTransport | None = None, **changes: object) -> Ion:
        """Return a kiosk's way to this ION; the caller closes it."""
        token_path = self.server.token_url.removeprefix(self.server.base_url)
        settings = settings_for(
            self.proxy.base_url,
            **{
                "token_url": self.proxy.base_url + token_path,
                "read_timeout_s": 2.0,
                "write_timeout_s": 1.0,
                "upload_timeout_s": 2.0,
                "works_alone": True,
                **changes,
            },
        )
        files = FakeFiles()
        files.keep(PHOTO)
        ion = Ion(settings, files=files, transport=transport, monotonic_s=self.clock.monotonic_s)
        know(ion, self.server.ion.dialect)
        self.gateways.append(ion)
        return ion


@contextmanager
def site(dialect: Dialect, seed: int = 0) -> Iterator[Site]:
    """Run an ION of this dialect behind a proxy."""
    clock = Clock()
    with (
        IonServer(seed_world(World(clock=clock.now)), dialect=dialect) as server,
        FaultProxy(server.port, seed) as proxy,
    ):
        yield Site(server, proxy, clock)


@dataclass(slots=True)
class Kiosk:
    """A journal and the delivery that empties it."""

    journal: Journal
    ion: IonWriter
    clock: Clock
    delivery: Delivery = field(init=False)
    told: list[Operation] = field(default_factory=list)
    lag_s: float = 6.0
    jitter: float = 0.5
    """Between 0 and 1 in a kiosk: it makes its pauses longer."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Hire the delivery."""
        self.delivery = Delivery(
            self.journal,
            self.ion,
            FakeLabels(printer=""),
            self.told.append,
            lambda seconds: self.clock.sleep(max(seconds, _STEP_S)),
            self.clock.monotonic_s,
            lambda: self.jitter,
            lag_s=self.lag_s,
        )

    def queue(self, operation: str, arguments: Mapping[str, Json], subject: str = "") -> str:
        """Queue a change and return its key."""
        number = next(self._numbers)
        submit = Submit(operation, subject or f"subject/{number}", f"about/{number}", arguments)
        key = f"key-{number}"
        self.journal.book.commit(Entry(session(), submits=[(key, submit)]))
        return key

    def step(self) -> None:
        """Move one operation on, or wait a moment."""
        self.delivery.step()

    def run(self, each: Callable[[], object] = lambda: None) -> None:
        """Work until nothing is on its way any more.

        Args:
            each: called before every step.
        """
        moved_s, settled = self.clock.passed_s, len(self.told)
        while self.journal.outbox.counts()[0]:
            if len(self.told) > settled:
                moved_s, settled = self.clock.passed_s, len(self.told)
            if self.clock.passed_s > moved_s + _GIVEN_UP_AFTER_S:
                raise AssertionError(f"nothing settled for an hour: {self.journal.outbox.listed()}")
            each()
            self.step()

    def found(self, key: str) -> Operation:
        """Return an operation as it is now."""
        return next(each for each in self.journal.outbox.listed(limit=1_000_000) if each.key == key)


@contextmanager
def kiosk(folder: Path, ion: IonWriter, clock: Clock, name: str = "a", **more: Any) -> Iterator[Kiosk]:  # noqa: ANN401
    """Open a kiosk's journal and work on it.

    Args:
        folder: where the journal is.
        ion: the way to ION.
        clock: the time.
        name: one letter, in which its ids begin: ids of two kiosks differ.
        more: further fields of ``Kiosk``.
    """
    path = folder / f"{name}.db"
    if not path.exists():
        path.write_bytes(fresh())
    opened = open_journal(f"sqlite:///{path}", clock=clock.now, ids=counted_ids(name), boot="boot-1")
    with closing(opened) as journal:
        yield Kiosk(journal, ion, clock, **more)
