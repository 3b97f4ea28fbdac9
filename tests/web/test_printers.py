"""The page of printers: what it shows, what it asks, what it says."""

import http.client
import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.model import BatchState, DeviceState, JobState, Operator, Reason, Role, Tally, Why
from kiosk.ports import Asker, BatchView
from kiosk.web import PRINTERS, create_app
from kiosk.web.printer_view import progress_words, queue_sections
from tests.web.conftest import Page, Serve
from tests.web.fakes import NOW, World, print_job, world
from tests.web.markup import Markup
from tests.web.print_samples import batch, busy, queue
from tests.web.test_live import next_event

SEVEN = f"{7:032x}"


def shown(client: FlaskClient, path: str = "/printers") -> Markup:
    return Markup(client.get(path).get_data(as_text=True))


def buttons(drawn: Markup) -> list[tuple[str, str]]:
    found = [json.loads(one["hx-vals"] or "{}") for one in drawn.having("hx-vals")]
    return [(one["act"], one["name"]) for one in found if "act" in one and "name" in one]


def test_a_printer_with_its_queue(kiosk: World, client: FlaskClient) -> None:
    out = DeviceState("dock-zebra", is_ready=False, text="Load labels")
    kiosk.prints.views = (queue(printer=out, since=NOW, asked=(print_job(7, JobState.UNKNOWN),)),)
    drawn = shown(client)
    assert "dock-zebra Load labels since" in drawn.text
    assert "For dock-1. zpl, 203 dpi, 101.6 × 50.8 mm" in drawn.text
    assert "SN-000007 did it come out?" in drawn.text
    assert "SN-000021 and 9 more waiting for the printer 2 came out, 1 printing, 7 waiting" in drawn.text
    assert buttons(drawn)[:8] == [
        ("take-over", "dock-zebra"),
        ("hold", "dock-zebra"),
        ("came-out", SEVEN),
        ("missing", SEVEN),
        ("void", SEVEN),
        ("pause", "b1"),
        ("hurry", "b1"),
        ("cancel", "b1"),
    ]
    assert [one["max"] for one in drawn.having("max")] == ["10", "10"]
    assert [one["value"] for one in drawn.having("max")] == ["2", "2"]


def test_what_is_being_printed_is_said_at_its_batch() -> None:
    printing = replace(print_job(20, JobState.SENDING), batch="b2")
    (section,) = queue_sections((queue(in_flight=printing),))
    assert [row.word for row in section.batches] == ["waiting for the printer", "printing"]


def test_a_paused_printer_and_a_paused_batch_can_go_on(kiosk: World, client: FlaskClient) -> None:
    paused = batch(1, state=BatchState.PAUSED, by="Ada", reason=Reason.LOST, note="outside")
    kiosk.prints.views = (
        queue(is_held=True, batches=(BatchView(paused, print_job(1, JobState.HELD)),), takers=(), printed=()),
    )
    drawn = shown(client)
    assert [act for act, _ in buttons(drawn)] == ["release", "go-on", "hurry", "cancel"]
    assert "paused" in drawn.text
    assert "dock-1, Ada, printed once more: Lost, outside" in drawn.text


def test_copies_titles_and_what_is_hidden_are_counted() -> None:
    copies = print_job(1, JobState.QUEUED, copies=5)
    five = batch(1, tally=Tally({JobState.QUEUED: 5}))
    named = batch(2, title="Receipt of PO-1", tally=Tally({JobState.QUEUED: 2}), priority=80)
    views = (BatchView(five, copies), BatchView(named, print_job(2, JobState.QUEUED, error="Load labels")))
    (section,) = queue_sections((queue(batches=views, waiting=10),))
    assert [(row.title, row.is_urgent) for row in section.batches] == [
        ("5 × SN-000001", False),
        ("Receipt of PO-1", True),
    ]
    last = section.batches[1]
    assert (section.more, last.about, last.why) == (3, "dock-1", "Load labels")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, ""),
        ({JobState.CONFIRMED: 3}, "3 came out"),
        (
            {JobState.SENT: 1, JobState.UNKNOWN: 2, JobState.VOIDED: 1, JobState.HELD: 1},
            "1 sent and not confirmed, 2 in doubt, 1 void, 1 waiting",
        ),
        ({JobState.FAILED: 2, JobState.SENDING: 1, JobState.QUEUED: 4}, "2 void, 1 printing, 4 waiting"),
    ],
)
def test_progress_in_words(counts: dict[JobState, int], said: str) -> None:
    assert progress_words(Tally(counts)) == said


def test_without_printers_the_page_says_so(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.views = ()
    assert "no printer yet" in shown(client).text
    client = create_app(replace(kiosk.rooms, prints=None)).test_client()
    assert [client.get(path).status_code for path in ("/printers", "/printers/events")] == [404, 404]


def test_nothing_on_the_page_is_called_like_another_whatever_printers_are_called(
    kiosk: World, client: FlaskClient
) -> None:
    """By these names lists are drawn anew, and keys find their place; an order may be at two printers."""
    names = ("rows", "list", "ask", "dock", "dock-zebra")
    kiosk.prints.views = tuple(
        queue(
            printer=DeviceState(name, is_ready=True, text="Ready."),
            asked=(print_job(30 + at, JobState.UNKNOWN),),
            printed=(print_job(40 + at),),
            takers=tuple(each for each in names if each != name),
        )
        for at, name in enumerate(names)
    )
    named = [str(one["id"]) for one in shown(client).having("id")]
    assert len(named) > len(names)
    assert sorted(named) == sorted(set(named))


def test_foreign_text_is_text(kiosk: World, client: FlaskClient) -> None:
    evil = "<script>alert(1)</script>\x1b"
    job = print_job(1, JobState.QUEUED, error=evil, fields={"serialNumber": evil})
    kiosk.prints.views = (
        queue(
            printer=DeviceState(evil, is_ready=False, text=evil),
            batches=(BatchView(batch(1, title=evil, by=evil), job),),
            takers=(evil,),
        ),
    )
    html = client.get("/printers").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "\x1b" not in html


def test_questions_come_before_what_cannot_be_taken_back(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(print_job(7))
    cancel = shown(client, "/printers/ask?act=cancel&name=b1")
    assert "Cancel these labels? 2 came out, 1 printing, 7 waiting. What is out stays." in cancel.text
    move = shown(client, "/printers/ask?act=take-over&name=dock-zebra&to=spare-zebra")
    assert "Print what waits for dock-zebra on spare-zebra?" in move.text
    again = shown(client, f"/printers/ask?act=reprint&name={SEVEN}")
    assert "Why is the label of SN-000007 printed once more?" in again.text
    vals = [json.loads(one["hx-vals"] or "") for one in again.having("hx-vals")]
    assert [one["reason"] for one in vals if "reason" in one] == [
        "damaged",
        "lost",
        "misprinted",
        "missing",
        "further",
        "other",
    ]
    assert len({one["key"] for one in vals if "key" in one}) == 1
    void = shown(client, f"/printers/ask?act=void&name={SEVEN}")
    assert "Why does the label of SN-000007 not count?" in void.text
    assert "One more is needed" not in void.text
    assert client.get("/printers/ask?act=leave").data == b""


@pytest.mark.parametrize(
    "query",
    [
        "",
        "act=hold&name=b1",
        "act=cancel&name=x",
        "act=void&name=x",
        "act=take-over&name=dock-zebra&to=other",
    ],
)
def test_there_is_no_question_about_what_is_not_there(client: FlaskClient, query: str) -> None:
    assert client.get(f"/printers/ask?{query}").status_code == 404


def sent(page: Page, **form: str) -> tuple[int, str]:
    answer = page.client.post("/printers/act", data=form, headers=page.headers)
    return answer.status_code, Markup(answer.get_data(as_text=True)).text


@pytest.mark.parametrize(
    ("form", "act", "said"),
    [
        ({"act": "hold", "name": "dock-zebra"}, ("hold", "dock-zebra", "Ada"), "dock-zebra is paused."),
        ({"act": "release", "name": "dock-zebra"}, ("release", "dock-zebra", "Ada"), "dock-zebra goes on."),
        (
            {"act": "pause", "name": "b1"},
            ("paused", "b1", "Ada"),
            "Paused: 2 came out, 1 printing, 7 waiting.",
        ),
        ({"act": "go-on", "name": "b1"}, ("open", "b1", "Ada"), "It goes on: 2 came out"),
        ({"act": "hurry", "name": "b1"}, ("hurry", "b1", "Ada"), "It goes first: 2 came out"),
        ({"act": "cancel", "name": "b1"}, ("canceled", "b1", "Ada"), "Canceled: 2 came out"),
        ({"act": "cancel", "name": "x"}, ("canceled", "x", "Ada"), "were canceled, or are not there"),
        (
            {"act": "take-over", "name": "dock-zebra", "to": "spare-zebra"},
            ("take over", "dock-zebra", "spare-zebra", "Ada"),
            "3 labels moved to spare-zebra. Fetch them there.",
        ),
        (
            {"act": "reprint", "name": SEVEN, "reason": "lost", "note": " there ", "key": "a" * 32},
            ("reprint", SEVEN, 1, Why(Reason.LOST, "there"), "Ada", "a" * 32),
            "The label of SN-000007 is printed once more.",
        ),
        (
            {"act": "reprint", "name": SEVEN, "reason": "because", "key": "../x"},
            ("reprint", SEVEN, 1, Why(Reason.OTHER), "Ada", None),
            "The label of SN-000007 is printed once more.",
        ),
        (
            {"act": "void", "name": SEVEN, "reason": "other", "note": "x" * 300},
            ("void", SEVEN, Why(Reason.OTHER, "x" * 200), "Ada"),
            "The label of SN-000007 does not count any more.",
        ),
        ({"act": "came-out", "name": SEVEN}, ("confirm", SEVEN, "Ada"), "The label of SN-000007 came out."),
        ({"act": "came-out", "name": "x"}, ("confirm", "x", "Ada"), "not in doubt any more"),
        (
            {"act": "missing", "name": SEVEN},
            ("deny", SEVEN, "Ada"),
            "The label of SN-000007 is printed again.",
        ),
    ],
)
def test_what_is_done_is_said_and_the_queues_are_drawn_anew(
    kiosk: World, page: Page, form: dict[str, str], act: tuple[object, ...], said: str
) -> None:
    kiosk.jobs.add(print_job(7))
    kiosk.prints.signed_in["dock-1"] = Operator("badge/1", "Ada", Role.LEAD)
    status, text = sent(page, station="dock-1", **form)
    assert (status, kiosk.prints.acts) == (200, [act])
    assert said in text
    assert "dock-zebra" in text


def test_a_canceled_label_is_not_said_to_be_printed(kiosk: World, page: Page) -> None:
    kiosk.jobs.add(print_job(7, JobState.VOIDED))
    assert "was canceled and is not printed" in sent(page, act="missing", name=SEVEN)[1]


def test_what_is_refused_is_said(kiosk: World, page: Page) -> None:
    kiosk.prints.refusal = "A label with a serial number is printed once more by a lead. Let one sign in."
    assert kiosk.prints.refusal in sent(page, act="reprint", name=SEVEN, reason="lost")[1]


def test_what_cannot_be_written_is_said_loudly(
    kiosk: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise JournalError("disk full")

    monkeypatch.setattr(kiosk.prints, "hold", full)
    assert "Not done: the kiosk cannot write its journal." in sent(page, act="hold", name="dock-zebra")[1]


def test_an_unknown_station_is_nobody_and_an_unknown_button_is_none(kiosk: World, page: Page) -> None:
    assert sent(page, act="explode", name="b1", station="dock-1")[0] == 400
    assert sent(page, act="pause", name="b1", station="elsewhere")[0] == 200
    assert kiosk.prints.acts == [("paused", "b1", "")]


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "0" * 64}])
def test_a_form_without_the_token_does_nothing(kiosk: World, page: Page, headers: dict[str, str]) -> None:
    answer = page.client.post("/printers/act", data={"act": "hold", "name": "dock-zebra"}, headers=headers)
    assert (answer.status_code, kiosk.prints.acts) == (403, [])


def test_who_listens_is_shown_every_change(serving: Serve) -> None:
    kiosk = world(heartbeat_s=0.05)
    busy(kiosk.prints)
    server = serving(kiosk)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/printers/events")
    stream = connection.getresponse()
    assert next_event(stream) == {"retry": "1000"}
    first = next_event(stream)
    assert (first["id"], first["event"]) == ("1", "queues")
    assert "dock-zebra" in first["data"]
    kiosk.prints.views = (queue(printer=DeviceState("other", is_ready=True, text="Ready.")),)
    kiosk.rooms.changes.publish(PRINTERS)
    while (found := next_event(stream)).get("event") != "queues":
        pass
    assert (found["id"], "other" in found["data"]) == ("2", True)
    stream.close()
    connection.close()


def test_what_comes_later_is_in_the_language_of_the_page(serving: Serve) -> None:
    kiosk = world(heartbeat_s=0.05)
    busy(kiosk.prints)
    kiosk.station.alter(operator=Operator("operator/1", "Mia Tanaka", language="de"))
    connection = http.client.HTTPConnection("127.0.0.1", serving(kiosk).port, timeout=5)
    connection.request("GET", "/printers?station=dock-1")
    html = connection.getresponse().read().decode()
    path = re.search(r'sse-connect="([^"]*)"', html)
    assert path is not None
    connection.request("GET", path[1])
    stream = connection.getresponse()
    assert next_event(stream) == {"retry": "1000"}
    (listed,) = (each for each in ("Abbrechen", "Abbruch") if each in html)
    assert listed in next_event(stream)["data"]
    stream.close()
    connection.close()


def test_as_many_listen_as_there_is_room_for(serving: Serve) -> None:
    kiosk = world(most_streams=0)
    connection = http.client.HTTPConnection("127.0.0.1", serving(kiosk).port, timeout=5)
    connection.request("GET", "/printers/events")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    answer.read()
    connection.close()


LEAD = Asker("Ada", "lead", "operator/1", is_proved=False, has_pin=True)


@pytest.mark.parametrize(
    ("asker", "fields", "is_asked"),
    [
        (LEAD, {"serialNumber": "SN-1"}, True),
        (LEAD, {"lotNumber": "LOT-A"}, False),
        (replace(LEAD, is_proved=True), {"serialNumber": "SN-1"}, False),
        (replace(LEAD, has_pin=False), {"serialNumber": "SN-1"}, False),
    ],
)
def test_a_pin_is_asked_for_where_it_counts(
    kiosk: World, client: FlaskClient, asker: Asker, fields: dict[str, str], *, is_asked: bool
) -> None:
    kiosk.jobs.add(print_job(7, fields=fields))
    kiosk.prints.asking = asker
    drawn = shown(client, f"/printers/ask?act=reprint&name={SEVEN}&station=dock-1")
    assert ("Your PIN" in drawn.text) is is_asked
    void = shown(client, f"/printers/ask?act=void&name={SEVEN}&station=dock-1")
    assert ("Your PIN" in void.text) is is_asked


@pytest.mark.parametrize(("pin", "said"), [("271828", "is printed once more"), ("999999", "Wrong PIN.")])
def test_a_pin_goes_before_what_it_is_for(kiosk: World, page: Page, pin: str, said: str) -> None:
    kiosk.jobs.add(print_job(7))
    kiosk.prints.asking = LEAD
    form = {"act": "reprint", "name": SEVEN, "reason": "lost", "pin": pin, "station": "dock-1"}
    assert said in sent(page, **form)[1]
    assert kiosk.people.given == [("dock-1", "operator/1", pin)]
    assert len(kiosk.prints.acts) == (pin == "271828")


def test_a_pin_of_nobody_is_not_looked_at(kiosk: World, page: Page) -> None:
    sent(page, act="hold", name="dock-zebra", pin="271828", station="dock-1")
    assert (kiosk.people.given, len(kiosk.prints.acts)) == ([], 1)
