"""Webhooks: the documents of section 8.16, and what is told to whom by 10.8."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from kiosk.simulator.ion import Ion
from kiosk.simulator.schema import Dialect
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches
from kiosk.simulator.webhook_sender import SIGNATURE_HEADER, WebhookSender
from tests.simulator.asking import Caller, Clock, Json, Wire, seeded

CREATE = """mutation CreateWebhookReceiver($input: CreateWebhookReceiverInput!) {
  createWebhookReceiver(input: $input) { webhookReceiver { id name description webhookUri } } }"""
SECRET = "shared"


def subscribe(caller: Caller, resource: str, action: str, **receiver: object) -> int:
    given = {"name": "MES", "description": "d", "webhookUri": "http://mes.test/ion", **receiver}
    made = caller.ask(CREATE, input=given)["createWebhookReceiver"]["webhookReceiver"]
    assert made == {"id": made["id"], "name": "MES", "description": "d", "webhookUri": given["webhookUri"]}
    selection = "webhookSubscription { id receiverId resource action }"
    caller.do("createWebhookSubscription", selection, receiverId=made["id"], resource=resource, action=action)
    found: int = made["id"]
    return found


def start_a_step(caller: Caller) -> None:
    step = caller.world.run_steps.where("run_id", 1201)[0]
    caller.do("updateRunStep", "runStep { id }", id=step.id, etag=step.etag, status="IN_PROGRESS")


def deliveries(caller: Caller) -> list[Json]:
    query = """{ webhookDeliveries { edges { node { resource action resourceId attempts responseCode
    delivered } } } }"""
    return [edge["node"] for edge in caller.ask(query)["webhookDeliveries"]["edges"]]


@pytest.mark.parametrize("dialect", ["classic", "both"])
@pytest.mark.parametrize("resource", ["RUN", "RUNS", "runs"])
def test_a_change_is_noted_for_whoever_asked_for_it(dialect: Dialect, resource: str) -> None:
    caller = Caller(dialect)
    subscribe(caller, resource, "UPDATE")
    start_a_step(caller)
    (noted,) = deliveries(caller)
    assert (noted["resourceId"], noted["action"], noted["attempts"]) == (1201, "UPDATE", 0)
    step = caller.world.run_steps.where("run_id", 1201)[0]
    caller.refusal("updateRunStep", "runStep { id }", id=step.id, etag="x", status="HOLD")
    assert len(deliveries(caller)) == 1


@pytest.mark.parametrize(
    ("resource", "action", "count"),
    [
        ("RUN_STEPS", "UPDATE", 1),
        ("RUN", "CREATE", 0),
        ("RUN", "DELETE", 0),
        ("PARTS_INVENTORY", "UPDATE", 0),
    ],
)
def test_only_what_was_asked_for_is_noted(resource: str, action: str, count: int) -> None:
    caller = Caller()
    subscribe(caller, resource, action)
    start_a_step(caller)
    assert len(deliveries(caller)) == count


def test_creating_and_deleting_are_told_too() -> None:
    caller = Caller()
    for action in ("CREATE", "DELETE"):
        subscribe(caller, "PARTS_INVENTORY", action)
    row = caller.do("createPartInventory", "partInventory { id _etag }", partId=107)["partInventory"]
    caller.delete("deletePartInventory", row["id"], row["_etag"])
    assert [(each["action"], each["resourceId"]) for each in deliveries(caller)] == [
        ("CREATE", row["id"]),
        ("DELETE", row["id"]),
    ]
    created, deleted = caller.world.webhook_deliveries
    assert (created.payload["data"]["partId"], created.payload["previous"]) == (107, None)
    assert (deleted.payload["data"], deleted.payload["previous"]["_etag"]) == (None, row["_etag"])


@dataclass
class Mes:
    """Answers webhooks as it is told, and keeps what came."""

    answers: list[int | Exception]
    came: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def send(caller: Caller, mes: Mes) -> list[float]:
    waited: list[float] = []
    sender = WebhookSender(caller.ion, transport=httpx.MockTransport(mes))
    while sender.send_due(waited.append) == 0.0:
        pass
    sender.stop()
    return waited


def test_a_delivery_is_signed_and_repeated_until_it_is_taken() -> None:
    caller = Caller()
    subscribe(caller, "RUN", "UPDATE", sharedSecret=SECRET)
    start_a_step(caller)
    mes = Mes([500, httpx.ConnectError("gone"), 302, 200])
    assert send(caller, mes) == [0.5, 1.0, 2.0]
    assert len({request.content for request in mes.came}) == 1
    body = mes.came[0].content
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert {request.headers[SIGNATURE_HEADER] for request in mes.came} == {signature}
    told = json.loads(body)
    assert (told["resource"], told["action"], told["resourceId"], told["organizationId"]) == (
        "RUN",
        "UPDATE",
        1201,
        7,
    )
    assert told["data"]["_etag"] == caller.world.runs[1201].etag
    assert deliveries(caller)[0] == {
        "resource": "RUN",
        "action": "UPDATE",
        "resourceId": 1201,
        "attempts": 4,
        "responseCode": 200,
        "delivered": True,
    }
    assert send(caller, Mes([])) == []


def test_after_so_many_attempts_it_is_given_up() -> None:
    caller = Caller(switches=Switches(webhook_attempts=2))
    subscribe(caller, "RUN", "UPDATE")
    start_a_step(caller)
    mes = Mes([500, 500])
    send(caller, mes)
    assert SIGNATURE_HEADER not in mes.came[0].headers
    assert (deliveries(caller)[0]["attempts"], deliveries(caller)[0]["delivered"]) == (2, False)


@pytest.mark.parametrize(
    ("expected", "answer", "is_taken"), [(None, 204, True), (202, 202, True), (202, 200, False)]
)
def test_a_receiver_may_expect_an_answer_of_its_own(
    expected: int | None, answer: int, *, is_taken: bool
) -> None:
    caller = Caller(switches=Switches(webhook_attempts=1))
    subscribe(caller, "RUN", "UPDATE", expectedResponseCode=expected)
    start_a_step(caller)
    send(caller, Mes([answer]))
    assert deliveries(caller)[0]["delivered"] is is_taken


def test_receivers_are_changed_and_deleted() -> None:
    caller = Caller()
    receiver_id = subscribe(caller, "RUN", "UPDATE")
    assert (
        "with http or https"
        in caller.refusal("createWebhookReceiver", "webhookReceiver { id }", name="x", webhookUri="ftp://x")[
            1
        ]
    )
    etag = caller.world.webhook_receivers[receiver_id].etag
    selection = "webhookReceiver { _etag active subscriptions { resource } }"
    quiet = caller.do("updateWebhookReceiver", selection, id=receiver_id, etag=etag, active=False)[
        "webhookReceiver"
    ]
    assert (quiet["active"], quiet["subscriptions"]) == (False, [{"resource": "RUN"}])
    start_a_step(caller)
    assert deliveries(caller) == []
    caller.delete("deleteWebhookReceiver", receiver_id, quiet["_etag"])
    assert len(caller.world.webhook_subscriptions) == 0


@pytest.fixture
def listener() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], threading.Event]]:
    came: list[tuple[dict[str, str], bytes]] = []
    arrived = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if len(came) == 1 else 200)
            self.end_headers()
            if len(came) > 1:
                arrived.set()

        def log_message(self, *_args: Any) -> None:  # noqa: ANN401
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/ion", came, arrived
        server.shutdown()
        thread.join()


def test_a_running_server_tells_by_itself(
    clock: Clock, listener: tuple[str, list[tuple[dict[str, str], bytes]], threading.Event]
) -> None:
    uri, came, arrived = listener
    switches = Switches(webhook_first_wait_s=0.01)
    with IonServer(seeded(clock), switches=switches) as server:
        wire = Wire(server).sign_in()
        given = {"name": "MES", "webhookUri": uri, "sharedSecret": SECRET}
        receiver = wire.graphql(CREATE, input=given).json["data"]["createWebhookReceiver"]["webhookReceiver"]
        wire.graphql(
            """mutation ($input: CreateWebhookSubscriptionInput!) { createWebhookSubscription(input: $input) {
                webhookSubscription { id } } }""",
            input={"receiverId": receiver["id"], "resource": "RUN", "action": "CREATE"},
        )
        create = "mutation ($input: CreateRunInput!) { createRun(input: $input) { run { id } } }"
        wire.graphql(create, input={"procedureId": 12})
        assert arrived.wait(10)
    assert [body for _, body in came] == [came[0][1]] * 2
    headers, body = came[0]
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert {name.lower(): value for name, value in headers.items()}[SIGNATURE_HEADER] == expected


def test_what_was_not_told_is_told_after_the_next_start() -> None:
    caller = Caller()
    subscribe(caller, "RUN", "UPDATE")
    start_a_step(caller)
    mes = Mes([200])
    sender = WebhookSender(Ion(caller.world), transport=httpx.MockTransport(mes))
    sender.start()
    for _ in range(1000):
        if mes.came:
            break
        threading.Event().wait(0.01)
    sender.stop()
    assert len(mes.came) == 1


def test_a_stop_that_comes_between_two_looks_ends_it() -> None:
    sender = WebhookSender(Ion(Caller("both").world))

    class JustAfter(threading.Event):
        """Is set right after somebody found it not to be."""

        def is_set(self) -> bool:
            was_set = super().is_set()
            if not was_set:
                self.set()
                sender.wake()
            return was_set

    sender._stopping = JustAfter()
    thread = threading.Thread(target=sender._run, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
