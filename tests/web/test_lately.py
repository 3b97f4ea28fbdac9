"""What happened at a station last, as a wide page shows it beside the frame."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.errors import JournalError
from kiosk.model import KeptScan, OperationState, Past
from tests.flows.pasts import MOVE, operation, printed, scanned
from tests.web.conftest import Serve
from tests.web.fakes import World, world
from tests.web.markup import Markup
from tests.web.test_live import listening, next_event, until

WIDE = "dock-1?wide"
WORK = (scanned(3, b"PO-7", "receive/order"), printed(2), Past(operation(MOVE, 1, OperationState.QUEUED)))


def drawn(kiosk: World, serving: Serve) -> Markup:
    with listening(serving(kiosk), WIDE) as stream:
        events = [next_event(stream) for _ in range(3)]
    assert [one.get("event") for one in events] == [None, "screen", "lately"]
    return Markup(events[2]["data"])


def test_what_it_was_what_became_of_it_and_when_newest_first(kiosk: World, serving: Serve) -> None:
    kiosk.happened += WORK
    part = drawn(kiosk, serving)
    day = "Nov 20"
    assert part.text == " ".join(
        [f"PO-7 Receive {day}", f"LOT-A printed {day}", f"Move SN-1 to WH-Receiving waiting {day}"]
    )
    assert [json.loads(one["hx-vals"] or "") for one in part.having("hx-vals")] == [
        {"verb": "HISTORY", "argument": past.key} for past in WORK
    ]


def test_of_today_the_hour_is_told(kiosk: World, serving: Serve) -> None:
    past = scanned(1)
    assert isinstance(past.what, KeptScan)
    now = datetime.now(tz=UTC).replace(second=0, microsecond=0)
    kiosk.happened.append(Past(replace(past.what, scan=replace(past.what.scan, at=now))))
    assert re.fullmatch(r"PN-1 Look up [0-9]{1,2}:[0-9]{2} [AP]M", drawn(kiosk, serving).text)


def test_it_is_told_after_the_screen_and_only_where_it_changed(kiosk: World, serving: Serve) -> None:
    kiosk.happened += WORK
    with listening(serving(kiosk), WIDE) as stream:
        for _ in range(3):
            next_event(stream)
        kiosk.station.alter(waiting=1)
        assert next_event(stream)["event"] == "screen"
        kiosk.happened.insert(0, scanned(4, b"SN-000173"))
        kiosk.station.alter(waiting=2)
        told = [next_event(stream) for _ in range(2)]
    assert [one["event"] for one in told] == ["screen", "lately"]
    assert ("SN-000173" in told[1]["data"], "id" in told[1]) == (True, False)


def test_a_small_page_is_not_told(kiosk: World, serving: Serve) -> None:
    kiosk.happened += WORK
    with listening(serving(kiosk)) as stream:
        for _ in range(2):
            next_event(stream)
        kiosk.station.alter(waiting=1)
        assert next_event(stream)["event"] == "screen"
        kiosk.station.alter(waiting=2)
        assert next_event(stream)["event"] == "screen"


def test_who_comes_back_is_told_what_it_missed(serving: Serve) -> None:
    kiosk = world(heartbeat_s=0.02)
    server = serving(kiosk)
    with listening(server, WIDE) as stream:
        next_event(stream)
    kiosk.happened += WORK
    with listening(server, WIDE, Last_Event_ID="1") as stream:
        next_event(stream)
        assert next_event(stream)["event"] == "lately"


def test_where_it_cannot_be_looked_up_the_screens_are_sent_all_the_same(kiosk: World, serving: Serve) -> None:
    asked: list[str] = []

    def unreadable(station: str, _most: int) -> tuple[Past, ...]:
        asked.append(station)
        raise JournalError("Cannot read the journal. (SQLite says: disk I/O error)")

    rooms = replace(kiosk.rooms, lately=unreadable)
    with listening(serving(replace(kiosk, rooms=rooms)), WIDE) as stream:
        next_event(stream)
        for number in (1, 2):
            assert next_event(stream)["event"] == "screen"
            until(lambda number=number: len(asked) == number)
            kiosk.station.alter(waiting=number)
        assert next_event(stream)["event"] == "screen"


def test_hostile_text_is_text_and_no_longer_than_a_line(kiosk: World, serving: Serve) -> None:
    calm = drawn_of(kiosk, serving, b"PN-1")
    hostile = drawn_of(kiosk, serving, b"<img src=x onerror=alert(1)>\r\ndata: x\x1b\"'" + b"8" * 3000)
    assert (hostile.tags, hostile.attributes) == (calm.tags, calm.attributes)
    assert "<img src=x onerror=alert(1)>␍␊data: x␛" in hostile.text
    assert len(hostile.text) < 120


def drawn_of(kiosk: World, serving: Serve, scan: bytes) -> Markup:
    kiosk.happened[:] = [scanned(1, scan)]
    return drawn(kiosk, serving)
