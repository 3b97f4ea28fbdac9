"""The page of a workstation: found, seen, printed once, and told what became of it."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.errors import IonUnreachable
from kiosk.model import DeviceState, JobState, Level, Reason, Tally, Why
from kiosk.ports import Asker, LabelWish, Search
from kiosk.web.workstation import CHOICE_COOKIE
from tests.fakes.label_service import found_valve
from tests.web.conftest import Page
from tests.web.fakes import NOW, World, print_job
from tests.web.markup import Markup
from tests.web.print_samples import batch, queue

VALVE = {"code": "ION/PI/501", "label": "part", "printer": "spare-zebra", "copies": "2"}


@pytest.fixture(autouse=True)
def two_printers(kiosk: World) -> None:
    off = DeviceState("spare-zebra", is_ready=False, text="Load labels.")
    kiosk.prints.views = (queue(), queue(printer=off, in_flight=None, batches=()))
    kiosk.service.found = found_valve()


def drawn(client: FlaskClient, path: str, **query: str) -> Markup:
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200
    return Markup(answer.get_data(as_text=True))


def hidden(panel: Markup, name: str) -> str:
    return next(str(one["value"]) for one in panel.having("name") if one["name"] == name)


def pressed(page: Page, panel: Markup, **changes: str) -> TestResponse:
    form = VALVE | {name: hidden(panel, name) for name in ("key", "seen")} | changes
    return page.client.post("/print", data=form, headers=page.headers)


def test_what_is_searched_for_is_found_and_chosen(kiosk: World, client: FlaskClient) -> None:
    page = drawn(client, "/print", q=" VLV ", station="dock-1")
    assert kiosk.service.searched == [" VLV "]
    assert "Part VLV-0001 rev B" in page.text
    assert "Stock SN-000173" in page.text
    chosen = [one["hx-vals"] for one in page.having("hx-vals") if "code" in str(one["hx-vals"])]
    assert chosen == ['{"code": "ION/PART/7"}', '{"code": "ION/PI/501"}']
    links = [one["href"] for one in page.having("href")]
    assert {"/station/dock-1", "/printers?station=dock-1"} < set(links)
    empty = drawn(client, "/print")
    assert "The label is shown here before it is printed." in empty.text
    assert len(kiosk.service.searched) == 1, "nothing is asked for nothing"


def test_a_single_find_shows_its_label_at_once(kiosk: World, client: FlaskClient) -> None:
    kiosk.service.found = Search(found_valve().found[1:])
    loads = drawn(client, "/print/found", q="SN-000173").having("hx-trigger")
    assert [(one["hx-trigger"], one["hx-target"]) for one in loads] == [("load", "#label")]


def test_nothing_found_and_no_network_are_said(kiosk: World, client: FlaskClient) -> None:
    kiosk.service.found = Search(())
    assert "is found for <b>x</b> ." in drawn(client, "/print/found", q="<b>x</b>").text
    kiosk.service.found = replace(found_valve(is_remembered=True), as_of=NOW)
    offline = drawn(client, "/print/found", q="VLV").text
    assert "ION does not answer. Only what the kiosk remembers is shown. It is from" in offline
    assert "Nothing that has a label" not in offline


def test_the_label_is_seen_before_it_is_printed(kiosk: World, client: FlaskClient) -> None:
    panel = drawn(client, "/print/label", **VALVE)
    (picture,) = [str(one["src"]) for one in panel.having("src")]
    assert picture.startswith("/print/label.png?code=ION/PI/501&label=part&printer=spare-zebra&v=")
    answer = client.get(picture)
    assert (answer.data, answer.mimetype) == (kiosk.service.png, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
    other = client.get(picture + "0")
    assert other.headers["Cache-Control"] == "no-store", "other bytes than were shown are not kept"
    assert kiosk.service.prepared[0] == LabelWish("part", subject="ION/PI/501", printer="spare-zebra")
    assert [one["value"] for one in panel.having("selected")] == ["part", "spare-zebra"]
    assert "spare-zebra: Load labels. What you print waits until then." in panel.text


def test_a_label_that_cannot_be_made_is_not_offered(kiosk: World, client: FlaskClient) -> None:
    kiosk.service.failure = IonUnreachable("No route.")
    panel = drawn(client, "/print/label", **VALVE)
    assert "this label cannot be made for this printer. Stop No route." in panel.text
    assert [one["id"] for one in panel.having("disabled")] == ["print-it"]
    assert client.get("/print/label.png", query_string=VALVE).status_code == 422
    kiosk.service.found = Search(())
    assert "ION does not know it any more" in drawn(client, "/print/label", **VALVE).text


def test_one_press_prints_once_and_the_choice_is_remembered(kiosk: World, page: Page) -> None:
    panel = drawn(page.client, "/print/label", **VALVE)
    first, again = pressed(page, panel), pressed(page, panel)
    assert first.data == again.data
    (order,) = kiosk.service.orders
    assert list(order.wishes) == [LabelWish("part", subject="ION/PI/501", printer="spare-zebra", copies=2)]
    assert (order.client, order.is_as_shown, order.by) == ("page", True, "")
    assert (first.headers["HX-Retarget"], first.headers["HX-Trigger"]) == ("#done", "printed")
    cookie = page.client.get_cookie(CHOICE_COOKIE, path="/print")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("spare-zebra|2", True, "Strict")
    later = drawn(page.client, "/print/label", code="ION/PART/7")
    assert [one["value"] for one in later.having("selected")] == ["part", "spare-zebra"]
    assert hidden(later, "copies") == "2"
    assert hidden(later, "key") != hidden(panel, "key")


@pytest.mark.parametrize("cookie", ["", "|", "none|x", "dock-zebra|1000", "dock-zebra|²", "<b>|1"])
def test_a_cookie_that_means_nothing_harms_nothing(page: Page, cookie: str) -> None:
    page.client.set_cookie(CHOICE_COOKIE, cookie, path="/print")
    panel = drawn(page.client, "/print/label", code="ION/PI/501")
    assert ([one["value"] for one in panel.having("selected")], hidden(panel, "copies")) == (
        ["part", "dock-zebra"],
        "1",
    )


def test_who_stands_at_a_station_is_named_and_has_its_printer(kiosk: World, page: Page) -> None:
    panel = drawn(page.client, "/print/label", code="ION/PI/501", station="dock-1")
    pressed(page, panel, station="dock-1")
    assert len(kiosk.service.orders) == 1


def test_what_was_not_seen_is_not_printed(kiosk: World, page: Page) -> None:
    panel = drawn(page.client, "/print/label", **VALVE)
    for changes, text in (
        ({"seen": "0" * 32}, "ION says something else of it now."),
        ({"seen": ""}, "ION says something else of it now."),
        ({"copies": "0"}, "Copies: a number from 1 to 999."),
        ({"copies": "many"}, "Copies: a number from 1 to 999."),
        ({"copies": "1000"}, "Copies: a number from 1 to 999."),
    ):
        answer = pressed(page, panel, **changes)
        assert text in Markup(answer.get_data(as_text=True)).text
        assert "HX-Retarget" not in answer.headers
    assert kiosk.service.orders == []
    pressed(page, panel)
    answer = pressed(page, panel, copies="3")
    assert "This was printed before." in Markup(answer.get_data(as_text=True)).text
    kiosk.service.failure = IonUnreachable("No route.")
    assert "No route." in Markup(pressed(page, panel).get_data(as_text=True)).text
    assert len(kiosk.service.orders) == 1


@pytest.mark.parametrize(
    ("counts", "level", "word"),
    [
        ({JobState.QUEUED: 1, JobState.CONFIRMED: 1}, Level.WAIT, "On its way"),
        ({JobState.CONFIRMED: 2}, Level.GOOD, "Printed"),
        ({JobState.SENT: 2}, Level.WAIT, "Sent. Nobody has said yet that it came out"),
        ({JobState.CONFIRMED: 1, JobState.UNKNOWN: 1}, Level.ASK, "Look at the printer"),
        ({JobState.FAILED: 1}, Level.ASK, "Look at the printer"),
    ],
)
def test_what_became_of_it_is_told_until_nothing_more_happens(
    kiosk: World, page: Page, counts: dict[JobState, int], level: Level, word: str
) -> None:
    pressed(page, drawn(page.client, "/print/label", **VALVE))
    kiosk.prints.batches["b100"] = batch(1, id="b100", tally=Tally(counts))
    told = drawn(page.client, "/print/batches/b100")
    assert f"{word} : SN-000100 on spare-zebra" in told.text
    (part,) = [one for one in told.having("class") if str(one["class"]).startswith("outcome")]
    assert part["class"] == f"outcome {level.value}"
    assert ("hx-get" in part) is (word == "On its way")
    assert len(told.having("src")) == 2


def test_of_many_labels_the_first_are_shown(page: Page) -> None:
    panel = drawn(page.client, "/print/label", **VALVE)
    told = Markup(pressed(page, panel, copies="40").get_data(as_text=True))
    assert len(told.having("src")) == 6
    assert "And 34 more." in told.text


def test_another_label_of_a_serial_asks_why_and_for_the_pin_of_who_is_there(kiosk: World, page: Page) -> None:
    assert "Say why" not in drawn(page.client, "/print/label", **VALVE).text
    kiosk.service.out = print_job(1)
    kiosk.prints.asking = Asker("Ada", "lead", "badge/1", has_pin=True)
    panel = drawn(page.client, "/print/label", **VALVE, station="dock-1")
    assert "This serial has had its label since Nov 21 9:30 AM. Say why it gets another." in panel.text
    assert {"reason", "note", "pin"} <= {str(one["name"]) for one in panel.having("name")}
    wrong = pressed(page, panel, station="dock-1", reason="lost", pin="999999")
    assert "Wrong PIN." in wrong.get_data(as_text=True)
    assert kiosk.service.orders == []
    pressed(page, panel, station="dock-1", reason="lost", note=" there ")
    (order,) = kiosk.service.orders
    assert (order.why, order.asker) == (Why(Reason.LOST, "there"), kiosk.prints.asking)
