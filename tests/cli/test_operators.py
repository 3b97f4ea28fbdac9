import json
import re
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from kiosk.cli import main
from kiosk.inspection import inspect
from kiosk.machine import Machine
from kiosk.settings import load_settings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"""
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
client_secret = "kiosk-secret"
[journal]
url = "sqlite:///{tmp_path / "kiosk.db"}"
[[stations]]
name = "dock-1"
asks = {{ run = "pin" }}
[[printers]]
name = "dock-zebra"
url = "file://{tmp_path}"
width_mm = 76.2
height_mm = 50.8
""")
    return path


def run(config: Path, *words: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["operator", *words, "--config", str(config)], input=text)


def everybody(config: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(config, "list", "--json").output)
    return found


def test_a_person_is_added_and_the_pin_shown_once(config: Path) -> None:
    added = run(config, "add", "Mia Tanaka", "--badge", "ab-7", "--role", "lead", "--language", "es")
    assert added.exit_code == 0, added.output
    shown = re.search(r"(?m)^PIN ([0-9]{6}) ", added.output)
    assert shown is not None
    (mia,) = everybody(config)
    assert (mia["name"], mia["badge"], mia["role"], mia["language"]) == (
        "Mia Tanaka",
        "AB-7",
        "lead",
        "es",
    )
    assert (mia["has_pin"], mia["is_disabled"]) == (True, False)
    assert "pin_hash" not in mia
    assert shown[1] not in (listed := run(config, "list").output)
    assert re.match(r"AB-7 +Mia Tanaka +lead +PIN +es    +until 20", listed)


def test_a_chosen_pin_is_typed_twice_and_never_shown(config: Path) -> None:
    added = run(config, "add", "Mia", "--badge", "7", "--choose", text="271828\n271828\n")
    assert added.exit_code == 0, added.output
    assert "271828" not in added.output
    refused = run(config, "pin", "7", "--choose", text="123456\n123456\n")
    assert (refused.exit_code, "Choose another" in refused.output) == (1, True)
    short = run(config, "pin", "7", "--choose", text="2718\n2718\n")
    assert (short.exit_code, "expected 6 to 12 digits" in short.output) == (2, True)
    drawn = run(config, "pin", "7")
    assert re.search(r"PIN [0-9]{6} ", drawn.output)


def test_taken_away_and_given_back(config: Path) -> None:
    run(config, "add", "Mia", "--badge", "7", "--no-pin", "--days", "0")
    assert re.search(r"no PIN +- +for ever", run(config, "list").output)
    assert run(config, "disable", "7").output.rstrip().endswith("disabled")
    assert re.search(r"until 20", run(config, "renew", "7", "--days", "30").output)
    assert run(config, "forgive", "7").exit_code == 0


def test_who_is_not_there_and_a_badge_that_is_taken(config: Path) -> None:
    run(config, "add", "Mia", "--badge", "7", "--no-pin")
    for words in (
        ["disable", "8"],
        ["renew", "8"],
        ["pin", "8"],
        ["forgive", "8"],
        ["badge", "8", "-o", "x"],
    ):
        refused = run(config, *words)
        assert (refused.exit_code, refused.output) == (1, "kiosk: There is no operator with badge '8'.\n")
    taken = run(config, "add", "Jonas", "--badge", "7")
    assert (taken.exit_code, taken.output) == (1, "kiosk: Badge '7' is Mia's.\n")


def test_the_badge_says_who_scans_it(config: Path, tmp_path: Path) -> None:
    run(config, "add", "Mia Tanaka", "--badge", "ab-7", "--no-pin")
    picture = tmp_path / "badge.png"
    drawn = run(config, "badge", "AB-7", "-o", str(picture))
    assert drawn.exit_code == 0, drawn.output
    with Image.open(picture) as image:
        assert {found.text for found in zxingcpp.read_barcodes(image)} == {"ION/OP/AB-7"}
    assert run(config, "badge", "AB-7").exit_code == 2
    printed = run(config, "badge", "AB-7", "--new", "2077", "--printer", "dock-zebra")
    assert printed.exit_code == 0, printed.output
    assert everybody(config)[0]["badge"] == "2077"


def test_the_check_says_whether_anybody_can_work_where_a_pin_is_asked(config: Path) -> None:
    def found() -> list[tuple[bool, str]]:
        findings = inspect(load_settings(config), Machine())
        return [(one.is_ok, one.text) for one in findings if one.part == "operators"]

    run(config, "add", "Jonas", "--badge", "8", "--no-pin")
    nobody = "Nobody can work where a station asks for it: 'kiosk operator add' adds somebody."
    assert found() == [(False, f"1 can sign in by badge, 0 of them with a PIN. {nobody}")]
    run(config, "add", "Mia", "--badge", "7")
    assert found() == [(True, "2 can sign in by badge, 1 of them with a PIN.")]
    text = config.read_text()
    config.write_text(f'{text}\n[people]\npepper_file = "{config}.none"\n')
    ((is_ok, said),) = found()
    assert not is_ok
    assert said.startswith("people.pepper_file: cannot read")
    config.write_text(text.replace('run = "pin"', 'run = "none"'))
    assert found() == []
