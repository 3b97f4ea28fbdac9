"""The contract of ``FileRoom``."""

import hashlib

from kiosk.ports import FileRoom


class FileRoomContract:
    """Subclass it and give a fixture ``room``, empty."""

    def test_what_is_kept_is_read_by_its_digest(self, room: FileRoom) -> None:
        digests = [room.keep(content) for content in (b"one", b"\x00\xff" * 1000)]
        assert digests[0] == hashlib.sha256(b"one").hexdigest()
        assert [room.read(digest) for digest in digests] == [b"one", b"\x00\xff" * 1000]

    def test_the_same_bytes_are_one_file(self, room: FileRoom) -> None:
        assert room.keep(b"one") == room.keep(b"one")

    def test_what_was_never_kept_is_none(self, room: FileRoom) -> None:
        room.keep(b"one")
        for digest in ("0" * 64, "", "../../etc/passwd", "' OR 1=1 --"):
            assert room.read(digest) is None
