"""The catalogues hold every text, whole, and say the same as Babel's reader and CLDR do."""

import importlib.util
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from types import ModuleType

import pytest
from babel.dates import format_skeleton, format_time
from babel.messages import Catalog
from babel.numbers import format_decimal

from kiosk.language import language
from kiosk.language.catalogue import FAULT, TOLD, read_catalogue
from kiosk.language.language import CATALOGUES
from kiosk.visible import visible
from kiosk.words import LANGUAGES
from tests.checkout import ROOT

OTHERS = [tag for tag in LANGUAGES if tag != "en"]
PLACE = re.compile(r"\{[^}]*\}")


@cache
def extraction() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extraction", ROOT / ".ci" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def wanted() -> dict[str, tuple[str, ...]]:
    """Every text by what it is known by, with its forms."""
    found: Catalog = extraction().texts()
    return {forms[0]: forms for message in found if message.id for forms in [_forms(message.id)]}


def _forms(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, Sequence) and not isinstance(said, str) else (str(said),)


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_is_translated_and_nothing_else(tag: str) -> None:
    has: Catalog = extraction().read_catalogue(CATALOGUES / f"{tag}.po", tag)
    ids = {_forms(message.id)[0] for message in has if message.id}
    assert ids == set(wanted()), "run .ci/words, then translate what is new"
    assert not [message.id for message in has if message.fuzzy and message.id]
    assert not [message.id for message in has if message.id and not all(_forms(message.string))]


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_has_the_places_of_its_text(tag: str) -> None:
    read = read_catalogue(CATALOGUES / f"{tag}.po")
    for english, said in (*read.texts.items(), *read.told.items(), *read.faults.items()):
        if english not in read.plurals:
            assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(english)), said
    for english, forms in read.plurals.items():
        assert len(forms) == 2
        for said, text in zip(forms, wanted()[english], strict=True):
            assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(text)), said


@pytest.mark.parametrize("tag", OTHERS)
def test_the_reader_says_what_babel_s_says(tag: str) -> None:
    babels: Catalog = extraction().read_catalogue(CATALOGUES / f"{tag}.po", tag)
    ours = read_catalogue(CATALOGUES / f"{tag}.po")
    said = {(m.context, _forms(m.id)[0]): _forms(m.string)[0] for m in babels if m.id}
    contexts = ((None, ours.texts), (TOLD, ours.told), (FAULT, ours.faults))
    assert said == {(context, text): each for context, texts in contexts for text, each in texts.items()}
    assert ours.plurals == {m.id[0]: _forms(m.string) for m in babels if m.id and m.pluralizable}


@pytest.mark.parametrize("tag", OTHERS)
def test_a_page_shows_every_letter_of_a_translation(tag: str) -> None:
    read = read_catalogue(CATALOGUES / f"{tag}.po")
    said = [
        *read.texts.values(),
        *read.told.values(),
        *read.faults.values(),
        *(form for forms in read.plurals.values() for form in forms),
    ]
    assert [text for text in said if visible(text) != text] == []


def test_numbers_days_and_times_are_those_of_cldr() -> None:
    assert extraction().CLDR.read_text("utf-8") == extraction().cldr(), "run .ci/words"
    for tag in LANGUAGES:
        for number in ("0", "7", "-42", "999", "1234", "-12345.5", "1234567.125", "0.001"):
            babels = format_decimal(Decimal(number), "#,##0.###", tag)
            assert language(tag).number(number) == babels.replace("\N{NARROW NO-BREAK SPACE}", " "), (
                tag,
                number,
            )
        for hour in range(24):
            moment = time(hour, 5)
            babels = format_time(moment, "short", locale=tag).replace("\N{NARROW NO-BREAK SPACE}", " ")
            assert language(tag).numerals.clock(datetime.combine(date(2026, 11, 9), moment)) == babels
        for month in range(1, 13):
            day = date(2026, month, 9)
            assert language(tag).numerals.on_day(day) == format_skeleton("MMMd", day, locale=tag)
            assert language(tag).numerals.on_day(day, with_year=True) == format_skeleton(
                "yMMMd", day, locale=tag
            )


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('x = N_("ready")', ["ready"]),
        ('Message(Level.ASK, "go" if a else "stop", {"x": values})', ["go", "stop"]),
        ('raise ScanError(f"{reader.name} is gone: {plain(why)}")', ["{name} is gone: {why}"]),
        ('_LOG.info("somebody came in")', []),
        ('"""What it is."""\nif a == "is not said": match("two words")', ["two words"]),
        ('words = {"a key of it": "a value of it"}', ["a value of it"]),
        (
            'raise IonError(told("{a} of {b}" if c else "none at all", a=f"{d} of it"))',
            ["{a} of {b}", "none at all", "{d} of it"],
        ),
        ('code = "snake_case", "UPPER CASE", "one"', []),
    ],
)
def test_what_is_a_text_in_a_room_of_sentences(source: str, texts: list[str]) -> None:
    assert extraction().python_texts(source, in_room=True) == texts


def test_elsewhere_only_what_is_marked_is_a_text() -> None:
    source = 'a = "two words"\nb = N_("marked words")\nc = Message(Level.ASK, "{name} goes on.")'
    assert extraction().python_texts(source, in_room=False) == ["marked words", "{name} goes on."]


def test_every_text_of_several_words_is_known_again_when_it_is_filled_in() -> None:
    german = language("de")
    read = read_catalogue(CATALOGUES / "de.po")
    for english in ("{printer} is paused.", "{field} is missing.", "No label: {error}"):
        filled = english.format(printer="zebra", field="Torque", error="y")
        assert german.sentence(filled) == read.texts[english].format(
            printer="zebra", field="Torque", error="y"
        )
