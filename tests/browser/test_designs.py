import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenScreen, Screen, Size
from tests.fakes.designs import PACKAGED

pytestmark = pytest.mark.browser
LOCATION = (PACKAGED / "location.toml").read_text(encoding="utf-8")


class Workbench:
    """Somebody at a design's page."""

    def __init__(self, screen: Screen, name: str = "location") -> None:
        self.screen, self.page = screen, screen.page
        self.drawn = 0
        self.page.goto(f"http://127.0.0.1:{screen.server.port}/labels")
        self.page.locator(f'.design a[href="/labels/{name}"]').click()
        self.wait()

    @property
    def source(self) -> str:
        return self.page.locator("#source").input_value()

    def picture(self) -> str:
        return str(self.page.evaluate("document.getElementById('picture').toDataURL()"))

    def wait(self) -> None:
        """Wait until the kiosk drew what was changed."""
        body = self.page.locator("body")
        expect(body).not_to_have_attribute("data-drawn", str(self.drawn))
        expect(body).to_have_attribute("data-drawn", re.compile("[0-9]+"))
        self.drawn = int(str(body.get_attribute("data-drawn")))

    def replace(self, old: str, new: str) -> None:
        assert old in self.source
        self.page.locator("#source").fill(self.source.replace(old, new, 1))
        self.wait()

    def element(self, name: str) -> Locator:
        return self.page.locator(f'.element[data-name="{name}"]')

    def follow(self, lead: Locator) -> None:
        """Click what leads to another page and wait for it: its script comes after its buttons."""
        with self.page.expect_navigation():
            lead.click()

    def drag(self, grip: Locator, dx: float, dy: float) -> None:
        box = grip.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2)
        self.page.mouse.move(x + dx, y + dy)
        self.page.mouse.up()
        self.wait()


def differing(before: str, after: str) -> list[str]:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return [new for old, new in pairs if old != new]


@pytest.fixture
def bench(open_screen: OpenScreen, tmp_path: Path) -> Workbench:
    return Workbench(open_screen("laptop", site=tmp_path / "designs"))


def test_a_fault_stands_beside_its_line(bench: Workbench) -> None:
    page, before = bench.page, bench.picture()
    bench.replace("x_mm = 39.6", "x_mm = 139.6")
    note = page.locator("#beside")
    line = bench.source.split("\n").index("[[text]]") + 1
    expect(note).to_contain_text(f"Line {line}: text 1: outside the label: wants 197.6 mm of its width")
    bench.screen.picture("design-fault")
    gap = page.evaluate(
        """line => {
          const top = document.getElementById("source").getBoundingClientRect().top + 8 + (line - 1) * 20;
          return Math.abs(document.getElementById("beside").getBoundingClientRect().top - top
            + document.getElementById("source").scrollTop);
        }""",
        line,
    )
    assert gap < 4
    assert bench.picture() == before
    expect(page.locator("#sheet")).to_have_class(re.compile("old"))
    bench.replace("x_mm = 139.6", "x_mm = 39.6")
    expect(note).to_be_hidden()


def test_elements_are_dragged_resized_and_nudged_in_whole_dots(bench: Workbench) -> None:
    page, before, picture = bench.page, bench.source, bench.picture()
    scale = page.evaluate("parseFloat(document.getElementById('picture').style.width) / 812")
    bench.drag(bench.element("text 1"), -16 * scale, 0)
    assert differing(before, bench.source) == ["x_mm = 37.625"]
    assert bench.picture() != picture
    bench.screen.picture("design-dragged")
    moved = bench.source
    bench.drag(page.locator('.chosen [data-way="e"]'), -24 * scale, 0)
    assert len(differing(moved, bench.source)) == 1
    assert "width_mm = 5" in differing(moved, bench.source)[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    bench.wait()
    assert len(differing(moved, bench.source)) == 2
    assert "y_mm = 5.25" in bench.source
    page.locator("#undo").click()
    page.locator("#undo").click()
    page.locator("#undo").click()
    expect(page.locator("#source")).to_have_value(before)


def test_save_compare_restore(bench: Workbench) -> None:
    page = bench.page
    bench.replace("# A place", "# Moved, a place")
    page.locator("#save").click()
    expect(page.locator("#said")).to_contain_text("Saved as version 1")
    bench.follow(page.get_by_role("link", name="Versions"))
    expect(page.locator(".diff .added")).to_contain_text("# Moved, a place")
    expect(page.locator(".diff .removed")).to_have_count(1)
    bench.screen.picture("design-versions")
    bench.follow(page.get_by_role("button", name="Restore"))
    expect(page.locator(".versions li").first).to_contain_text("Version 2")
    bench.follow(page.get_by_role("link", name="Back"))
    expect(page.locator("#source")).to_have_value(LOCATION)
    page.locator("#name").fill("shelf")
    page.locator("#save").click()
    expect(page).to_have_url(re.compile("/labels/shelf$"))


def test_print_a_test_with_the_values_of_a_real_one(bench: Workbench) -> None:
    page = bench.page
    page.locator("#code").fill("ION/PI/501")
    page.locator("#code").press("Enter")
    bench.wait()
    expect(page.locator('[name="code"]')).to_have_value("ION/PI/501")
    page.locator('[name="name"]').fill("Dock <7>")
    bench.wait()
    page.locator("#print").click()
    expect(page.locator("#said .sentence")).to_have_text("The test came out of dock-zebra.")
    expect(page.locator("#said .word")).to_have_text("Good")
    expect(page.locator("#said .icon use")).to_have_attribute("href", "#icon-circle-check")
    ((printer, label, prepared, _),) = bench.screen.kiosk.tests
    assert (printer, label.fields) == ("dock-zebra", {"code": "ION/PI/501", "name": "Dock <7>"})
    shown = page.evaluate(
        """async png => {
          const bytes = Uint8Array.from(png);
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          canvas.getContext("2d").drawImage(bitmap, 0, 0);
          const other = document.getElementById("picture");
          const [a, b] = [canvas, other].map((one) =>
            one.getContext("2d").getImageData(0, 0, one.width, one.height).data);
          return a.length === b.length && a.every((value, index) => value === b[index]);
        }""",
        list(prepared.png),
    )
    assert shown


def test_rows_are_typed_added_and_taken_away(open_screen: OpenScreen, tmp_path: Path) -> None:
    bench = Workbench(open_screen("laptop", site=tmp_path / "designs"), "traveler")
    page = bench.page
    rows = page.locator('[data-table="steps"] tr')
    expect(rows).to_have_count(9)
    before = bench.picture()
    rows.first.locator('[name="title"]').fill("Clean the bench")
    bench.wait()
    assert bench.picture() != before
    rows.nth(1).get_by_role("button").click()
    bench.wait()
    expect(rows).to_have_count(8)
    page.get_by_role("button", name="Add a row").click()
    bench.wait()
    expect(rows).to_have_count(9)
    expect(rows.last.locator('[name="position"]')).to_be_focused()
    bench.screen.picture("design-rows")
    page.locator("#target").select_option("dpi:300")
    bench.wait()
    expect(rows.first.locator('[name="title"]')).to_have_value("Clean the bench")
    page.locator("#samples").click()
    bench.wait()
    expect(rows.first.locator('[name="title"]')).not_to_have_value("Clean the bench")


def test_a_picture_is_added_and_the_design_deleted(bench: Workbench, tmp_path: Path) -> None:
    page = bench.page
    logo = tmp_path / "logo.bmp"
    Image.new("L", (40, 20), 0).save(logo, "BMP")
    bench.replace("height_mm = 40.8", "height_mm = 20")
    before = bench.picture()
    page.locator("#add-picture").set_input_files(logo)
    bench.wait()
    assert bench.source.endswith('width_mm = 20\nheight_mm = 10\nfile = "logo.png"\n')
    assert bench.picture() != before
    bench.replace("x_mm = 1\ny_mm = 1\n", "x_mm = 45\ny_mm = 38\n")
    page.locator("#name").fill("gate")
    page.locator("#save").click()
    expect(page).to_have_url(re.compile("/labels/gate$"))
    bench.drawn = 0
    button = page.locator("#delete")
    button.click()
    expect(button).to_have_text("Its versions stay. Delete?")
    button.click()
    expect(page).to_have_url(re.compile("/labels$"))
    bench.follow(page.locator(".deleted").get_by_role("link", name="gate"))
    bench.screen.picture("design-deleted")
    bench.follow(page.get_by_role("button", name="Restore"))
    bench.follow(page.get_by_role("link", name="Back"))
    expect(page.locator("#source")).to_have_value(re.compile("logo.png"))


def test_export_and_import(bench: Workbench, tmp_path: Path) -> None:
    page = bench.page
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    file = tmp_path / "gate.toml"
    download.value.save_as(file)
    assert file.read_text(encoding="utf-8") == LOCATION
    bench.follow(page.get_by_role("link", name="Labels"))
    bad = tmp_path / "bad.toml"
    bad.write_text(LOCATION.replace("x_mm = 5", "x_mm = 500"), encoding="utf-8")
    bench.screen.expected = ["422", "409"]
    page.locator("#import").set_input_files(bad)
    expect(page.locator("#said")).to_contain_text("bad.toml: This design has a fault in line ")
    page.locator("#import").set_input_files(file)
    expect(page).to_have_url(re.compile("/labels/gate$"))
    bench.follow(page.get_by_role("link", name="Labels"))
    page.locator("#import").set_input_files(file)
    page.locator("#replace").click()
    expect(page).to_have_url(re.compile("/labels/gate$"))


@pytest.mark.parametrize("size", ["laptop", "desk", "kiosk"])
def test_the_pages_fit(open_screen: OpenScreen, tmp_path: Path, size: Size) -> None:
    bench = Workbench(open_screen(size, site=tmp_path / "designs"), "part")
    page = bench.page

    def is_wide(page: Page) -> bool:
        root = "document.documentElement"
        return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))

    page.wait_for_timeout(200)
    bench.element("text 1").click(force=True)
    bench.screen.picture(f"design-{size}")
    assert not is_wide(page)
    bench.follow(page.get_by_role("link", name="Labels"))
    expect(page.locator(".design").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    bench.screen.picture(f"designs-{size}")
    assert not is_wide(page)
