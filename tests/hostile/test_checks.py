"""The checks themselves: each finds what happens where a text is put somewhere as it is."""

import csv
import io
import json
import logging
from collections.abc import Callable

import pytest
from jinja2 import Environment
from markupsafe import escape

from kiosk.barcodes import decoded
from kiosk.visible import visible
from tests.hostile.checks import (
    CalmPages,
    check_csv,
    check_json_line,
    check_one_line,
    check_request,
    check_zpl,
)
from tests.hostile.strings import HARM, control_pairs, hostile_strings

TEXTS = [decoded(raw) for raw in HARM]
PAGE = (
    '<header data-revision="1"><b>dock-1</b></header><section class="what"><h1 class="number">{}</h1>'
    '<button hx-post="/press" hx-vals=\'{{"verb": "BACK"}}\' title="x">Back</button></section>'
)
GRAPHIC = b"^XA^FO0,0^GFA,8,8,1,:Z64:eJwDAAAAAAE=:0000^FS^PQ1^XZ"


def found(check: Callable[[str], None], texts: list[str] = TEXTS) -> set[str]:
    """Return the texts that a check objects to."""
    objected = set()
    for text in texts:
        try:
            check(text)
        except (AssertionError, ValueError):
            objected.add(text)
    return objected


@pytest.fixture(scope="module")
def calm() -> CalmPages:
    pages = CalmPages()
    pages.learn(PAGE.format("PN-100"))
    return pages


def test_a_page_that_escapes_is_let_through(calm: CalmPages) -> None:
    assert found(lambda text: calm.check(PAGE.format(escape(visible(text))), text)) == set()


def test_a_page_that_does_not_escape_is_found(calm: CalmPages) -> None:
    objected = found(lambda text: calm.check(PAGE.format(visible(text)), text))
    assert objected == {text for text in TEXTS if "<" in text or "&lt;" in text}


def test_a_page_that_lets_controls_through_is_found(calm: CalmPages) -> None:
    objected = found(lambda text: calm.check(PAGE.format(escape(text)), text))
    assert objected == {text for text in TEXTS if not text.isprintable()}


@pytest.mark.parametrize(
    "broken",
    [
        '<h1 class="number" onclick="x">{}</h1>',
        '<h1 class="number" style="x">{}</h1>',
        '<h1 class="other">{}</h1>',
        "<h1>{}</h1><h2></h2>",
        "<h1>{}</h1><!-- x -->",
        "<h1>{}</h1><!doctype html>",
        "<h1>{}</h1><?x?>",
        '<h1>{}</h1><button hx-post="/scan">',
        "<h1>{}</h1><button hx-vals='x'>",
        "<h1>something else</h1>",
    ],
)
def test_an_element_an_attribute_or_a_value_too_many_is_found(calm: CalmPages, broken: str) -> None:
    page = PAGE.format("PN-100").replace('<h1 class="number">PN-100</h1>', broken.format("PN-100"))
    with pytest.raises((AssertionError, ValueError)):
        calm.check(page, "PN-100")


def test_harm_in_the_frame_is_found_too(calm: CalmPages) -> None:
    with pytest.raises(AssertionError):
        calm.check(PAGE.format("PN-100").replace("dock-1", "<script>"), "PN-100")
    with pytest.raises(AssertionError):
        calm.check(PAGE.format("PN-100").replace('"1"', '"x"'), "PN-100")


def test_a_template_engine_without_its_guards_is_found(calm: CalmPages) -> None:
    naive = Environment(autoescape=False)  # noqa: S701 - what must be found
    template = naive.from_string(PAGE.format("{{ text }}"))
    assert len(found(lambda text: calm.check(template.render(text=text), text))) > len(TEXTS) // 2


def test_a_log_that_writes_texts_as_they_are_is_found() -> None:
    def logged(text: str) -> None:
        record = logging.LogRecord("kiosk", logging.WARNING, "", 0, "Scan %s", (text,), None)
        check_one_line(logging.Formatter("%(levelname)s: %(message)s").format(record) + "\n", text)

    assert found(logged) == {text for text in TEXTS if not text.isprintable()}
    assert found(lambda text: check_one_line("Scan\n", text)) == set(TEXTS)


def test_json_that_is_not_escaped_or_altered_is_found() -> None:
    assert found(lambda text: check_json_line(json.dumps({"text": text}), [text])) == set()
    raw = found(lambda text: check_json_line(f'{{"text": "{text}"}}', [text]))
    assert raw >= {text for text in TEXTS if '"' in text or not text.isprintable()}
    stripped = found(lambda text: check_json_line(json.dumps({"text": text.strip()}), [text]))
    assert stripped == {text for text in TEXTS if text != text.strip()} != set()


def test_a_text_in_a_graphql_document_is_found() -> None:
    document = 'query Q($value: String!) {{ parts(number: "{}") {{ id }} }}'

    def asked(text: str) -> None:
        check_request({"query": document.format(text), "variables": {"value": text}}, {document}, [text])

    assert found(asked) == set(TEXTS)
    body = {"query": document, "variables": {"where": {"number": {"eq": "a"}}}}
    check_request(body, {document}, ["a"])
    with pytest.raises(AssertionError):
        check_request(body, {document}, ["b"])


def test_a_label_with_a_command_made_of_the_text_is_found() -> None:
    def printed(text: str) -> None:
        check_zpl(GRAPHIC.replace(b"^FS", f"^FS^FD{text}^FS".encode()), GRAPHIC)

    assert found(printed) == set(TEXTS)
    check_zpl(GRAPHIC.replace(b"eJwDAAAAAAE=:0000", b"AAAA:FFFF"), GRAPHIC)


def test_cells_that_are_formulas_or_fall_apart_are_found() -> None:
    def exported(text: str) -> None:
        out = io.StringIO()
        csv.writer(out).writerows([["id", "text"], ["1", text]])
        check_csv(out.getvalue(), ["id", "text"], [text], "text")

    formulas = {text for text in TEXTS if text.lstrip(" ")[:1] in set("=+-@\t\r\uff1d")}
    assert len(formulas) >= 7
    assert found(exported) >= formulas | {text for text in TEXTS if not text.isprintable()}
    joined = found(lambda text: check_csv(f"id,text\r\n1,{text}\r\n", ["id", "text"], [text], "text"))
    assert joined >= {text for text in TEXTS if "," in text}


def test_there_are_as_many_strings_as_asked_for_and_every_pair_of_controls() -> None:
    few, many = hostile_strings(500), hostile_strings(8000)
    assert 250 <= len(few) == len(set(few)) <= 500
    assert len(set(many)) == len(many) == 8000
    assert set(many) >= {*HARM, *control_pairs()}
    assert len(set(control_pairs())) == 33 * 33
