import pytest
from flask.testing import FlaskClient

from kiosk.model import JobState
from kiosk.web import create_app
from tests.web.conftest import Page
from tests.web.fakes import World, png, print_job, world
from tests.web.markup import Markup
from tests.web.samples import SAMPLES

WORDS = {
    JobState.QUEUED: "waiting for the printer",
    JobState.SENDING: "printing",
    JobState.SENT: "sent, not confirmed",
    JobState.CONFIRMED: "printed",
    JobState.UNKNOWN: "did it come out?",
    JobState.FAILED: "not printed",
    JobState.VOIDED: "discarded",
}


@pytest.mark.parametrize("state", JobState)
def test_a_job_is_shown_with_its_picture_and_its_state_in_words(
    kiosk: World, client: FlaskClient, state: JobState
) -> None:
    kiosk.jobs.add(print_job(7, state, error="ribbon out", copy=2, copies=3))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert f"SN-000007 {WORDS[state]}, 2 of 3 ribbon out" in drawn.text
    assert [image["src"] for image in drawn.having("src")] == [f"/jobs/{7:032x}.png"]
    asked = [button for button in drawn.having("hx-post") if "/jobs/" in (button["hx-post"] or "")]
    assert len(asked) == (2 if state is JobState.UNKNOWN else 0)


def test_only_confirmed_is_called_printed() -> None:
    assert [state for state, word in WORDS.items() if word == "printed"] == [JobState.CONFIRMED]


def test_questions_stand_first(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(print_job(1), print_job(2, JobState.UNKNOWN), print_job(3))
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    assert [(image["src"] or "")[-6:-4] for image in drawn.having("src")] == ["02", "01", "03"]


@pytest.mark.parametrize(("answer", "state"), [("yes", JobState.CONFIRMED), ("no", JobState.FAILED)])
def test_a_person_says_whether_it_came_out(kiosk: World, page: Page, answer: str, state: JobState) -> None:
    job = print_job(1, JobState.UNKNOWN)
    kiosk.jobs.add(job)
    sent = page.client.post(f"/station/dock-1/jobs/{job.id}", data={"came_out": answer}, headers=page.headers)
    assert sent.status_code == 200
    assert kiosk.jobs.decisions == [(job.id, answer == "yes")]
    assert kiosk.jobs.jobs[job.id].state is state
    assert b"came_out" not in sent.data


def test_only_a_job_in_doubt_is_decided_and_only_once(kiosk: World, page: Page) -> None:
    kiosk.jobs.add(print_job(1, JobState.CONFIRMED), print_job(2, JobState.UNKNOWN))
    for number in (1, 2, 2):
        page.client.post(f"/station/dock-1/jobs/{number:032x}", data={"came_out": "no"}, headers=page.headers)
    assert kiosk.jobs.decisions == [(f"{2:032x}", False)]


def test_a_decision_needs_a_word_and_a_job_of_this_station(kiosk: World, page: Page) -> None:
    kiosk.jobs.add(print_job(1, JobState.UNKNOWN), print_job(2, JobState.UNKNOWN, station="floor 2"))
    statuses = [
        page.client.post(
            f"/station/dock-1/jobs/{job}", data={"came_out": said}, headers=page.headers
        ).status_code
        for job, said in ((f"{1:032x}", "maybe"), (f"{1:032x}", ""), (f"{2:032x}", "yes"), ("none", "yes"))
    ]
    assert statuses == [400, 400, 404, 404]
    assert kiosk.jobs.decisions == []


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
