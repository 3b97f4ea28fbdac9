"""What a button does, a barcode does: on every screen, read back from the picture of a long press."""

import io
import json
from collections.abc import Iterator

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from kiosk.artwork import draw_barcode
from kiosk.barcodes import Command, read
from kiosk.barcodes.ion import VERBS
from kiosk.flows import FLOWS
from kiosk.flows.flow import Place
from kiosk.flows.help import expected
from kiosk.flows.over import PAGES
from kiosk.model import JobState, Json
from kiosk.sheets import command_sheet, work_sheet
from tests.flows.floor import NOW
from tests.sheets.reading import codes_of
from tests.web.conftest import Standing
from tests.web.fakes import World, print_job
from tests.web.markup import Markup
from tests.web.samples import MORE, SAMPLES

OF_THE_PAGE = {"ambience", "keyboard", "camera", "jobs", "pad", "person", "phone", "photo"}
"""What a button opens on its own page: to type, to photograph, to look, to say who one is."""


def buttons(client: FlaskClient) -> Iterator[dict[str, str | None]]:
    drawn = Markup(client.get("/station/dock-1/screen").get_data(as_text=True))
    return (attributes for tag, attributes in drawn.elements if tag == "button")


def command_of(text: str) -> Command:
    (reading,) = [one for one in read(text.encode()).readings if isinstance(one, Command)]
    return reading


def read_back(text: str) -> str:
    picture = Image.open(io.BytesIO(draw_barcode(text)))
    (symbol,) = zxingcpp.read_barcodes(picture)
    return symbol.text


@pytest.mark.parametrize(("screen", "state"), [*SAMPLES.items(), *MORE])
def test_every_button_has_a_barcode_that_does_the_same(
    standing: Standing, screen: str, state: dict[str, Json]
) -> None:
    standing.kiosk.jobs.add(print_job(1, JobState.UNKNOWN))
    standing.kiosk.station.show(screen, state)
    seen = 0
    for button in buttons(standing.client):
        # A language is chosen on the page, or comes with a badge.
        if "disabled" in button or "lang" in button or button.get("data-opens") in OF_THE_PAGE:
            continue
        seen += 1
        text = button["data-command"] or ""
        command = command_of(text)
        assert read_back(text) == text
        if button.get("data-opens") == "keypad":
            # The keypad asks for a number; the barcode has one already, and the sheet has others.
            assert command.verb == button["data-verb"]
            continue
        sent = json.loads(button["hx-vals"] or "")
        assert (command.verb, command.argument) == (sent["verb"], sent.get("argument"))
    assert seen >= 3


def test_a_button_without_a_barcode_would_be_found(kiosk: World, client: FlaskClient) -> None:
    option: Json = {"key": "no barcode says this", "title": "t", "detail": "d", "kind": "part"}
    kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "options": [option]})
    texts = [button["data-command"] or "" for button in buttons(client) if "data-command" in button]
    assert [
        text for text in texts if not any(isinstance(one, Command) for one in read(text.encode()).readings)
    ]


def test_every_verb_of_every_button_is_on_the_command_sheet(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(print_job(1, JobState.UNKNOWN))
    used = set[str]()
    for screen, state in [*SAMPLES.items(), *MORE]:
        kiosk.station.show(screen, state)
        used |= {
            command_of(button["data-command"] or "").verb
            for button in buttons(client)
            if "data-command" in button
        }
    sheets = (command_sheet(tuple(FLOWS)), work_sheet())
    printed = {command_of(text).verb for sheet in sheets for text in codes_of(sheet)}
    assert used - {"VALUE"} <= printed
    assert printed <= set(VERBS)
    # A value is scanned key by key, a head stands on the label of a shift.
    assert set(VERBS) - printed == {"VALUE", "HEAD"}


PLACE = Place("dock-1", NOW, tuple(FLOWS))
COMMON = {"HOME", "HELP", "STATUS", "LANGUAGE", "PRINTED"}
"""On every screen: in the rail, over the lamps, and beside the labels."""


def is_over(screen: str) -> bool:
    """Return whether a screen is a page that lies over a step."""
    flow, _, step = screen.partition("/")
    return flow == "home" and step in PAGES


@pytest.mark.parametrize(("screen", "state"), [*SAMPLES.items(), *MORE])
def test_help_names_every_button_of_a_step(standing: Standing, screen: str, state: dict[str, Json]) -> None:
    if is_over(screen):
        pytest.skip("a page lies over a step, and help is about the step")
    standing.kiosk.station.show(screen, state)
    offered = list(buttons(standing.client))
    shown = [command_of(one["data-command"] or "") for one in offered if "data-command" in one]
    used = {one.verb for one in shown}
    # A scanner has no camera, and a phone that it asks for has one.
    used |= {"PHOTO"} if any(one.get("data-opens") == "phone" for one in offered) else set()
    drawn = [command_of(str(one["text"])) for one in expected(screen, PLACE) if not one["is_sample"]]
    helped = {one.verb for one in drawn}
    # Numbers are typed digit by digit.
    helped |= {"VALUE"} if "KEY" in helped else set()
    assert used - COMMON <= helped
    # A row is chosen by its number.
    rows = [str(number) for number in range(1, [one.verb for one in shown].count("CHOOSE") + 1)]
    assert set(rows) <= {one.argument for one in drawn if one.verb == "CHOOSE"}
