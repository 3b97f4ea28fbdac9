"""``kiosk ion`` against a simulated tenant."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from tests import plain_http


@pytest.fixture
def ion() -> Iterator[IonServer]:
    with IonServer(seed_world(World()), dialect="classic") as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, ion: IonServer) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"""
[ion]
url = "{ion.url}"
token_url = "{ion.token_url}"
client_id = "kiosk"
client_secret = "kiosk-secret"
read_timeout_s = 20.0
[journal]
url = "sqlite:///{tmp_path / "kiosk.db"}"
allow_volatile = true
[[stations]]
name = "dock-1"
""")
    return path


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["ion", *words, "--config", str(config)])


def fault(ion: IonServer, kind: str, operation: str) -> None:
    plain_http.post(
        f"{ion.base_url}/faults", json=[{"kind": kind, "operation": operation}]
    ).raise_for_status()


def effects(ion: IonServer) -> list[str]:
    return [effect["operation"] for effect in plain_http.get(f"{ion.base_url}/ledger").json()]


def test_check_says_what_is_missing_and_what_comes_near(config: Path) -> None:
    (config.parent / "documents").mkdir()
    document = config.parent / "documents" / "kit_by_id.graphql"
    document.write_text("query K($value: ID!) { kits: partkit(id: $value) { ...Kit } }")
    text = config.read_text().replace(
        "[journal]", f'documents = "{document.parent}"\ndialect = "documented-2026"\n[journal]'
    )
    config.write_text(text)
    found = json.loads(run(config, "check", "--json").output)["operations"]
    (kit,) = [one for one in found if one["operation"] == "kit_by_id"]
    assert kit == {
        "operation": "kit_by_id",
        "document": None,
        "dialect": "site",
        "missing": ["Query.partkit"],
        "nearest": {"Query.partkit": ["Query.partKit", "Query.partKits", "Query.part"]},
    }
    lines = run(config, "check").output.splitlines()
    (line,) = [each for each in lines if each.startswith("kit_by_id")]
    assert line.endswith("Query.partkit (near: Query.partKit, Query.partKits, Query.part)")


def test_check_is_good_where_everything_is_there(config: Path) -> None:
    result = run(config, "check")
    assert result.exit_code == 1, result.output
    missing = [
        line.split()[0]
        for line in result.output.splitlines()
        if " - " in f" {line} " and ".graphql" not in line
    ]
    assert missing == ["move_part", "set_run_status"]


def test_the_schema_is_saved_and_its_changes_told(config: Path) -> None:
    out = config.parent / "ion.graphql"
    assert run(config, "schema", "-o", str(out)).output == f"{out}: saved.\n"
    assert run(config, "schema").output == out.read_text()
    out.write_text(out.read_text().replace("  archived: Boolean!\n", "  hidden: Boolean!\n", 1))
    result = run(config, "schema", "-o", str(out))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "+ Run.archived: Boolean!",
        "- Run.hidden: Boolean!",
        f"{out}: saved, 2 changes since the last time.",
    ]
    assert json.loads(run(config, "schema", "-o", str(out), "--json").output) == {
        "file": str(out),
        "is_first": False,
        "changes": [],
    }


def test_a_file_that_is_no_schema_is_left_alone(config: Path) -> None:
    out = config.parent / "notes.txt"
    out.write_text("not a schema")
    result = run(config, "schema", "-o", str(out))
    assert result.exit_code == 1
    assert "Nothing was written." in result.output
    assert out.read_text() == "not a schema"


def test_a_question_is_asked_by_hand(config: Path) -> None:
    result = run(config, "call", "label_templates", "--set", "entity_type=LOCATIONS")
    assert json.loads(result.output) == {
        "templates": [{"id": 12, "name": "Location 2 x 1", "entity_type": "LOCATIONS"}]
    }


def test_a_change_is_made_by_hand(config: Path, ion: IonServer) -> None:
    result = run(config, "call", "archive_run", "--set", "run_id=1204")
    assert json.loads(result.output)["changed"]["archived"] is True
    assert effects(ion) == ["archiveRun"]


@pytest.mark.parametrize(
    ("kind", "words", "is_done"),
    [
        ("reset_after", "it was done all the same", True),
        ("reset_before", "ION does not show that it was done.", False),
    ],
)
def test_a_change_in_doubt_is_looked_for_and_not_sent_again(
    config: Path, ion: IonServer, kind: str, words: str, *, is_done: bool
) -> None:
    fault(ion, kind, "archiveRun")
    result = run(config, "call", "archive_run", "--set", "run_id=1204")
    assert result.exit_code == (0 if is_done else 1)
    assert words in result.output
    assert len(effects(ion)) == is_done


def test_a_change_that_cannot_be_decided_says_what_ion_shows(config: Path, ion: IonServer) -> None:
    fault(ion, "reset_before", "createPartKit")
    result = run(config, "call", "create_kit", "--set", "delivery_location_id=4")
    assert result.exit_code == 1
    assert "Not known whether it was done. ION does not show it" in result.output


def test_a_change_that_ion_answered_and_does_not_show_yet_is_done(config: Path, ion: IonServer) -> None:
    ion.ion.world.clock = lambda: datetime.now(UTC) + timedelta(hours=1)  # the seed is old by then
    ion.ion.switches = replace(ion.ion.switches, read_lag_s=60.0)
    result = run(config, "call", "create_kit", "--set", "delivery_location_id=4")
    assert result.exit_code == 0, result.output
    assert "ION answered that it did it." in result.output
    assert '"delivery_location_id"' in result.output
    assert effects(ion) == ["createPartKit"]


def test_a_file_is_attached_by_hand(config: Path) -> None:
    photo = config.parent / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 photo")
    words = (
        "--set",
        "entity_id=5001202",
        "--set",
        "filename=photo.jpg",
        "--set",
        "content_type=image/jpeg",
    )
    result = run(config, "call", "attach_file", *words, "--file", str(photo))
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["file"]["filename"] == "photo.jpg"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("dance",), "expected one of receive, check_receipt, undo_receipt, move", 1),
        (("kits", "--set", "status"), "expected field=value", 2),
        (("kits", "--set", "status=[1"), "expected JSON", 2),
        (("kits", "--set", "colour=red"), "expected complete arguments", 1),
        (("set_run_status", "--set", "run_id=1"), "expected a document that fits", 1),
    ],
)
def test_what_cannot_be_called_is_said(config: Path, words: tuple[str, ...], said: str, code: int) -> None:
    result = run(config, "call", *words)
    assert said in result.output
    assert result.exit_code == code


def test_a_list_is_given_as_json(config: Path) -> None:
    result = run(
        config,
        "call",
        "receive",
        *("--set", "order_id=5001", "--set", "line_id=7001", "--set", "part_id=105", "--set", "quantity=2"),
        *("--set", 'serials=["SN-900", "SN-901"]', "--set", "location_id=4"),
    )
    assert result.exit_code == 0, result.output
    assert [row["serial"] for row in json.loads(result.output)["inventories"]] == ["SN-900", "SN-901"]
