from datetime import UTC, datetime, timedelta

import pytest

from kiosk.language import Language, language, typed_number
from kiosk.language.catalogue import Catalogue, read_catalogue
from kiosk.language.language import CATALOGUES
from kiosk.language.sentences import Known, Template, templates
from kiosk.words import LANGUAGES, N_, spoken

TEXTS = {
    "Scan it.": "Scannen Sie es.",
    "{stock} is {status}.": "{stock}: {status}.",
    "in work": "in Arbeit",
    "{printer} is out of paper.": "{printer} hat kein Papier.",
    "{what} waits. {error}": "{what} wartet. {error}",
    "{count} came out": "{count} gedruckt",
    "no location": "kein Lagerort",
}
PLURALS = {"{count} label": ("{count} Etikett", "{count} Etiketten")}
DE = Language("de", Catalogue(TEXTS, PLURALS))


def test_a_constant_text_is_said_and_an_unknown_one_stays() -> None:
    assert DE.text("Scan it.") == "Scannen Sie es."
    assert DE.text("Nobody translated me.") == "Nobody translated me."
    assert N_("Scan it.") == "Scan it."


def test_a_message_s_words_are_translated_and_its_names_are_not() -> None:
    values = {"stock": "in work", "status": "in work"}
    assert DE.message("{stock} is {status}.", values) == "in work: in Arbeit."
    assert DE.message("{what} waits. {error}", {"what": "Nut", "error": "zebra is out of paper."}) == (
        "Nut wartet. zebra hat kein Papier."
    )
    assert language("en").message("{stock} is {status}.", values) == "in work is in work."


def test_a_message_of_nothing_but_values_says_those_that_are_words() -> None:
    german = language("de")
    assert german.message("{part}: {next}", {"part": "Lot", "next": "Scan the lot."}) == (
        "Lot: Die Charge scannen."
    )
    values = {"kind": "Stock", "title": "Open", "detail": "VLV-1 · 5 · available · no location"}
    assert german.message("{kind} {title}: {detail}", values) == (
        "Bestand Open: VLV-1 · 5 · verfügbar · ohne Lagerort"
    )


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ("12,5 on Install O-rings", "12,5 auf Install O-rings"),
        ("5 × VLV-1, lot A, to Dock", "5 × VLV-1, Charge A, nach Dock"),
        ("the problem Damaged on Torque", "Problem Beschädigt an Torque"),
        ("photos on Torque", "Fotos an Torque"),
        ("a photo for O-ring lot", "ein Foto für O-ring lot"),
        ("scrap 2 of BOLT-1", "2 von BOLT-1 als Ausschuss"),
        ("a count of 5 of BOLT-1", "Zählung 5 von BOLT-1"),
    ],
)
def test_what_is_thrown_away_is_named_in_the_language_of_the_screen(entered: str, said: str) -> None:
    template = "Leave {entered}, and go to {into}? What was entered is not kept."
    assert (
        language("de").message(template, {"entered": entered, "into": "home"}).startswith(f"{said} verlassen")
    )


def test_a_sentence_is_found_by_the_template_it_was_made_of() -> None:
    assert DE.sentence("dock-zebra is out of paper.") == "dock-zebra hat kein Papier."
    assert DE.sentence("Scan it. dock-zebra is out of paper. ION said so.") == (
        "Scannen Sie es. dock-zebra hat kein Papier. ION said so."
    )
    assert DE.sentence(" Scan it.") == " Scannen Sie es."
    assert DE.sentence("") == ""


def test_facts_are_said_one_by_one_and_names_stay() -> None:
    assert DE.facts("PN-1 · in work · no location") == "PN-1 · in Arbeit · kein Lagerort"
    assert DE.facts("3 came out, x came out") == "3 gedruckt, x came out"
    assert DE.facts("Scan it.") == "Scan it.", "a name that happens to be a text"


@pytest.mark.parametrize(
    "hostile", ["{}", "{0.__class__}", "is " * 600, "\x1d{stock} is {status}.", "%s %(x)s"]
)
def test_a_hostile_value_is_only_a_value(hostile: str) -> None:
    said = DE.message("{stock} is {status}.", {"stock": hostile, "status": hostile})
    assert said == f"{hostile}: {hostile}."
    assert DE.sentence(f"{hostile} is out of paper.") in {
        f"{hostile} hat kein Papier.",
        f"{hostile} is out of paper.",
    }


def test_our_sentences_within_each_other_come_to_an_end() -> None:
    german = Language("de", Catalogue({"No label: {error}": "Kein Etikett: {error}"}, {}))
    said = german.sentence("No label: " * 195 + "zebra")
    assert said.startswith("Kein Etikett: Kein Etikett: ")
    assert said.endswith("No label: zebra")
    assert german.sentence("No label: No label: zebra") == "Kein Etikett: Kein Etikett: zebra"


def test_the_form_fits_the_number() -> None:
    assert DE.counted("{count} label", "{count} labels", 1) == "1 Etikett"
    assert DE.counted("{count} label", "{count} labels", 0) == "0 Etiketten"
    french = Language("fr", Catalogue({}, {"{count} label": ("{count} étiquette", "{count} étiquettes")}))
    assert french.counted("{count} label", "{count} labels", 0) == "0 étiquette"
    assert language("en").counted("{count} label", "{count} labels", 1) == "1 label"


def test_a_template_s_values_are_found_again() -> None:
    template = Template.of("{a} is at {b} since {a}.")
    assert template.values("x is at y since x.") == {"a": "x", "b": "y"}
    assert template.values("x is at y since z.") is None, "one place has one value"
    assert template.values("x is at y since .") is None, "a value is never empty"
    assert template.values("x is near y.") is None
    known = Known(templates(["{count} wait", "{count} wait for {what}", "On {a}: {b}", "no place"]))
    assert known.recognise("x wait") is None, "a count is a number"
    found = [known.recognise(said) for said in ("7 wait", "7 wait for ION", "On x: y", "no place")]
    assert [each and each[0].text for each in found] == [
        "{count} wait",
        "{count} wait for {what}",
        "On {a}: {b}",
        None,
    ]


def test_numbers_and_days_read_as_people_there_write_them() -> None:
    now = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
    assert [language(tag).number("-12345.50") for tag in LANGUAGES] == [
        "-12,345.50",
        "-12.345,50",
        "-12.345,50",
        "-12 345,50",
    ]
    assert [language(tag).moment(now, now) for tag in LANGUAGES] == ["2:05 PM", "14:05", "14:05", "14:05"]
    earlier = now - timedelta(days=30)
    assert [language(tag).moment(earlier, now) for tag in LANGUAGES] == [
        "Oct 27 2:05 PM",
        "27. Okt. 14:05",
        "27 oct 14:05",
        "27 oct. 14:05",
    ]
    assert language("de").moment(now - timedelta(days=366), now) == "25. Nov. 2025 14:05"
    assert language("de").number("PN-1.5") == "PN-1.5"


@pytest.mark.parametrize(
    ("hours", "afternoon", "night"),
    [
        ("24", ["14:05", "14:05", "14:05", "14:05"], ["00:30", "00:30", "0:30", "00:30"]),
        (
            "12",
            ["2:05 PM", "2:05 PM", "2:05 p. m.", "2:05 PM"],
            ["12:30 AM", "12:30 AM", "12:30 a. m.", "12:30 AM"],
        ),
    ],
)
def test_a_site_has_the_clock_that_it_is_used_to(hours: str, afternoon: list[str], night: list[str]) -> None:
    now = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
    early = now.replace(hour=0, minute=30)
    assert [language(tag, hours).moment(now, now) for tag in LANGUAGES] == afternoon
    assert [language(tag, hours).moment(early, now) for tag in LANGUAGES] == night
    assert language("tlh", hours).tag == "en"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2,5", "2.5"),
        ("-0,25", "-0.25"),
        ("2.5", "2.5"),
        ("1,2,3", "1,2,3"),
        (",5", ",5"),
        ("LOT,5", "LOT,5"),
    ],
)
def test_a_decimal_comma_is_understood(typed: str, read: str) -> None:
    assert typed_number(typed) == read


@pytest.mark.parametrize(
    ("tag", "asked"), [("de-AT", "de"), ("fr_CA", "fr"), ("pt-BR", ""), ("", ""), ("EN", "en")]
)
def test_a_tag_asks_for_a_language_that_is_spoken(tag: str, asked: str) -> None:
    assert spoken(tag) == asked


def test_no_such_language_is_english() -> None:
    assert language("tlh").tag == "en"
    assert all(read_catalogue(CATALOGUES / f"{tag}.po").texts is not None for tag in LANGUAGES if tag != "en")
