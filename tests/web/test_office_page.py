"""The frame that every page of the office has: where one can go, who is signed in, and the language."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.model import Operator
from kiosk.web import create_app
from tests.operators.world import MIA_PIN
from tests.web.fakes import world
from tests.web.markup import Markup
from tests.web.office_world import OfficeDesk, office_desk
from tests.web.test_languages import lang_of

PAGES = ("/print", "/printers", "/parked", "/shift", "/scanners", "/labels", "/operators", "/settings")
WITHIN = {"/print/reconciliation": "/printers", "/sheets/work": "/scanners", "/labels/part": "/labels"}
GERMAN, SPANISH = Operator("m", "Mia", language="de"), Operator("j", "Jo", language="es")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeDesk]:
    with office_desk(tmp_path_factory.mktemp("office")) as desk:
        yield desk


def places(client: FlaskClient, path: str) -> tuple[list[str | None], list[str | None]]:
    """Return where one can go from a page, and which of it one is at."""
    html = client.get(path).get_data(as_text=True)
    nav = Markup(html[html.index('<nav class="places"') :])
    links = [one for tag, one in nav.elements if tag == "a"]
    return [one["href"] for one in links], [one["href"] for one in links if one.get("aria-current") == "page"]


def test_every_page_leads_to_all_others_and_marks_itself() -> None:
    client = create_app(world().rooms).test_client()
    for path in PAGES:
        assert places(client, path) == (list(PAGES), [path])
    for path, owner in WITHIN.items():
        assert places(client, path)[1] == [owner]
    there, here = places(client, "/printers?station=floor%202")
    assert (there[0], here) == ("/print?station=floor%202", ["/printers?station=floor%202"])


def test_no_link_of_a_page_forgets_the_station_that_it_was_opened_at(desk: OfficeDesk) -> None:
    desk.sign_in()
    lost = {}
    for path in (*PAGES, *WITHIN, "/labels/part/versions"):
        shown = Markup(desk.shown(f"{path}?station=floor%202"))
        links = [one["href"] or "" for tag, one in shown.elements if tag == "a" and "download" not in one]
        lost[path] = {one for one in links if "floor%202" not in one and ".csv" not in one}
    assert {path: links for path, links in lost.items() if links} == {}


def test_a_page_that_this_kiosk_does_not_have_is_not_offered() -> None:
    rooms = replace(
        world().rooms, prints=None, parked=None, shift=None, designs=None, office=None, settings=None
    )
    assert places(create_app(rooms).test_client(), "/scanners") == (["/scanners"], ["/scanners"])


def test_the_door_leads_nowhere_before_somebody_signs_in(desk: OfficeDesk) -> None:
    assert places(desk.client, "/enter") == ([], [])


def test_the_frame_says_who_is_signed_in_and_follows(desk: OfficeDesk) -> None:
    for path in PAGES:
        assert "Nobody is signed in" in desk.shown(path)
    answer = desk.client.post(
        "/operators/sign-in", data={"badge": "T1", "pin": "271828"}, headers=desk.headers
    )
    assert answer.headers["HX-Refresh"] == "true", "the frame is drawn anew"
    for path in PAGES:
        assert "Person T1 technician" in Markup(desk.shown(path)).text
    desk.sent("/operators/sign-out")
    assert "Nobody is signed in" in desk.shown("/printers")


@pytest.mark.parametrize(
    "path", ["/operators/sign-in", "/shift/sign-in", "/parked/sign-in", "/settings/sign-in", "/enter"]
)
def test_where_it_cannot_be_written_down_nobody_is_let_in(desk: OfficeDesk, path: str) -> None:
    with desk.people.journal.clerk.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    assert "so nobody can sign in. Call a technician." in desk.sent(path, badge="T1", pin=MIA_PIN.digits)
    assert "Theo" not in desk.shown("/operators")


def speak(desk: OfficeDesk, badge: str, tag: str) -> None:
    """Let a person be spoken to in a language, and sign in."""
    desk.people.register.give_language(desk.people.register.named(badge), tag, None)
    desk.sign_in(badge)


def test_a_language_travels_with_the_badge_to_every_page_and_the_next_badge_changes_it(
    desk: OfficeDesk,
) -> None:
    speak(desk, "T1", "de")
    assert {lang_of(desk.shown(path)) for path in PAGES} == {"de"}
    speak(desk, "L1", "fr")
    assert {lang_of(desk.shown(path)) for path in PAGES} == {"fr"}
    desk.sent("/operators/sign-out")
    assert lang_of(desk.shown("/printers")) == "en"


def test_a_station_s_operator_is_spoken_to_on_pages_opened_there_and_the_next_one_too(
    desk: OfficeDesk,
) -> None:
    for operator, tag in ((GERMAN, "de"), (SPANISH, "es"), (None, "en")):
        desk.kiosk.station.alter(operator=operator)
        assert {lang_of(desk.shown(f"{path}?station=dock-1")) for path in PAGES} == {tag}
        assert lang_of(desk.shown("/station/dock-1")) == tag
        assert {lang_of(desk.shown(f"{path}?station=floor%202")) for path in PAGES} == {"en"}


def test_a_language_is_chosen_on_the_page_until_somebody_else_is_there(desk: OfficeDesk) -> None:
    chosen = desk.client.post("/language", data={"language": "es"}, headers=desk.headers)
    assert (chosen.status_code, chosen.headers["HX-Refresh"]) == (204, "true")
    assert lang_of(desk.shown("/printers")) == "es"
    speak(desk, "T1", "de")
    assert lang_of(desk.shown("/printers")) == "de"
    desk.client.post("/language", data={"language": "fr"}, headers=desk.headers)
    assert lang_of(desk.shown("/shift")) == "fr"
    speak(desk, "L1", "de")
    assert lang_of(desk.shown("/shift")) == "de"


def test_only_a_page_of_the_kiosk_chooses_and_only_what_is_spoken(desk: OfficeDesk) -> None:
    wrong = desk.client.post("/language", data={"language": "tlh"}, headers=desk.headers)
    assert wrong.status_code == 400
    assert desk.client.post("/language", data={"language": "es"}).status_code == 403
    desk.client.set_cookie("kiosk_language", "tlh.<script>")
    assert lang_of(desk.shown("/printers")) == "en"
