import json
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from threading import Thread
from time import monotonic

import pytest

from kiosk.simulator.faults import Fault, Faults, read_faults
from kiosk.simulator.server import IonServer
from tests.simulator.asking import Clock, Json, Wire, seeded

RECEIVE = """mutation ($input: ReceivePurchaseOrderLineInput!) {
    receivePurchaseOrderLine(input: $input) { purchaseOrderLineItem { receivedQuantity } } }"""
ME = "{ me { id } }"


def receive(wire: Wire, quantity: int = 1) -> Json:
    given = {"purchaseOrderLineItemId": 7003, "quantityReceived": quantity, "locationId": 4}
    return wire.graphql(RECEIVE, input=given)


def quantities(wire: Wire) -> list[int]:
    return [effect["arguments"]["input"]["quantityReceived"] for effect in wire.ledger()]


def received(wire: Wire) -> int:
    lines = [line for order in wire.data()["purchaseOrders"] for line in order["lines"]]
    (quantity,) = (line["receivedQuantity"] for line in lines if line["id"] == 7003)
    return int(quantity)


def test_the_ledger_tells_what_happened(wire: Wire, clock: Clock) -> None:
    assert wire.ledger() == []
    assert receive(wire, 5).status == 200
    clock.forward(1)
    assert receive(wire, 5000).json["data"] == {"receivePurchaseOrderLine": None}
    assert receive(wire, 7).status == 200
    assert wire.graphql(ME).status == 200
    assert wire.ledger() == [
        {
            "id": number,
            "operation": "receivePurchaseOrderLine",
            "arguments": {
                "input": {"purchaseOrderLineItemId": 7003, "quantityReceived": quantity, "locationId": 4}
            },
            "at": at,
            "userId": 40,
        }
        for number, quantity, at in [(1, 5, "2026-11-21T09:00:00Z"), (2, 7, "2026-11-21T09:00:01Z")]
    ]


@pytest.mark.parametrize(
    ("kind", "error", "effects"),
    [
        ("refuse", RemoteDisconnected, []),
        ("reset_before", ConnectionResetError, []),
        ("reset_after", ConnectionResetError, [3]),
        ("truncate", IncompleteRead, [3]),
    ],
)
def test_a_broken_connection(wire: Wire, kind: str, error: type[HTTPException], effects: list[int]) -> None:
    wire.fault(kind=kind)
    with pytest.raises(error):
        receive(wire, 3)
    assert (quantities(wire), received(wire)) == (effects, sum(effects))
    assert receive(wire, 4).status == 200
    assert quantities(wire) == [*effects, 4]


@pytest.mark.parametrize("error", [RemoteDisconnected, ConnectionResetError])
def test_refusing_is_no_reset(wire: Wire, error: type[Exception]) -> None:
    # RemoteDisconnected is a ConnectionResetError in the standard library, so the exact class counts.
    wire.fault(kind="refuse" if error is RemoteDisconnected else "reset_before")
    with pytest.raises(error) as caught:
        receive(wire)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "effects"),
    [
        ({"kind": "status_before", "status": 502}, 502, "text/html", []),
        ({"kind": "status_after", "status": 504}, 504, "text/html", [3]),
        ({"kind": "status_after"}, 503, "text/html", [3]),
        ({"kind": "html"}, 200, "text/html; charset=utf-8", []),
        ({"kind": "rate_limit", "seconds": 7}, 429, "application/json", []),
        ({"kind": "expire_token"}, 401, "application/json", []),
        ({"kind": "errors_and_data"}, 200, "application/json", [3]),
        ({"kind": "duplicate_execution"}, 200, "application/json", [3, 3]),
        ({"kind": "delay", "seconds": 0}, 200, "application/json", [3]),
    ],
)
def test_an_answer_that_says_something_else(
    wire: Wire, fault: dict[str, object], status: int, content_type: str, effects: list[int]
) -> None:
    wire.fault(**fault)
    reply = receive(wire, 3)
    assert (reply.status, reply.headers["Content-Type"]) == (status, content_type)
    assert (quantities(wire), received(wire)) == (effects, sum(effects))


def test_what_the_odd_answers_hold(wire: Wire) -> None:
    wire.fault(kind="rate_limit", seconds=7)
    assert receive(wire).headers["Retry-After"] == "7"
    wire.fault(kind="errors_and_data")
    body = receive(wire, 3).json
    assert body["data"]["receivePurchaseOrderLine"]["purchaseOrderLineItem"] == {"receivedQuantity": 3}
    assert body["errors"] == [{"message": "Unexpected error while the answer was put together"}]
    wire.fault(kind="duplicate_execution")
    body = receive(wire, 2).json
    assert body["data"]["receivePurchaseOrderLine"]["purchaseOrderLineItem"] == {"receivedQuantity": 5}
    assert received(wire) == 7


def test_an_expired_token_stays_expired(wire: Wire) -> None:
    wire.fault(kind="expire_token")
    for _ in range(2):
        reply = wire.graphql(ME)
        assert (reply.status, reply.json) == (401, {"errors": [{"message": "Token is expired."}]})
    assert wire.sign_in().graphql(ME).status == 200


def test_a_delay_comes_after_the_effect(wire: Wire) -> None:
    wire.fault(kind="delay", seconds=0.3)
    before = monotonic()
    assert receive(wire, 3).status == 200
    assert monotonic() - before >= 0.3


def test_stopping_waits_for_no_delay(clock: Clock) -> None:
    server = IonServer(seeded(clock))
    server.start()
    wire = Wire(server).sign_in()
    wire.fault(kind="delay", seconds=3600)

    def ask() -> None:
        try:
            receive(wire, 3)
        except (OSError, HTTPException):
            return

    waiting = Thread(target=ask)
    waiting.start()
    while not wire.ledger():
        pass
    server.stop()
    waiting.join(timeout=5)
    assert not waiting.is_alive()


def test_a_held_request_is_executed_after_the_next_of_its_kind(wire: Wire) -> None:
    wire.fault(kind="hold_and_release")
    with pytest.raises(ConnectionResetError):
        receive(wire, 3)
    assert wire.graphql(ME).status == 200
    assert quantities(wire) == []
    assert receive(wire, 4).status == 200
    assert quantities(wire) == [4, 3]
    assert receive(wire, 5).status == 200
    assert quantities(wire) == [4, 3, 5]


def test_a_held_request_can_be_released_or_forgotten(wire: Wire) -> None:
    wire.fault(kind="hold_and_release", times=2)
    for quantity in (3, 4):
        with pytest.raises(ConnectionResetError):
            receive(wire, quantity)
    assert wire.send("POST", "/faults/release").json == {"released": 2}
    assert quantities(wire) == [3, 4]
    wire.fault(kind="hold_and_release")
    with pytest.raises(ConnectionResetError):
        receive(wire, 5)
    wire.send("DELETE", "/faults")
    assert wire.send("POST", "/faults/release").json == {"released": 0}
    assert quantities(wire) == [3, 4]


def test_offline_lasts_until_it_is_over(wire: Wire) -> None:
    wire.fault(kind="offline", on=True)
    for _ in range(2):
        with pytest.raises(RemoteDisconnected):
            receive(wire, 3)
    with pytest.raises(RemoteDisconnected):
        wire.sign_in()
    assert wire.send("GET", "/faults").json == {"offline": True, "waiting": []}
    wire.fault(kind="offline", on=False)
    assert receive(wire, 4).status == 200
    assert quantities(wire) == [4]


def test_faults_wait_for_their_operation_and_turn(wire: Wire) -> None:
    wire.fault(kind="status_before", operation="receivePurchaseOrderLine", after=1, times=2, status=500)
    assert wire.graphql(ME).status == 200
    assert [receive(wire, quantity).status for quantity in (1, 2, 3, 4)] == [200, 500, 500, 200]
    assert quantities(wire) == [1, 4]


def test_faults_of_the_token_endpoint(wire: Wire) -> None:
    wire.fault(kind="status_before", operation="token", status=500)
    assert wire.graphql(ME).status == 200
    path = "/auth/realms/api-keys/protocol/openid-connect/token"
    assert wire.send("POST", path, "").status == 500
    assert wire.sign_in().token is not None


def test_faults_are_counted_one_after_the_other() -> None:
    faults = Faults()
    faults.add(
        [Fault(kind="html", operation="a", times=2), Fault(kind="refuse"), Fault(kind="delay", operation="b")]
    )
    asked = [
        frozenset({"a"}),
        frozenset({"b"}),
        frozenset({"a", "c"}),
        frozenset({"b"}),
        frozenset({"token"}),
    ]
    kinds = [fault.kind if (fault := faults.take(operations)) else None for operations in asked]
    assert kinds == ["html", "refuse", "html", "delay", None]
    assert faults.waiting == ()


def test_an_alias_or_a_fragment_hides_no_operation(wire: Wire) -> None:
    wire.fault(kind="html", operation="me", times=3)
    for query in (
        "{ who: me { id } }",
        "{ ...F } fragment F on Query { me { id } }",
        "{ ... { me { id } } }",
    ):
        assert wire.graphql(query).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "could not understand"),
        ("[1]", "a fault must be an object, got 1"),
        ('{"kind": "fire"}', "kind must be one of refuse, delay"),
        ("{}", "kind must be one of"),
        ('{"kind": ["html"]}', "kind must be one of"),
        ('{"kind": "html", "time": 1}', "a fault has no time"),
        ('{"kind": "html", "times": 0}', "times must be a whole number from 1, got 0"),
        ('{"kind": "html", "times": true}', "times must be a whole number from 1, got True"),
        ('{"kind": "html", "after": -1}', "after must be a whole number from 0, got -1"),
        ('{"kind": "delay", "seconds": "1"}', "seconds must be a number from 0 to 86400, got '1'"),
        ('{"kind": "status_after", "status": 99}', "status must be an HTTP status from 200 to 599, got 99"),
        ('{"kind": "status_after", "status": 600}', "status must be an HTTP status from 200 to 599, got 600"),
        ('{"kind": "html", "operation": 1}', "operation must be a string, got 1"),
        ('{"kind": "offline", "on": 1}', "on must be true or false, got 1"),
        ('[{"kind": "html"}, {"kind": "fire"}]', "kind must be one of"),
    ],
)
def test_what_is_no_fault_is_refused_as_a_whole(wire: Wire, body: str, message: str) -> None:
    reply = wire.send("POST", "/faults", body, Content_Type="application/json")
    assert reply.status == 400
    assert message in reply.json["errors"][0]["message"]
    assert wire.send("GET", "/faults").json == {"offline": False, "waiting": []}


def test_a_list_of_faults_is_read() -> None:
    data = json.loads(
        '[{"kind": "html", "times": 2}, {"kind": "offline"}, {"kind": "delay", "seconds": 0.5}]'
    )
    assert read_faults(data) == ([Fault(kind="html", times=2), Fault(kind="delay", seconds=0.5)], True)
