"""The contract of ``NoteRoom``."""

from kiosk.model import Json
from kiosk.ports import NoteRoom

NOTES: dict[str, Json] = {
    "received": "10.5",
    "stock": {"9047": "0.001"},
    "absent": True,
    "answered": {"inventories": [], "line": None, "by": "Zoë"},
}


class NoteRoomContract:
    """Subclass it and give a fixture ``room``, empty, and one ``markers`` of two operations."""

    def test_of_what_was_never_sent_nothing_is_noted(self, room: NoteRoom, markers: tuple[str, str]) -> None:
        assert [room.noted(marker) for marker in (*markers, "k:nobody", "")] == [{}] * 4

    def test_what_is_noted_is_told_again_and_of_no_other(
        self, room: NoteRoom, markers: tuple[str, str]
    ) -> None:
        first, second = markers
        room.note(first, NOTES)
        assert (room.noted(first), room.noted(second)) == (NOTES, {})

    def test_a_note_takes_the_place_of_the_one_before(self, room: NoteRoom, markers: tuple[str, str]) -> None:
        room.note(markers[0], NOTES)
        room.note(markers[0], {"absent": True})
        assert room.noted(markers[0]) == {"absent": True}
        room.note(markers[0], {})
        assert room.noted(markers[0]) == {}
