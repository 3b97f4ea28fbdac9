from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.errors import LabelError
from kiosk.label_shelf import LabelShelf, read_designs
from kiosk.model import DesignVersion
from tests.fakes.designs import PACKAGED

FIRST = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = FIRST

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def shelf(tmp_path: Path) -> LabelShelf:
    return LabelShelf(PACKAGED, tmp_path / "designs", Clock())


def test_what_is_saved_comes_first_and_every_version_stays(shelf: LabelShelf, tmp_path: Path) -> None:
    packaged = shelf.source("location")
    assert packaged is not None
    assert shelf.versions("location") == (DesignVersion(0, None),)
    first = shelf.save("location", packaged + "# one\n")
    second = shelf.save("location", packaged + "# two\n")
    assert (first.number, second.number) == (1, 2)
    assert shelf.save("location", packaged + "# two\n") == second
    assert [one.number for one in shelf.versions("location")] == [2, 1, 0]
    assert shelf.source("location") == packaged + "# two\n"
    assert [shelf.source("location", n) for n in (0, 1, 2, 3)] == [
        packaged,
        packaged + "# one\n",
        packaged + "# two\n",
        None,
    ]
    assert (PACKAGED / "location.toml").read_text(encoding="utf-8") == packaged
    assert shelf.is_of_site("location")
    left = sorted(path.name for path in (tmp_path / "designs").rglob("*") if path.is_file())
    assert left == ["000001-20261121T093001Z.toml", "000002-20261121T093002Z.toml", "location.toml"]


def test_bytes_stay_as_they_are(shelf: LabelShelf, tmp_path: Path) -> None:
    shelf.save("own", 'title = "é"\r\n')
    assert (tmp_path / "designs" / "own.toml").read_bytes() == 'title = "é"\r\n'.encode()
    assert shelf.source("own") == 'title = "é"\r\n'


def test_what_was_put_there_by_hand_becomes_a_version(shelf: LabelShelf, tmp_path: Path) -> None:
    (tmp_path / "designs").mkdir()
    (tmp_path / "designs" / "own.toml").write_text("by hand", encoding="utf-8")
    assert shelf.save("own", "by page").number == 2
    assert [shelf.source("own", n) for n in (1, 2)] == ["by hand", "by page"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../part",
        "a/b",
        "/etc/passwd",
        ".versions",
        "a.toml",
        "a" * 65,
        "a\0",
        "a\n",
        "é",
        "-a",
        "a b",
    ],
)
def test_no_name_leads_elsewhere(shelf: LabelShelf, tmp_path: Path, name: str) -> None:
    with pytest.raises(LabelError, match="expected a name of letters"):
        shelf.save(name, "x")
    assert shelf.source(name) is None
    assert shelf.source(name, 0) is None
    assert shelf.versions(name) == ()
    assert not (tmp_path / "designs").exists()


def test_without_a_folder_nothing_is_saved() -> None:
    shelf = LabelShelf(PACKAGED, None, Clock())
    with pytest.raises(LabelError, match=r"labels\.designs"):
        shelf.save("own", "x")
    assert not shelf.is_writable


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "designs").write_text("a file", encoding="utf-8")
    with pytest.raises(LabelError, match="Cannot save design 'own'"):
        LabelShelf(PACKAGED, tmp_path / "designs", Clock()).save("own", "x")


def test_one_bad_design_of_the_site_stops_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "part.toml").write_text('title = "x"', encoding="utf-8")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    own = (PACKAGED / "location.toml").read_text(encoding="utf-8")
    (tmp_path / "shelf.toml").write_text(own, encoding="utf-8")
    designs = read_designs(PACKAGED, tmp_path)
    assert sorted(designs.faults) == ["bytes", "part"]
    assert "part.toml" in designs.faults["part"]
    assert "part" not in designs.good
    assert {"shelf", "location", "run"} <= set(designs.good)
    assert "part" in designs.packaged


def test_a_design_that_is_deleted_leaves_its_versions(shelf: LabelShelf, tmp_path: Path) -> None:
    shelf.save("gate", "one")
    (tmp_path / "designs" / "gate.toml").write_text("by hand", encoding="utf-8")
    shelf.delete("gate")
    assert ("gate" in shelf.names(), shelf.deleted()) == (False, ("gate",))
    assert shelf.source("gate") is None
    assert [shelf.source("gate", version.number) for version in shelf.versions("gate")] == ["by hand", "one"]
    shelf.save("gate", "by hand")
    assert (shelf.source("gate"), shelf.deleted()) == ("by hand", ())


def test_the_packaged_design_is_used_again_once_the_sites_is_deleted(shelf: LabelShelf) -> None:
    packaged = shelf.source("location")
    shelf.save("location", "# own")
    shelf.delete("location")
    assert (shelf.source("location"), shelf.deleted()) == (packaged, ())
    assert [version.number for version in shelf.versions("location")] == [1, 0]


def test_only_what_is_the_sites_own_is_deleted(shelf: LabelShelf) -> None:
    for name in ("location", "none", "../x"):
        with pytest.raises(LabelError, match="Cannot delete design"):
            shelf.delete(name)
    assert LabelShelf(PACKAGED, None, Clock()).deleted() == ()
    with pytest.raises(LabelError, match="Cannot delete design"):
        LabelShelf(PACKAGED, None, Clock()).delete("location")


def test_a_design_that_cannot_be_deleted_stays(shelf: LabelShelf, tmp_path: Path) -> None:
    shelf.save("gate", "one")
    (tmp_path / "designs" / "gate.toml").unlink()
    (tmp_path / "designs" / "gate.toml").mkdir()
    with pytest.raises(LabelError, match="Cannot delete design 'gate': Is a directory"):
        shelf.delete("gate")


def test_a_picture_is_kept_under_a_name_that_is_free(shelf: LabelShelf, tmp_path: Path) -> None:
    assert [shelf.keep_file("logo", ".png", data) for data in (b"a", b"b", b"a", b"b", b"c")] == [
        "logo.png",
        "logo-2.png",
        "logo.png",
        "logo-2.png",
        "logo-3.png",
    ]
    assert shelf.beside("any")("logo-2.png") == b"b"
    with pytest.raises(LabelError, match=r"labels\.designs"):
        LabelShelf(PACKAGED, None, Clock()).keep_file("logo", ".png", b"a")
    (tmp_path / "file").touch()
    with pytest.raises(LabelError, match="Cannot keep picture 'logo': "):
        LabelShelf(PACKAGED, tmp_path / "file", Clock()).keep_file("logo", ".png", b"a")
