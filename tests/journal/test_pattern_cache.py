from contextlib import closing
from pathlib import Path

from kiosk.barcodes import Pattern
from kiosk.journal import Journal
from kiosk.model import Answer, Asked, Location, Question
from tests.fakes import Clock
from tests.journal.opened import opened, rows_of

BY_TEXT = Pattern("7", "PARTS_INVENTORY", "(?P<serialNumber>SN-'\"\\x1d.*)")
BY_JSON = Pattern("8", "LOCATIONS", json_map={"name": "place", "id": "n"})
BROKEN = Pattern("9", "RUNS")


def test_none_are_known_at_first(journal: Journal) -> None:
    assert journal.patterns.get() == ()


def test_they_come_back_whole_and_in_order_after_a_restart(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as before:
        before.patterns.put([BY_TEXT, BY_JSON, BROKEN])
    with closing(opened(tmp_path)) as after:
        assert after.patterns.get() == (BY_TEXT, BY_JSON, BROKEN)


def test_later_ones_take_the_place_of_all_before(journal: Journal) -> None:
    journal.patterns.put([BY_TEXT, BY_JSON])
    journal.patterns.put([BROKEN])
    assert journal.patterns.get() == (BROKEN,)
    journal.patterns.put([])
    assert journal.patterns.get() == ()


def test_answers_beside_them_stay(journal: Journal) -> None:
    question = Question(Asked.LOCATION_NAME, "")
    answer = Answer(question, (Location("7", "Dock"),), Clock().now())
    journal.answers.put([answer])
    journal.patterns.put([BY_TEXT])
    journal.patterns.put([])
    assert journal.answers.get([question]) == {question: answer}


def test_what_another_kiosk_wrote_otherwise_is_not_known(journal: Journal, tmp_path: Path) -> None:
    journal.patterns.put([BY_TEXT])
    with rows_of(tmp_path) as connection:
        connection.execute("UPDATE answers SET subjects = '[{\"id\": 1}]' WHERE \"by\" = 'barcode-patterns'")
    assert journal.patterns.get() == ()
    journal.patterns.put([BY_TEXT])
    assert journal.patterns.get() == (BY_TEXT,)
