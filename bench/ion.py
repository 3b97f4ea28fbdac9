"""What the ION client costs: time over a bare HTTP POST, and round trips per scan."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

import httpx
from pydantic import SecretStr

from kiosk.ion import Ion
from kiosk.model import Asked, Question
from kiosk.settings import IonSettings
from kiosk.simulator.schema import DIALECTS
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World

REPEATS: Final = 200
BUDGET_MS: Final = 1.0
RUN: Final = Question(Asked.RUN_ID, "1202")
SCANS: Final = {
    "text that is nothing": [
        Question(by, "4006381333931")
        for by in (Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)
    ],
    "text that is a serial": [
        Question(by, "SN-000119")
        for by in (Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)
    ],
    "uid": [Question(Asked.UID, "0" * 32), Question(Asked.SERIAL, "0" * 32)],
    "run by id": [RUN],
    "location with its stock": [Question(Asked.LOCATION_ID, "5"), Question(Asked.STOCK_AT, "5")],
}
ANSWER: Final = {
    "data": {
        "runs": {
            "id": 1202,
            "title": "BRKT-ASSY-001 - ASM-00013 - Bracket Assembly",
            "status": "IN_PROGRESS",
            "etag": "b0fe83a65319455685e760614f585099",
            "uid": None,
            "procedure": {"title": "Bracket Assembly"},
            "inventory": {"id": 9008, "serial": "ASM-00013", "part": {"number": "BRKT-ASSY-001"}},
            "steps": [
                {
                    "id": 1133 + index,
                    "title": f"Step {index}",
                    "status": "TODO",
                    "position": index,
                    "etag": "9e1aa0e8909345cdb63e25289b7ce916",
                    "upstream": [],
                }
                for index in range(4)
            ],
        }
    }
}


class _Counter(httpx.BaseTransport):
    """Counts what is posted to GraphQL."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.posts = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.posts += request.url.path == "/graphql"
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def main() -> int:
    """Print median overhead and round trips; return 1 where the budget is exceeded."""
    overhead_ms = _overhead_ms()
    verdict = "within" if overhead_ms <= BUDGET_MS else "OVER"
    print(
        f"client over a bare POST: {overhead_ms:.2f} ms median ({verdict} the budget of {BUDGET_MS:.1f} ms)"
    )
    for dialect in DIALECTS:
        with IonServer(seed_world(World()), dialect=dialect) as server:
            _round_trips(dialect, server)
    return 0 if overhead_ms <= BUDGET_MS else 1


def _overhead_ms() -> float:
    """Compare a whole question with a POST of the same bytes, both answered out of memory."""
    with IonServer(seed_world(World()), dialect="classic") as server:
        learning = Ion(_settings(server))
        tenant = learning._tenancy.tenant()  # noqa: SLF001  a bench may look inside
        learning.close()
    body = json.dumps(ANSWER).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t" * 800, "expires_in": 300})
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    settings = IonSettings.model_validate(
        {
            "url": "http://ion.test/graphql",
            "token_url": "http://ion.test/token",
            "client_id": "kiosk",
            "client_secret": "kiosk-secret",
        }
    )
    ion = Ion(settings, transport=httpx.MockTransport(answer))
    ion._tenancy._tenant = type(tenant)(ion._client, tenant.catalogue)  # noqa: SLF001
    text = tenant.catalogue.question("run_by_id").text
    with httpx.Client(transport=httpx.MockTransport(answer)) as bare:
        plain_ms = _median_ms(
            lambda: bare.post(
                "http://ion.test/graphql", json={"query": text, "variables": {"value": "1202"}}
            ).json()
        )
        whole_ms = _median_ms(lambda: ion.ask([RUN]))
    ion.close()
    print(f"bare POST {plain_ms:.2f} ms, question {whole_ms:.2f} ms, in memory")
    return whole_ms - plain_ms


def _round_trips(dialect: str, server: IonServer) -> None:
    counter = _Counter()
    ion = Ion(_settings(server), transport=counter)
    started = time.perf_counter()
    ion.schema()
    read_ms = (time.perf_counter() - started) * 1000
    offered = ion.offers()
    fitted_ms = (time.perf_counter() - started) * 1000 - read_ms
    print(
        f"{dialect}: schema read in {read_ms:.0f} ms, "
        f"{len(offered)} changes offered, fitted in {fitted_ms:.0f} ms"
    )
    for name, questions in SCANS.items():
        counter.posts = 0
        ion.ask(questions)
        posts = counter.posts
        took_ms = _median_ms(lambda asked=questions: ion.ask(asked), repeats=20)  # type: ignore[misc]
        print(f"  {name:<22} {posts} round trip(s), {took_ms:5.1f} ms with the simulator")
    ion.close()


def _settings(server: IonServer) -> IonSettings:
    return IonSettings(
        url=server.url, token_url=server.token_url, client_id="kiosk", client_secret=SecretStr("kiosk-secret")
    )


def _median_ms(act: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    sys.exit(main())
