from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from kiosk.journal import Journal
from kiosk.model import Answer, Asked, Inventory, Location, Order, OrderLine, Part, Question, Tracking
from tests.fakes import Clock
from tests.journal.opened import rows_of

NOW = Clock().now()
PART = Part("1", "PN'; DROP TABLE answers; --", "A", "Ünïcode \x1d", Tracking.SERIAL)
INVENTORY = Inventory("9", PART, Decimal("2.50"), "AVAILABLE", serial="SN-1", location=Location("7", "Dock"))
ORDER = Order("3", "PO-1", "ORDERED", lines=(OrderLine("4", PART, Decimal(10), Decimal(3)),))
SERIAL = Question(Asked.SERIAL, "SN-1")
NUMBER = Question(Asked.ORDER_NUMBER, "PO-1")


def test_answers_come_back_whole(journal: Journal) -> None:
    given = [Answer(SERIAL, (INVENTORY, ORDER), NOW), Answer(NUMBER, (ORDER,), NOW + timedelta(hours=1))]
    journal.answers.put(given)
    assert journal.answers.get([SERIAL, NUMBER]) == {answer.question: answer for answer in given}


def test_what_is_not_known_is_left_out(journal: Journal) -> None:
    journal.answers.put([Answer(SERIAL, (INVENTORY,), NOW)])
    assert journal.answers.get([Question(Asked.LOT, "SN-1"), Question(Asked.SERIAL, "SN-2")]) == {}
    assert journal.answers.get([]) == {}


def test_a_later_answer_takes_the_place_of_the_earlier_an_empty_one_takes_it_away(journal: Journal) -> None:
    journal.answers.put([Answer(SERIAL, (INVENTORY,), NOW)])
    later = Answer(SERIAL, (ORDER,), NOW + timedelta(days=1))
    journal.answers.put([later])
    assert journal.answers.get([SERIAL]) == {SERIAL: later}
    journal.answers.put([Answer(SERIAL, (), NOW)])
    assert journal.answers.get([SERIAL]) == {}


def test_an_answer_that_an_older_kiosk_wrote_otherwise_is_not_known(journal: Journal, tmp_path: Path) -> None:
    journal.answers.put([Answer(SERIAL, (INVENTORY,), NOW), Answer(NUMBER, (ORDER,), NOW)])
    with rows_of(tmp_path) as connection:
        connection.execute("UPDATE answers SET subjects = '[{\"kind\": \"pallet\"}]' WHERE value = 'SN-1'")
    assert set(journal.answers.get([SERIAL, NUMBER])) == {NUMBER}
    journal.answers.put([Answer(SERIAL, (INVENTORY,), NOW)])
    assert set(journal.answers.get([SERIAL, NUMBER])) == {SERIAL, NUMBER}
