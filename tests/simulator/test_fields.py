import pytest

from kiosk.simulator.refusals import Refusal
from kiosk.simulator.rows import FieldValue, RunStepField
from kiosk.simulator.rules.fields import check_value, is_filled


def field(kind: str) -> RunStepField:
    return RunStepField(id=1, etag="", run_step_id=1, name="F", type=kind, options=("a", "b"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("MULTISELECT", []),
        ("MULTISELECT", ["a", "b"]),
        ("DATETIME", "2026-11-21T09:00:00Z"),
        ("DATETIME", "2026-11-21"),
        ("FILE_ATTACHMENT", 4242),
        ("FILE_ATTACHMENT", "4242"),
        ("NUMBER", 0),
        ("STRING", None),
    ],
)
def test_a_value_that_matches_is_taken(kind: str, value: FieldValue) -> None:
    check_value(field(kind), value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("MULTISELECT", "a"),
        ("MULTISELECT", ["a", "c"]),
        ("DATETIME", "tomorrow"),
        ("DATETIME", 20261121),
        ("FILE_ATTACHMENT", True),
        ("FILE_ATTACHMENT", ["4242"]),
        ("NUMBER", float("nan")),
    ],
)
def test_a_value_that_does_not_match_is_refused(kind: str, value: FieldValue) -> None:
    with pytest.raises(Refusal, match=f"does not match field 'F': expected {kind}"):
        check_value(field(kind), value)


@pytest.mark.parametrize(
    ("value", "filled"), [(None, False), ("", False), ([], False), (False, True), (0, True), (" ", True)]
)
def test_no_and_nought_are_answers(value: FieldValue, filled: bool) -> None:
    assert is_filled(value) is filled
