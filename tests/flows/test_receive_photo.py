"""Photos of what came off the truck."""

from dataclasses import replace

from kiosk.model import Level
from tests.flows.floor import BOLT, ORDER, Floor, at_line

PHOTO, OTHER = "a" * 64, "b" * 64
FILE = {"digest": PHOTO, "filename": "BOLT-1-1.jpg", "content_type": "image/jpeg"}


def received(floor: Floor) -> object:
    floor.scan("LOT-1")
    floor.press("CONFIRM")
    return floor.submits[-1].arguments.get("photos")


def test_a_photo_goes_with_the_receipt() -> None:
    floor = at_line(BOLT)
    assert floor.scan("ION/CMD/PHOTO") == "receive/photos"
    assert floor.said == (Level.ASK, "Take a photo of BOLT-1, here or with a phone.")
    assert floor.press("PHOTO", PHOTO) == "receive/photos"
    assert (floor.said, floor.state["photos_of"]) == ((Level.GOOD, "The photo is kept."), "1")
    floor.press("PHOTO")
    floor.press("PHOTO")
    assert floor.state["phone"] == "2"
    assert floor.press("CONFIRM") == "receive/line"
    assert (floor.said, floor.effects) == ((Level.ASK, "BOLT-1: Scan the lot."), [])
    assert received(floor) == [FILE]
    assert "photos" not in floor.state


def test_a_photo_that_a_phone_sends_comes_at_any_time() -> None:
    floor = at_line(BOLT)
    assert floor.press("PHOTO", PHOTO) == "receive/line"
    assert received(floor) == [FILE]


def test_what_is_scanned_beside_the_photos_is_entered() -> None:
    floor = at_line(BOLT)
    floor.press("PHOTO")
    assert floor.scan("LOT-1") == "receive/line"
    assert floor.state["lot"] == "LOT-1"


def test_photos_are_not_thrown_away_unasked() -> None:
    floor = at_line(BOLT)
    floor.press("PHOTO")
    floor.press("PHOTO", PHOTO)
    floor.press("PHOTO", OTHER)
    floor.hears(replace(ORDER, supplier="Other"))
    assert (floor.screen, floor.state["photos"]) == ("receive/photos", [PHOTO, OTHER])
    floor.press("BACK")
    assert floor.press("HOME") == "home/switch"


def test_the_next_line_has_no_photos() -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", "1")
    floor.press("PHOTO", PHOTO)
    received(floor)
    floor.press("CHOOSE", "order-line/1")
    assert floor.state["photos"] == []
    assert received(floor) is None
    assert len(floor.submits) == 2
