"""No word of a page is left in English: each page is drawn in a language that marks what is said in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.label_shelf import LabelShelf
from kiosk.language import language
from kiosk.model import Json, Level, Message
from kiosk.resources import templates_dir
from kiosk.settings import load_settings
from kiosk.settings_desk import SettingsDesk
from kiosk.web import create_app
from kiosk.web.screen_view import screen_view
from kiosk.web.screens import environment
from kiosk.web.speech import speech_of
from tests.fakes.designs import design_desk, packaged_designs
from tests.web.fakes import NOW, world
from tests.web.office_world import OfficeDesk, office_desk
from tests.web.played import MESSAGES, MORE_PLAYED
from tests.web.pseudo import pseudo, strings, unsaid, unsaid_of
from tests.web.samples import MORE, SAMPLES

SAID_IN_STATES = frozenset({"reason", "says", "why", "hint", "words", "about", "template"})
"""Names in states under which words of the kiosk stand, and never data."""
FROM_SAMPLES = (
    "answers",
    "ready",
    "BRKT-1042-07",
    "LOT-2026-A",
    "BOLT-1",
    "Leak test",
    "Rack A / Shelf 2",
    "Valve, oxidizer",
    "Run Valve acceptance test",
    "Incoming Inspection of Machined Parts",
    "Result of the visual inspection",
    "Picture of the stripe",
    "Bracket Assembly, two-piece, rev C draft",
    "Edges broken 0.2 to 0.4 mm",
    "Rework",
    "It is one.",
    "Precision Machining & Sons",
)
DESIGNS = [
    name
    for design in packaged_designs().good.values()
    for name in (design.name, *(one.name for one in design.fields), *(one.name for one in design.rows))
]
"""Fields of designs are called as people write them into a design."""
RIGHT = """
[ion]
url = "https://ion.example/graphql"
token_url = "https://ion.example/token"
client_id = "kiosk"
client_secret = "kiosk-secret"
[[stations]]
name = "dock-1"
"""
WRONG = (
    RIGHT.replace("https://ion.example/token", "hello")
    + """
printer = "nobody"
[web]
port = 70000
[[webb]]
"""
)
DATA = (
    *("dock-1", "floor 2", "WH-Receiving", "dock-gun", "floor-gun", "bound-gun", "dock-zebra", "spare-zebra"),
    *("Honeywell 1950g (0c2e:0b61)", "/dev/serial/by-id/usb-Honeywell_1900_12345678-if00", "hello"),
    *("VLV-0001", "VLV-0001 rev B", "Valve, oxidizer", "on hand", "VLV-4410", "LOT-2026-11"),
    *(f"SN-{number:06}" for number in (*range(30), 173)),
    *("Ada Lovelace", "Ada Okafor", "Person T1", "Person L1", "Person 7", "Person 8", "T1", "L1"),
    *("Receipt of PO-10007", "on the floor", "torn", "Lot is required.", "PO", "The part label"),
    *("order_id", "title", "quantity", "serials", "receive"),
    *("zpl, 203 dpi, 101.6 × 50.8 mm", "mm", "dpi", "ms", "UTC", "CET", "CEST", "CSV", "PDF"),
    *("A4", "Letter", "USB HID POS", "abc", "fine"),
    *("HTTP", "TODO", "DONE", "Receive"),
    *("Data Matrix", "d1", "DN", "LF", "GS", "RS", "EOT", "ION/CMD/LEARN/AZ@7QM", "[)>06PABC"),
    *("]d1[)>␞06␝1PSN74␝Q100␞␄", "h68e65l6cl6co6f"),
)  # fmt: skip
"""Names, numbers and what other people wrote."""


def data_in(state: Mapping[str, Json]) -> Iterator[str]:
    """Give the texts in a state that are no words of the kiosk, and the names that samples have in common."""
    german = language("de")
    for text in strings(state, but=SAID_IN_STATES):
        if text == german.sentence(text) == german.facts(text):
            yield text
    yield from (*FROM_SAMPLES, *DATA)


@pytest.mark.parametrize("number", range(len([*SAMPLES, *MORE, *MORE_PLAYED])))
def test_every_word_of_a_screen_is_said(number: int) -> None:
    name, state = [*SAMPLES.items(), *MORE, *MORE_PLAYED.values()][number]
    kiosk = world(has_sign_in=True)
    kiosk.station.show(name, state, Message(Level.ASK, "Scan a purchase order."))
    view = kiosk.station.view()
    shown = screen_view(view, boot="b", label=None, has_pad=True, spoken=pseudo())
    html = ENGINE.get_template(f"screens/{name}.html").render(
        speech_of(pseudo()), state=view.state, view=shown
    )
    assert unsaid(html, data_in(state)) == []


@pytest.mark.parametrize("number", range(len(MESSAGES)))
def test_every_word_of_a_message_is_said(number: int) -> None:
    message, state = MESSAGES[number]
    spoken = pseudo().message(message.template, message.values)
    assert unsaid_of([spoken], data_in(state)) == []


ENGINE = environment(templates_dir())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> SettingsDesk:
    """Return the settings of a kiosk whose file has become wrong since its start."""
    path = tmp_path_factory.mktemp("etc") / "kiosk.toml"
    path.write_text(RIGHT)
    desk = SettingsDesk(load_settings(path), path)
    path.write_text(WRONG)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, settings: SettingsDesk) -> Iterator[OfficeDesk]:
    folder = tmp_path_factory.mktemp("office")
    with office_desk(folder, book=lambda _tag: pseudo(), settings=settings) as desk:
        desk.outside = {path: desk.shown(path) for path in PAGES}
        desk.sign_in()
        yield desk


PAGES = (
    "/", "/print", "/print/found?q=VLV", "/print/found?q=", "/print/label?code=ION/PI/501", "/printers",
    "/print/reconciliation", "/print/batches/b3", "/parked", "/scanners", "/scanners/list", "/scanners/learn",
    "/scanners/forget?name=bound-gun", "/operators", "/operators/panel?new", "/operators/panel?id=id-7",
    "/shift", "/enter", "/labels", "/labels/part", "/labels/part/versions", "/sheets/commands",
    "/sheets/scanner", "/sheets/work", "/nothing", "/labels/nothing", "/station/nowhere",
    "/station/dock-1", "/station/dock-1/sign-in", "/photo/unknown",
    *(f"/printers/ask?act={act}&name={4:032x}" for act in ("reprint", "void")),
    "/printers/ask?act=cancel&name=b1", "/printers/ask?act=take-over&name=dock-zebra&to=spare-zebra",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_a_page_is_said(desk: OfficeDesk, path: str) -> None:
    for html in (desk.outside[path], desk.shown(path)):
        assert unsaid(html, [*DATA, *DESIGNS]) == []


def test_every_word_about_a_design_that_is_wrong_is_said(tmp_path: Path) -> None:
    (tmp_path / "torn.toml").write_text('title = "A4"\nwidth_mm = "hello"\n')
    shelf = LabelShelf(templates_dir() / "labels", tmp_path, lambda: NOW)
    desk = design_desk(tmp_path, lambda *_: (), shelf.load(is_proved=False))
    client = create_app(replace(world().rooms, designs=desk), book=lambda _tag: pseudo()).test_client()
    page = client.get("/labels").get_data(as_text=True)
    (fault,) = re.findall(r'<p class="fault">(.*)</p>', page)
    assert "⟦: expected a value for ⟧" in fault
    assert unsaid(page, [*DATA, *DESIGNS, "torn.toml", "encodes"]) == []


def test_every_word_of_the_settings_is_said(desk: OfficeDesk, settings: SettingsDesk) -> None:
    view = settings.view()
    rows = [each for group in view.groups for each in group.settings]
    groups = [name for group in view.groups for name in (group.title, group.name)]
    theirs = [*groups, *(each.name for each in rows), *(each.value for each in rows), view.source]
    page = desk.shown("/settings")
    assert len(view.faults) == page.count('class="told stop"') == 5
    assert unsaid(page, [*DATA, *theirs, *re.findall(r"[\w.]+", WRONG)]) == []


def test_every_word_of_what_ion_shows_of_a_change_is_said(desk: OfficeDesk) -> None:
    found = desk.sent("/parked/o1/look")
    assert "no location⟧" in found
    assert unsaid(found, DATA) == []
