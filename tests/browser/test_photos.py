"""Photos for a question: taken by the kiosk's own camera, chosen from a file, or sent by a phone."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from kiosk.web import create_app, serve
from tests.browser import pictures
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES, OpenScreen, Screen, open_screens
from tests.browser.test_camera import filmed
from tests.test_photo import saved
from tests.test_snapshot import HEIC, halves
from tests.web.photo_screen import SCREEN, STATE

pytestmark = pytest.mark.browser
OpenAsking = Callable[..., Screen]


@pytest.fixture
def open_asking(browser: Browser, tmp_path: Path) -> Iterator[OpenAsking]:
    """Give a function that opens a page whose screen asks for photos, with a camera or without one."""
    started: list[Browser] = []
    with open_screens() as start:

        def asking(*, has_camera: bool = False) -> Screen:
            chosen = browser
            if has_camera:
                film = tmp_path / "film.y4m"
                film.write_bytes(filmed(halves("L", (1280, 720))))
                camera = [
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    f"--use-file-for-fake-video-capture={film}",
                ]
                chosen = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
                started.append(chosen)
            screen = start(chosen, "kiosk")
            screen.kiosk.station.show(SCREEN, STATE)
            screen.wait_for_revision()
            return screen

        yield asking
    for one in started:
        one.close()


def kept(screen: Screen) -> list[Image.Image]:
    return [Image.open(io.BytesIO(content)) for content in screen.kiosk.files.kept.values()]


def test_a_photo_is_taken_looked_at_taken_again_and_kept(open_asking: OpenAsking) -> None:
    screen = open_asking(has_camera=True)
    page = screen.page
    screen.picture("photos-none")
    page.locator("[data-opens=photo]").click()
    take, again, keep = (page.locator(f"#photo [data-does={does}]") for does in ("take", "again", "keep"))
    expect(take).to_be_enabled(timeout=15_000)
    expect(keep).to_be_hidden()
    screen.picture("photo-film")
    take.click()
    expect(page.locator("#photo .said")).to_have_text("Keep it?")
    expect(page.locator("#photo canvas")).to_be_visible()
    assert page.locator("#photo video").evaluate("video => video.srcObject.active") is False
    screen.picture("photo-taken")
    assert screen.kiosk.files.kept == {}
    again.click()
    expect(take).to_be_enabled(timeout=15_000)
    take.click()
    keep.click()
    expect(page.locator("#photo")).to_be_hidden()
    expect(page.locator(".taken img")).to_have_count(1)
    assert (
        page.locator(".taken img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    )
    (photo,) = kept(screen)
    assert photo.size[0] in {1280, 1920}
    assert [verb for verb, *_ in screen.kiosk.station.presses] == ["PHOTO"]
    for _ in range(2):
        page.locator("[data-opens=photo]").click()
        page.locator("#photo input").set_input_files(
            {"name": "p.png", "mimeType": "image/png", "buffer": saved(halves(size=(200 + _, 300)))}
        )
        keep.click()
        expect(page.locator("#photo")).to_be_hidden()
    expect(page.locator(".taken img")).to_have_count(3)
    screen.picture("photos-three")


def test_without_a_camera_a_photo_is_chosen(open_asking: OpenAsking) -> None:
    screen = open_asking()
    page = screen.page
    page.locator("[data-opens=photo]").click()
    expect(page.locator("#photo .said")).to_contain_text("photo", timeout=10_000)
    screen.picture("photo-no-camera")
    file, keep = page.locator("#photo input"), page.locator("#photo [data-does=keep]")
    file.set_input_files({"name": "p.txt", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"})
    expect(page.locator("#photo .said")).to_have_text("This browser cannot show the photo. Keep it?")
    keep.click()
    expect(page.locator("#photo .said")).to_contain_text("This is no photo that can be read")
    expect(keep).to_be_hidden()
    screen.picture("photo-refused")
    assert len(screen.faults) == 1
    screen.faults.clear()
    file.set_input_files({"name": "p.heic", "mimeType": "image/heic", "buffer": HEIC})
    expect(page.locator("#photo .said")).to_have_text("This browser cannot show the photo. Keep it?")
    keep.click()
    expect(page.locator("#photo")).to_be_hidden()
    assert [photo.size for photo in kept(screen)] == [(64, 96)]


def test_a_question_that_goes_away_takes_the_panel_with_it(open_asking: OpenAsking) -> None:
    screen = open_asking()
    screen.page.locator("[data-opens=photo]").click()
    expect(screen.page.locator("#photo")).to_be_visible()
    screen.kiosk.station.show(SCREEN, {**STATE, "photos_of": "run-step/13"})
    expect(screen.page.locator("#photo")).to_be_hidden()


def test_a_kiosk_that_no_phone_reaches_says_why(open_asking: OpenAsking) -> None:
    screen = open_asking()
    screen.page.locator("[data-opens=phone]").click()
    expect(screen.page.locator("#phone")).to_contain_text("No phone can reach this kiosk")
    screen.picture("phone-unreachable")
    screen.page.locator("#phone [data-closes]").click()
    expect(screen.page.locator("#phone .answer")).to_be_empty()


def test_a_phone_opens_the_code_and_sends_a_photo(open_screen: OpenScreen, browser: Browser) -> None:
    """The kiosk's page and the phone's are two browsers that share nothing but what the code says."""
    screen = open_screen()
    codes: list[str] = []
    rooms = screen.kiosk.rooms
    drawn = rooms.draw_code

    def draw(text: str) -> object:
        codes.append(text)
        return drawn(text)

    rooms = replace(rooms, phone_address=lambda port: f"http://127.0.0.1:{port}", draw_code=draw)  # type: ignore[arg-type]  # what draw_code returns
    server = serve(create_app(rooms), "127.0.0.1", 0)
    phone = browser.new_page(viewport=SIZES["phone"])
    try:
        screen.kiosk.station.show(SCREEN, STATE)
        page = screen.page
        page.goto(f"http://127.0.0.1:{server.port}/station/dock-1")
        page.locator("[data-opens=phone]").click()
        expect(page.locator("#phone svg.code")).to_be_visible()
        expect(page.locator("#phone")).to_contain_text(f"http://127.0.0.1:{server.port}")
        screen.picture("phone-code")
        phone.goto(codes[0])
        expect(phone.locator("h1")).to_have_text("dock-1")
        pictures.take(phone, "phone-page")
        large = saved(halves(size=(4000, 3000)), "JPEG")
        phone.locator("input").first.set_input_files(
            {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": large}
        )
        expect(phone.locator(".words")).to_contain_text("The photo is kept.")
        pictures.take(phone, "phone-kept")
        expect(page.locator(".taken img")).to_have_count(1)
        assert [photo.size for photo in kept(screen)] == [(2048, 1536)]
        phone.route("**/*", lambda route: route.abort())
        phone.locator("input").first.set_input_files(
            {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": large}
        )
        expect(phone.locator(".words .sentence")).to_contain_text("It did not arrive.")
        expect(phone.locator(".words .word")).to_have_text("Stop")
        expect(phone.locator(".words .icon use")).to_have_attribute("href", "#icon-octagon-x")
        phone.unroute("**/*")
        screen.kiosk.station.show("home/idle", {})
        phone.locator("input").first.set_input_files(
            {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": large}
        )
        expect(phone.locator(".words")).to_contain_text("This way in has ended.")
        pictures.take(phone, "phone-ended")
    finally:
        phone.close()
        page.goto("about:blank")
        server.stop()
