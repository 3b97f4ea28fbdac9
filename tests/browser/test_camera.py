"""The camera panel, with a camera that films a label our own renderer drew."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserType, expect

from kiosk.artwork import render_label
from kiosk.label_shelf import LabelShelf
from kiosk.resources import templates_dir
from kiosk.sheets import scanner_sheet
from kiosk.sheets.setup_codes import DOUBLES, KEYS, SEPARATORS
from tests.browser.conftest import ARGUMENTS, CHROMIUM, OpenScreen, Screen, open_screens
from tests.test_photo import picture_of, saved

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 1280, 720
OpenFilmed = Callable[[Image.Image], Screen]


def filmed(picture: Image.Image) -> bytes:
    """Return a film of a picture in YUV4MPEG2, which the fake camera plays again and again."""
    fitted = ImageOps.pad(picture.convert("L"), (WIDTH, HEIGHT), color=160)
    frame = b"FRAME\n" + fitted.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 4


@pytest.fixture
def open_filmed(browser: Browser, tmp_path: Path) -> Iterator[OpenFilmed]:
    started: list[Browser] = []
    kind: BrowserType = browser.browser_type
    with open_screens() as start:

        def open_with(picture: Image.Image) -> Screen:
            film = tmp_path / "film.y4m"
            film.write_bytes(filmed(picture))
            camera = [
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ]
            started.append(kind.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera]))
            return start(started[-1], "kiosk")

        yield open_with
    for one in started:
        one.close()


def location_label() -> Image.Image:
    shelf = LabelShelf(templates_dir() / "labels", None, lambda: datetime.now(UTC))
    values = {"code": "ION/LOC/4", "name": "Rack A / Shelf 2"}
    png = render_label(shelf, "location", values, 203, "png")
    return Image.open(io.BytesIO(png))


def stopped(screen: Screen) -> bool:
    return bool(screen.page.locator("#camera video").evaluate("video => video.srcObject === null"))


def test_a_label_before_the_camera_is_scanned_and_the_camera_stops(open_filmed: OpenFilmed) -> None:
    screen = open_filmed(location_label())
    page = screen.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert (
        page.evaluate(
            "performance.getEntriesByType('resource').filter(e => /camera|zxing/.test(e.name)).length"
        )
        == 0
    )
    page.locator(".rail [data-opens=camera]").click()
    expect(page.locator(".scanned")).to_contain_text("ION/LOC/4", timeout=15_000)
    expect(page.locator("#camera")).to_be_hidden()
    assert [data[3:] for data, _, _ in screen.kiosk.station.scans] == [b"ION/LOC/4"]
    assert screen.kiosk.station.scans[0][0][:2] in {b"]Q", b"]d", b"]C"}
    assert stopped(screen)
    assert all(url.startswith(f"http://127.0.0.1:{screen.server.port}/") for url in asked)


def test_of_several_barcodes_a_person_chooses(open_filmed: OpenFilmed) -> None:
    with Image.open(io.BytesIO(scanner_sheet())) as sheet:
        tests = sheet.crop((850, 1300, 2300, 2300))
    screen = open_filmed(tests)
    page = screen.page
    page.locator(".rail [data-opens=camera]").click()
    buttons = page.locator("#camera .codes button")
    expect(buttons).to_have_count(3, timeout=15_000)
    screen.picture("camera-choose")
    assert stopped(screen)
    page.locator("#camera .codes button", has_text="␝PION-TEST").click()
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator(".scanned")).to_contain_text("ION-TEST")
    assert [data for data, _, _ in screen.kiosk.station.scans] == [b"]d1" + SEPARATORS.encode()]


def test_closing_the_panel_stops_the_camera_and_opening_it_starts_it_again(open_filmed: OpenFilmed) -> None:
    screen = open_filmed(Image.new("L", (640, 360), 120))
    page = screen.page
    for _ in range(2):
        page.locator(".rail [data-opens=camera]").click()
        expect(page.locator("#camera .said")).to_have_text("Hold the barcode before the camera.")
        track = page.locator("#camera video").evaluate_handle("video => video.srcObject.getTracks()[0]")
        assert track.evaluate("track => track.readyState") == "live"
        screen.picture("camera")
        page.locator("#camera [data-closes]").click()
        expect(page.locator("#camera")).to_be_hidden()
        assert track.evaluate("track => track.readyState") == "ended"
        assert stopped(screen)
    assert screen.kiosk.station.scans == []


def test_without_a_camera_a_photo_is_offered_and_read(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.locator(".rail [data-opens=camera]").click()
    expect(page.locator("#camera .said")).to_contain_text("photo", timeout=10_000)
    screen.picture("camera-none")
    file = page.locator("#camera input[type=file]")
    photo = saved(Image.new("L", (640, 480), 200), "JPEG")
    file.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator("#camera .said")).to_contain_text("No barcode was found in the photo.")
    assert len(screen.faults) == 1
    screen.faults.clear()
    file.set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": saved(picture_of("PO-10007"))})
    expect(page.locator("#camera")).to_be_hidden()
    assert [data for data, _, _ in screen.kiosk.station.scans] == [b"]d1PO-10007"]


def test_of_several_in_a_photo_a_person_chooses(open_screen: OpenScreen) -> None:
    screen = open_screen("phone")
    page = screen.page
    page.locator(".rail [data-opens=camera]").click()
    page.locator("#camera input[type=file]").set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": scanner_sheet()}
    )
    buttons = page.locator("#camera .codes button")
    expect(buttons).to_have_count(3)
    screen.picture("phone-camera-choose")
    expect(buttons.nth(1)).to_contain_text(KEYS)
    buttons.nth(2).click()
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator(".scanned")).to_contain_text("ION-TEST")
    assert [data for data, _, _ in screen.kiosk.station.scans] == [b"]C0" + DOUBLES.encode()]
