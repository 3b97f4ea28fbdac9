"""What a station shows, and since when it asks what it asks."""

from dataclasses import replace

from kiosk.face import Face
from kiosk.model import Json, Location, Session
from kiosk.wire import object_json


def test_of_photos_it_matters_which_thing_the_screen_is_about() -> None:
    def face(number: str, **state: Json) -> Face:
        location = object_json(Location(number, f"Shelf {number}"))
        session = Session("s", "dock-1", "lookup", "location", {"location": location, **state}, revision=1)
        return Face(session, 1, 1)

    def later(face: Face) -> Session:
        return replace(face.session, revision=2)

    assert face("8").after_event(later(face("9"))).since == 1
    assert face("8", photos=[]).after_event(later(face("8", photos=["a"]))).since == 1
    assert face("8", photos=[]).after_event(later(face("9", photos=[]))).since == 2
    assert face("8", photos=[]).after_news(later(face("9", photos=[]))).since == 2
    of = face("8", photos=[], photos_of="line/1")
    assert of.after_event(later(face("8", photos=[], photos_of="line/1"))).since == 1
    assert of.after_event(later(face("8", photos=[], photos_of="line/2"))).since == 2
