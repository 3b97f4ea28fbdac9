"""Two thousand hostile strings from the scanner to the screen, the label, ION, the journal and the log."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.barcodes import decoded
from kiosk.cli import main
from tests.hostile.belt import Belt
from tests.hostile.checks import check_csv
from tests.hostile.strings import COUNT, hostile_strings
from tests.journal.opened import opened, rows_of

_SETTINGS = """
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
client_secret = "kiosk-secret"

[journal]
url = "sqlite:///{folder}/kiosk.db"
allow_volatile = true

[[stations]]
name = "dock-1"
"""

_SHARES = 4
"""Tests of their own, so that every process of pytest takes some."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a share of the strings."""

    strings: int
    labels: int
    refusals: tuple[str, ...]
    lots: int


def carried(folder: Path, strings: Sequence[bytes]) -> Tally:
    """Take strings all the way, and find all of them in the journal afterwards."""
    folder.mkdir()
    with closing(opened(folder)) as journal:
        belt = Belt(folder, journal)
        for number, raw in enumerate(strings):
            try:
                belt.carry(number, raw)
            except Exception as error:
                error.add_note(f"The string was {raw!r}.")
                raise
        belt.flush()
        kept = journal.book.scanned()
        assert [one.scan.data for one in kept] == list(strings), "the journal does not hold every byte"
        operations = journal.outbox.listed(limit=len(strings) + 1)[::-1]
        assert [one.arguments["lot"] for one in operations] == belt.taken
        assert journal.first_break() is None
    with rows_of(folder) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    _check_exports(folder, strings, belt.taken)
    return Tally(len(strings), belt.labels, tuple(belt.refusals), len(belt.taken))


def _check_exports(folder: Path, strings: Sequence[bytes], lots: Sequence[str]) -> None:
    settings = folder / "kiosk.toml"
    settings.write_text(_SETTINGS.format(folder=folder))
    words = ["journal", "export", "--config", str(settings)]
    scans = CliRunner().invoke(main, [*words, "--what", "scans"])
    columns = ["id", "at", "station", "scanner", "symbology", "state", "screen", "text", "data"]
    check_csv(scans.output, columns, [decoded(raw) for raw in strings], "text")
    check_csv(scans.output, columns, [raw.hex() for raw in strings], "data")
    operations = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).output)
    assert [one["arguments"]["lot"] for one in operations] == list(lots)


@pytest.mark.parametrize("share", range(_SHARES))
def test_nothing_is_executed_nothing_lost_nothing_altered(tmp_path: Path, share: int) -> None:
    every = hostile_strings()
    assert len(every) == len(set(every)) >= min(COUNT, 1000)
    strings = every[share::_SHARES]
    tally = carried(tmp_path / "state", strings)
    assert tally.strings == len(strings)
    # A check that met nothing would prove nothing: most texts are printed, some are a lot.
    assert tally.labels > len(strings) * 8 // 10
    assert tally.lots > len(strings) // 50
    assert all(why.isprintable() for why in tally.refusals)
