"""Files: both ways of uploading (sections 8.11 and A8), over HTTP, with every symptom the vendor lists."""

import hashlib
import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from kiosk.simulator.schema import Dialect
from kiosk.simulator.server import IonServer
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Clock, Json, Reply, Wire, seeded

CREATE = """mutation CreateFileAttachment($input: CreateFileAttachmentInput!) {
  createFileAttachment(input: $input) { fileAttachment { id entityId filename contentType s3Bucket }
    uploadUrl } }"""
READ = """query FileAttachment($id: ID!) { fileAttachment(id: $id) {
  downloadUrl filename id integrationFetchUrl integrationId s3Bucket s3Key url } }"""
DELETE = """mutation DeleteFileAttachment($input: DeleteFileAttachmentInput!) {
  deleteFileAttachment(input: $input) { fileAttachmentId entityId } }"""
ASSET = """mutation CreateAsset($input: CreateFileAttachmentInput!) { createAsset(input: $input) {
  fileAttachment { id s3Key s3Bucket entityId filename contentType } uploadUrl } }"""
DELETE_ASSET = """mutation DeleteAsset($input: DeleteFileAttachmentInput!) { deleteAsset(input: $input) {
  fileAttachmentId entityId } }"""
REQUEST = """query RequestUpload($filename: String!) { requestFileUploadUrl(filename: $filename) {
  uploadUrl s3Key contentType } }"""
ENTITY = "query GetRunStepEntity($runStepId: Int!) { runStep(id: $runStepId) { id entity { id } } }"
REGISTER = """mutation RegisterUpload($input: CreateFileAttachmentInput!) { createFileAttachment(input:
    $input) {
  fileAttachment { id filename downloadUrl entityId } } }"""
VERIFY = "query VerifyUpload($id: Int!) { fileAttachment(id: $id) { id filename downloadUrl entityId } }"


@pytest.fixture(params=["documented-2026", "both"])
def modern(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Wire]:
    with IonServer(seeded(clock), dialect=request.param) as server:
        yield Wire(server).sign_in()


@pytest.fixture(params=["classic", "both"])
def classic(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Wire]:
    with IonServer(seeded(clock), dialect=request.param) as server:
        yield Wire(server).sign_in()


def at(wire: Wire, method: str, url: str, body: bytes | None = None, **headers: str) -> Reply:
    parts = urlsplit(url)
    assert parts.netloc == f"127.0.0.1:{wire.server.port}"
    return wire.send(method, f"{parts.path}?{parts.query}", body, **headers)


def ask(wire: Wire, query: str, **variables: object) -> Json:
    reply = wire.graphql(query, **variables).json
    assert "errors" not in reply, reply
    (answer,) = reply["data"].values()
    return answer


def error(wire: Wire, query: str, **variables: object) -> Json:
    (found,) = wire.graphql(query, **variables).json["errors"]
    return found["extensions"]["code"], found["message"]


PHOTO = b"\xff\xd8\xff\xe0 a photo"
NAME = "inspection-photo-2026-04-26.jpg"


def test_three_steps_as_the_vendors_page_has_them(modern: Wire) -> None:
    asked = ask(modern, REQUEST, filename=NAME)
    assert asked["contentType"] == "image/jpeg"
    put = at(modern, "PUT", asked["uploadUrl"], PHOTO, Content_Type=asked["contentType"])
    etag = put.headers["ETag"]
    assert (put.status, etag) == (200, f'"{hashlib.md5(PHOTO).hexdigest()}"')  # noqa: S324  as S3 does
    entity = ask(modern, ENTITY, runStepId=1)["entity"]["id"]
    given = {
        "filename": NAME,
        "s3Key": asked["s3Key"],
        "s3Etag": etag.strip('"'),
        "entityId": entity,
        "validateUpload": True,
    }
    made = ask(modern, REGISTER, input=given)["fileAttachment"]
    assert (made["filename"], made["entityId"]) == (NAME, int(entity))
    read = ask(modern, VERIFY, id=made["id"])
    down = at(modern, "GET", read["downloadUrl"])
    assert (down.status, down.body, down.headers["Content-Type"], down.headers["ETag"]) == (
        200,
        PHOTO,
        "image/jpeg",
        etag,
    )
    assert down.headers["Content-Disposition"] == "attachment"
    assert [effect["operation"] for effect in modern.ledger()] == ["upload", "createFileAttachment"]


def test_an_upload_that_is_not_there_fails_to_validate(modern: Wire) -> None:
    asked = ask(modern, REQUEST, filename=NAME)
    given = {"filename": NAME, "s3Key": asked["s3Key"], "s3Etag": "x", "validateUpload": True}
    code, message = error(modern, REGISTER, input=given)
    assert (code, "there is no such object" in message) == ("VALIDATION_ERROR", True)
    at(modern, "PUT", asked["uploadUrl"], PHOTO, Content_Type="image/jpeg")
    code, message = error(modern, REGISTER, input=given)
    assert (code, "its etag is not 'x'" in message) == ("VALIDATION_ERROR", True)
    made = ask(modern, REGISTER, input=given | {"validateUpload": False})
    assert made["fileAttachment"]["entityId"] is None


def test_an_address_is_good_once_for_a_while_for_one_type(modern: Wire, clock: Clock) -> None:
    url = ask(modern, REQUEST, filename=NAME)["uploadUrl"]
    for method, address, headers, code in [
        ("PUT", url, {"Content_Type": "image/png"}, "SignatureDoesNotMatch"),
        ("PUT", url, {}, "SignatureDoesNotMatch"),
        (
            "PUT",
            url.replace("uploads/", "uploads/x"),
            {"Content_Type": "image/jpeg"},
            "SignatureDoesNotMatch",
        ),
        ("PUT", url.split("?", 1)[0] + "?", {"Content_Type": "image/jpeg"}, "AccessDenied"),
        ("GET", url, {}, "SignatureDoesNotMatch"),
        (
            "PUT",
            url.replace("X-Amz-Expires=300", "X-Amz-Expires=9999"),
            {"Content_Type": "image/jpeg"},
            "SignatureDoesNotMatch",
        ),
    ]:
        reply = at(modern, method, address, PHOTO if method == "PUT" else None, **headers)
        assert (reply.status, reply.headers["Content-Type"]) == (403, "application/xml"), code
        assert f"<Code>{code}</Code>".encode() in reply.body
    good = at(modern, "PUT", url, PHOTO, Content_Type="image/jpeg")
    again = at(modern, "PUT", url, PHOTO, Content_Type="image/jpeg")
    assert (good.status, again.status, b"used already" in again.body) == (200, 403, True)
    late = ask(modern, REQUEST, filename=NAME)["uploadUrl"]
    clock.forward(301)
    reply = at(modern, "PUT", late, PHOTO, Content_Type="image/jpeg")
    assert (reply.status, b"Request has expired" in reply.body) == (403, True)


def test_a_file_goes_to_its_entity_as_the_older_page_has_it(classic: Wire, clock: Clock) -> None:
    entity = ask(classic, "{ part(id: 101) { entityId } }")["entityId"]
    made = ask(classic, CREATE, input={"filename": "swag.txt", "entityId": entity})
    file = made["fileAttachment"]
    assert (file["contentType"], file["s3Bucket"], file["entityId"]) == ("text/plain", "ion-files", entity)
    shown = "{ part(id: 101) { fileAttachments { id downloadUrl } } }"
    assert ask(classic, shown)["fileAttachments"] == [{"id": file["id"], "downloadUrl": None}]
    put = at(classic, "PUT", made["uploadUrl"], b"swag", Content_Type=file["contentType"])
    assert put.status == 200
    read = ask(classic, READ, id=str(file["id"]))
    assert (read["filename"], read["integrationId"]) == ("swag.txt", None)
    assert at(classic, "GET", read["downloadUrl"]).body == b"swag"
    clock.forward(301)
    assert at(classic, "GET", read["downloadUrl"]).status == 403
    classic = classic.sign_in()
    deleted = ask(classic, DELETE, input={"fileAttachmentId": file["id"], "entityId": entity})
    assert deleted == {"fileAttachmentId": file["id"], "entityId": entity}
    assert ask(classic, shown)["fileAttachments"] == []
    assert error(classic, READ, id=file["id"])[0] == "NOT_FOUND_ERROR"


def test_the_objects_own_id_stores_a_file_that_nobody_sees(classic: Wire) -> None:
    made = ask(classic, CREATE, input={"filename": "swag.txt", "entityId": 2})["fileAttachment"]
    assert ask(classic, READ, id=made["id"])["filename"] == "swag.txt"
    assert ask(classic, "{ part(id: 101) { fileAttachments { id } } }")["fileAttachments"] == []
    wrong = {"fileAttachmentId": made["id"], "entityId": 3}
    assert error(classic, DELETE, input=wrong)[0] == "NOT_FOUND_ERROR"
    assert ask(classic, DELETE, input=wrong | {"entityId": 2}) == {
        "fileAttachmentId": made["id"],
        "entityId": 2,
    }


def test_assets_are_defined_on_steps_and_copied_onto_runs(classic: Wire) -> None:
    entity = ask(classic, "{ step(id: 301) { entityId } }")["entityId"]
    made = ask(classic, ASSET, input={"entityId": entity, "filename": "drawing.pdf"})
    at(classic, "PUT", made["uploadUrl"], b"%PDF", Content_Type="application/pdf")
    asset = made["fileAttachment"]
    assert ask(classic, "{ step(id: 301) { assets { id } } }")["assets"] == [{"id": asset["id"]}]
    run = ask(
        classic,
        """mutation ($input: CreateRunInput!) { createRun(input: $input) {
            run { steps { assets { id filename downloadUrl } fileAttachments { id } } } } }""",
        input={"procedureId": 12},
    )["run"]
    (copy,) = run["steps"][0]["assets"]
    assert (copy["filename"], copy["id"] != asset["id"]) == ("drawing.pdf", True)
    assert run["steps"][0]["fileAttachments"] == []
    deleted = ask(classic, DELETE_ASSET, input={"fileAttachmentId": asset["id"], "entityId": entity})
    assert deleted["fileAttachmentId"] == asset["id"]
    assert at(classic, "GET", copy["downloadUrl"]).body == b"%PDF"


@pytest.mark.parametrize("dialect", ["classic", "both"])
def test_assets_need_an_engineer_and_a_step(dialect: Dialect) -> None:
    caller = Caller(dialect)
    ada = Caller(dialect, world=caller.world, user_id=42)
    assert ada.refusal("createAsset", "fileAttachment { id }", filename="x")[0] == "AUTHORIZATION_ERROR"
    entity = caller.ask("{ run(id: 1201) { steps { id entityId } } }")["run"]["steps"][0]
    given = {"filename": "x.pdf", "entityId": entity["entityId"]}
    assert "to a run step in REDLINE" in caller.refusal("createAsset", "fileAttachment { id }", **given)[1]
    step = caller.world.run_steps[entity["id"]]
    caller.do("updateRunStep", "runStep { id }", id=step.id, etag=step.etag, status="REDLINE")
    assert caller.do("createAsset", "fileAttachment { id }", **given)


def test_who_may_not_change_the_target_attaches_nothing_to_it() -> None:
    caller = Caller(user_id=42)
    entity = caller.ask("{ part(id: 101) { entityId } }")["part"]["entityId"]
    code, message = caller.refusal(
        "createFileAttachment", "fileAttachment { id }", filename="x", entityId=entity
    )
    assert (code, message.endswith("UpdatePart is missing")) == ("AUTHORIZATION_ERROR", True)


def test_a_picture_of_a_part_is_a_file_without_an_entity() -> None:
    caller = Caller()
    file = caller.do("createFileAttachment", "fileAttachment { id }", filename="front.png")["fileAttachment"]
    part = caller.world.parts[101]
    shown = caller.do(
        "updatePart", "part { thumbnail { filename } }", id=101, etag=part.etag, thumbnailId=file["id"]
    )
    assert shown == {"part": {"thumbnail": {"filename": "front.png"}}}
    caller.ask(DELETE, input={"fileAttachmentId": file["id"]})
    assert caller.ask("{ part(id: 101) { thumbnail { id } } }") == {"part": {"thumbnail": None}}


def test_the_seed_has_a_file_to_download(wire: Wire) -> None:
    (file,) = ask(wire, "{ part(id: 107) { fileAttachments { filename downloadUrl } } }")["fileAttachments"]
    assert at(wire, "GET", file["downloadUrl"]).body.startswith(b"Do not stretch")


def test_uploads_may_be_larger_than_requests_and_have_faults_of_their_own(clock: Clock) -> None:
    with IonServer(seeded(clock), switches=Switches(upload_lifetime_s=10)) as server:
        wire = Wire(server).sign_in()
        big = b"x" * (5 * 1024 * 1024)
        url = ask(wire, REQUEST, filename="big.bin")["uploadUrl"]
        assert "X-Amz-Expires=10&" in url
        assert at(wire, "PUT", url, big, Content_Type="application/octet-stream").status == 200
        url = ask(wire, REQUEST, filename="big.bin")["uploadUrl"]
        wire.fault(operation="upload", kind="status_before", status=503)
        assert at(wire, "PUT", url, b"x", Content_Type="application/octet-stream").status == 503
        wire.fault(operation="upload", kind="reset_after")
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            at(wire, "PUT", url, b"x", Content_Type="application/octet-stream")
        assert len([each for each in wire.ledger() if each["operation"] == "upload"]) == 2


def test_a_reset_forgets_what_was_uploaded(wire: Wire) -> None:
    asked = ask(wire, REQUEST, filename=NAME)
    at(wire, "PUT", asked["uploadUrl"], PHOTO, Content_Type="image/jpeg")
    assert len(wire.server.ion.world.objects) == 2
    assert wire.send("POST", "/reset", json.dumps({})).status == 204
    assert len(wire.server.ion.world.objects) == 1
