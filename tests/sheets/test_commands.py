import io
import itertools

import pytest
from PIL import Image

from kiosk.barcodes import Command, read
from kiosk.barcodes.ion import VERBS
from kiosk.errors import LabelError
from kiosk.flows import FLOWS
from kiosk.flows.paging import LINES
from kiosk.sheets import PAPERS, command_sheet, work_sheet
from kiosk.sheets.commands import ACTIONS, CHOICES, COPIES, KEYS, LOOKING, QUANTITIES, QUEUE, STEPS, STOCK
from tests.sheets.reading import codes_of

EXPECTED = {
    *(Command(verb, None) for verb in (*ACTIONS, "NEXT")),
    *(Command("QUANTITY", n) for n in QUANTITIES),
    *(Command("COPIES", n) for n in COPIES),
    *(Command("CHOOSE", n) for n in CHOICES[:LINES]),
    *(Command("FLOW", flow) for flow in FLOWS),
    *(Command("PRINTED", answer) for answer in ("YES", "NO")),
    Command("SHIFT"),
}


def test_it_has_what_people_do() -> None:
    verbs = {"CONFIRM", "CANCEL", "BACK", "HOME", "START", "COMPLETE", "PRINT", "REPEAT", "UNDO"}
    assert set(ACTIONS) == verbs
    assert set(QUANTITIES) == {"1", "2", "5", "10", "20", "50", "100", "+1", "+5"}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_barcode_on_it_is_a_command(paper: str) -> None:
    codes = codes_of(command_sheet(tuple(FLOWS), station="dock-1", paper=paper))
    assert set(codes.values()) == {"]C0"}
    assert {read(text.encode()).readings[0] for text in codes} == EXPECTED


@pytest.mark.parametrize("paper", PAPERS)
def test_the_second_sheet_of_a_large_screen_has_a_barcode_for_each_line(paper: str) -> None:
    codes = codes_of(work_sheet(station="dock-1", paper=paper, lines=9))
    read_off = {read(text.encode()).readings[0] for text in codes}
    assert read_off == WORK | {Command("CHOOSE", n) for n in CHOICES[LINES:]}


WORK = {
    *(Command(verb, None) for verb in (*STEPS, *STOCK, *LOOKING, "UNDO", "CONFIRM", "BACK")),
    *(Command("KEY", key) for key in KEYS),
    *(Command("QUEUE", act) for act in QUEUE),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_barcode_of_the_second_sheet_is_a_command(paper: str) -> None:
    codes = codes_of(work_sheet(station="floor-1", paper=paper))
    assert set(codes.values()) == {"]C0"}
    assert {read(text.encode()).readings[0] for text in codes} == WORK


def test_both_sheets_have_every_verb_that_needs_no_name() -> None:
    # VALUE, OPEN and HEAD name a number or a thing; keys and the thing's own label do the same.
    assert {command.verb for command in EXPECTED | WORK} == set(VERBS) - {"VALUE", "OPEN", "HEAD"}


@pytest.mark.parametrize(("paper", "size"), [("a4", (2480, 3508)), ("letter", (2550, 3300))])
def test_it_is_as_large_as_the_paper(paper: str, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(command_sheet(("run",), paper=paper))) as picture:
        assert (picture.size, round(picture.info["dpi"][0])) == (size, 300)


def edges_of(row: bytes) -> list[int]:
    return [place for place in range(1, len(row)) if (row[place] < 128) is not (row[place - 1] < 128)]


def test_bars_are_whole_dots() -> None:
    with Image.open(io.BytesIO(command_sheet(("run",)))) as picture:
        rows = [picture.crop((90, y, 800, y + 1)).tobytes() for y in range(400, 700, 20)]
    edges = max((edges_of(row) for row in rows), key=len)
    assert len(edges) > 60
    assert {(after - before) % 3 for before, after in itertools.pairwise(edges)} == {0}


def test_a_station_without_flows_has_no_section_for_them() -> None:
    codes = codes_of(command_sheet(()))
    assert not any(text.startswith("ION/CMD/FLOW") for text in codes)
    assert "ION/CMD/CONFIRM" in codes


def test_a_long_flow_name_gets_a_wider_column() -> None:
    assert "ION/CMD/FLOW/RECEIVE-INSPECT" in codes_of(command_sheet(("receive-inspect", "run")))


@pytest.mark.parametrize(
    ("flows", "paper", "kind", "says"),
    [
        (("run",), "a5", "png", "Cannot draw a sheet on 'a5': expected one of ['a4', 'letter']."),
        (("run",), "a4", "gif", "Cannot draw a sheet as 'gif': expected one of ['png', 'pdf']."),
        (
            ("run run",),
            "a4",
            "png",
            "Cannot draw the command sheet: Cannot write the command 'FLOW' 'run run'",
        ),
        (("x" * 32,), "a4", "png", "expected 97 mm or less, got 135 mm"),
        (
            tuple(f"f{n}" for n in range(40)),
            "letter",
            "png",
            "expected rows of 13.0 mm or more on 279 mm of paper",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(flows: tuple[str, ...], paper: str, kind: str, says: str) -> None:
    with pytest.raises(LabelError) as caught:
        command_sheet(flows, paper=paper, kind=kind)
    assert says in str(caught.value)
