"""Many receipts through random faults, by the kiosk and by a client that tries each request three times."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from pathlib import Path

import httpx

from kiosk.model import Json, OperationState
from kiosk.simulator.schema import Dialect
from tests import plain_http
from tests.faults.proxy import Action, Rule
from tests.faults.site import Site, kiosk, site

__all__ = ["Reads", "Tally", "received_by_kiosk", "received_by_quickstart"]

_CHANCES: Mapping[Action, tuple[float, dict[str, object]]] = {
    Action.CLOSE: (0.01, {}),
    Action.RESET_REQUEST: (0.01, {"after_bytes": 300}),
    Action.RESET_ANSWER: (0.02, {"after_bytes": 0}),
    Action.TRUNCATE: (0.01, {}),
    Action.STATUS_BEFORE: (0.02, {"status": 503}),
    Action.STATUS_AFTER: (0.02, {"status": 502}),
    Action.PORTAL: (0.01, {}),
    Action.ERRORS: (0.005, {}),
}
"""How often a request meets what; a tenth and a bit in all."""
_MUTATIONS: Mapping[Dialect, tuple[str, ...]] = {
    "classic": ("createReceipt", "addItemsToReceipt"),
    "documented-2026": ("receivePurchaseOrderLine",),
    "both": ("createReceipt", "addItemsToReceipt"),
}
_TRIES = 3
_IN_ONE_ION = 250
"""Receipts after which a new ION is filled: of a part the documented dialect shows every row there is, so
that each receipt takes longer than the last, and nothing else changes."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a number of receipts, by ION's own account."""

    receipts: int
    faults: int
    done: int
    parked: int
    rejected: int
    duplicates: int
    """Lots that ION has more of than came."""
    lost: int
    """Acknowledged, and ION has less of than came."""
    seconds: float

    @property
    def per_thousand(self) -> float:
        """Return the duplicates of a thousand receipts."""
        return 1000 * self.duplicates / self.receipts


@dataclass(frozen=True, slots=True)
class Reads:
    """How ION's reads are, and what the kiosk takes them for."""

    lag_s: float = 0.0
    is_believed: bool = False
    """Whether what they do not show is sent again at once: the protection is taken away."""


PROMPT = Reads()


def received_by_kiosk(
    folder: Path, dialect: Dialect, receipts: int, seed: int, reads: Reads = PROMPT
) -> Tally:
    """Deliver receipts, each few hundred from a journal of their own with a seed of their own."""
    tallies = [
        _delivered(
            folder / f"from-{first}", dialect, min(_IN_ONE_ION, receipts - first), seed + number, reads
        )
        for number, first in enumerate(range(0, receipts, _IN_ONE_ION))
    ]
    return Tally(*(sum(each) for each in zip(*map(astuple, tallies), strict=True)))


def _delivered(folder: Path, dialect: Dialect, receipts: int, seed: int, reads: Reads) -> Tally:
    folder.mkdir()
    started = time.perf_counter()
    with _opened(dialect, seed, reads.lag_s) as place:
        ion = place.gateway(write_timeout_s=5.0, request_life_s=0.0 if reads.is_believed else 120.0)
        with kiosk(folder, ion, place.clock) as at:
            if reads.is_believed:
                at.delivery.lag_s = 0.0
            keys = {}
            for number in range(receipts):
                arguments = _arguments(number, received=number)
                # Behind what waits for a person nothing is sent of the same, and the control parks much.
                subject = f"lot/{number}" if reads.is_believed else "order-line/7002"
                keys[at.queue("receive", arguments, subject=subject)] = str(arguments["lot"])
            at.run()
            ends = {keys[each.key]: each.state for each in at.journal.outbox.listed(limit=receipts)}
        ion.close()
        return _tally(place, receipts, ends, started)


def received_by_quickstart(dialect: Dialect, receipts: int, seed: int) -> Tally:
    """Receive as the vendor's Python quickstart does: each request up to three times, mutations too.

    It tries again on every ``httpx.HTTPError``, a status of 400 and more among them; its pauses of 1 to 10 s
    are left out.
    """
    started = time.perf_counter()
    ends: dict[str, OperationState] = {}
    with (
        _opened(dialect, seed) as place,
        plain_http.Client(base_url=place.proxy.base_url, timeout=5) as client,
    ):
        path = place.server.token_url.removeprefix(place.server.base_url)
        form = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
        token = client.post(path, data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for number in range(receipts):
            lot = str(_arguments(number, 0)["lot"])
            ends[lot] = OperationState.REJECTED
            for _ in range(_TRIES):
                try:
                    answer = client.post("/graphql", json=_mutation(lot))
                    answer.raise_for_status()
                    if "errors" not in answer.json():
                        ends[lot] = OperationState.DONE
                except httpx.HTTPError:
                    continue
                except ValueError:
                    pass  # no JSON: not an httpx.HTTPError, so not tried again
                break
        return _tally(place, receipts, ends, started)


def _mutation(lot: str) -> dict[str, object]:
    query = (
        "mutation Receive($lot: String!) { receivePurchaseOrderLine(input: { purchaseOrderLineItemId: 7002, "
        "quantityReceived: 1, lotNumber: $lot, locationId: 4 }) { purchaseOrderLineItem { id } } }"
    )
    return {"query": query, "variables": {"lot": lot}}


def _arguments(number: int, received: int) -> dict[str, Json]:
    return {
        "order_id": "5001",
        "line_id": "7002",
        "part_id": "107",
        "quantity": "1",
        "lot": f"LOT-{number:06}",
        "serials": [],
        "location_id": "4",
        "received_before": str(received),
    }


@contextmanager
def _opened(dialect: Dialect, seed: int, read_lag_s: float = 0.0) -> Iterator[Site]:
    """Run an ION whose order is large enough, behind a proxy with its faults; no token ever expires."""
    with site(dialect, seed) as place:
        place.reset(token_lifetime_s=1e7, read_lag_s=read_lag_s)
        lines = place.server.ion.world.purchase_order_lines
        lines.put(replace(lines[7002], quantity=Decimal(10_000_000)))
        place.proxy.add(
            *(
                Rule(action=action, operation=mutation, probability=chance, is_once=False, **more)  # type: ignore[arg-type]
                for mutation in _MUTATIONS[dialect]
                for action, (chance, more) in _CHANCES.items()
            )
        )
        yield place


def _tally(place: Site, receipts: int, ends: Mapping[str, OperationState], started: float) -> Tally:
    stock: Counter[str] = Counter()
    for row in place.server.ion.world.part_inventories:
        if row.lot_number is not None and row.lot_number in ends:
            stock[row.lot_number] += int(row.quantity)
    states = Counter(ends.values())
    return Tally(
        receipts=receipts,
        faults=sum(entry["action"] not in {"PASS", "RELEASED"} for entry in place.proxy.log),
        done=states[OperationState.DONE],
        parked=states[OperationState.PARKED],
        rejected=states[OperationState.REJECTED],
        duplicates=sum(stock[lot] > 1 for lot in ends),
        lost=sum(state is OperationState.DONE and stock[lot] == 0 for lot, state in ends.items()),
        seconds=time.perf_counter() - started,
    )
