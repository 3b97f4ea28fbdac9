"""What a technician does with the journal from the command line."""

import csv
import io
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.journal import Entry
from kiosk.journal.retention import Retention
from kiosk.journal.second_copy import line_of
from tests.fakes import Clock
from tests.journal.opened import opened, scan, session


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
allow_volatile = true
[[stations]]
name = "dock-1"
""")
    return path


def _run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["journal", *words, "--config", str(config)])


def _scans(config: Path) -> list[tuple[str, str]]:
    exported = _run(config, "export", "--what", "scans").output
    return [(row["id"], row["state"]) for row in csv.DictReader(io.StringIO(exported))]


def test_a_head_is_looked_for_again(config: Path, tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.keep(scan("scan-1"))
    head = _run(config, "head").output.strip()
    assert head.startswith("1:")
    good = _run(config, "verify", "--anchor", head)
    assert (good.exit_code, good.output) == (0, "The audit is whole.\n")
    cut = _run(config, "verify", "--anchor", f"2:{'0' * 64}")
    assert (cut.exit_code, cut.output) == (1, "The audit was cut off: it once had 2 entries, and has 1.\n")
    assert _run(config, "verify", "--anchor", "yesterday's").exit_code == 2


def test_verify_says_where_the_audit_begins(config: Path, tmp_path: Path) -> None:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        retention = Retention(journal.clerk, 2)
        journal.book.commit(Entry(session(), scan=scan("scan-1")))
        for _ in range(3):
            retention.begin_day()
            clock.passed_s += 86_400
        assert not retention.step()
        begun = journal.begun_after()
    assert begun is not None
    done = _run(config, "verify", "--head", str(begun.after))
    assert done.exit_code == 0
    assert done.output == (
        f"The audit is whole.\nIt begins after {begun.after}: what was older was removed at {begun.at}.\n"
    )
    older = _run(config, "verify", "--head", f"0:{'0' * 64}")
    assert (older.exit_code, older.output.split(":")[0]) == (1, "Entry 0 cannot be looked for any more")


def test_a_second_copy_is_taken_back(config: Path, tmp_path: Path) -> None:
    copy = tmp_path / "scans"
    copy.write_bytes(line_of(scan("scan-1")) + b"torn\n" + line_of(scan("scan-2")))
    done = _run(config, "recover", str(copy))
    assert done.exit_code == 0
    assert done.output.startswith("2 of 2 scans were missing and are back, set aside for a person")
    assert done.output.endswith("1 lines were not whole.\n")
    assert _scans(config) == [("scan-1", "set aside"), ("scan-2", "set aside")]


def test_a_backup_is_made_and_restored(config: Path, tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.keep(scan("scan-1"))
        target = tmp_path / "backup.db"
        assert _run(config, "backup", str(target)).exit_code == 0
        journal.book.keep(scan("scan-2"))
    assert _run(config, "backup", str(target)).exit_code == 1
    done = _run(config, "restore", str(target), "--why", "card died")
    assert done.exit_code == 0, done.output
    assert "The journal before is kept as 'kiosk.db.before-" in done.output
    assert _scans(config) == [("scan-1", "set aside")]


def test_a_whole_journal_is_not_begun_anew(config: Path, tmp_path: Path) -> None:
    opened(tmp_path).close()
    done = _run(config, "renew", "--why", "none")
    assert done.exit_code == 1
    assert "is whole: there is nothing to begin anew" in done.output
