"""What ION's part of the kiosk says of a change is said in other languages by what it is made of."""

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.language import Language, language
from kiosk.language.catalogue import Catalogue, read_catalogue
from kiosk.language.language import CATALOGUES
from kiosk.words import listed, told
from tests.checkout import ROOT
from tests.web.pseudo import pseudo, unsaid

ION = ROOT / "kiosk" / "ion"
READ = [*sorted(ION.rglob("*.py")), *sorted((ROOT / "kiosk" / "scanners").glob("*.py"))]
"""Rooms whose errors and findings stand on a screen."""
TELLING = {"ScanError", "ScannerGone", "Unsure", "undecided"}
WORDED = (
    "_facts",
    "_named",
    "_words",
    "_misfit",
    "_why_not",
    "_why_dropped",
    "_remedy",
    "_gone",
    "_expected",
)
"""Functions whose texts end up in these."""


def _untold(node: ast.expr | None) -> bool:
    """Return whether an expression is a text that remembers nothing."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def _raw_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if (name.startswith("Ion") or name in TELLING) and node.args and _untold(node.args[0]):
                yield f"{path.name}:{node.lineno}"
        if isinstance(node, ast.FunctionDef) and node.name.endswith(WORDED):
            returned = (each for each in ast.walk(node) if isinstance(each, ast.Return))
            yield from (f"{path.name}:{each.lineno}" for each in returned if _untold(each.value))


def test_every_reason_remembers_what_it_was_made_of() -> None:
    assert [place for path in READ for place in _raw_texts(path)] == []


@pytest.mark.parametrize(
    "source",
    [
        'raise IonRejected(f"{tried}: expected one, got {found}")',
        'x = Unsure("Nobody can tell.")',
        'raise IonUnreachable("expected one, got " + came)',
        'def _facts(self):\n    return f"Move {this} there"',
    ],
)
def test_a_reason_that_does_not_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "room.py").write_text(source)
    assert [*_raw_texts(tmp_path / "room.py")] != []


AT = datetime(2026, 3, 2, 15, 4, tzinfo=UTC)
FACTS = told("Move inventory {id} to location id {place}: expected it at {seen}, got {there}",
             id="'7'", place="'3'", seen=told("no location"), there="'Rack A'")  # fmt: skip


def test_it_is_the_english_sentence_to_whoever_knows_nothing_of_it() -> None:
    said = "Move inventory '7' to location id '3': expected it at no location, got 'Rack A'"
    assert said == FACTS
    assert (f"{FACTS}", str(FACTS), repr(FACTS)) == (said, said, repr(said))
    assert type(str(FACTS)) is str
    assert language("en").sentence(FACTS) == said


def test_it_is_said_with_all_that_is_in_it() -> None:
    changed = told("{facts}; {somebody} changed it in between", facts=FACTS, somebody=told("somebody"))
    assert language("de").sentence(changed) == (
        "Bestand '7' an Lagerort-ID '3' umlagern: erwartet an keinem Lagerort, gefunden an 'Rack A'; "
        "jemand hat es inzwischen geändert"
    )
    assert unsaid(f"<p>{pseudo().sentence(listed((changed, FACTS)))}</p>", ["Rack A"]) == []


def test_quantities_read_as_they_do_there() -> None:
    rows = told("{facts}; ION shows only {count} rows of this part", facts="x", count=5000)
    assert language("de").sentence(rows).endswith("nur 5.000 Zeilen dieses Teils")


def test_what_others_said_stays_as_it_came() -> None:
    theirs = "Lot is required. Scanner 'gun' is not open."
    tried = told("{call} with {values}", call="MoveInventory", values="'no location'")
    said = told("{tried}: expected an answer, got {came}", tried=tried, came=theirs)
    assert language("de").sentence(said) == (
        f"MoveInventory mit 'no location': erwartet wird eine Antwort, erhalten {theirs}"
    )


def test_no_foreign_sentence_is_taken_for_one_of_them() -> None:
    for theirs in (
        "Lot with everything",
        "Bolt (id 7)",
        "PO-7 is new",
        "The pump: expected one, got 2",
        "Order is gone",
    ):
        assert language("de").sentence(theirs) == theirs
        assert language("de").message(
            "ION did not take it. {what}: {error}", {"what": "x", "error": theirs}
        ) == (f"ION hat es nicht angenommen. x: {theirs}")


def test_a_sentence_that_is_told_and_the_same_one_that_is_not_are_not_mixed_up() -> None:
    spoken = Language("de", Catalogue(told={"{name} is gone": "{name} ist weg"}))
    gone = told("{name} is gone", name="x")
    assert (spoken.sentence(gone), spoken.sentence(str(gone)), spoken.sentence(gone)) == (
        "x ist weg",
        "x is gone",
        "x ist weg",
    )
    assert spoken.sentence(told("{name} is lost", name="x")) == "x is lost"


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def test_a_moment_reads_as_on_the_wall_and_in_utc_to_whoever_knows_nothing_of_it() -> None:
    text = told("Offline since {moment}. {words}", moment=AT, words="ION said so.")
    assert text == "Offline since 2026-03-02 15:04 UTC. ION said so."
    for tag, today, yesterday in (
        ("en", "4:04 PM", "Mar 2 4:04 PM"),
        ("de", "16:04", "2. März 16:04"),
        ("es", "16:04", "2 mar 16:04"),
        ("fr", "16:04", "2 mars 16:04"),
    ):
        catalogue = read_catalogue(CATALOGUES / f"{tag}.po") if tag != "en" else Catalogue()
        for hours, time in ((1, today), (24, yesterday)):
            now = (AT + timedelta(hours=hours)).astimezone(timezone(timedelta(hours=1)))
            said = Language(tag, catalogue, clock=_stopped(now)).sentence(text)
            assert f" {time}. ION said so." in said
            assert "UTC" not in said


def test_what_is_no_moment_stays_as_it_came() -> None:
    assert (
        language("de").sentence(told("Offline since {moment}. {words}", moment="8:00", words="X"))
        == "Offline seit 8:00. X"
    )
