"""What the guide to label designs says is true."""

import re

from printers.designs import prove
from printers.label_toml import parse_design
from printers.symbology import Symbology
from tests.printers.material import LABELS

README = (LABELS / "README.md").read_text(encoding="utf-8")
DESIGN, ROWS = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)


def test_its_example_is_a_good_design() -> None:
    prove(parse_design("shelf", DESIGN, where="README.md"), where="README.md")


def test_its_table_is_good_on_a_label_of_that_size() -> None:
    large = DESIGN.replace("width_mm = 50.8", "width_mm = 101.6", 1).replace(
        "height_mm = 25.4", "height_mm = 152.4", 1
    )
    made = parse_design("shelf", large + ROWS, where="README.md")
    prove(made, where="README.md")
    assert made.page_count(made.samples) == 2


def test_every_kind_of_element_is_described() -> None:
    kinds = [*Symbology, "text", "line", "box", "image", "ruler", "table"]
    assert [kind for kind in kinds if f"`{kind}`" not in README] == []
