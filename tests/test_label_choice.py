"""What a station prints of each kind of thing: by its settings, else what suits the stock in its printer."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import LabelError
from kiosk.flows.labels import USUAL
from kiosk.label_choice import selected
from kiosk.label_shelf import Designs, read_designs
from kiosk.model import LabelChoice, LabelFields, Print
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from kiosk.settings import PrinterSettings, StationLabelSettings, StationSettings

DESIGNS = Path(__file__).parent.parent / "templates" / "labels"
PRINTERS = (
    PrinterSettings(name="zebra", url="memory://choice"),
    PrinterSettings(name="tall", url="memory://choice-tall", height_mm=152.4),
    PrinterSettings(name="small", url="memory://choice-small", width_mm=50.8, height_mm=25.4),
    PrinterSettings(name="tiny", url="memory://choice-tiny", width_mm=10, height_mm=10, dpi=300),
)
TRAVELER = StationLabelSettings(subject="run", design="traveler", printer="tall")


@pytest.fixture(scope="module")
def designs() -> Designs:
    return read_designs(DESIGNS)


def shop(designs: Designs, printer: str, *labels: StationLabelSettings) -> LabelShop:
    stations = (StationSettings(name="dock-1", printer=printer, labels=labels),)
    return LabelShop(designs, stations, open_printers(PRINTERS))


@pytest.mark.parametrize(
    ("printer", "inventory", "run", "kit"),
    [
        ("zebra", ["part", "tool"], ["run"], ["kit"]),
        ("tall", ["part"], ["traveler"], ["kit"]),
        ("small", ["tool"], ["run"], ["kit"]),
        ("tiny", ["small-part"], ["run"], ["kit"]),
        ("", ["part"], ["run"], ["kit"]),
    ],
)
def test_the_usual_labels_are_those_that_suit_the_stock(
    designs: Designs, printer: str, inventory: list[str], run: list[str], kit: list[str]
) -> None:
    choices = shop(designs, printer).choices("dock-1")
    names = {use: [choice.name for choice in offered] for use, offered in choices.items()}
    expected = (inventory, run, kit)
    assert (names["inventory"], names["run"], names["kit"]) == expected
    assert set(choices) == set(USUAL)


def test_settings_take_the_place_of_the_usual_ones_of_a_subject(designs: Designs) -> None:
    own = (TRAVELER, StationLabelSettings(subject="run", design="run"))
    choices = shop(designs, "zebra", *own).choices("dock-1")
    needs = frozenset({"code", "reference"})
    assert choices["run"] == (
        LabelChoice("traveler", "Run traveler with its steps", "tall", needs, frozenset({"steps"})),
        LabelChoice("run", "Run", "", needs),
    )
    assert [choice.name for choice in choices["receive"]] == ["part"]


def test_a_design_that_is_not_there_is_only_a_name(designs: Designs) -> None:
    own = StationLabelSettings(subject="kit", design="gone")
    assert shop(designs, "zebra", own).choices("dock-1")["kit"] == (LabelChoice("gone", "gone"),)


def test_a_station_prints_on_all_printers_that_its_labels_name(designs: Designs) -> None:
    made = shop(designs, "zebra", TRAVELER, replace_design(TRAVELER, "run"))
    assert made.printers_of("dock-1") == ("zebra", "tall")
    assert (made.printers_of("nowhere"), made.choices("nowhere")) == ((), USUAL)


def replace_design(label: StationLabelSettings, design: str) -> StationLabelSettings:
    return label.model_copy(update={"design": design})


def test_a_label_is_made_for_the_printer_that_it_names(designs: Designs) -> None:
    made = shop(designs, "zebra", TRAVELER)
    known: LabelFields = {"code": "ION/RUN/7", "reference": "ION/RUN/7", "status": "TODO", "steps": []}
    label = Print("traveler", known, "run/7", printer="tall", is_selecting=True)
    assert made.prepare("dock-1", label).encoded == "ION/RUN/7"
    with pytest.raises(Exception, match=r"expected media of at least 101\.6 x 152\.4 mm"):
        made.prepare("dock-1", replace(label, printer=""))


def test_of_all_that_is_known_a_design_takes_what_it_shows(designs: Designs) -> None:
    steps = [{"position": "1", "title": "Torque", "duration": "5 min"}]
    known: LabelFields = {"code": "c", "reference": "r", "unknown": "u", "steps": steps, "rows": [{"a": "b"}]}
    assert selected(known, designs.good["traveler"]) == {
        "code": "c",
        "reference": "r",
        "steps": [{"position": "1", "title": "Torque"}],
    }
    assert selected({"code": [{"a": "b"}], "steps": "3"}, designs.good["traveler"]) == {}


def test_what_cannot_be_printed_is_told_beforehand(designs: Designs) -> None:
    labels = (
        TRAVELER,
        StationLabelSettings(subject="kit", design="kit"),
        StationLabelSettings(subject="kit", design="gone"),
        StationLabelSettings(subject="inventory", design="small-part"),
    )
    kit, gone, small = shop(designs, "zebra", *labels).misfits("dock-1")
    assert kit == (
        "stations.labels: 'kit' on 'zebra': expected stock of 101.6 x 152.4 mm or more, got 101.6 x 50.8 mm."
    )
    assert gone.startswith("stations.labels: 'gone', expected a design that is good, of ['badge', ")
    assert small.endswith("'small-part' on 'zebra': expected a head of 300 dpi or more, got 203 dpi.")
    (nowhere,) = shop(designs, "", StationLabelSettings(subject="kit", design="kit")).misfits("dock-1")
    assert nowhere == "stations.labels: 'kit' of kit has no printer."


def test_a_label_that_ion_drew_is_sent_as_it_is_and_says_so_in_its_picture(designs: Designs) -> None:
    made = shop(designs, "zebra")
    zpl = '^XA^FO20,20^FD{"uid":"' + "0" * 32 + '"}^FS^XZ'
    code = '{"uid":"' + "0" * 32 + '"}'
    label = Print("ion:13", {"title": "Größe ^5", "code": code}, "location/4", zpl=zpl)
    prepared = made.prepare("dock-1", label)
    assert (prepared.payload, prepared.encoded, prepared.label) == (zpl.encode(), code, "ion:13")
    assert prepared.png.startswith(b"\x89PNG")
    assert made.prepare("dock-1", replace(label, zpl="^XA^FDx^FS^XZ")).encoded == ""
    for broken in ("^XA^FDx^FS", "no label", "^XA^XA^XZ"):
        with pytest.raises(LabelError, match=r"^Cannot print the label that ION drew: zpl "):
            made.prepare("dock-1", replace(label, zpl=broken))


def test_only_a_printer_that_speaks_zpl_takes_it(designs: Designs) -> None:
    printers = (PrinterSettings(name="brother", url="memory://b", language="png"),)
    stations = (StationSettings(name="dock-1", printer="brother"), StationSettings(name="desk"))
    made = LabelShop(designs, stations, open_printers(printers))
    assert (made.takes_zpl("dock-1"), made.takes_zpl("desk"), made.takes_zpl("nowhere")) == (False,) * 3
    assert shop(designs, "zebra").takes_zpl("dock-1")
    with pytest.raises(LabelError, match="that ION drew: png: expected a design, got a label"):
        made.prepare("dock-1", Print("ion:1", {"title": "t"}, "location/4", zpl="^XA^XZ"))
