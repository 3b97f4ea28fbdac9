"""How the tests talk to the simulated ION: by GraphQL, in process or over HTTP."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from kiosk.simulator.ion import Answer, Ion, Question
from kiosk.simulator.rows import User
from kiosk.simulator.schema import Dialect
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World

Json = Any
"""Whatever came as JSON: the tests compare it as a whole."""

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def new_world(clock: Clock | None = None) -> World:
    numbers = count(1)
    return World(clock=clock or Clock(), new_hex=lambda: f"{next(numbers):032x}")


def seeded(clock: Clock | None = None) -> World:
    return seed_world(new_world(clock))


@dataclass
class Caller:
    """Asks one ION as one user."""

    dialect: Dialect = "classic"
    switches: Switches = field(default_factory=Switches)
    user_id: int = 40
    world: World = field(default_factory=seeded)

    def __post_init__(self) -> None:
        self.ion = Ion(self.world, dialect=self.dialect, switches=self.switches)

    @property
    def user(self) -> User:
        return self.world.users[self.user_id]

    def answer(self, query: str, **variables: object) -> Answer:
        return self.ion.ask(Question(query, variables), self.user)

    def ask(self, query: str, **variables: object) -> Json:
        """Return the data of an answer that must be good."""
        answer = self.answer(query, **variables)
        assert answer.status == 200, answer
        assert "errors" not in answer.body, answer
        return answer.body["data"]

    def do(self, mutation: str, selection: str, **given: object) -> Json:
        """Carry out a mutation with one input, and return its payload."""
        return self.ask(self._document(mutation, selection), input=given)[mutation]

    def delete(self, mutation: str, row_id: int, etag: str) -> Answer:
        """Delete by id and etag."""
        query = f"mutation ($id: ID!, $etag: String!) {{ {mutation}(id: $id, etag: $etag) {{ id }} }}"
        return self.answer(query, id=row_id, etag=etag)

    def refusal(self, mutation: str, selection: str, **given: object) -> tuple[str, str]:
        """Return code and message of a mutation that must be refused, and check that nothing happened."""
        before, effects = json.dumps(tables(self.world)), len(self.world.ledger)
        answer = self.answer(self._document(mutation, selection), input=given)
        assert json.dumps(tables(self.world)) == before
        assert len(self.world.ledger) == effects
        assert answer.body["data"] == {mutation: None}
        (error,) = answer.body["errors"]
        return error["extensions"]["code"], error["message"]

    def _document(self, mutation: str, selection: str) -> str:
        kind = self.ion._schema.mutation_type.fields[mutation].args["input"].type  # type: ignore[union-attr]
        return f"mutation M($input: {kind}) {{ {mutation}(input: $input) {{ {selection} }} }}"


def tables(world: World) -> dict[str, list[str]]:
    return {name: [repr(row) for row in table] for name, table in world.tables().items()}


def lived_in() -> World:
    """Return a world in which no table that can be listed is empty."""
    caller = Caller()
    step = caller.world.run_steps.where("run_id", 1201)[0]
    caller.do("checkIn", "session { id }", runStepId=step.id)
    caller.do("createReviewRequest", "reviewRequest { id }", issueId=1, reviewerId=42)
    caller.do("createReview", "review { id }", issueId=1, status="PENDING", comment="?")
    receiver = {"name": "MES", "webhookUri": "http://mes.test"}
    made = caller.do("createWebhookReceiver", "webhookReceiver { id }", **receiver)["webhookReceiver"]
    subscription = {"receiverId": made["id"], "resource": "RUN", "action": "UPDATE"}
    caller.do("createWebhookSubscription", "webhookSubscription { id }", **subscription)
    rule = {"title": "t", "target": "RUN", "ruleType": "VALIDATION", "eventType": "CREATE", "code": "pass"}
    caller.do("createRule", "rule { id }", **rule)
    text = [{"children": [{"text": "Scratched"}]}]
    caller.do(
        "createIssue", "issue { id }", partInventoryId=9010, causeCondition=text, buildRequirementIds=[603]
    )
    caller.do("createRunBatch", "runBatch { id }", title="Lot 7", runIds=[1201])
    caller.do("generateRunSummary", "fileAttachment { id }", id=1201)
    return caller.world


def rows(answer: Json) -> list[Json]:
    """Return the nodes of the one connection that was asked for."""
    (connection,) = answer.values()
    return [edge["node"] for edge in connection["edges"]]


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.body)


@dataclass
class Wire:
    """Talks HTTP to a running server."""

    server: IonServer
    token: str | None = None

    def send(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.request(
                method, path, body, {name.replace("_", "-"): text for name, text in headers.items()}
            )
            response = connection.getresponse()
            return Reply(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def sign_in(self, client_id: str = "kiosk") -> "Wire":
        form = f"grant_type=client_credentials&client_id={client_id}&client_secret={client_id}-secret"
        path = self.server.token_url.removeprefix(self.server.base_url)
        reply = self.send("POST", path, form, Content_Type="application/x-www-form-urlencoded")
        return Wire(self.server, reply.json["access_token"])

    def graphql(self, query: str, **variables: object) -> Reply:
        body = json.dumps({"query": query, "variables": variables})
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return self.send("POST", "/graphql", body, Content_Type="application/json", **headers)

    def fault(self, **fault: object) -> None:
        reply = self.send("POST", "/faults", json.dumps(fault), Content_Type="application/json")
        assert reply.status == 200, reply

    def ledger(self) -> list[Any]:
        effects: list[Any] = self.send("GET", "/ledger").json
        return effects

    def data(self) -> Json:
        return self.send("GET", "/data").json
