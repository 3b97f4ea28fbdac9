import json

import pytest
from flask.testing import FlaskClient

from kiosk.model import JobState
from kiosk.web import create_app
from tests.web.fakes import World, png, print_job, world
from tests.web.markup import Markup
from tests.web.samples import SAMPLES

WORDS = {
    JobState.QUEUED: "waiting for the printer",
    JobState.HELD: "paused",
    JobState.SENDING: "printing",
    JobState.SENT: "sent, not confirmed",
    JobState.CONFIRMED: "printed",
    JobState.UNKNOWN: "did it come out?",
    JobState.FAILED: "not printed",
    JobState.VOIDED: "does not count",
}


@pytest.mark.parametrize("state", JobState)
def test_a_job_is_shown_with_its_picture_and_its_state_in_words(
    kiosk: World, client: FlaskClient, state: JobState
) -> None:
    kiosk.jobs.add(print_job(7, state, error="ribbon out", copy=2, copies=3))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert f"SN-000007 {WORDS[state]}, 2 of 3 ribbon out" in drawn.text
    assert [image["src"] for image in drawn.having("src")] == [f"/jobs/{7:032x}.png"]
    asked = [button for button in drawn.having("hx-vals") if "PRINTED" in (button["hx-vals"] or "")]
    assert len(asked) == (2 if state is JobState.UNKNOWN else 0)


def test_only_confirmed_is_called_printed() -> None:
    assert [state for state, word in WORDS.items() if word == "printed"] == [JobState.CONFIRMED]


def test_questions_stand_first(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(print_job(1), print_job(2, JobState.UNKNOWN), print_job(3))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert [(image["src"] or "")[-6:-4] for image in drawn.having("src")] == ["02", "01", "03"]


def test_a_person_says_whether_it_came_out_by_button_or_barcode(kiosk: World, client: FlaskClient) -> None:
    job = print_job(1, JobState.UNKNOWN)
    kiosk.jobs.add(job)
    buttons = Markup(client.get("/station/dock-1/screen").get_data(as_text=True)).having("data-command")
    asked = [button for button in buttons if "PRINTED" in (button["data-command"] or "")]
    assert [button["data-command"] for button in asked] == [
        f"ION/CMD/PRINTED/{answer}/{job.id}" for answer in ("YES", "NO")
    ]
    assert [json.loads(button["hx-vals"] or "") for button in asked] == [
        {"verb": "PRINTED", "argument": f"{answer}/{job.id}"} for answer in ("YES", "NO")
    ]


def test_pictures_are_png(kiosk: World) -> None:
    demo = world(is_demo=True)
    demo.jobs.add(print_job(1))
    demo.station.show("label/label", SAMPLES["label/label"])
    client = create_app(demo.rooms).test_client()
    for path in (f"/jobs/{1:032x}.png", "/station/dock-1/label.png?v=1", "/pad/3.png", "/tray/2.png"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "image/png", b"\x89PNG")
    for text, status in (
        ("ION/CMD/CONFIRM", 200),
        ("ION/CMD/QUANTITY/5", 200),
        ("ION/CMD/FLOW/<b>", 200),
        ("ION/CMD/", 404),
        ("ION/PO/1", 404),
        ("ION/CMD/CONFIRM\n", 404),
        ("ION/CMD/QUANTITY/" + "5" * 65, 404),
        ("", 404),
    ):
        assert client.get("/command.png", query_string={"text": text}).status_code == status
    assert client.get("/tray/2.png").data == png("SN-000173")
    assert [label.fields for label in demo.labels.prepared] == [SAMPLES["label/label"]["fields"]]
    assert [client.get(path).status_code for path in ("/pad/99.png", "/pad/-1.png", "/tray/9.png")] == [
        404
    ] * 3
    assert kiosk.labels.prepared == []


def test_a_label_that_cannot_be_made_is_no_picture(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("label/label", {**SAMPLES["label/label"], "label": "<b>none</b>"})
    answer = client.get("/station/dock-1/label.png")
    assert answer.status_code == 422
    assert b"none" not in answer.data
