from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows import on_delivered
from kiosk.flows.photos import photo_files, photo_taken, photos_of
from kiosk.model import Issue, Json, Level, Session, Submit
from kiosk.wire import object_json
from tests.flows.floor import LOT, UNIT, operation_of

ONE, TWO = "1" * 64, "2" * 64
SESSION = Session("s", "dock-1", "problem", "report", {"title": "Bent"})


def taken(photos: list[Json], digest: str | None) -> tuple[Any, Level, str]:
    outcome = photo_taken(replace(SESSION, state={"photos": photos}), digest)
    assert outcome.message is not None
    return outcome.state["photos"], outcome.message.level, outcome.message.text


def test_photos_are_kept_in_their_order() -> None:
    assert taken([], ONE) == ([ONE], Level.GOOD, "The photo is kept.")
    assert taken([ONE], TWO) == ([ONE, TWO], Level.GOOD, "Photo 2 is kept.")
    assert photo_taken(SESSION, ONE).state == {"title": "Bent", "photos": [ONE]}
    assert photos_of({"photos": [ONE, TWO]}) == (ONE, TWO)


def test_a_photo_is_kept_once() -> None:
    assert taken([ONE], ONE) == ([ONE], Level.ASK, "This photo is here already: 1 in all.")


def test_six_photos_are_enough() -> None:
    six: list[Json] = [str(number) * 64 for number in range(6)]
    assert taken(six, "a" * 64) == (six, Level.STOP, "6 photos are enough for one thing.")


@pytest.mark.parametrize("digest", ["", "x" * 64, "1" * 63, "../../etc/passwd", "1" * 64 + "\n"])
def test_what_is_no_digest_is_no_photo(digest: str) -> None:
    assert taken([], digest) == ([], Level.STOP, "That was no photo of this kiosk.")


def test_without_a_photo_it_is_said_how_one_is_taken() -> None:
    outcome = photo_taken(SESSION, None)
    assert outcome.message is not None
    assert outcome.message.text == "Take the photo here, or scan the code with a phone."


@pytest.mark.parametrize(
    ("name", "filename"),
    [
        ("SN-1", "SN-1-1.jpg"),
        ("../a b\\c", "a-b-c-1.jpg"),
        ("\u200b…", "photo-1.jpg"),
        ("x" * 99, f"{'x' * 60}-1.jpg"),
    ],
)
def test_a_file_is_named_by_what_it_shows(name: str, filename: str) -> None:
    assert photo_files((ONE,), name) == [{"digest": ONE, "filename": filename, "content_type": "image/jpeg"}]


def upload(digest: str, number: int, entity_id: Json, about: str) -> Submit:
    arguments = {
        "digest": digest,
        "filename": f"Bent-{number}.jpg",
        "content_type": "image/jpeg",
        "entity_id": entity_id,
        "title": "Bent",
    }
    return Submit("attach_file", f"photo/{digest}", about, arguments)


def test_the_photos_of_an_issue_are_attached_to_it() -> None:
    arguments: dict[str, Json] = {"title": "Bent", "photos": photo_files((ONE, TWO), "Bent")}
    issue = operation_of(Submit("create_issue", "run/77", "run/77", arguments))
    made = object_json(Issue("5", "Bent", "PENDING", entity_id="905"))
    assert on_delivered(replace(issue, result={"issue": made})) == (
        upload(ONE, 1, "905", "run/77"),
        upload(TWO, 2, "905", "run/77"),
    )
    assert on_delivered(replace(issue, result={})) == (
        upload(ONE, 1, None, "run/77"),
        upload(TWO, 2, None, "run/77"),
    )


def test_the_photos_of_a_receipt_are_attached_to_the_stock_it_made() -> None:
    arguments: dict[str, Json] = {"title": "Bent", "photos": photo_files((ONE,), "Bent")}
    receipt = operation_of(Submit("receive", "order-line/1", "order/42", arguments))
    rows: list[Json] = [object_json(LOT), object_json(replace(UNIT, entity_id="9501"))]
    effects = on_delivered(replace(receipt, result={"inventories": rows}))
    assert effects[2:] == (upload(ONE, 1, "9501", "order/42"),)


def test_what_had_no_photos_gets_no_files() -> None:
    issue = operation_of(Submit("create_issue", "run/77", "run/77", {"title": "Bent"}))
    assert on_delivered(replace(issue, result={"issue": {"entity_id": "1"}})) == ()
