from tests.checkout import ROOT
from tests.turns import LONG, in_turn


def test_each_process_begins_with_its_part_of_the_long_ones() -> None:
    assert in_turn("abCdeFghI", 3, str.isupper) == list("CabFdeIgh")
    assert in_turn("abcdE", 2, str.isupper) == list("Eabcd")
    assert in_turn("ABCd", 3, str.isupper) == list("ABCd")
    assert in_turn("", 3, str.isupper) == []


def test_those_that_are_called_long_are_there() -> None:
    for name in LONG:
        path, _, test = name.partition("::")
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8")
