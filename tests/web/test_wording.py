from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.language import language
from kiosk.model import DeviceState, JobState, Level, Message, Print
from kiosk.web import Rooms, label_on_screen
from kiosk.web.screen_view import Lamp, MessageView, Tile, screen_view
from kiosk.web.speech import clock_time
from kiosk.web.wording import (
    FLOWS,
    JOBS,
    LEVELS,
    label_title,
    size,
    title_of,
    unbroken,
    words,
)
from tests.web.fakes import World, world
from tests.web.samples import SAMPLES

GONE = DeviceState("dock-gun", is_ready=False, text="unplugged: put the plug back")
OFFLINE = DeviceState("ION", is_ready=False, text="no answer since 10:03")
READY = DeviceState("x", is_ready=True, text="ready")


def test_every_level_has_a_word_and_an_icon_of_its_own() -> None:
    assert set(LEVELS) == set(Level)
    assert len({word for word, _ in LEVELS.values()}) == len({icon for _, icon in LEVELS.values()}) == 5


def test_every_job_state_and_flow_has_words() -> None:
    assert set(JOBS) == set(JobState)
    assert set(FLOWS) == {"receive", "lookup", "move", "run", "label", "problem", "adjust"}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("PARTIALLY_RECEIVED", "Partially received"),
        ("TODO", "To do"),
        ("WIP", "In work"),
        ("", ""),
        ("weird status", "Weird status"),
    ],
)
def test_a_status_reads_like_words(status: str, said: str) -> None:
    assert words(status) == said


@pytest.mark.parametrize(
    ("length", "name"),
    [
        (10, "size-5"),
        (11, "size-4"),
        (14, "size-4"),
        (15, "size-3"),
        (22, "size-3"),
        (31, "size-2"),
        (32, "size-1"),
    ],
)
def test_a_long_number_is_set_smaller(length: int, name: str) -> None:
    assert size("x" * length) == name


def test_a_time_is_the_wall_clock_s_with_the_day_where_it_is_not_today() -> None:
    now = datetime.now(tz=UTC)
    assert clock_time(language("en"), now.isoformat()) == now.astimezone().strftime("%-I:%M %p")
    earlier = now - timedelta(days=2)
    day = earlier.astimezone().strftime("%b %-d %-I:%M %p")
    assert clock_time(language("en"), earlier.isoformat()) == day
    assert clock_time(language("en"), "<b>soon</b>") == "<b>soon</b>"


def test_a_label_is_named_by_what_tells_it_apart() -> None:
    fields = {"part.partNumber": "P", "lotNumber": "L", "serialNumber": "S"}
    assert label_title(fields, "x") == "S"
    assert label_title({**fields, "serialNumber": ""}, "x") == "L"
    assert label_title({}, "inventory/1") == "inventory/1"


def test_a_number_is_not_broken_and_everything_is_escaped() -> None:
    assert unbroken("PO-10007 is <b>on-time</b> 5-<i>  &") == (
        '<span class="keep">PO-10007</span> is &lt;b&gt;on-time&lt;/b&gt; '
        '<span class="keep">5-&lt;i&gt;</span>  &amp;'
    )
    assert unbroken("8-" * 13) == "8-" * 13
    assert unbroken("") == ""


def test_titles() -> None:
    assert title_of([{"id": "1", "title": "Leak test"}], "1") == "Leak test"
    assert title_of([], None) is None


def test_lamps_say_who_is_gone(kiosk: World) -> None:
    view = replace(
        kiosk.station.view_now, scanners=(READY, GONE), printers=(), ion=OFFLINE, flows=("receive", "odd")
    )
    shown = screen_view(view, boot="b", label=None, has_pad=False)
    assert shown.lamps == (
        Lamp("ION", "cloud-off", Level.OFFLINE, "Offline"),
        Lamp("Scanner", "scan-barcode", Level.STOP, "dock-gun"),
        Lamp("Printer", "printer", Level.WAIT, "No printer"),
    )
    assert shown.troubles == (GONE, OFFLINE)
    assert shown.flows == (Tile("receive", "Receive", "truck"), Tile("odd", "odd", "chevron-right"))
    several = screen_view(
        replace(view, scanners=(GONE, GONE), printers=(READY, READY)), boot="b", label=None, has_pad=False
    )
    assert [lamp.text for lamp in several.lamps] == ["Offline", "2 scanners", "2 printers"]


@pytest.mark.parametrize(
    ("scanners", "expected"),
    [
        (
            (GONE,),
            MessageView(
                Level.STOP, "Stop", "octagon-x", "dock-gun: unplugged: put the plug back", is_long=False
            ),
        ),
        (
            (READY,),
            MessageView(Level.OFFLINE, "Offline", "cloud-off", "ION: no answer since 10:03", is_long=False),
        ),
    ],
)
def test_where_nothing_is_said_the_bar_says_what_is_not_well(
    kiosk: World, scanners: tuple[DeviceState, ...], expected: MessageView
) -> None:
    view = replace(kiosk.station.view_now, scanners=scanners, ion=OFFLINE)
    assert screen_view(view, boot="b", label=None, has_pad=False).message == expected


def test_a_long_sentence_is_set_smaller(kiosk: World) -> None:
    view = replace(kiosk.station.view_now, message=Message(Level.ASK, "x" * 65))
    message = screen_view(view, boot="b", label=None, has_pad=False).message
    assert message == MessageView(Level.ASK, "Your turn", "circle-question-mark", "x" * 65, is_long=True)


def test_the_label_on_the_screen_is_the_one_its_state_names(kiosk: World) -> None:
    view = kiosk.station.view_now
    assert label_on_screen(view) is None
    assert label_on_screen(replace(view, state={"label": "part", "fields": None})) is None
    assert label_on_screen(replace(view, flow="label", step="label", state=SAMPLES["label/label"])) == Print(
        "part", {"serialNumber": "SN-000173", "part.partNumber": "VLV-0001"}, "label/label"
    )


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Rooms\(secret=...\): expected 16 bytes or more, got 5\."):
        replace(world().rooms, secret=b"short")
    assert isinstance(world().rooms, Rooms)
    assert "0123456789abcdef" not in repr(world().rooms)
