import io
import time
from pathlib import Path

import pytest
from PIL import Image

from kiosk.design_desk import DesignDesk
from kiosk.errors import DesignChanged, IonError, LabelError
from kiosk.model import PreparedLabel, Print, PrintJob
from kiosk.ports import KeptPicture
from kiosk.wire import digest_of
from tests.fakes.designs import PACKAGED, design_desk

LOCATION = (PACKAGED / "location.toml").read_text(encoding="utf-8")
PART = (PACKAGED / "part.toml").read_text(encoding="utf-8")


class Queue(list[tuple[str, Print, PreparedLabel, str | None]]):
    def __call__(
        self, printer: str, label: Print, prepared: PreparedLabel, key: str | None
    ) -> tuple[PrintJob, ...]:
        self.append((printer, label, prepared, key))
        return ()


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def desk(tmp_path: Path, queue: Queue) -> DesignDesk:
    return design_desk(tmp_path / "designs", queue)


@pytest.mark.parametrize("printer", ["dock-zebra", "fine"])
def test_the_preview_is_the_very_picture_that_is_printed(
    desk: DesignDesk, queue: Queue, printer: str
) -> None:
    values = {"code": "ION/LOC/4", "name": "Dock 7"}
    draft = desk.draft("location", LOCATION, printer, values)
    assert (draft.fault, draft.is_exact) == (None, True)
    desk.print_test("location", LOCATION, printer, values, key="k")
    ((to, label, prepared, key),) = queue
    assert (to, label.fields, key) == (printer, values, "k")
    assert prepared.png == draft.png
    assert prepared.encoded == "ION/LOC/4"
    with Image.open(io.BytesIO(draft.png)) as picture:
        assert picture.width >= draft.width - 1


def test_what_is_saved_is_printed_from_now_on(desk: DesignDesk) -> None:
    label = Print("location", {"code": "ION/LOC/4", "name": "Dock 7"}, subject="x")
    before = desk.shop.prepare("dock-1", label)
    changed = desk.arranged(LOCATION, "text 1", "dock-zebra", {"width_mm": 320})
    assert desk.save("location", changed, digest_of(LOCATION)).number == 1
    after = desk.shop.prepare("dock-1", label)
    assert before.encoded == after.encoded
    assert (before.png == after.png, before.design_digest == after.design_digest) == (False, False)
    card = next(card for card in desk.cards() if card.name == "location")
    assert (card.is_of_site, card.is_packaged, card.fault) == (True, True, "")
    assert desk.picture("location") is not None


def test_who_comes_second_does_not_write_over_the_first(desk: DesignDesk) -> None:
    desk.save("location", LOCATION + "# one\n", digest_of(LOCATION))
    with pytest.raises(DesignChanged, match="Somebody saved"):
        desk.save("location", LOCATION + "# two\n", digest_of(LOCATION))
    with pytest.raises(DesignChanged):
        desk.save("location", LOCATION + "# two\n", "")
    desk.save("location", LOCATION + "# two\n", None)
    assert desk.source("location") == LOCATION + "# two\n"


def test_a_design_with_a_fault_is_not_saved(desk: DesignDesk) -> None:
    with pytest.raises(LabelError, match=r"^This design has a fault in line [0-9]+: text 1: outside"):
        desk.save("location", desk.arranged(LOCATION, "text 1", "dpi:203", {"x_mm": 3200}), None)
    assert desk.source("location") == LOCATION


def test_a_site_s_part_label_may_show_less_but_not_want_more(desk: DesignDesk) -> None:
    less = PART[: PART.index("[[text]]\nx_mm = 4\ny_mm = 31.5")]
    dropped = (
        "serialNumber",
        "lotNumber",
        "quantity",
        '"location.name"',
        "receivedAt",
        '"part.revision"',
        "reprint",
    )
    for name in dropped:
        less = "\n".join(line for line in less.split("\n") if not line.startswith(f"{name} = "))
    desk.save("part", less, None)
    full = {"code": "ION/PI/5", "part.partNumber": "P", "serialNumber": "S"}
    assert desk.shop.prepare("dock-1", Print("part", full, subject="x")).encoded == "ION/PI/5"
    with pytest.raises(LabelError, match="got also 'colour'"):
        desk.shop.prepare("dock-1", Print("part", {**full, "colour": "red"}, subject="x"))
    wanting = PART.replace("serialNumber = { sample", "serialNumber = { required = true, sample")
    with pytest.raises(LabelError, match="'serialNumber' not to be required"):
        desk.save("part", wanting, None)
    desk.save("part-with-serial", wanting, "")
    with pytest.raises(LabelError, match="encodes: expected 'code'"):
        desk.save("location", OTHER, None)


OTHER = """
title = "x"
encodes = "name"
width_mm = 50
height_mm = 25
[fields]
name = { required = true, sample = "abc" }
[[qr]]
x_mm = 5
y_mm = 5
size_mm = 15
value = "${name}"
"""


def test_a_fault_keeps_its_line_and_a_rough_picture(desk: DesignDesk) -> None:
    over = OTHER + '[[text]]\nx_mm = 5\ny_mm = 5\nwidth_mm = 20\nsize_mm = 3\nvalue = "OVER"\n'
    draft = desk.draft("other", over, "dock-zebra", None)
    assert draft.fault is not None
    assert draft.fault.line == over[: over.index("[[qr]]")].count("\n") + 1
    assert draft.png
    assert [box.name for box in draft.boxes] == ["qr 1", "text 1"]
    gone = desk.draft("other", "title =", "dock-zebra", None)
    assert (gone.fault and gone.fault.line, gone.png) == (1, b"")


def test_dragging_writes_whole_dots_at_every_pitch(desk: DesignDesk) -> None:
    for target in ("dock-zebra", "fine", "dpi:600"):
        changed = desk.arranged(OTHER, "qr 1", target, {"x_mm": 101, "size_mm": 123})
        box = desk.draft("other", changed, target, None).boxes[0]
        assert (box.x, box.width, box.keys) == (101, 123, ("x_mm", "y_mm", "size_mm"))
    with pytest.raises(LabelError, match="Cannot arrange this"):
        desk.arranged(OTHER, "qr 2", "dock-zebra", {"x_mm": 1})


def test_values_of_a_real_one_fill_what_the_design_takes(desk: DesignDesk) -> None:
    values = desk.sample(b"ION/PI/501")
    draft = desk.draft("location", LOCATION, "dpi:203", values)
    assert {one.name: one.value for one in draft.fields}["code"] == "ION/PI/501"
    assert all(one.value for one in draft.fields if one.is_required)
    with pytest.raises(LabelError):
        desk.sample(b"nothing")
    with pytest.raises(IonError):
        desk.sample(b"OFFLINE")


def rows_bomb(rows: int) -> str:
    columns = "columns = { a = { sample = 'x' } }"
    table = (
        '[[table]]\nx_mm=25\ny_mm=5\nwidth_mm=20\nheight_mm=5\nrow_height_mm=5\nrows="r"\n'
        '[[table.text]]\nx_mm=0\ny_mm=0\nwidth_mm=10\nsize_mm=3\nvalue="${r.a}"\n'
    )
    return OTHER.replace("[[qr]]", f"[rows.r]\nsample_rows = {rows}\n{columns}\n[[qr]]") + table


def conditions_bomb(count: int) -> str:
    names = [f"f{number}" for number in range(count)]
    fields = "".join(f"{name} = {{ sample = 'x' }}\n" for name in names)
    line = "[[line]]\nx_mm=1\ny_mm=1\nwidth_mm=1\nheight_mm=1\nunless='{}'\n"
    return OTHER.replace("[[qr]]", f"{fields}[[qr]]") + "".join(map(line.format, names))


def sized(side_mm: int, more: str = "") -> str:
    return (
        OTHER.replace("title", f"{more}title")
        .replace("= 50\n", f"= {side_mm}\n")
        .replace("= 25\n", f"= {side_mm}\n")
    )


def with_image(file: str) -> str:
    return OTHER + f'[[image]]\nfile = "{file}"\nx_mm=30\ny_mm=1\nwidth_mm=9\nheight_mm=9\n'


@pytest.mark.parametrize(
    "source",
    [
        "x" * 300_000,
        "a" + ".a" * 50_000 + "=1",
        sized(1000),
        sized(300, "min_dpi = 1200\n"),
        OTHER + "[[line]]\nx_mm=1\ny_mm=1\nwidth_mm=1\nheight_mm=1\n" * 400,
        rows_bomb(500),
        conditions_bomb(200),
        OTHER.replace('"${name}"', '"${name.__class__}"'),
        OTHER.replace('"${name}"', '"${name}{{ config }}"'),
        OTHER.replace('"${name}"', '"$name"'),
        with_image("../../../etc/passwd"),
        with_image("none.png"),
        "\0",
        "\ud800",
    ],
    ids=range(14),
)
def test_hostile_texts_are_refused_at_once(desk: DesignDesk, source: str) -> None:
    start_s = time.process_time()
    draft = desk.draft("other", source, "dock-zebra", None)
    assert draft.fault is not None
    assert draft.png == b""
    with pytest.raises(LabelError):
        desk.save("other", source, None)
    assert time.process_time() - start_s < 5


def test_a_few_pages_are_no_bomb(desk: DesignDesk) -> None:
    assert desk.draft("other", rows_bomb(3), "dock-zebra", None).fault is None


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_packaged_design_opens_clean_where_it_fits(desk: DesignDesk, path: Path) -> None:
    target = next(one for one in desk.targets(path.stem) if one.is_fitting)
    draft = desk.draft(path.stem, path.read_text(encoding="utf-8"), target.name, None)
    assert draft.fault is None
    assert all(box.keys for box in draft.boxes)


def test_a_printer_that_is_too_coarse_or_small_is_not_taken_first(desk: DesignDesk) -> None:
    fitting = {one.name: one.is_fitting for one in desk.targets("small-part")}
    assert (fitting["dock-zebra"], fitting["fine"], fitting["dpi:203"]) == (False, True, False)
    assert not {one.name: one.is_fitting for one in desk.targets("kit")}["dock-zebra"]


def test_rows_that_are_typed_are_drawn_and_none_can_be_meant(desk: DesignDesk) -> None:
    source = desk.source("traveler") or ""
    samples = desk.draft("traveler", source, "dpi:203", None)
    (table,) = samples.tables
    assert (table.name, table.columns) == ("steps", ("position", "code", "location", "title"))
    assert (table.required, len(table.rows)) == (("position", "title"), 9)
    rows = [{"position": "1", "title": "Torque", "colour": "red"}]
    typed = desk.draft("traveler", source, "dpi:203", {"steps": rows})
    assert typed.tables[0].rows == ({"position": "1", "title": "Torque"},)
    empty = desk.draft("traveler", source, "dpi:203", {"steps": []})
    assert (empty.fault, empty.tables[0].rows) == (None, ())
    assert len({samples.png, typed.png, empty.png}) == 3


def test_a_deleted_design_gives_way_to_the_packaged_one(desk: DesignDesk) -> None:
    desk.save("location", LOCATION + "# one\n", None)
    desk.save("gate", LOCATION, None)
    with pytest.raises(DesignChanged, match="Somebody saved"):
        desk.delete("location", digest_of(LOCATION))
    desk.delete("location", digest_of(LOCATION + "# one\n"))
    desk.delete("gate", digest_of(LOCATION))
    assert (desk.source("location"), desk.deleted()) == (LOCATION, ("gate",))
    assert desk.shop.designs.good["location"] is desk.shop.designs.packaged["location"]
    with pytest.raises(LabelError, match="'gate': expected one of"):
        desk.shop.prepare("dock-1", Print("gate", {"code": "c", "name": "n"}, "x"))
    desk.save("gate", desk.source("gate", 1) or "", "")
    assert desk.deleted() == ()


def test_a_picture_that_was_added_is_drawn(desk: DesignDesk) -> None:
    file = io.BytesIO()
    Image.new("L", (40, 20), 0).save(file, "BMP")
    kept = desk.keep_picture("My logo.bmp", file.getvalue())
    assert kept == KeptPicture("My-logo.png", 40, 20, has_greys=False)
    image = '[[image]]\nx_mm = 40\ny_mm = 41\nwidth_mm = 10\nheight_mm = 5\nfile = "My-logo.png"\n'
    source = LOCATION.replace("height_mm = 40.8", "height_mm = 30") + image
    draft = desk.draft("location", source, "dpi:203", None)
    assert draft.fault is None
    assert Image.open(io.BytesIO(draft.png)).getpixel((350, 350)) == 0
    with pytest.raises(LabelError, match="Expected PNG, JPEG"):
        desk.keep_picture("x.png", b"no picture")
