from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kiosk.flows import facts, wanted
from kiosk.language import language
from kiosk.language.catalogue import read_catalogue
from kiosk.language.language import CATALOGUES, Language
from kiosk.model import Json, Operation, OperationState
from kiosk.wire import told_again, told_json
from kiosk.words import Told

BERLIN = timezone(timedelta(hours=1))
GERMAN = Language(
    "de",
    read_catalogue(CATALOGUES / "de.po"),
    clock=lambda: datetime(2026, 11, 20, 18, tzinfo=BERLIN),
)


def stopped(operation: str, **arguments: Json) -> Operation:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    state = OperationState.PARKED
    return Operation("o1", "k", "dock-1", "f", operation, "line/4", "order/3", arguments, state, at)


@pytest.mark.parametrize(
    ("operation", "arguments", "words"),
    [
        ("receive", {"title": "PN-BOLT", "quantity": "5"}, "Receive 5 × PN-BOLT"),
        ("receive", {"part_number": "PN-BOLT", "quantity": "5"}, "Receive 5 × PN-BOLT"),
        ("move", {"title": "SN-1", "place": "Shelf 8"}, "Move SN-1 to Shelf 8"),
        ("adjust", {"title": "SN-1", "kind": "recount", "quantity": "4"}, "Set the count of SN-1 to 4"),
        ("adjust", {"title": "SN-1", "kind": "scrap", "quantity": "4"}, "Scrap 4 of SN-1"),
        ("set_step_status", {"title": "Torque", "status": "COMPLETE"}, "Complete Torque"),
        ("set_step_status", {"title": "Torque", "status": "HOLD"}, "Put Torque on hold"),
        ("set_run_status", {"title": "R-1", "status": "IN_PROGRESS"}, "Start R-1"),
        ("set_field_value", {"title": "Lot", "shown": "LOT-7", "value": "LOT-7"}, "Fill in Lot: LOT-7"),
        ("create_issue", {"title": "Scratched {deep}"}, "Report a problem: Scratched {deep}"),
        ("add_review", {}, "add_review: line/4"),
        ("set_step_status", {"title": "Torque", "status": "REDLINE"}, "set_step_status: Torque"),
    ],
)
def test_what_was_to_happen_is_a_sentence(operation: str, arguments: Mapping[str, Json], words: str) -> None:
    assert wanted(stopped(operation, **arguments)) == words


@pytest.mark.parametrize(
    ("operation", "arguments", "words", "german"),
    [
        ("move", {}, "Move SN-1 to another place", "SN-1 an einen anderen Ort umlagern"),
        (
            "move_part",
            {"quantity": "2"},
            "Move 2 of SN-1 to another place",
            "2 von SN-1 an einen anderen Ort umlagern",
        ),
        ("set_field_value", {}, "Fill in SN-1 with nothing", "SN-1 leeren"),
        (
            "check_receipt",
            {"quantity": "2"},
            "Receive 2 × SN-1 on an order, which was not checked",
            "Wareneingang 2 × SN-1 zu einer Bestellung, ungeprüft",
        ),
    ],
)
def test_what_has_no_name_has_none_in_any_language(
    operation: str, arguments: Mapping[str, Json], words: str, german: str
) -> None:
    what = wanted(stopped(operation, title="SN-1", **arguments))
    assert what == words
    assert language("de").told(what) == german
    assert language("de").sentence(str(what)) == german, "as histories kept it that stood open meanwhile"


def entered(**arguments: Json) -> Operation:
    return stopped("set_field_value", title="Torque", **arguments)


@pytest.mark.parametrize(
    ("arguments", "words", "german"),
    [
        ({"type": "BOOLEAN", "value": True}, "yes", "ja"),
        ({"type": "BOOLEAN", "value": False}, "no", "nein"),
        ({"type": "SIGNOFF", "value": True}, "signed", "unterschrieben"),
        ({"type": "SIGNOFF", "value": "Ada"}, "Ada", "Ada"),
        ({"type": "STRING", "value": "yes"}, "yes", "yes"),
        ({"type": "NUMBER", "value": "1234.5", "unit": "N.m"}, "1234.5 N.m", "1.234,5 N.m"),
        ({"type": "FILE_ATTACHMENT", "value": "4242"}, "attached", "angehängt"),
        ({"type": "MULTISELECT", "value": ["Dent", "Burr"]}, "Dent, Burr", "Dent, Burr"),
        ({"type": "DATETIME", "value": "2026-11-20T13:30:00+00:00"}, "2026-11-20 13:30 UTC", "14:30"),
    ],
)
def test_a_field_s_value_is_said_in_any_language(
    arguments: Mapping[str, Json], words: str, german: str
) -> None:
    what = wanted(entered(**arguments))
    assert what == f"Fill in Torque: {words}"
    assert GERMAN.told(what) == f"Torque: {german}"
    again = told_again(str(what), told_json(what))
    assert GERMAN.sentence(again) == f"Torque: {german}", "as the history keeps it"


@pytest.mark.parametrize(
    ("arguments", "german"),
    [
        ({"type": "BOOLEAN", "value": True, "shown": "yes"}, "ja"),
        ({"type": "SIGNOFF", "value": True, "shown": "signed"}, "unterschrieben"),
        ({"type": "NUMBER", "value": "1234.5", "shown": "1234.5 N.m"}, "1.234,5 N.m"),
        ({"type": "NUMBER", "value": "6", "shown": "6"}, "6"),
        ({"type": "FILE_ATTACHMENT", "value": "4242", "shown": "photo"}, "angehängt"),
        ({"type": "DATETIME", "value": "2026-11-20T13:30:00+00:00", "shown": "2026-11-20 14:30"}, "14:30"),
        ({"type": "TELEPATHY", "value": "x", "shown": "yes"}, "yes"),
        ({"value": ["A", "B"]}, "A, B"),
    ],
)
def test_a_value_that_was_kept_in_words_is_said_anew(arguments: Mapping[str, Json], german: str) -> None:
    assert GERMAN.told(wanted(entered(**arguments))) == f"Torque: {german}"


@pytest.mark.parametrize(
    ("arguments", "german"),
    [
        ({"title": "Damaged"}, "Beschädigt"),
        ({"title": "Leak test failed", "run_step_id": "3"}, "Leak test nicht bestanden"),
        ({"title": "Leak test failed"}, "Leak test failed"),
        ({"title": "Burr {at} hole 3"}, "Burr {at} hole 3"),
    ],
)
def test_a_problem_is_said_in_any_language_where_it_was_chosen(
    arguments: Mapping[str, Json], german: str
) -> None:
    what = wanted(stopped("create_issue", **arguments))
    assert what == f"Report a problem: {arguments['title']}"
    assert GERMAN.told(what) == f"Problem melden: {german}"


def test_what_is_moved_back_to_no_known_place_is_said_without_one() -> None:
    what = wanted(replace(stopped("move", title="SN-1", place=None), undoes="o0"))
    assert what == "Move SN-1 back to where it was"


def test_what_tells_it_from_others_is_named_and_nothing_that_is_empty() -> None:
    given: dict[str, Json] = {"lot": "L-1", "serials": ["A", "B"], "date_code": None, "reason": ""}
    assert facts(stopped("receive", **given)) == {"Lot": "L-1", "Serials": "A, B"}


def test_what_tells_it_from_others_is_said_in_any_language() -> None:
    given: dict[str, Json] = {
        "lot": "complete",
        "received_before": "1234.5",
        "from_status": "IN_PROGRESS",
        "reason": "Counted again",
        "disposition_type": "use_as_is",
    }
    said = {
        caption: language("de").told(text) if isinstance(text, Told) else text
        for caption, text in facts(stopped("receive", **given)).items()
    }
    assert said == {
        "Lot": "complete",
        "Received before": "1.234,5",
        "Status before": "in Arbeit",
        "Reason": "Noch einmal gezählt",
        "Disposition": "So verwenden",
    }
