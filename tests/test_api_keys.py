"""Keys of other programs: made, let in, counted, and told apart from others."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.api_keys import ApiKeys, make_key
from kiosk.errors import AccessRefused, JournalError, OutOfScope, TooOften
from kiosk.journal import Journal
from kiosk.journal.key_ring import NOTED_EVERY
from kiosk.model import ApiKey, Rate, Scope
from tests.fakes import Clock
from tests.journal.opened import opened, rows_of

PARTS = Scope("cell-3", frozenset({"part"}), frozenset({"zebra"}), frozenset())


@dataclass
class Gate:
    journal: Journal
    clock: Clock
    keys: ApiKeys = field(init=False)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.keys = ApiKeys(self.journal.keys, self.clock.now, monotonic_s=self.clock.monotonic_s)

    def random(self, count: int) -> bytes:
        self.numbers += 1
        return bytes([self.numbers]) * count

    def add(self, scope: Scope = PARTS, rate: str = "", lasts_s: float = 0) -> str:
        end = self.clock.now() + timedelta(seconds=lasts_s) if lasts_s else None
        limit = Rate.read(rate) if rate else None
        sent, key = make_key(scope, self.random, self.clock.now(), rate=limit, expires_at=end)
        self.journal.keys.add(key)
        return sent

    def admit(self, sent: str, *, is_counted: bool = True) -> ApiKey:
        return self.keys.admit(sent, is_counted=is_counted)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        yield Gate(journal, clock)


def test_a_key_opens_and_only_its_digest_is_kept(gate: Gate, tmp_path: Path) -> None:
    sent = gate.add()
    assert sent == f"ionk_{'01' * 6}_{'02' * 32}"
    key = gate.admit(sent)
    assert (key.name, key.scope, key.state(gate.clock.now())) == ("cell-3", PARTS, "good")
    assert gate.journal.keys.all() == (gate.journal.keys.find(key.id),)
    written = (tmp_path / "kiosk.db").read_bytes() + (tmp_path / "kiosk.db-wal").read_bytes()
    assert key.digest.encode() in written
    assert ("02" * 32).encode() not in written
    assert sent not in repr(key)


def test_what_is_not_the_whole_key_opens_nothing(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    sent = gate.add()
    other = f"ionk_{'01' * 6}_{'03' * 32}"
    for wrong in (
        "",
        "x",
        sent[:-1],
        sent + "0",
        sent.upper(),
        other,
        f"ionk_{'09' * 6}_{'02' * 32}",
        "\udcff",
    ):
        with pytest.raises(AccessRefused, match="This API key is not known"):
            gate.admit(wrong)
    assert sent not in caplog.text
    assert other not in caplog.text


def test_a_key_ends_on_its_day_and_when_it_is_taken_back(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    sent = gate.add(lasts_s=60)
    gate.clock.sleep(59)
    gate.admit(sent)
    gate.clock.sleep(1)
    with pytest.raises(AccessRefused, match="'cell-3' is expired"):
        gate.admit(sent)
    assert gate.journal.keys.revoke("cell-3") is not None
    assert gate.journal.keys.revoke("cell-3") is None
    with pytest.raises(AccessRefused, match="'cell-3' is revoked"):
        gate.admit(sent)
    again = gate.add()
    assert gate.admit(again).name == "cell-3", "its name is free for another"
    assert sent not in caplog.text


def test_a_name_has_one_key_in_use(gate: Gate) -> None:
    first = gate.add()
    with pytest.raises(JournalError, match="one of that name is in use"):
        gate.add()
    gate.admit(first)


def test_a_rate_is_kept_and_fills_up_again(gate: Gate) -> None:
    sent = gate.add(rate="3/min")
    for _ in range(3):
        gate.admit(sent)
    with pytest.raises(TooOften, match="is for 3/min requests") as refused:
        gate.admit(sent)
    assert refused.value.retry_after_s == pytest.approx(20)
    gate.admit(sent, is_counted=False)
    gate.clock.sleep(20)
    gate.admit(sent)
    with pytest.raises(TooOften):
        gate.admit(sent)
    gate.clock.sleep(3600)
    for _ in range(3):
        gate.admit(sent)
    with pytest.raises(TooOften):
        gate.admit(sent)


def test_keys_are_counted_apart(gate: Gate) -> None:
    one, two = gate.add(Scope("one"), rate="1/h"), gate.add(Scope("two"), rate="1/h")
    gate.admit(one)
    gate.admit(two)
    for sent in (one, two):
        with pytest.raises(TooOften):
            gate.admit(sent)


def test_its_use_is_in_the_audit_now_and_then(gate: Gate, tmp_path: Path) -> None:
    sent = gate.add()
    gate.admit(sent, is_counted=False)
    for _ in range(3):
        gate.admit(sent)
    gate.clock.sleep(NOTED_EVERY.total_seconds())
    gate.admit(sent)
    with rows_of(tmp_path) as rows:
        events = [event for (event,) in rows.execute("SELECT event FROM audit ORDER BY seq")]
    assert events == ["api-key-added", "api-key-used", "api-key-used"]
    (key,) = gate.journal.keys.all()
    assert key.used_at == gate.clock.now()
    assert gate.journal.first_break() is None


@pytest.mark.parametrize(
    ("text", "per_s"), [("60/min", 1.0), ("5/s", 5.0), ("3600/h", 1.0), ("999999/h", 999999 / 3600)]
)
def test_rates_are_read(text: str, per_s: float) -> None:
    rate = Rate.read(text)
    assert rate.per_s == pytest.approx(per_s)
    assert str(rate) == text


@pytest.mark.parametrize(
    "text", ["", "60", "0/min", "60/day", "60 / min", "-1/s", "1.5/s", "1000000/s", "60/min\n"]
)
def test_other_texts_are_no_rates(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number and a unit"):
        Rate.read(text)


def test_a_scope_says_what_the_key_is_for() -> None:
    PARTS.check(label="part", printer="zebra")
    Scope("all").check(label="x", printer="y", station="z")
    for wanted, scope, text in (
        ({"label": "run"}, "labels", "Key 'cell-3' is for labels ['part'], and not for 'run'."),
        ({"printer": "spare"}, "printers", "Key 'cell-3' is for printers ['zebra'], and not for 'spare'."),
        ({"station": "dock-1"}, "stations", "Key 'cell-3' is for no stations, and not for 'dock-1'."),
    ):
        with pytest.raises(OutOfScope) as refused:
            PARTS.check(**wanted)
        assert (refused.value.scope, str(refused.value)) == (scope, text)
