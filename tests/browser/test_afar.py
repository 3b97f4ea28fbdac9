"""Answers for who reads them from two metres: large, in front of the screen, and gone again by themselves."""

import pytest
from playwright.sync_api import Page, expect

from kiosk.model import Level, Message
from tests.browser.conftest import OpenScreen, Screen, Size
from tests.browser.test_ambience import choose
from tests.browser.test_sizes import CAPITALS, SEEN_AFAR_PX
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser

GOOD = Message(Level.GOOD, "ION has it: 12 × BRKT-1042-07 received.")
STOP = Message(Level.STOP, "SN-000173 is not on this order.")
ASK = Message(
    Level.ASK, "BRKT-1042-07 is on two lines of PO-10007. Choose the one that the packing slip names."
)
LONGEST = Message(
    Level.STOP,
    "Die Lieferung von Präzisionsteile Großmüller auf Bestellung PO-2026-000193 ist in ION schon vollständig"
    " angenommen: NAS1149F0332P-LONG-NUMBER. Legen Sie sie beiseite und fragen Sie Ihre Schichtleitung.",
)
CAPITALS_PX = """() => {
  const size = (part) => parseFloat(getComputedStyle(document.querySelector(`#afar ${part}`)).fontSize);
  return [size(".word"), size(".sentence")].map((px) => px * CAPITALS);
}""".replace("CAPITALS", str(CAPITALS))
IS_WHOLE = """() => {
  const afar = document.getElementById("afar");
  return afar.scrollHeight <= afar.clientHeight && afar.scrollWidth <= afar.clientWidth;
}"""


@pytest.fixture
def far(open_screen: OpenScreen) -> Screen:
    return read_from_afar(open_screen)


def read_from_afar(open_screen: OpenScreen, size: Size = "kiosk", **wanted: bool) -> Screen:
    """Open a page whose station is read from afar, and that nobody has touched."""
    screen = open_screen(size, **wanted)
    screen.page.evaluate("document.documentElement.dataset.distance = 'far'")
    return screen


def say(screen: Screen, message: Message | None) -> None:
    screen.kiosk.station.show("receive/line", SAMPLES["receive/line"], message)
    screen.wait_for_revision()


def shown(page: Page) -> list[str]:
    return page.locator("#afar :is(.word, .sentence)").all_inner_texts()


def test_an_answer_stands_over_the_screen_and_goes_by_itself(far: Screen) -> None:
    say(far, GOOD)
    afar = far.page.locator("#afar")
    expect(afar).to_be_visible()
    assert shown(far.page) == ["Good", GOOD.text]
    say(far, STOP)
    assert shown(far.page) == ["Stop", STOP.text]
    expect(far.page.locator(".bar .slot.confirm button")).to_be_in_viewport()
    box, bar = afar.bounding_box(), far.page.locator(".bar").bounding_box()
    assert box
    assert bar
    assert box["y"] + box["height"] <= bar["y"]
    say(far, GOOD)
    expect(afar).to_be_hidden(timeout=4000)


def test_a_screen_that_says_nothing_shows_itself(far: Screen) -> None:
    say(far, STOP)
    expect(far.page.locator("#afar")).to_be_visible()
    say(far, None)
    expect(far.page.locator("#afar")).to_be_hidden(timeout=3000)


@pytest.mark.parametrize("size", ["kiosk", "laptop", "desk"])
def test_it_can_be_read_from_two_metres_and_nothing_is_cut_off(open_screen: OpenScreen, size: Size) -> None:
    screen = read_from_afar(open_screen, size)
    for message in (GOOD, STOP, ASK):
        say(screen, message)
        word, sentence = screen.page.evaluate(CAPITALS_PX)
        assert word >= SEEN_AFAR_PX
        assert sentence >= SEEN_AFAR_PX
        assert screen.page.evaluate(IS_WHOLE)
    say(screen, LONGEST)
    assert screen.page.evaluate(IS_WHOLE)
    assert screen.page.evaluate(CAPITALS_PX)[0] >= SEEN_AFAR_PX


def test_a_touch_takes_it_away_and_presses_nothing_behind_it(far: Screen) -> None:
    say(far, STOP)
    far.page.mouse.click(700, 100)
    expect(far.page.locator("#afar")).to_be_hidden(timeout=3000)
    assert far.kiosk.station.presses == []
    say(far, GOOD)
    expect(far.page.locator("#afar")).to_be_hidden(timeout=100)


def test_a_finger_on_it_presses_nothing_behind_it_though_it_was_to_go_meanwhile(
    open_screen: OpenScreen,
) -> None:
    screen = read_from_afar(open_screen, is_touch=True)
    page = screen.page
    say(screen, STOP)
    box = page.locator(".doing [hx-post]").first.bounding_box()
    assert box
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    say(screen, None)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#afar")).to_be_hidden(timeout=3000)
    page.wait_for_timeout(200)
    assert screen.kiosk.station.presses == []
    with page.expect_response("**/press"):
        page.touchscreen.tap(finger["x"], finger["y"])
    assert len(screen.kiosk.station.presses) == 1


def test_it_goes_though_the_page_never_hears_of_the_release(far: Screen) -> None:
    say(far, STOP)
    far.page.mouse.move(400, 200)
    far.page.mouse.down()
    say(far, None)
    expect(far.page.locator("#afar")).to_be_hidden(timeout=5000)


def test_who_scans_from_the_demo_s_pad_stands_anywhere(open_screen: OpenScreen) -> None:
    screen = read_from_afar(open_screen, "desk", is_demo=True)
    screen.page.locator(".pad .card").first.click()
    expect(screen.page.locator("#afar")).to_be_visible()


def test_it_is_shown_though_what_is_said_closes_what_somebody_left_open(far: Screen) -> None:
    say(far, None)
    far.page.evaluate("document.querySelector('.doing [data-opens=keypad]').click()")
    expect(far.page.locator("#keypad")).to_be_visible()
    far.kiosk.station.show("receive/order", SAMPLES["receive/order"], STOP)
    far.wait_for_revision()
    expect(far.page.locator("#keypad")).to_be_hidden()
    expect(far.page.locator("#afar")).to_be_visible()


def test_nothing_stands_before_the_keys_of_a_pin(far: Screen) -> None:
    far.kiosk.station.show("home/pin", SAMPLES["home/pin"], ASK)
    far.wait_for_revision()
    expect(far.page.locator("#pin")).to_be_visible()
    assert far.page.locator("#afar").is_hidden()


def test_who_moves_the_focus_sees_where_it_goes(far: Screen) -> None:
    say(far, STOP)
    far.page.keyboard.press("Tab")
    expect(far.page.locator("#afar")).to_be_hidden(timeout=3000)


def test_a_screen_reader_hears_it_once(far: Screen) -> None:
    say(far, STOP)
    expect(far.page.locator("#afar")).to_have_attribute("aria-hidden", "true")
    expect(far.page.locator("#said")).to_have_text(f"Stop: {STOP.text}")


def test_only_who_wants_it_gets_it_and_never_in_the_hand(open_screen: OpenScreen) -> None:
    near = open_screen()
    say(near, STOP)
    assert shown(near.page) == []
    phone = read_from_afar(open_screen, "phone")
    say(phone, STOP)
    expect(phone.page.locator("#afar")).to_be_hidden()


def test_a_phone_that_is_turned_is_held_in_the_hand_too(open_screen: OpenScreen) -> None:
    screen = read_from_afar(open_screen, is_touch=True)
    afar = screen.page.locator("#afar")
    say(screen, STOP)
    expect(afar).to_be_visible()
    screen.page.set_viewport_size({"width": 844, "height": 390})
    expect(afar).to_be_hidden(timeout=3000)
    say(screen, ASK)
    expect(screen.page.locator(".message .sentence")).to_have_text(ASK.text)
    assert afar.is_hidden()


def test_a_low_window_on_a_touchscreen_is_not_in_the_hand(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True, window={"width": 800, "height": 400})
    screen.page.evaluate("document.documentElement.dataset.distance = 'far'")
    say(screen, STOP)
    expect(screen.page.locator("#afar .sentence")).to_be_in_viewport(ratio=1)
    screen.picture("afar-low")
    box = screen.page.locator("#afar").bounding_box()
    assert box == {"x": 0, "y": 48, "width": 800, "height": 400 - 48 - 80}


def test_who_touched_the_screen_sees_no_large_answer_for_ten_seconds(far: Screen) -> None:
    afar = far.page.locator("#afar")
    far.page.clock.install()
    say(far, None)
    far.page.locator(".what").click()
    far.page.clock.fast_forward(5_000)  # the clock goes on besides, so a busy machine needs some room
    say(far, STOP)
    assert afar.is_hidden()
    far.page.clock.fast_forward(5_500)
    say(far, ASK)
    expect(afar).to_be_visible()
    assert shown(far.page) == ["Your turn", ASK.text]


def test_it_is_chosen_at_the_station_and_kept(open_screen: OpenScreen) -> None:
    screen = open_screen()
    choose(screen, "Far away")
    screen.open()
    say(screen, STOP)
    expect(screen.page.locator("#afar")).to_be_visible()
