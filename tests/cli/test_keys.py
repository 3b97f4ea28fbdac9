"""``kiosk key``: a key is shown once, listed without its secret, and taken back."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.api_keys import ApiKeys
from kiosk.cli import main
from kiosk.compose import opened_journal, utc_now
from kiosk.errors import AccessRefused
from kiosk.settings import load_settings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"""
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
client_secret = "kiosk-secret"
[journal]
url = "sqlite:///{tmp_path / "kiosk.db"}"
[[stations]]
name = "dock-1"
printer = "dock-zebra"
[[printers]]
name = "dock-zebra"
url = "memory://keys"
""",
        encoding="utf-8",
    )
    return path


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["key", *words, "--config", str(config)])


def added(config: Path, name: str = "cell-3", *more: str) -> Result:
    return run(config, "add", name, "--labels", "part,run", "--printers", "dock-zebra", *more)


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(config: Path) -> None:
    made = added(config, "cell-3", "--rate", "60/min", "--expires", "90d")
    assert made.exit_code == 0, made.output
    assert re.fullmatch(r"ionk_[0-9a-f]{12}_[0-9a-f]{64}\n", made.stdout)
    assert "only time it is shown" in made.stderr
    sent = made.stdout.strip()
    with opened_journal(load_settings(config)) as journal:
        keys = ApiKeys(journal.keys, utc_now)
        key = keys.admit(sent, is_counted=True)
        assert key.scope.labels == frozenset({"part", "run"})
        assert key.scope.printers == frozenset({"dock-zebra"})
        assert key.scope.stations == frozenset()
        revoked = run(config, "revoke", "cell-3")
        assert (revoked.exit_code, revoked.stdout) == (0, f"{key.id}  cell-3 revoked\n")
        with pytest.raises(AccessRefused):
            keys.admit(sent, is_counted=True)
    again = run(config, "revoke", "cell-3")
    assert (again.exit_code, again.stderr) == (1, "There is no key 'cell-3' in use.\n")


def test_keys_are_listed_without_what_opens(config: Path) -> None:
    sent = [added(config, name).stdout.strip() for name in ("one", "two")]
    run(config, "add", "all", "--labels", "all", "--printers", "all", "--stations", "dock-1", "--reprints")
    run(config, "revoke", "one")
    text = run(config, "list").output
    assert [line.split()[1:3] for line in text.splitlines()] == [
        ["all", "good"],
        ["two", "good"],
        ["one", "revoked"],
    ]
    assert "labels part,run  printers dock-zebra  stations none  never used" in text
    listed = run(config, "list", "--json").output
    assert json.loads(listed)[0] | {"id": "", "created_at": ""} == {
        "id": "",
        "name": "all",
        "state": "good",
        "labels": "all",
        "printers": "all",
        "stations": ["dock-1"],
        "reprints": True,
        "rate": None,
        "created_at": "",
        "expires_at": None,
        "used_at": None,
    }
    for key in sent:
        assert key.rpartition("_")[2] not in text + listed


def test_for_a_program_the_new_key_is_json(config: Path) -> None:
    made = json.loads(added(config, "cell-3", "--expires", "2126-01-31", "--json").stdout)
    assert made["key"].startswith(f"ionk_{made['id']}_")
    assert (made["labels"], made["state"], made["expires_at"][:4]) == (["part", "run"], "good", "2126")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("add", "cell 3", "--labels", "all", "--printers", "all"), "expected letters, digits"),
        (("add", "cell-3", "--printers", "all"), "Missing option '--labels'"),
        (("add", "cell-3", "--labels", "all"), "Missing option '--printers'"),
        (("add", "c", "--labels", ",", "--printers", "all"), "expected names with commas"),
        (("add", "c", "--labels", "all", "--printers", "x"), "do not name ['x'], expected of ['dock-zebra']"),
        (("add", "c", "--labels", "all", "--printers", "all", "--stations", "x"), "expected of ['dock-1']"),
        (("add", "c", "--labels", "all", "--printers", "all", "--rate", "often"), "like 60/min"),
        (("add", "c", "--labels", "all", "--printers", "all", "--expires", "soon"), "like 2027-01-31"),
        (("add", "c", "--labels", "all", "--printers", "all", "--expires", "2020-01-01"), "is to come"),
    ],
)
def test_what_does_not_make_a_key_says_why(config: Path, words: tuple[str, ...], text: str) -> None:
    answer = run(config, *words)
    assert answer.exit_code == 2
    assert text in answer.output


def test_a_second_key_of_a_name_is_refused(config: Path) -> None:
    added(config)
    again = added(config)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "one of that name is in use. Revoke it first" in again.stderr
