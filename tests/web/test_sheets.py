import io

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from kiosk.language import language
from kiosk.sheets import work_sheet
from tests.web.fakes import World
from tests.web.markup import Markup


def codes(data: bytes) -> set[str]:
    with Image.open(io.BytesIO(data)) as picture:
        return {code.text for code in zxingcpp.read_barcodes(picture)}


def test_the_command_sheet_has_the_flows_of_the_stations(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(flows=("receive", "move"))
    kiosk.other.alter(flows=("move", "run"))
    answer = client.get("/sheets/commands.png")
    assert answer.mimetype == "image/png"
    flows = {text for text in codes(answer.data) if "/FLOW/" in text}
    assert flows == {"ION/CMD/FLOW/RECEIVE", "ION/CMD/FLOW/MOVE", "ION/CMD/FLOW/RUN"}
    one = codes(client.get("/sheets/commands.png?station=floor%202&paper=letter").data)
    assert {text for text in one if "/FLOW/" in text} == {"ION/CMD/FLOW/MOVE", "ION/CMD/FLOW/RUN"}


def test_the_sheets_are_pdf_too(client: FlaskClient) -> None:
    for name in ("commands", "work", "scanner"):
        answer = client.get(f"/sheets/{name}.pdf")
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
        assert answer.headers["Content-Disposition"] == f'inline; filename="ion-kiosk-{name}.pdf"'


@pytest.mark.parametrize("which", ["commands", "work", "scanner"])
def test_a_sheet_has_a_page_that_leads_back(client: FlaskClient, which: str) -> None:
    page = Markup(client.get(f"/sheets/{which}?station=floor%202").get_data(as_text=True))
    links = [link["href"] for link in page.having("href") if link.get("class") == "button"]
    assert links[:3] == [
        "/scanners?station=floor%202",
        f"/sheets/{which}.pdf?station=floor%202&paper=a4",
        f"/sheets/{which}.pdf?station=floor%202&paper=letter",
    ]
    assert [image["src"] for image in page.having("alt")] == [f"/sheets/{which}.png?station=floor%202"]
    plain = client.get(f"/sheets/{which}?station=<script>").get_data(as_text=True)
    assert f'src="/sheets/{which}.png"' in plain
    assert f'href="/sheets/{which}.pdf?paper=a4"' in plain


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sheets/commands.png?station=none", 404),
        ("/sheets/commands.png?paper=a5", 400),
        ("/sheets/scanner.png?paper=%3Cscript%3E", 400),
        ("/sheets/work.png?station=none", 404),
        ("/sheets/scanner.gif", 404),
        ("/sheets/nothing.png", 404),
    ],
)
def test_a_sheet_that_there_is_not_is_said(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert b"<script>" not in answer.data


def test_flows_that_no_barcode_can_name_are_said(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(flows=("x" * 32,))
    assert client.get("/sheets/commands.png?station=dock-1").status_code == 400


def test_a_sheet_is_in_the_language_of_who_prints_it(client: FlaskClient) -> None:
    german = client.get("/sheets/work.png", headers={"Accept-Language": "de"}).data
    assert german == work_sheet(spoken=language("de"))
    assert german != work_sheet()
