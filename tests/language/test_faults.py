"""What is wrong with a design's text or the configuration is said in the language of who has to mend it."""

import re
from pathlib import Path

import pytest
from pydantic_core._pydantic_core import list_all_errors

from kiosk.errors import LabelError, SettingsError
from kiosk.journal import Journal
from kiosk.language import language
from kiosk.model import Print
from kiosk.settings import load_settings
from kiosk.settings_desk import MESSAGES
from printers import LabelInvalid
from printers.design_source import line_of_fault
from tests.faulty_settings import FAULTY
from tests.printers.material import HEAD, NAME, design
from tests.test_printing import journal, memory_world
from tests.web.pseudo import pseudo, unsaid

__all__ = ["journal"]

NAMES = (
    "test.toml",
    "title",
    "datamatrix",
    "label",
    "sample",
    "min_size_mm",
    "size_mm",
    "height_mm",
    "mm",
    "code128",
)
DESIGNS = (
    ('title = "Test"', ""),
    ('"Test"', "7"),
    ("width_mm = 50", 'width_mm = "5"'),
    ("[fields]", "colour = 1\n[fields]"),
    ("x_mm = 15", 'x_mm = 15\nface = "serif"'),
    ("x_mm = 15", "x_mm = 15\nif = [1]"),
    ("${name}", "${name.first}"),
    ("${name}", "${name"),
    ("${name}", "x"),
    ('"${code}"', '"x${code}"'),
    ("required = true, ", ""),
    ("required = true", 'required = "yes"'),
    ('name = { sample = "Bracket" }', "name = 1"),
    ("name = {", '"a b" = {'),
    ("[[text]]", "[text]"),
    ("width_mm = 30", "width_mm = 35.5"),
    ("width_mm = 30", "width_mm = 0"),
    ("x_mm = 15", "x_mm = 45"),
    ("[[text]]", "[[text]"),
    ("[fields]", "colour = "),
    ("[[text]]", "[[image]]\nx_mm = 1\ny_mm = 1\nwidth_mm = 2\nheight_mm = 2\n[[text]]"),
    ("[[text]]", '[[image]]\nx_mm = 1\ny_mm = 1\nwidth_mm = 2\nheight_mm = 2\ndata = "-"\n[[text]]'),
    ("size_mm = 3\n", "size_mm = 3\nmin_size_mm = 4\n"),
)
"""What is written into a design in place of something."""
SETTINGS = FAULTY.replace("[web]\n", 'personal_issuer = "https://x"\n[web]\nhost = 5\n')


def words_in(source: str) -> list[str]:
    """Return what somebody wrote, whole and word by word: none of it is the kiosk's."""
    return [*re.findall(r"'[^']*'", source), *re.findall(r"[\w.]+", source)]


@pytest.mark.parametrize(("old", "new"), DESIGNS)
def test_every_word_about_a_design_is_said(old: str, new: str) -> None:
    source = (HEAD + NAME).replace(old, new)
    with pytest.raises(LabelInvalid) as raised:
        design(source)
    said = pseudo().fault(str(raised.value))
    offered = ("sans", "bold", "mono", "mono-bold", "True", "code,", "serialNumber", "part.partNumber")
    assert "⟦" in said
    assert unsaid(f"<p>{_without_readers_words(said)}</p>", [*NAMES, *offered, *words_in(source)]) == []


def _without_readers_words(said: str) -> str:
    """Take out what a library says in its own language, behind the kiosk's word that it is that."""
    return re.sub(r"(⟦[^⟧]*: )⟧[^⟦]*⟦(\))", r"\1\2", said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a = 1\nb = = 2\n",
            "sind in Zeile 2, Spalte 5 kein TOML (das TOML-Leseprogramm meldet: Invalid value)",
        ),
        ("a = ", "sind kein TOML (das TOML-Leseprogramm meldet: Invalid value)"),
        ("a = '\udcff'", "sind nicht in UTF-8"),
        (None, "sind nicht lesbar (das System meldet: No such file or directory)"),
    ],
)
def test_what_a_reader_says_of_the_settings_stands_behind_what_the_kiosk_says(
    tmp_path: Path, text: str | None, words: str
) -> None:
    path = tmp_path / "kiosk.toml"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    assert language("de").fault(str(raised.value)) == f"Die Einstellungen {str(path)!r} {words}"


def test_what_the_toml_reader_says_of_a_design_stands_behind_what_the_kiosk_says() -> None:
    with pytest.raises(LabelInvalid) as raised:
        design(HEAD.replace("[fields]", "colour = = 1"))
    line = HEAD[: HEAD.index("[fields]")].count("\n") + 1
    assert language("de").fault(str(raised.value)) == (
        f"test.toml: erwartet wird TOML in Zeile {line}, Spalte 10 "
        "(das TOML-Leseprogramm meldet: Invalid value)"
    )
    assert line_of_fault(HEAD, str(raised.value)) == line


def test_every_word_about_the_settings_is_said(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(SETTINGS)
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    faults = [pseudo().fault(line.strip()) for line in str(raised.value).splitlines()]
    assert len(faults) > 12
    offered = ("https", "auto", "documented", "classic", "A-Za", "za", *(str(tmp_path), str(path)))
    flows = ("receive", "lookup", "move", "run", "label", "problem", "adjust", "personal_client_id")
    known = [*offered, *flows, *words_in(SETTINGS)]
    assert [left for fault in faults for left in unsaid(f"<p>{fault}</p>", known)] == []


def test_the_messages_of_settings_are_those_of_pydantic() -> None:
    templates = {each["message_template_python"] for each in list_all_errors()}
    templates |= {each.replace("{expected_plural}", "s") for each in templates}
    templates |= {each.replace("{expected_plural}", "") for each in templates}
    templates = {each.replace("{field_type}", "Tuple") for each in templates}
    assert set(MESSAGES) - templates == set()


def test_names_of_places_stay_and_what_is_wrong_is_said() -> None:
    german = language("de")
    assert german.fault("label 'part': text 1: x_mm: expected millimetres from 0 to 1000, got -1") == (
        "Etikett 'part': text 1: x_mm: erwartet werden Millimeter von 0 bis 1000, erhalten -1"
    )
    assert german.fault(
        "test.toml: text 1: value: template '${name': expected a placeholder such as ${part.partNumber} "
        "or $$ for a dollar sign, got '${'"
    ) == (
        "test.toml: text 1: value: Vorlage '${name': erwartet wird ein Platzhalter wie ${part.partNumber} "
        "oder $$ für ein Dollarzeichen, erhalten '${'"
    )
    assert german.fault("stations: 'a' prints on 'b', expected one of ['c']") == (
        "stations: 'a' druckt auf 'b', erwartet wird einer von ['c']"
    )
    assert german.fault("qr 1: outside the label: wants 40 mm of its height, had 10 mm") == (
        "qr 1: außerhalb von dem Etikett: braucht 40 mm Höhe, da sind 10 mm"
    )
    assert german.fault("whatever: that is") == "whatever: that is"
    assert german.sentence("x: y: expected a text, got 7") == "x: y: expected a text, got 7"
    assert language("en").fault("ion.url: Field required") == "ion.url: Field required"


def test_a_hostile_fault_ends() -> None:
    for text in ("zpl: " * 400, "label 'x': " * 200, "expected TOML: " * 200):
        assert pseudo().fault(text)


def test_a_fault_that_quotes_all_of_a_long_text_stays_and_is_not_searched() -> None:
    # Each part would be copied and looked up: a text of 200,000 characters took seconds.
    fault = f"title: expected a text, got ['{'x: ' * 80_000}: expected a text, got 7']"
    assert pseudo().fault(fault) == fault


def test_why_a_label_cannot_be_made_is_said_to_who_wants_it() -> None:
    fault = "label 'part': qr 1: outside the label: wants 40 mm of its height, had 10 mm"
    said = "Etikett 'part': qr 1: außerhalb von dem Etikett: braucht 40 mm Höhe, da sind 10 mm"
    german = language("de")
    assert german.message(
        "This label cannot be made. {error}", {"error": f"Cannot make label 'part': {fault}"}
    ) == (f"Dieses Etikett geht nicht. Etikett 'part' geht nicht: {said}")
    assert german.sentence(f"This design has a fault in line 7: {fault}") == (
        f"Dieser Entwurf hat einen Fehler in Zeile 7: {said}"
    )


@pytest.mark.parametrize("fields", [{"code": "ION/LOC/7"}, {"code": "c", "name": "n", "ghost": "g"}])
def test_why_a_label_cannot_be_made_is_said_in_every_word(
    tmp_path: Path, journal: Journal, fields: dict[str, str]
) -> None:
    shop = memory_world(tmp_path, journal).shop
    with pytest.raises(LabelError) as raised:
        shop.prepare("dock-1", Print("location", fields, ""))
    said = pseudo().sentence(str(raised.value))
    assert unsaid(f"<p>{said}</p>", ["location", "code", "name", "ghost", "None"]) == []
