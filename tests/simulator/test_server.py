import json
import socket
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from kiosk.simulator.schema import DIALECTS, Dialect
from kiosk.simulator.seed import read_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Clock, Json, Reply, Wire, new_world, seeded

STEP = (
    "mutation ($input: UpdateRunStepInput!) { updateRunStep(input: $input) { runStep { id _etag status } } }"
)


def step(wire: Wire) -> Json:
    (found,) = wire.graphql("{ run(id: 1201) { steps { id _etag } } }").json["data"].values()
    return found["steps"][0]


def start(wire: Wire, etag: str | None = None) -> Reply:
    first = step(wire)
    return wire.graphql(
        STEP, input={"id": first["id"], "status": "IN_PROGRESS", "etag": etag or first["_etag"]}
    )


def test_addresses(server: IonServer) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}/graphql"
    assert server.token_url == f"http://127.0.0.1:{server.port}/realms/api-keys/protocol/openid-connect/token"


def test_a_port_in_use_is_an_error(server: IonServer) -> None:
    with pytest.raises(OSError, match="in use"):
        IonServer(seeded(), port=server.port)


def test_a_stopped_server_gives_its_port_back(clock: Clock) -> None:
    server = IonServer(seeded(clock), host="0.0.0.0")  # noqa: S104  what is tested
    assert server.url.startswith("http://127.0.0.1:")
    server.start()
    silent = socket.create_connection(("127.0.0.1", server.port))
    Wire(server).sign_in()
    server.stop()
    silent.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
    with IonServer(seeded(clock), port=server.port) as again:
        assert again.port == server.port


def test_a_server_that_never_started_can_be_stopped(clock: Clock) -> None:
    server = IonServer(seeded(clock))
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_errors_are_answered_200_with_code_and_trace(wire: Wire) -> None:
    reply = start(wire, etag="0" * 32)
    (error,) = reply.json["errors"]
    assert (reply.status, error["extensions"], error["path"]) == (
        200,
        {"code": "CONCURRENCY_ERROR"},
        ["updateRunStep"],
    )
    assert "Etag does not match" in error["message"]
    assert len(reply.headers["x-b3-trace-id"]) == 32
    assert "x-b3-trace-id" not in wire.graphql("{ me { id } }").headers


def test_errors_are_answered_409_where_switched_so(clock: Clock) -> None:
    with IonServer(seeded(clock), switches=Switches(errors_as_http_status=True)) as server:
        wire = Wire(server).sign_in()
        reply = start(wire, etag="0" * 32)
        assert (reply.status, reply.json["errors"][0]["extensions"]) == (409, {"code": "CONCURRENCY_ERROR"})


def test_of_two_with_one_etag_one_wins(wire: Wire) -> None:
    first, barrier = step(wire), Barrier(8)
    replies: list[Any] = []

    def change() -> None:
        barrier.wait()
        replies.append(
            wire.graphql(
                STEP, input={"id": first["id"], "status": "IN_PROGRESS", "etag": first["_etag"]}
            ).json
        )

    threads = [Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(
        reply["errors"][0]["extensions"]["code"] if "errors" in reply else "done" for reply in replies
    )
    assert codes == ["CONCURRENCY_ERROR"] * 7 + ["done"]
    assert len(wire.ledger()) == 1


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let threads take turns as often as they can, so that what is not locked goes wrong."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_requests_do_not_mix() -> None:
    caller = Caller("both")
    document = """mutation ($input: ReceivePurchaseOrderLineInput!) {
        receivePurchaseOrderLine(input: $input) { purchaseOrderLineItem { id } } }"""
    given = {"purchaseOrderLineItemId": 7003, "quantityReceived": 1, "locationId": 4}

    def receive() -> None:
        for _ in range(25):
            caller.ask(document, input=given)

    threads = [Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert caller.world.purchase_order_lines[7003].received_quantity == 100
    assert [effect.id for effect in caller.world.ledger] == list(range(1, 101))


def test_receipts_from_many_threads_are_all_counted(wire: Wire) -> None:
    document = """mutation ($input: ReceivePurchaseOrderLineInput!) {
        receivePurchaseOrderLine(input: $input) { purchaseOrderLineItem { id } } }"""
    given = {"purchaseOrderLineItemId": 7003, "quantityReceived": 1, "locationId": 4}
    threads = [
        Thread(target=lambda: [wire.graphql(document, input=given) for _ in range(10)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (line,) = (
        line for order in wire.data()["purchaseOrders"] for line in order["lines"] if line["id"] == 7003
    )
    assert (line["receivedQuantity"], len(wire.ledger())) == (40, 40)


def test_reset_brings_everything_back(wire: Wire) -> None:
    before = wire.data()
    start(wire)
    assert wire.data() != before
    assert wire.send("POST", "/reset").status == HTTPStatus.NO_CONTENT
    assert (wire.data(), wire.ledger()) == (before, [])
    assert wire.graphql("{ me { id } }").status == 200


def test_what_was_saved_goes_on_where_it_was(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "ion.json"
    with IonServer(seeded(clock), save_path=path) as server:
        wire = Wire(server).sign_in()
        start(wire)
        assert wire.send("POST", "/save").json == {"saved": "ion.json"}
        before, effects = wire.data(), wire.ledger()
    assert [entry.name for entry in tmp_path.iterdir()] == ["ion.json"]
    with IonServer(read_world(path, new_world(clock))) as server:
        wire = Wire(server).sign_in()
        assert (wire.data(), wire.ledger()) == (before, effects)


def test_without_a_file_there_is_nothing_to_save_to(wire: Wire) -> None:
    reply = wire.send("POST", "/save")
    assert (reply.status, "was started without one" in reply.json["errors"][0]["message"]) == (409, True)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_data_shows_everything(clock: Clock, dialect: Dialect) -> None:
    with IonServer(seeded(clock), dialect=dialect) as server:
        data = Wire(server).data()
    assert {kind: len(rows) for kind, rows in data.items()} == {
        "locations": 8,
        "partInventories": 46,
        "parts": 14,
        "purchaseOrders": 6,
        "receipts": 2,
        "runs": 6,
        "partKits": 1,
        "issues": 2,
        "procedures": 5,
        "sessions": 0,
        "fileAttachments": 2,
        "users": 3,
    }
    (line,) = (line for order in data["purchaseOrders"] for line in order["lines"] if line["id"] == 7013)
    assert {name: line[name] for name in ("partNumber", "quantity", "receivedQuantity", "status")} == {
        "partNumber": "ORNG-2-214",
        "quantity": 100,
        "receivedQuantity": 60,
        "status": "ORDERED",
    }
    assert [step["status"] for step in data["runs"][1]["steps"]] == [
        "COMPLETE",
        "IN_PROGRESS",
        "TODO",
        "TODO",
    ]
    assert data["fileAttachments"][1]["attachedTo"] == {"type": "Part", "id": 107}
    assert data["partKits"][0]["items"][0]["partInventoryIds"] == [9013]
    for kind in ("partInventories", "runs", "locations", "partKits"):
        assert all(("uid" in row) is (dialect != "documented-2026") for row in data[kind])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"null", "must be one JSON object"),
        (b"[]", "must be one JSON object, or a list of them"),
        (b"{}", "must have a query"),
        (b'{"query": 1}', "must have a query"),
        (b'{"query": "{ me { id } }", "variables": []}', "variables must be an object"),
        (b'{"query": "{ me { id } }", "operationName": 1}', "operationName must be a string"),
        (b'{"query": "{ me { id } }", "operationName": "Other"}', "Unknown operation named 'Other'"),
        (json.dumps({"query": "{ me { id } }" + " " * 1_000_000 + "}"}).encode(), "Syntax Error"),
        (json.dumps({"query": "# " + "x" * 1_000_000}).encode(), "Syntax Error"),
        (json.dumps({"query": "{" * 1_000_000}).encode(), "Syntax Error"),
        (b'{"query": "\\ud800"}', "Syntax Error"),
    ],
)
def test_what_is_no_request_is_answered_400(wire: Wire, body: bytes, message: str) -> None:
    reply = wire.send("POST", "/graphql", body, Authorization=f"Bearer {wire.token}")
    assert (reply.status, list(reply.json)) == (400, ["errors"])
    assert message in reply.json["errors"][0]["message"]
    assert wire.graphql("{ me { id } }").status == 200


def test_a_text_full_of_control_characters_is_kept_as_it_is(wire: Wire) -> None:
    note = "\x1d\x1e\x04\x00 <script>alert(1)</script> 🔩 '; DROP TABLE receipts;--"
    document = "mutation ($input: CreateReceiptInput!) { createReceipt(input: $input) { receipt { note } } }"
    reply = wire.graphql(document, input={"purchaseOrderId": 5001, "note": note})
    assert reply.json == {"data": {"createReceipt": {"receipt": {"note": note}}}}
    assert wire.data()["receipts"][-1]["note"] == note
    assert wire.ledger()[0]["arguments"]["input"]["note"] == note


def test_a_body_that_is_too_long_is_not_read(wire: Wire) -> None:
    request = (
        f"POST /graphql HTTP/1.1\r\nHost: ion\r\nContent-Length: {5 * 1024 * 1024}\r\n"
        f"Authorization: Bearer {wire.token}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", wire.server.port), timeout=10) as connection:
        connection.sendall(request.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(("method", "path"), [("GET", "/graphql"), ("GET", "/nowhere"), ("GET", "/static/x")])
def test_other_addresses_and_methods(wire: Wire, method: str, path: str) -> None:
    reply = wire.send(method, path)
    assert (reply.status in (404, 405), list(reply.json)) == (True, ["errors"])


def test_the_page_shows_the_data_without_anything_from_elsewhere(wire: Wire) -> None:
    reply = wire.send("GET", "/")
    html = reply.body.decode()
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for text in (
        "Halyard Propulsion",
        "PO-10482",
        "LOT-2026-0117",
        "ION/PO/5001",
        "ION/CMD/QUANTITY/5",
        "{&#34;uid&#34;:",
        "Witness stripe missing on fastener 3",
        "2 of part 105",
    ):
        assert text in html
    assert "//" not in html.replace("<!doctype", "")
    assert "<img" not in html
    assert wire.send("GET", "/barcode.png?text=PO-10482").status == 404


def test_the_page_shows_pictures_where_somebody_draws_them(clock: Clock) -> None:
    with IonServer(seeded(clock), draw=lambda text: b"\x89PNG " + text.encode()) as server:
        wire = Wire(server)
        assert 'src="/barcode.png?text=ION/PO/5001"' in wire.send("GET", "/").body.decode()
        reply = wire.send("GET", "/barcode.png?text=ION/PO/5001%26%C3%A9")
        assert (reply.headers["Content-Type"], reply.body) == ("image/png", b"\x89PNG ION/PO/5001&\xc3\xa9")
        for path in ("/barcode.png", "/barcode.png?text=", f"/barcode.png?text={'x' * 201}"):
            assert wire.send("GET", path).status == 404


def test_markup_in_the_data_stays_text(clock: Clock) -> None:
    world = seeded(clock)
    with IonServer(world) as server:
        document = "mutation ($input: CreateRunInput!) { createRun(input: $input) { run { id } } }"
        wire = Wire(server).sign_in()
        wire.graphql(document, input={"procedureId": 12, "title": "<script>alert(1)</script>"})
        html = wire.send("GET", "/").body.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
