"""``kiosk journal retry | done | discard``."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.compose import opened_journal
from kiosk.journal import Entry
from kiosk.model import OperationState, Session, Submit
from kiosk.settings import load_settings

_SETTINGS = """
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
client_secret = "kiosk-secret"

[journal]
url = "sqlite:///{folder}/kiosk.db"

[[stations]]
name = "dock-1"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(_SETTINGS.format(folder=tmp_path))
    return path


def _parked(config: Path) -> str:
    given = Submit("receive", "order-line/1", "order/1", {"quantity": "5"})
    with opened_journal(load_settings(config)) as journal:
        journal.book.commit(Entry(Session("s", "dock-1", "home", "idle"), submits=[("k", given)]))
        operation = journal.outbox.claim()
        assert operation is not None
        return journal.outbox.settle(operation, OperationState.PARKED, error="5 of 10.").id


def _run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["journal", *words, "--config", str(config)])


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("retry",), "queued"),
        (("done", "--why", "typed in by Jo"), "done"),
        (("discard", "--why", "counted twice"), "discarded"),
    ],
)
def test_a_person_decides_once(config: Path, words: Sequence[str], state: str) -> None:
    id_ = _parked(config)
    done = _run(config, words[0], id_, *words[1:])
    assert (done.exit_code, done.output) == (0, f"{id_}  {state}\n")
    again = _run(config, words[0], id_, *words[1:])
    assert again.exit_code == 1
    assert f"is {state}; expected one that waits for a person" in again.output


@pytest.mark.parametrize("verb", ["done", "discard"])
def test_a_decision_has_a_reason(config: Path, verb: str) -> None:
    assert _run(config, verb, _parked(config)).exit_code == 2
    assert _run(config, verb, "nosuch", "--why", "x").exit_code == 1
