import json
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import TemplateSyntaxError, UndefinedError, meta, nodes
from markupsafe import escape

from kiosk.flows import screens
from kiosk.language import Language
from kiosk.language.catalogue import Catalogue
from kiosk.model import DeviceState, JobState, Json, Level, Message, Operator, Print
from kiosk.resources import templates_dir
from kiosk.web import app, create_app
from kiosk.web.screen_view import ScreenView
from kiosk.web.screens import environment
from kiosk.web.speech import speech_of
from kiosk.wire import told_json
from kiosk.words import told
from tests.web.conftest import Standing
from tests.web.fakes import World, print_job, world
from tests.web.markup import Markup
from tests.web.samples import LINE_STATE, MORE, RUN_STATE, SAMPLES

SCREENS = templates_dir() / "screens"
STATIC = Path(app.__file__).parent / "static"
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>' onclick='alert(2)",
    "\x1b[31mred\x1b[0m\x07\x00",
    "{{ 7 * 7 }}{% raw %}",
    "</title></svg></form>&lt;&#60;",
    "\ud800 lone \u202e reversed",
)
KEPT = {"tracking", "page", "pages", "kind", "id", "photos"}
"""Fields whose values the templates compare or count with."""


def fragment(client: FlaskClient) -> Markup:
    answer = client.get("/station/dock-1/screen")
    assert answer.status_code == 200
    return Markup(answer.get_data(as_text=True))


def hostile(value: Json, text: str, name: str = "") -> Json:
    match value:
        case str():
            return value if name in KEPT else text
        case dict():
            return {key: hostile(item, text, key) for key, item in value.items()}
        case list():
            return [hostile(item, text, name) for item in value]
        case _:
            return value


def test_every_screen_has_a_template_and_a_sample() -> None:
    found = {path.relative_to(SCREENS).with_suffix("").as_posix() for path in SCREENS.glob("[!_]*/*.html")}
    assert found == set(SAMPLES) == screens.SCREENS


def test_a_screen_has_the_parts_that_the_page_draws_one_by_one_and_none_inside_of_them(
    standing: Standing,
) -> None:
    begins = re.search(r"^const PARTS = /(.*)/;$", (STATIC / "screen.js").read_text("utf-8"), re.MULTILINE)
    assert begins is not None
    parts = ["top", "rail", "what", "doing", "jobs", "bar"]
    client, found = standing.client, {}
    for name, state in SAMPLES.items():
        standing.kiosk.station.show(name, state)
        head, *drawn = re.split(begins[1], client.get("/station/dock-1/screen").get_data(as_text=True))
        assert head.startswith('<div class="screen ')
        found[name] = [re.split(r'[ "]', part.partition('class="')[2])[0] for part in drawn]
    assert {name: each for name, each in found.items() if each != parts} == {}


@pytest.mark.parametrize("path", sorted(SCREENS.rglob("*.html")), ids=lambda path: path.stem)
def test_a_template_names_only_state_and_view(path: Path) -> None:
    tree = environment(templates_dir()).parse(path.read_text(encoding="utf-8"))
    imported = {name for statement in tree.find_all(nodes.FromImport) for name in statement.names}
    assert meta.find_undeclared_variables(tree) - imported <= {"state", "view"}


@pytest.mark.parametrize(("screen", "state"), [*SAMPLES.items(), *MORE])
def test_every_screen_is_drawn(standing: Standing, screen: str, state: dict[str, Json]) -> None:
    standing.kiosk.station.show(screen, state, Message(Level.GOOD, "Said so."))
    drawn = fragment(standing.client)
    root = drawn.having("data-screen")[0]
    revision = standing.kiosk.station.view_now.revision
    assert (root["data-screen"], root["data-revision"]) == (screen, str(revision))
    assert "Said so." in drawn.text
    for button in drawn.having("data-command"):
        assert re.fullmatch(r"ION/CMD/[A-Z]+(/.+)?", button["data-command"] or "")


def test_why_ion_lists_nothing_is_said_by_what_it_is_made_of(kiosk: World, client: FlaskClient) -> None:
    why = told("{words} (ION's trace {trace})", words=told("ION does not permit it."), trace="9a1f")
    state: dict[str, Json] = {**dict(MORE)["run/procedures"], "found": [], "rows": [], "refusal": f"{why}"}
    kiosk.station.show("run/procedures", {**state, "refusal_told": told_json(why)})
    kiosk.station.alter(operator=Operator("operator/1", "Mia Tanaka", language="de"))
    assert "ION erlaubt es nicht. (Spur in ION 9a1f)" in fragment(client).text
    del state["refusal_told"]
    kiosk.station.show("run/procedures", state)
    assert why in fragment(client).text, "as an earlier version has kept it"


def test_a_missing_name_in_the_state_is_an_error_not_a_blank(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("home/choose", {})
    assert client.get("/station/dock-1/screen").status_code == 500


def test_a_step_without_a_template_says_so_and_goes_on(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("receive/unheard-of", {})
    assert "no screen of that name" in fragment(client).text


@pytest.mark.parametrize(("screen", "state"), SAMPLES.items(), ids=list(SAMPLES))
def test_hostile_text_stays_text(
    kiosk: World, client: FlaskClient, screen: str, state: dict[str, Json]
) -> None:
    kiosk.jobs.add(print_job(1, JobState.UNKNOWN))
    kiosk.station.show(screen, state)
    calm = fragment(client)
    allowed = {"b", "small", "span", "p", "svg", "use", "li", "ul", "button", "div", "dd", "dt", "img"}
    known = calm.attributes | {"disabled", "title", "data-command", "hx-post", "hx-vals", "class"}
    known |= {"alt", "src"}
    for text in HOSTILE:
        poison(kiosk, text)
        poisoned = hostile(state, text)
        assert isinstance(poisoned, dict)
        kiosk.station.show(screen, poisoned, Message(Level.STOP, "{x}", {"x": text}))
        drawn = fragment(client)
        assert drawn.tags - calm.tags <= allowed
        assert "script" not in drawn.tags
        assert drawn.attributes <= known
        for element in drawn.having("src"):
            assert (element["src"] or "").startswith(("/jobs/", "/station/"))
        for element in drawn.having("hx-vals"):
            json.loads(element["hx-vals"] or "")


def poison(kiosk: World, text: str) -> None:
    kiosk.jobs.add(
        print_job(1, JobState.UNKNOWN, error=text, fields={"serialNumber": text}, printer=text),
        print_job(2, JobState.UNKNOWN, fields={}, subject=text),
    )
    device = DeviceState(text, is_ready=False, text=text)
    kiosk.station.alter(scanners=(device,), printers=(device,), ion=device, location=text, session=text)


def test_hostile_text_survives_as_it_was(kiosk: World, client: FlaskClient) -> None:
    text = "<b>&amp;\"'</b>"
    kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "text": text})
    assert text in fragment(client).text


def test_argument_of_a_button_comes_back_as_it_was(kiosk: World, client: FlaskClient) -> None:
    key = "x/\"'<>&\u2028é"
    option: Json = {"key": key, "title": "t", "detail": "d", "kind": "part"}
    kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "options": [option]})
    sent = [json.loads(element["hx-vals"] or "") for element in fragment(client).having("hx-vals")]
    assert {"verb": "CHOOSE", "argument": key} in sent


def test_disabled_button_says_why_and_sends_nothing(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("move/item", SAMPLES["move/item"])
    drawn = fragment(client)
    assert "No location yet." in drawn.text
    assert [b for b in drawn.having("disabled") if "hx-post" in b] == []
    assert [b for b in drawn.having("data-command") if b["data-command"] == "ION/CMD/CONFIRM"] == []


def test_at_most_four_buttons_beside_the_tiles_of_home(kiosk: World, client: FlaskClient) -> None:
    for screen, state in [*SAMPLES.items(), *MORE]:
        if screen == "home/idle":
            continue
        kiosk.station.show(screen, state)
        html = client.get("/station/dock-1/screen").get_data(as_text=True)
        doing = html.partition('<section class="doing">')[2].partition("</section>")[0]
        assert Markup(doing).tags.isdisjoint({"form", "input"})
        assert doing.count("<button") <= 4, screen


def test_the_lines_of_a_long_order_come_four_a_page(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("receive/order", SAMPLES["receive/order"])
    chosen = [b["data-command"] for b in fragment(client).having("data-command") if "CHOOSE" in str(b)]
    assert chosen == ["ION/CMD/CHOOSE/order-line/1", "ION/CMD/CHOOSE/order-line/2"]
    kiosk.station.show("receive/order", {**SAMPLES["receive/order"], "page": "2"})
    chosen = [b["data-command"] for b in fragment(client).having("data-command") if "CHOOSE" in str(b)]
    assert chosen == ["ION/CMD/CHOOSE/order-line/5"]


@pytest.mark.parametrize(("name", "rows"), [("receive/order", "lines"), ("lookup/kit", "items")])
def test_all_lines_are_reached_though_the_station_has_another_screen_than_when_they_came(
    kiosk: World, client: FlaskClient, name: str, rows: str
) -> None:
    thing = name.rpartition("/")[2]
    kept = SAMPLES[name][thing]
    assert isinstance(kept, Mapping)
    few = kept[rows]
    assert isinstance(few, list)
    state = {**SAMPLES[name], thing: {**kept, rows: (few * 9)[:9]}}
    pages = {}
    for lines, page in ((4, "1"), (4, "3"), (6, "3"), (9, "2")):
        kiosk.station.alter(lines=lines)
        kiosk.station.show(name, {**state, "page": page, "pages": "1" if lines == 4 else "3"})
        html = fragment(client).text
        pages[lines, page] = " ".join(re.findall(r"page \d of \d", html))
    assert pages == {(4, "1"): "page 1 of 3", (4, "3"): "page 3 of 3", (6, "3"): "page 2 of 2", (9, "2"): ""}


def test_other_reasons_are_offered_only_where_there_are_some(kiosk: World, client: FlaskClient) -> None:
    for pages, offered in (("2", 1), ("1", 0)):
        kiosk.station.show("home/again", {**SAMPLES["home/again"], "reason_pages": pages})
        commands = [one["data-command"] for one in fragment(client).having("data-command")]
        assert commands.count("ION/CMD/NEXT") == offered


def test_one_render_for_everyone_until_something_changes(kiosk: World, client: FlaskClient) -> None:
    web = client.application.extensions["kiosk"]
    for _ in range(3):
        client.get("/station/dock-1/screen")
    assert web.screens.renders == 1
    kiosk.station.alter(waiting=2)
    client.get("/station/dock-1/screen")
    client.get("/station/dock-1")
    assert web.screens.renders == 2


def test_label_picture_changes_its_address_with_the_label(kiosk: World, client: FlaskClient) -> None:
    def source() -> str | None:
        found = [image["src"] for image in fragment(client).having("src")]
        return found[0] if found else None

    kiosk.station.show("label/label", SAMPLES["label/label"])
    first = source()
    kiosk.station.show("label/label", {**SAMPLES["label/label"], "copies": "9"})
    assert source() == first
    kiosk.station.show("label/label", {**SAMPLES["label/label"], "fields": {"serialNumber": "other"}})
    assert source() not in {first, None}
    kiosk.station.show("lookup/inventory", SAMPLES["lookup/inventory"])
    assert source() is None


def test_other_screens_can_show_a_label_too() -> None:
    kiosk = world()
    rooms = replace(kiosk.rooms, label_shown=lambda view: Print("part", {"a": view.step}, "s"))
    kiosk.station.show("lookup/inventory", SAMPLES["lookup/inventory"])
    client = create_app(rooms).test_client()
    assert "label.png?v=" in client.get("/station/dock-1/screen").get_data(as_text=True)


def test_the_sprite_holds_just_the_icons_that_are_used() -> None:
    kiosk = world(is_demo=True, has_sign_in=True)
    client = create_app(kiosk.rooms).test_client()
    gone = DeviceState("gun", is_ready=False, text="unplugged")
    kiosk.jobs.add(*(print_job(number, state) for number, state in enumerate(JobState)))
    kiosk.station.alter(scanners=(gone,), ion=gone, parked=1)
    used = set[str]()
    for level in Level:
        kiosk.station.alter(message=Message(level, "x"))
        used |= set(
            re.findall(r'href="#icon-([a-z0-9-]+)"', client.get("/station/dock-1").get_data(as_text=True))
        )
    kiosk.station.alter(ion=DeviceState("ION", is_ready=True, text=""))
    for screen, state in [*SAMPLES.items(), *MORE]:
        kiosk.station.show(screen, state)
        used |= set(
            re.findall(r'href="#icon-([a-z0-9-]+)"', client.get("/station/dock-1").get_data(as_text=True))
        )
    for operator in (None, Operator("ion/42", "Ada")):
        kiosk.station.alter(operator=operator)
        for path in ("/station/dock-1", "/station/dock-1/sign-in"):
            text = client.get(path).get_data(as_text=True)
            used |= set(re.findall(r'href="#icon-([a-z0-9-]+)"', text))
    sprite = set(
        re.findall(r'<symbol id="icon-([a-z0-9-]+)"', client.get("/station/dock-1").get_data(as_text=True))
    )
    assert used == sprite


def test_the_documented_names_of_the_view_are_all_there() -> None:
    documented = (ScreenView.__doc__ or "").partition("``")[2].partition("``")[0].split()
    assert sorted(documented) == sorted(field.name for field in fields(ScreenView))


def test_templates_have_no_inline_script_or_style() -> None:
    engine = environment(templates_dir())
    for name in engine.list_templates(["html", "svg"]):
        source = engine.loader.get_source(engine, name)[0]  # type: ignore[union-attr]
        trusted = source.replace("{{ fragment|safe }}", "")
        assert not re.search(r"\son[a-z]+\s*=|style\s*=|<style|javascript:|\|\s*safe", trusted), name
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), name


def test_line_screen_says_what_is_missing(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("receive/line", {**LINE_STATE, "is_over": True, "quantity": "6"})
    text = fragment(client).text
    assert "Lot is missing" in text
    assert "More than the order has left. Confirm once more if it is right." in text


def test_run_screen_offers_what_can_be_done(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("run/run", RUN_STATE)
    commands = [button["data-command"] for button in fragment(client).having("data-command")]
    assert "ION/CMD/COMPLETE" in commands
    assert "ION/CMD/START" not in commands


def test_foreign_text_in_a_sentence_is_drawn_like_all_foreign_text() -> None:
    engine = environment(templates_dir())
    lot = told("Lot {lot} is gone", lot="<b>\x1b{lot.__class__}")
    drawn = "Lot &lt;b&gt;␛{lot.__class__} is gone"
    for source in (
        "{{ lot }}",
        "{{ lot|said }}",
        "{{ lot|listed }}",
        "{{ lot|unbroken }}",
        "{{ _('{lot}', lot=lot) }}",
        "{{ _('{lot}{html}', lot=lot, html=html) }}",
    ):
        assert engine.from_string(source).render(lot=lot, html=escape("")) == drawn, source
    german = speech_of(Language("de", Catalogue(told={lot.template: "{lot}, weg"})))
    assert engine.from_string("{{ lot|listed }}").render(german, lot=lot).endswith("__class__}, weg")


def test_a_broken_template_is_an_error_of_the_engine() -> None:
    engine = environment(templates_dir())
    with pytest.raises(UndefinedError):
        engine.from_string("{{ nothing }}").render()
    with pytest.raises(TemplateSyntaxError):
        engine.from_string("{% if %}")
