"""The proxy does what its rules say, to the requests they name, and to no other."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests import plain_http
from tests.faults.proxy import Action, FaultProxy, Rule, wait_until

PART = (
    "mutation MakePart($n: String!) { createPart(input: {partNumber: $n, description: $n}) { part { id } } }"
)
ASK = "query Patterns { barcodePatterns { edges { node { id } } } }"


class Bench:
    """A simulated ION behind a proxy, and a client."""

    def __init__(self, ion: IonServer, proxy: FaultProxy) -> None:
        self.ion, self.proxy = ion, proxy
        self.client = plain_http.Client(base_url=proxy.base_url, timeout=2)
        path = ion.token_url.removeprefix(ion.base_url)
        form = {"grant_type": "client_credentials", "client_id": "kiosk", "client_secret": "kiosk-secret"}
        token = self.client.post(path, data=form).json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        self.proxy.clear()
        self.count = 0

    def make(self) -> httpx.Response:
        self.count += 1
        return self.client.post("/graphql", json={"query": PART, "variables": {"n": f"P-{self.count}"}})

    def ask(self) -> httpx.Response:
        return self.client.post("/graphql", json={"query": ASK})

    def effects(self) -> int:
        return len(plain_http.get(f"{self.ion.base_url}/ledger").json())


@pytest.fixture(scope="module")
def ion() -> Iterator[IonServer]:
    with IonServer(seed_world(World())) as server:
        yield server


@pytest.fixture
def bench(ion: IonServer) -> Iterator[Bench]:
    plain_http.post(f"{ion.base_url}/reset").raise_for_status()
    with FaultProxy(ion.port) as proxy:
        bench = Bench(ion, proxy)
        yield bench
        bench.client.close()


def test_what_no_rule_names_passes(bench: Bench) -> None:
    bench.proxy.add(Rule(action=Action.CLOSE, operation="createRun"))
    assert "errors" not in bench.make().json()
    assert bench.effects() == 1
    assert bench.proxy.log == [{"operations": ["MakePart", "createPart"], "action": "PASS", "status": 200}]


# What the client meets, and whether ION had executed it by then.
BROKEN = [
    (Rule(action=Action.CLOSE), httpx.RemoteProtocolError, 0),
    (Rule(action=Action.BLACK_HOLE), httpx.ReadTimeout, 0),
    (Rule(action=Action.RESET_REQUEST, after_bytes=80), httpx.ReadError, 0),
    (Rule(action=Action.RESET_ANSWER), httpx.ReadError, 1),
    (Rule(action=Action.RESET_ANSWER, after_bytes=60), httpx.ReadError, 1),
    (Rule(action=Action.TRUNCATE), httpx.RemoteProtocolError, 1),
    (Rule(action=Action.HOLD), httpx.ReadError, 0),
]


@pytest.mark.parametrize(("rule", "error", "executed"), BROKEN, ids=[str(row[0].action) for row in BROKEN])
def test_an_answer_that_never_comes(
    bench: Bench, rule: Rule, error: type[httpx.HTTPError], executed: int
) -> None:
    bench.proxy.add(rule)
    bench.client.timeout = httpx.Timeout(0.4)
    with pytest.raises(error):
        bench.make()
    assert bench.effects() == executed
    bench.client.timeout = httpx.Timeout(2)
    assert "errors" not in bench.make().json()


ANSWERS = [
    (Rule(action=Action.STATUS_BEFORE, status=429, retry_after_s=7), 429, 0),
    (Rule(action=Action.STATUS_BEFORE, status=500), 500, 0),
    (Rule(action=Action.STATUS_AFTER, status=502), 502, 1),
    (Rule(action=Action.PORTAL), 200, 0),
    (Rule(action=Action.REDIRECT), 302, 0),
    (Rule(action=Action.ERRORS), 200, 1),
    (Rule(action=Action.TWICE), 200, 1),
]


@pytest.mark.parametrize(("rule", "status", "executed"), ANSWERS, ids=[str(row[0].action) for row in ANSWERS])
def test_an_answer_that_is_not_ions(bench: Bench, rule: Rule, status: int, executed: int) -> None:
    bench.proxy.add(rule)
    answer = bench.make()
    assert (answer.status_code, bench.effects()) == (status, executed)
    if rule.retry_after_s:
        assert answer.headers["retry-after"] == "7"
    if rule.action is Action.ERRORS:
        assert {"data", "errors"} <= set(answer.json())
    if rule.action is Action.PORTAL:
        assert "Wi-Fi" in answer.text


def test_forwarded_twice_is_asked_of_ion_twice(bench: Bench) -> None:
    """The second copy is refused here, since a part's number is taken; an unfenced change is made twice."""
    bench.proxy.add(Rule(action=Action.TWICE, operation="createIssue"))
    issue = 'mutation { createIssue(input: {title: "Bent", partInventoryId: 9002}) { issue { id } } }'
    assert "errors" not in bench.client.post("/graphql", json={"query": issue}).json()
    assert bench.effects() == 2


@pytest.mark.parametrize("action", [Action.DELAY, Action.DRIP])
def test_a_slow_answer_is_whole(bench: Bench, action: Action) -> None:
    bench.proxy.add(Rule(action=action, seconds=0.3))
    started = time.monotonic()
    assert "errors" not in bench.make().json()
    assert time.monotonic() - started > 0.25


def test_what_is_held_arrives_after_the_next_one_or_on_command(bench: Bench) -> None:
    bench.proxy.add(Rule(action=Action.HOLD), Rule(action=Action.HOLD, nth=2))
    for _ in range(3):
        try:
            bench.make()
        except httpx.ReadError:
            continue
    assert bench.effects() == 2  # the first, after the second; the third is held
    assert bench.proxy.release() == 1
    assert bench.effects() == 3
    assert bench.proxy.release() == 0


def test_what_is_repeated_later_was_answered_first(bench: Bench) -> None:
    bench.proxy.add(Rule(action=Action.REPEAT_LATER, operation="MakePart"))
    assert "errors" not in bench.make().json()
    assert bench.proxy.release() == 1
    assert [entry["action"] for entry in bench.proxy.log] == ["REPEAT_LATER", "RELEASED"]


def test_a_rule_counts_only_what_it_names(bench: Bench) -> None:
    bench.proxy.add(Rule(action=Action.STATUS_BEFORE, operation="createPart", nth=2, is_once=False))
    statuses = [answer.status_code for answer in (bench.make(), bench.ask(), bench.make(), bench.make())]
    assert statuses == [200, 200, 503, 503]
    bench.proxy.clear()
    assert bench.make().status_code == 200


def test_chance_repeats_itself_by_its_seed(ion: IonServer) -> None:
    def drawn(seed: int) -> list[int]:
        with FaultProxy(ion.port, seed) as proxy:
            proxy.add(Rule(action=Action.STATUS_BEFORE, probability=0.5, is_once=False))
            body = json.dumps({"query": ASK})
            return [plain_http.post(f"{proxy.base_url}/graphql", content=body).status_code for _ in range(20)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_away_and_back_at_the_same_address(bench: Bench) -> None:
    bench.proxy.go_away()
    bench.client.close()
    bench.client = plain_http.Client(base_url=bench.proxy.base_url, headers=bench.client.headers)
    with pytest.raises(httpx.ConnectError):
        bench.make()
    bench.proxy.come_back()
    assert bench.make().status_code == 200


def test_an_expired_token_is_ions_word(bench: Bench) -> None:
    plain_http.post(f"{bench.ion.base_url}/faults", json={"kind": "expire_token"}).raise_for_status()
    assert bench.make().status_code == 401


def test_waiting_ends() -> None:
    wait_until(lambda: True)
    with pytest.raises(AssertionError, match="in vain"):
        wait_until(lambda: False, 0.05)
