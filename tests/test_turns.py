from tests.checkout import ROOT
from tests.turns import LONG, TOGETHER, in_turn, unit_of


def test_each_process_begins_with_its_part_of_the_long_ones() -> None:
    assert in_turn("abCdeFghI", 3, str.isupper) == list("CabFdeIgh")
    assert in_turn("abcdE", 2, str.isupper) == list("Eabcd")
    assert in_turn("ABCd", 3, str.isupper) == list("ABCd")
    assert in_turn("", 3, str.isupper) == []


def test_long_ones_that_share_something_stay_in_one_process() -> None:
    assert in_turn("AabBCcD", 2, str.isupper, lambda letter: letter in "AB" or letter) == list("ABDCabc")
    assert in_turn("AabBCcD", 2, str.isupper) == list("ACaBDbc")
    shared = [unit_of(f"{TOGETHER[0]}::{name}") for name in ("test_a", "test_b")]
    assert shared == [TOGETHER[0]] * 2
    assert unit_of("tests/test_x.py::test_a") != unit_of("tests/test_x.py::test_b")


def test_those_that_are_called_long_are_there() -> None:
    assert set(TOGETHER) <= set(LONG)
    for name in LONG:
        path, _, test = name.partition("::")
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8")
