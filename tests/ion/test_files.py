"""Files over HTTP, in both of ION's ways: sent once, found, and never half of it left behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from kiosk.errors import IonRejected, IonUnknown, IonUnreachable
from kiosk.ion import Ion
from kiosk.model import Json
from kiosk.ports import Absent, Answered, Found, Unsure
from kiosk.simulator.schema import DIALECTS
from tests.fakes import FakeFiles
from tests.ion.factory import LATE, know
from tests.ion.served import Place

MARKER = "k:dock-1:17:9f3c"
PHOTO = b"\xff\xd8\xff\xe0 a photo of a scratch \x00\xff" * 40

every_dialect = pytest.mark.parametrize("place", DIALECTS, indirect=True)
attachment_first = pytest.mark.parametrize("place", ["classic", "both"], indirect=True)
three_steps = pytest.mark.parametrize("place", ["documented-2026"], indirect=True)


def connected(place: Place) -> Ion:
    files = FakeFiles()
    files.keep(PHOTO)
    ion = place.connect(files=files)
    know(ion, place.server.ion.dialect)
    return ion


def entity_of_step(place: Place) -> str:
    steps = place.ion._client.execute(
        "query Q($id: Int!) { run(id: $id) { steps { entity { id } } } }"
        if place.server.ion.dialect == "documented-2026"
        else "query Q($id: ID!) { run(id: $id) { steps { entityId } } }",
        {"id": 1202},
        is_mutation=False,
    )["run"]["steps"]
    return str(steps[1].get("entityId") or steps[1]["entity"]["id"])


def arguments(place: Place, **changes: Json) -> dict[str, Json]:
    return {
        "entity_id": entity_of_step(place),
        "filename": "scratch-3f2a.jpg",
        "content_type": "image/jpeg",
        "digest": sha256(PHOTO).hexdigest(),
        **changes,
    }


def files_of(place: Place) -> list[str]:
    rows = place.server.ion.world.file_attachments
    return [row.filename for row in rows if row.entity_id == int(entity_of_step(place))]


def stored(ion: Ion, result: object) -> bytes | None:
    file = result["file"]  # type: ignore[index]
    return ion.download(file["id"])


@every_dialect
def test_a_file_is_attached_once_and_comes_back(place: Place) -> None:
    ion = connected(place)
    result = ion.perform("attach_file", arguments(place), marker=MARKER)
    file = result["file"]
    assert isinstance(file, dict)
    assert file["filename"] == "scratch-3f2a.jpg"
    assert stored(ion, result) == PHOTO
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@every_dialect
def test_the_bytes_must_be_in_the_kiosk(place: Place) -> None:
    ion = connected(place)
    for act in (ion, place.ion):
        with pytest.raises(IonRejected, match="expected its bytes in the kiosk"):
            act.perform("attach_file", arguments(place, digest="0" * 64), marker=MARKER)
    assert place.effects() == []
    ion.close()


@every_dialect
@pytest.mark.parametrize(
    ("kind", "more"), [("status_before", {"status": 403}), ("reset_before", {}), ("reset_after", {})]
)
def test_an_upload_that_fails_leaves_nothing_behind(place: Place, kind: str, more: dict[str, Json]) -> None:
    ion = connected(place)
    place.fault(kind, "upload", times=5, **more)
    with pytest.raises(IonUnreachable):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    assert files_of(place) == []
    ion.close()


@every_dialect
def test_an_address_that_is_no_longer_good_is_asked_for_again(place: Place) -> None:
    ion = connected(place)
    place.fault("status_before", "upload", status=403)
    result = ion.perform("attach_file", arguments(place), marker=MARKER)
    assert stored(ion, result) == PHOTO
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@three_steps
def test_a_broken_upload_gets_a_second_address(place: Place) -> None:
    ion = connected(place)
    place.fault("reset_after", "upload")
    result = ion.perform("attach_file", arguments(place), marker=MARKER)
    assert stored(ion, result) == PHOTO
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@attachment_first
def test_an_attachment_whose_answer_is_lost_never_got_its_bytes_and_is_taken_away(place: Place) -> None:
    ion = connected(place)
    place.fault("reset_after", "createFileAttachment")
    with pytest.raises(IonUnknown):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    assert files_of(place) == ["scratch-3f2a.jpg"]
    assert ion.find_effect("attach_file", arguments(place), marker=MARKER) == Absent()
    assert files_of(place) == []
    result = ion.perform("attach_file", arguments(place), marker=MARKER)
    assert stored(ion, result) == PHOTO
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@attachment_first
def test_an_attachment_that_cannot_be_taken_away_is_looked_for(place: Place) -> None:
    ion = connected(place)
    place.fault("status_before", "upload", status=503)
    place.fault("reset_before", "deleteFileAttachment")
    with pytest.raises(IonUnknown, match="an attachment without it may be left in ION"):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    assert files_of(place) == ["scratch-3f2a.jpg"]
    assert ion.find_effect("attach_file", arguments(place), marker=MARKER) == Absent()
    assert files_of(place) == []
    ion.close()


@attachment_first
def test_an_upload_whose_answer_is_lost_is_found_whole(place: Place) -> None:
    ion = connected(place)
    place.fault("reset_after", "upload")
    place.fault("reset_before", "deleteFileAttachment")
    with pytest.raises(IonUnknown):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    found = ion.find_effect("attach_file", arguments(place), marker=MARKER)
    assert isinstance(found, Found)
    assert stored(ion, found.result) == PHOTO
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@attachment_first
def test_a_file_that_ion_and_its_storage_took_is_never_taken_away(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list lags behind, and then the bytes cannot be read back."""
    ion, factory, wanted = connected(place), place.server.ion, arguments(place)
    # The seed is old by then.
    monkeypatch.setattr(factory.world, "clock", lambda: datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr(factory, "switches", replace(factory.switches, read_lag_s=60.0))
    with pytest.raises(IonUnknown, match="does not show it yet"):
        ion.perform("attach_file", wanted, marker=MARKER)
    assert isinstance(ion.find_effect("attach_file", wanted, marker=MARKER), Answered)
    factory.switches = replace(factory.switches, read_lag_s=0.0)
    place.fault("status_before", "download", status=403)
    assert isinstance(ion.find_effect("attach_file", wanted, marker=MARKER), Answered)
    assert files_of(place) == ["scratch-3f2a.jpg"]
    assert isinstance(ion.find_effect("attach_file", wanted, marker=MARKER), Found)
    ion.close()


@attachment_first
def test_an_attachment_of_which_nothing_is_known_may_arrive_late(place: Place) -> None:
    ion = connected(place)
    assert ion.find_effect("attach_file", arguments(place), marker=MARKER) == LATE
    ion.close()


@three_steps
def test_a_registration_whose_answer_is_lost_is_for_a_person_where_files_cannot_be_listed(
    place: Place,
) -> None:
    ion = connected(place)
    place.fault("reset_after", "createFileAttachment")
    with pytest.raises(IonUnknown):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    finding = ion.find_effect("attach_file", arguments(place), marker=MARKER)
    assert isinstance(finding, Unsure)
    assert "got no list of files from this tenant" in finding.facts
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@pytest.mark.parametrize("place", ["both"], indirect=True)
def test_a_registration_whose_answer_is_lost_is_found_by_its_key(place: Place) -> None:
    files = FakeFiles()
    files.keep(PHOTO)
    ion = place.connect(files=files, dialect="documented-2026")
    assert "attach_file" in ion.offers()
    place.fault("reset_after", "createFileAttachment")
    with pytest.raises(IonUnknown):
        ion.perform("attach_file", arguments(place), marker=MARKER)
    found = ion.find_effect("attach_file", arguments(place), marker=MARKER)
    assert isinstance(found, Found)
    assert files_of(place) == ["scratch-3f2a.jpg"]
    ion.close()


@attachment_first
def test_an_asset_is_defined_and_taken_away(place: Place) -> None:
    ion = connected(place)
    start = {"run_id": "1202", "step_id": "6", "status": "REDLINE", "from_status": "IN_PROGRESS"}
    ion.perform("set_step_status", start, marker="k:redline")
    result = ion.perform("add_asset", arguments(place), marker=MARKER)
    assert stored(ion, result) == PHOTO
    file = result["file"]
    assert isinstance(file, dict)
    ion.perform("delete_asset", {"file_id": file["id"]}, marker="k:delete")
    with pytest.raises(IonRejected, match="was not found"):
        ion.download(str(file["id"]))
    ion.close()


@attachment_first
def test_a_file_that_was_deleted_is_gone(place: Place) -> None:
    ion = connected(place)
    result = ion.perform("attach_file", arguments(place), marker=MARKER)
    file = result["file"]
    assert isinstance(file, dict)
    ion.perform("delete_file", {"file_id": file["id"]}, marker="k:delete")
    assert files_of(place) == []
    ion.close()


@every_dialect
def test_no_token_reaches_the_storage(place: Place) -> None:
    seen: list[httpx.Request] = []

    class Watched(httpx.BaseTransport):
        def __init__(self) -> None:
            self._inner = httpx.HTTPTransport()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/storage"):
                seen.append(request)
            return self._inner.handle_request(request)

        def close(self) -> None:
            self._inner.close()

    ion = connected(place)
    ion._storage._http = httpx.Client(transport=Watched())
    ion.perform("attach_file", arguments(place), marker=MARKER)
    (put,) = seen
    assert put.headers["content-type"] == "image/jpeg"
    assert "authorization" not in put.headers
    ion.close()
