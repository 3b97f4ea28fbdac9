"""Every change that flows send, under every fault: one effect by ION's own ledger, or a person is asked.

``KIOSK_FAULT_CELLS`` says how many cells of each matrix are tried, ``all`` for all; which of them, follows
from ``KIOSK_FAULT_SEED``.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from kiosk.model import Json, Operation, OperationState, Operator
from kiosk.ports import Absent, Finding
from kiosk.simulator.schema import Dialect
from tests.faults.cases import CASES, Case
from tests.faults.proxy import Action, Rule
from tests.faults.site import Kiosk, Site, kiosk, site

DONE, PARKED, REJECTED = OperationState.DONE, OperationState.PARKED, OperationState.REJECTED
Cell = TypeVar("Cell")
DIALECTS: tuple[Dialect, ...] = ("classic", "documented-2026")

FAULTS: dict[str, Rule] = {
    "closed": Rule(action=Action.CLOSE),
    "black hole": Rule(action=Action.BLACK_HOLE),
    "answered too late": Rule(action=Action.DELAY, seconds=1.5),
    "request cut": Rule(action=Action.RESET_REQUEST, after_bytes=400),
    "reset before the answer": Rule(action=Action.RESET_ANSWER),
    "reset in its head": Rule(action=Action.RESET_ANSWER, after_bytes=60),
    "reset in its body": Rule(action=Action.RESET_ANSWER, after_bytes=400),
    "truncated": Rule(action=Action.TRUNCATE),
    "dripped": Rule(action=Action.DRIP, seconds=0.2),
    "401": Rule(action=Action.STATUS_BEFORE, status=401),
    "409": Rule(action=Action.STATUS_BEFORE, status=409),
    "422": Rule(action=Action.STATUS_BEFORE, status=422),
    "429": Rule(action=Action.STATUS_BEFORE, status=429),
    "429 with a wish": Rule(action=Action.STATUS_BEFORE, status=429, retry_after_s=0.3),
    "500 before": Rule(action=Action.STATUS_BEFORE, status=500),
    "500 after": Rule(action=Action.STATUS_AFTER, status=500),
    "502 after": Rule(action=Action.STATUS_AFTER, status=502),
    "504 after": Rule(action=Action.STATUS_AFTER, status=504),
    "portal": Rule(action=Action.PORTAL),
    "redirect": Rule(action=Action.REDIRECT),
    "errors beside data": Rule(action=Action.ERRORS),
    "forwarded twice": Rule(action=Action.TWICE),
    "held until after the retry": Rule(action=Action.HOLD),
    "repeated when all is done": Rule(action=Action.REPEAT_LATER),
}
REFUSALS = {"409", "422"}
"""ION's word that it did nothing: a person is asked, unless the kiosk knows better."""
BEYOND = {"forwarded twice", "held until after the retry"}
"""What nothing stops where ION has no lock: a server that does it twice, or later than a request lives."""


LOSSES = ("", "reset before the answer", "500 before", "held until after the retry")
"""Nothing; done, and its answer lost; not done; done when nobody waits for it any more."""


def wanted_cells() -> Sequence[tuple[Case, str]]:
    cells = [
        (case, fault)
        for case in CASES
        for fault in FAULTS
        # Without a lock nobody can stop a copy that comes after ION has said that all is done, and where ION
        # lists nothing nobody can know that it did twice what it said it did.
        if case.has_lock or fault != "repeated when all is done"
        if case.can_look or fault != "forwarded twice"
    ]
    return sampled(cells)


def sampled(cells: Sequence[Cell], most: str = "40") -> Sequence[Cell]:
    wanted = os.environ.get("KIOSK_FAULT_CELLS", most)
    seed = int(os.environ.get("KIOSK_FAULT_SEED", "7"))
    if wanted == "all":
        return cells
    return Random(seed).sample(cells, min(int(wanted), len(cells)))  # noqa: S311  not for secrets


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[Dialect, Site]]:
    with site("classic") as classic, site("documented-2026") as documented:
        yield {"classic": classic, "documented-2026": documented}


@pytest.fixture(scope="module")
def kiosks(
    sites: dict[Dialect, Site], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Dialect, Kiosk]]:
    folder = tmp_path_factory.mktemp("kiosks")
    first, second = (sites[dialect].gateway() for dialect in DIALECTS)
    with (
        kiosk(folder, first, sites["classic"].clock, "a") as classic,
        kiosk(folder, second, sites["documented-2026"].clock, "b") as documented,
    ):
        yield {"classic": classic, "documented-2026": documented}
    first.close()
    second.close()


def tried(
    place: Site, at: Kiosk, case: Case, *rules: Rule, each: Callable[[], object] = lambda: None
) -> tuple[Operation, int]:
    """Send a case under faults; return what became of it, and how many effects ION's ledger has."""
    place.proxy.add(*rules)
    key = at.queue(case.operation, case.arguments)
    at.run(each)
    place.proxy.release()
    return at.found(key), case.count(place.ledger())


def check(case: Case, fault: str, end: Operation, effects: int) -> None:
    """Judge a cell: by the ledger, and no more often for a person than must be."""
    told = f"{case.name} under {fault}: {end.state}, {effects} effects; {end.error} / {end.facts}"
    if end.state is DONE:
        assert effects == case.effects, told
        return
    if end.state is REJECTED:
        assert effects == 0, told
        assert fault in REFUSALS, told
        return
    assert end.state is PARKED, told
    assert end.facts, told
    is_beyond = not case.has_lock and fault in BEYOND
    assert is_beyond or not case.can_look, f"needs no person: {told}"


@pytest.mark.parametrize(
    ("case", "fault"), [pytest.param(*cell, id=f"{cell[0].name}-{cell[1]}") for cell in wanted_cells()]
)
def test_one_effect_or_a_person_is_asked(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], case: Case, fault: str
) -> None:
    place, at = sites[case.dialect], kiosks[case.dialect]
    place.reset()
    end, effects = tried(place, at, case, replace(FAULTS[fault], operation=case.mutation))
    check(case, fault, end, effects)


# --- the line breaks after any byte

NAMED = {case.name: case for case in CASES}
BREAKS = [
    (name, action, after)
    for name in ("lot", "line lot", "line serials", "step", "line scrap")
    for action, most in ((Action.RESET_REQUEST, 1600), (Action.RESET_ANSWER, 700))
    for after in range(0, most, 50)
]


@pytest.mark.parametrize(
    ("name", "action", "after"),
    [pytest.param(*one, id=f"{one[0]}-{one[1].name}-{one[2]}") for one in sampled(BREAKS, "6")],
)
def test_the_line_breaks_after_any_byte(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], name: str, action: Action, after: int
) -> None:
    """Beyond the last byte of a request or an answer nothing breaks."""
    case = NAMED[name]
    place, at = sites[case.dialect], kiosks[case.dialect]
    place.reset()
    end, effects = tried(place, at, case, Rule(action=action, operation=case.mutation, after_bytes=after))
    check(case, f"{action.name} after {after}", end, effects)


# --- what stands before the change, and what comes late but in time


@pytest.mark.parametrize(
    ("name", "operation"),
    [("lot", "createReceipt"), ("photo", "upload"), ("line photo", "upload"), ("step", "token")],
)
@pytest.mark.parametrize(
    "fault", ["closed", "black hole", "reset before the answer", "500 before", "502 after", "portal"]
)
def test_a_fault_before_the_change_itself_stops_nothing(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], name: str, operation: str, fault: str
) -> None:
    case = NAMED[name]
    place, at = sites[case.dialect], kiosks[case.dialect]
    place.reset()
    if operation == "token":
        place.fault(kind="expire_token")
    end, effects = tried(place, at, case, replace(FAULTS[fault], operation=operation))
    assert (end.state, effects) == (DONE, 1), (end.error, end.facts)


UNLOCKED = [case for case in CASES if not case.has_lock and case.can_look]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in UNLOCKED])
@pytest.mark.parametrize("after_s", [0, 60])
def test_a_copy_that_comes_late_but_alive_is_found(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], case: Case, after_s: int
) -> None:
    place, at = sites[case.dialect], kiosks[case.dialect]
    place.reset()
    began_s = place.clock.passed_s

    def each() -> None:
        if place.clock.passed_s >= began_s + after_s and at.journal.outbox.listed((OperationState.UNKNOWN,)):
            place.proxy.release()

    end, effects = tried(place, at, case, Rule(action=Action.HOLD, operation=case.mutation), each=each)
    assert (end.state, effects) == (DONE, 1), (end.error, end.facts)
    if case.name != "photo":  # of which a late copy is only an empty attachment, and is taken away
        assert place.ledger().count(case.mutation) == 1


# --- what nobody outside knows of ION

SWITCHES: dict[str, Mapping[str, Any]] = {
    "adding checks no etag": {"adding_checks_receipt_etag": False},
    "adding changes no etag": {"adding_changes_receipt_etag": False},
    "adding knows no etag": {"adding_checks_receipt_etag": False, "adding_changes_receipt_etag": False},
    "receiving changes no etag": {"receiving_changes_line_etag": False},
    "reads lag": {"read_lag_s": 5.0},
    "serials in the organization": {"serials_unique_in": "organization"},
    "errors by status": {"errors_as_http_status": True},
    "everything odd": {
        "adding_checks_receipt_etag": False,
        "read_lag_s": 5.0,
        "serials_unique_in": "organization",
        "errors_as_http_status": True,
    },
}
UNDER_SWITCHES = ("reset before the answer", "500 before", "forwarded twice", "held until after the retry")


@pytest.mark.parametrize(
    ("switch", "fault", "name"),
    sampled(
        [
            (switch, fault, name)
            for switch in SWITCHES
            for fault in UNDER_SWITCHES
            for name in ("lot", "serials", "line lot", "line serials")
        ]
        + [("reads lag", fault, case.name) for fault in UNDER_SWITCHES for case in CASES if case.can_look]
    ),
)
def test_it_holds_however_ion_is_set(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], switch: str, fault: str, name: str
) -> None:
    case = NAMED[name]
    switches = SWITCHES[switch]
    if switches.get("adding_checks_receipt_etag") is False or "adding_changes_receipt_etag" in switches:
        case = replace(case, has_lock=case.has_lock and name not in {"lot", "serials"})
    place, at = sites[case.dialect], kiosks[case.dialect]
    place.reset(**switches)
    at.ion._memory.is_fence_proved = False  # type: ignore[attr-defined]
    end, effects = tried(place, at, case, replace(FAULTS[fault], operation=case.mutation))
    check(case, fault, end, effects)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_follows_at_once_is_done_as_well_where_reads_lag(
    sites: dict[Dialect, Site], kiosks: dict[Dialect, Kiosk], dialect: Dialect
) -> None:
    """There, on, and back again: to reads that lag the last is done before it is sent."""
    place, at = sites[dialect], kiosks[dialect]
    place.reset(read_lag_s=5.0)
    ways = [("2", "4"), ("4", "3"), ("3", "2")]
    keys = [
        at.queue(
            "move",
            {"inventory_id": "9002", "from_location_id": before, "location_id": after},
            "inventory/9002",
        )
        for before, after in ways
    ]
    at.run()
    assert [at.found(key).state for key in keys] == [DONE] * 3
    assert place.server.ion.world.part_inventories[9002].location_id == 2
    assert len(place.ledger()) == 3


# --- a queue


def test_tokens_expire_in_the_middle_of_a_queue_and_nobody_notices(
    sites: dict[Dialect, Site], tmp_path: Path
) -> None:
    place = sites["classic"]
    place.reset(token_lifetime_s=4.0)  # of which each look into an empty queue takes three
    case, lots = NAMED["lot"], [f"LOT-{number}" for number in range(50)]
    ion = place.gateway()
    with kiosk(tmp_path, ion, place.clock) as at:
        for number, lot in enumerate(lots):
            if number % 5 == 0:
                place.fault(kind="expire_token", operation="addItemsToReceipt", after=number % 2)
            at.queue(case.operation, {**case.arguments, "lot": lot, "quantity": "1"}, "line/7002")
        at.run()
        assert {each.state for each in at.journal.outbox.listed(limit=len(lots))} == {DONE}
    ion.close()
    stock = [(row.lot_number, int(row.quantity)) for row in place.server.ion.world.part_inventories]
    assert sorted(one for one in stock if one[0] in lots) == sorted((lot, 1) for lot in lots)
    assert place.ledger().count("addItemsToReceipt") == len(lots)
    assert sum("token" in entry["operations"] for entry in place.proxy.log) > 5  # type: ignore[operator]


@pytest.mark.parametrize(("jitter", "is_in_time"), [(0.0, True), (1.0, True), (40.0, False)])
def test_a_queue_moves_within_ten_seconds_of_the_networks_return(
    tmp_path: Path, jitter: float, *, is_in_time: bool
) -> None:
    """The last is the control: with pauses of minutes between two tries it does not."""
    case = NAMED["lot"]
    with site("classic") as place, kiosk(tmp_path, ion := place.gateway(), place.clock, jitter=jitter) as at:
        place.proxy.go_away()
        key = at.queue(case.operation, case.arguments)
        began_s = place.clock.passed_s
        while place.clock.passed_s < began_s + 600:
            at.step()
        assert at.found(key).state is OperationState.QUEUED
        place.proxy.come_back()
        back_s = place.clock.passed_s
        at.run()
        assert at.found(key).state is DONE
        assert (place.clock.passed_s - back_s <= 10) is is_in_time
        ion.close()


# --- two kiosks


@pytest.mark.parametrize("name", ["lot", "line lot"])
@pytest.mark.parametrize("fault", ["reset before the answer", "500 before", "held until after the retry"])
@pytest.mark.parametrize("lot", ["LOT-2026-0200", "LOT-2"])
def test_two_kiosks_on_one_line(
    sites: dict[Dialect, Site], tmp_path: Path, name: str, fault: str, lot: str
) -> None:
    """What the line has received is what was acknowledged, or one of the two waits for a person."""
    case = NAMED[name]
    place = sites[case.dialect]
    place.reset()
    place.proxy.add(replace(FAULTS[fault], operation=case.mutation))
    other: dict[str, Json] = {**case.arguments, "quantity": "7", "lot": lot}
    first, second = place.gateway(), place.gateway()
    with kiosk(tmp_path, first, place.clock, "c") as at, kiosk(tmp_path, second, place.clock, "d") as beside:
        ours = at.queue(case.operation, case.arguments)
        at.step()
        theirs = beside.queue(case.operation, other)
        beside.run()
        at.run()
        place.proxy.release()
        ends = [at.found(ours), beside.found(theirs)]
    first.close()
    second.close()
    line = place.server.ion.world.purchase_order_lines[int(str(case.arguments["line_id"]))]
    acknowledged = sum(int(str(end.arguments["quantity"])) for end in ends if end.state is DONE)
    parked = sum(int(str(end.arguments["quantity"])) for end in ends if end.state is PARKED)
    assert acknowledged <= line.received_quantity <= acknowledged + parked, ends
    assert ends[1].state is DONE


@pytest.mark.parametrize(
    ("name", "marker", "faults"),
    [
        *(("line lot", None, (first, second)) for first in LOSSES for second in LOSSES),
        *(("line lot", "kiosk", (both, both)) for both in LOSSES),
        *(("lot", None, (both, both)) for both in LOSSES),
    ],
)
def test_two_kiosks_that_receive_the_same_at_the_same_time(
    sites: dict[Dialect, Site],
    tmp_path: Path,
    name: str,
    marker: str | None,
    faults: tuple[str, str],
) -> None:
    """Both arrive, or one waits for a person: never is one taken for both, never is there a third."""
    case = NAMED[name]
    place = sites[case.dialect]
    place.reset()
    for fault in faults:
        if fault:
            place.proxy.add(replace(FAULTS[fault], operation=case.mutation))
    more: dict[str, Any] = {"works_alone": False, "marker_attribute": marker}
    first, second = place.gateway(**more), place.gateway(**more)
    with kiosk(tmp_path, first, place.clock, "c") as at, kiosk(tmp_path, second, place.clock, "d") as beside:
        ours = at.queue(case.operation, case.arguments)
        theirs = beside.queue(case.operation, case.arguments)
        at.step()
        beside.step()
        place.proxy.release()
        while at.journal.outbox.counts()[0] or beside.journal.outbox.counts()[0]:
            at.step()
            beside.step()
        states = [at.found(ours).state, beside.found(theirs).state]
    first.close()
    second.close()
    effects = case.count(place.ledger())
    done, parked = states.count(DONE), states.count(PARKED)
    assert done <= effects <= 2, (states, effects)
    assert done + parked == 2, states
    if marker or name == "lot":
        assert (done, effects) == (2, 2), states


# --- the controls: without the protection the same cells are red


class Blind:
    """Sends again whatever is in doubt, looks for nothing, and remembers nothing of what it sent."""

    def __init__(self, place: Site) -> None:
        self._place = place

    def offers(self) -> frozenset[str]:
        return frozenset()

    def perform(
        self, operation: str, arguments: Mapping[str, Json], *, marker: str, actor: Operator | None = None
    ) -> Mapping[str, Json]:
        ion = self._place.gateway()
        try:
            return ion.perform(operation, arguments, marker=marker, actor=actor)
        finally:
            ion.close()

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        del operation, arguments, marker
        return Absent()


@pytest.mark.parametrize("name", ["line lot", "line scrap", "issue", "new run", "line new run", "line photo"])
def test_the_same_cells_go_red_for_whoever_sends_again_blindly(
    sites: dict[Dialect, Site], tmp_path: Path, name: str
) -> None:
    case = NAMED[name]
    place = sites[case.dialect]
    place.reset()
    # A receipt by line is looked for as soon as its answer is lost, whoever sends it.
    fault = "held until after the retry" if name == "line lot" else "reset before the answer"
    with kiosk(tmp_path, Blind(place), place.clock, lag_s=0.0) as at:
        end, effects = tried(place, at, case, replace(FAULTS[fault], operation=case.mutation))
    assert effects >= 2 or (end.state, effects) == (REJECTED, 1)
    with pytest.raises(AssertionError):
        check(case, fault, end, effects)
