from dataclasses import replace

import pytest

from kiosk.barcodes import read
from kiosk.flows import is_verbatim
from kiosk.flows.choice import covered
from kiosk.model import Session

UID = '{"uid":"00000000000000000000000000000001"}'
LABEL = "[)>\x1e06\x1dPBOLT-1\x1d1TLOT-7\x1e\x04"


def at(flow: str, step: str) -> Session:
    return Session("s", "dock-1", flow, step, {})


@pytest.mark.parametrize("screen", ["run/field", "run/procedures", "problem/title", "adjust/reason"])
@pytest.mark.parametrize(
    ("text", "expected"), [("LOT-1", True), (LABEL, True), (UID, False), ("ION/PI/5", False)]
)
def test_where_text_is_asked_it_is_not_looked_up(screen: str, text: str, *, expected: bool) -> None:
    flow, _, step = screen.partition("/")
    assert is_verbatim(at(flow, step), read(text.encode())) is expected


@pytest.mark.parametrize(("text", "expected"), [("12.5", True), ("SN-1", False), ("12.5\r", True)])
def test_where_a_number_is_asked_only_numbers_are_not(text: str, *, expected: bool) -> None:
    assert is_verbatim(at("adjust", "entry"), read(text.encode())) is expected


@pytest.mark.parametrize("screen", ["home/idle", "run/run", "receive/line", "lookup/part"])
def test_elsewhere_everything_is_looked_up(screen: str) -> None:
    flow, _, step = screen.partition("/")
    assert not is_verbatim(at(flow, step), read(b"LOT-1"))


def test_a_question_on_top_gives_way() -> None:
    asked = at("run", "field")
    question = replace(asked, flow="home", step="choose", state={"resume": covered(asked)})
    assert is_verbatim(question, read(b"LOT-1"))
