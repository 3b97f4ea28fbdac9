"""A secret in every place that can hold one, and none of them in the bundle."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, SecretStr

from kiosk.cli import main
from kiosk.compose import opened_journal, utc_now
from kiosk.journal import Entry
from kiosk.model import RawScan, Session, Submit
from kiosk.redaction import Scrubber, redacted, scrubbed, secrets_of, without_secrets
from kiosk.settings import MayHoldSecret, Settings, load_settings
from kiosk.support import Tools, collected, write_bundle
from tests.machine.fake_machine import NOW, a_well_machine

SECRETS = {
    name: f"S3CRET-{name}-9c41"
    for name in ("client", "pepper", "ion", "token", "issuer", "printer", "community", "query", "other")
}
SCAN, PERSON = "LOT-SCANNED-77", "Mia Tanaka"
LOG = f"""\
WARNING delivery kiosk.delivery: Operation «1f»: refused: «{SCAN} by {PERSON} {SECRETS["client"]}» event=2e
INFO s kiosk.way: Taken: 1 changes, 0 labels event=2e station=dock-1
{SCAN} {PERSON}
ERROR station dock-1 kiosk.station: Failed
  Traceback (most recent call last):
    File "kiosk/station.py", line 1, in step
  ValueError: {SCAN}"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "pepper").write_text(SECRETS["pepper"] + "\n", encoding="ascii")
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"""
[ion]
url = "http://kiosk:{SECRETS["ion"]}@127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token?key={SECRETS["token"]}"
client_id = "kiosk"
client_secret = "{SECRETS["client"]}"
personal_issuer = "http://{SECRETS["issuer"]}@127.0.0.1:9/realms/people"
personal_client_id = "people"
[journal]
url = "sqlite:///{tmp_path}/kiosk.db"
allow_volatile = true
[people]
pepper_file = "{tmp_path}/pepper"
[web]
port = 9
[[stations]]
name = "dock-1"
[[printers]]
name = "zebra"
url = "ipp://clerk:{SECRETS["printer"]}@127.0.0.1:9/ipp/print?format={SECRETS["query"]}"
status_url = "snmp://127.0.0.1:9?community={SECRETS["community"]}"
[[printers]]
name = "odd"
url = "nosuch://a:{SECRETS["other"]}@host"
""",
        encoding="utf-8",
    )
    with opened_journal(load_settings(path)) as journal:
        journal.book.commit(
            Entry(
                Session("s1", "dock-1", "receive", "line", {}),
                scan=RawScan("2e", "dock-1", "gun", SCAN.encode(), utc_now()),
                submits=[("s1/1", Submit("receive", "order-line/1", "order/1", {"lot": SCAN, "by": PERSON}))],
            )
        )
    return path


def entry(message: object, who: str = "kiosk") -> str:
    return json.dumps(
        {"__REALTIME_TIMESTAMP": "1795672800000000", "MESSAGE": message, "SYSLOG_IDENTIFIER": who}
    )


def run(command: Sequence[str]) -> str:
    if command[0] != "journalctl":
        return f"{command[0]} says active, {SECRETS['token']}\n"
    own = {"level": "INFO", "event": "Scan %s", "text": SCAN, "about": {"event": "2e"}}
    entries = [
        entry(LOG),
        entry(json.dumps(own)),
        entry("Started ION Kiosk.", "systemd"),
        entry([1, 2]),
        SCAN,
    ]
    return "\n".join(entries)


TOOLS = Tools(run=run, ask=lambda port, path: f"{port} {path} {SECRETS['community']}\n")


def unpacked(path: Path) -> Mapping[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def bundle(config: Path, tmp_path: Path, *, with_scans: bool) -> Mapping[str, str]:
    files = collected(config, a_well_machine(tmp_path), NOW, with_scans=with_scans, tools=TOOLS)
    path = tmp_path / f"{with_scans}.zip"
    write_bundle(path, files, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    return unpacked(path)


def test_no_secret_no_scan_and_no_name_is_in_the_bundle(config: Path, tmp_path: Path) -> None:
    files = bundle(config, tmp_path, with_scans=False)
    everything = "\n".join(files.values())
    assert [name for name, secret in SECRETS.items() if secret in everything] == []
    assert [text for text in (SCAN, PERSON, SCAN.encode().hex()) if text in everything] == []


def test_everything_that_helps_is_in_it(config: Path, tmp_path: Path) -> None:
    files = bundle(config, tmp_path, with_scans=False)
    assert set(files) == {
        *("about.json", "check.json", "journal.json", "log.txt", "settings.json", "systemd.txt"),
        *("service/healthz.json", "service/metrics.txt", "service/printers.json"),
    }
    about, journal = json.loads(files["about.json"]), json.loads(files["journal.json"])
    assert about["packages"]["Flask"]
    assert (journal["scans"], journal["open_operations"]) == (1, {"queued": 1})
    assert journal["audit_head"].partition(":")[2]
    assert journal["audit_broken_at"] is None
    assert {one["part"] for one in json.loads(files["check.json"])} >= {"clock", "disk", "ion", "journal"}
    settings = json.loads(files["settings.json"])
    assert settings["ion"]["url"] == "http://(secret)@127.0.0.1:9/graphql"
    assert settings["printers"][0]["status_url"] == "snmp://127.0.0.1:9?community=(secret)"
    assert settings["journal"]["url"].endswith("/kiosk.db")
    assert files["log.txt"].splitlines() == [
        "2026-11-26 06:00:00 kiosk: WARNING delivery kiosk.delivery: Operation «…»: refused: «…» event=2e",
        "2026-11-26 06:00:00 kiosk: INFO s kiosk.way: Taken: 1 changes, 0 labels event=2e station=dock-1",
        "2026-11-26 06:00:00 kiosk:   …",
        "2026-11-26 06:00:00 kiosk: ERROR station dock-1 kiosk.station: Failed",
        "2026-11-26 06:00:00 kiosk:   Traceback (most recent call last):",
        '2026-11-26 06:00:00 kiosk:     File "kiosk/station.py", line 1, in step',
        "2026-11-26 06:00:00 kiosk:   …",
        '2026-11-26 06:00:00 kiosk: {"level": "INFO", "event": "Scan %s", "about": {"event": "2e"}}',
        "2026-11-26 06:00:00 systemd: Started ION Kiosk.",
        "2026-11-26 06:00:00 kiosk: not text",
    ]
    assert "$ systemctl show" in files["systemd.txt"]


def test_scans_are_in_it_where_they_are_asked_for_and_secrets_are_not(config: Path, tmp_path: Path) -> None:
    files = bundle(config, tmp_path, with_scans=True)
    everything = "\n".join(files.values())
    assert SCAN in files["log.txt"]
    assert SCAN in files["operations.json"]
    assert SCAN in files["scans.json"]
    assert PERSON in everything
    assert [name for name, secret in SECRETS.items() if secret in everything] == []


def test_a_configuration_that_cannot_be_read_is_a_fault_to_hand_on(tmp_path: Path) -> None:
    broken = tmp_path / "kiosk.toml"
    broken.write_text(f'[ion]\nurl = "{SECRETS["ion"]}"\n', encoding="utf-8")
    files = collected(broken, a_well_machine(tmp_path), NOW, with_scans=False, tools=TOOLS)
    assert "fault(s)" in files["settings.txt"]
    assert SECRETS["ion"] not in "".join(files.values())
    assert set(files) == {"about.json", "log.txt", "settings.txt", "systemd.txt"}


def test_a_journal_that_cannot_be_opened_leaves_the_rest(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace("kiosk.db", "nosuch/kiosk.db"))
    files = collected(config, a_well_machine(tmp_path), NOW, with_scans=False, tools=TOOLS)
    assert "nosuch" in files["journal.txt"]
    assert "check.json" in files


def test_the_command_writes_one_file_and_never_over_another(config: Path, tmp_path: Path) -> None:
    words = ["support", "--config", str(config), "-o", str(tmp_path / "out.zip")]
    machine = a_well_machine(tmp_path)
    result = CliRunner().invoke(main, words, obj=machine)
    assert (result.exit_code, result.output) == (0, f"{tmp_path / 'out.zip'}\n")
    files = unpacked(tmp_path / "out.zip")
    assert files["service/healthz.json"].startswith("The service does not answer")
    assert [name for name, secret in SECRETS.items() if secret in "".join(files.values())] == []
    again = CliRunner().invoke(main, words, obj=machine)
    assert again.exit_code == 78
    assert "Cannot write" in again.output


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind)


def test_every_address_of_the_settings_is_marked_as_one() -> None:
    found = {}
    for model in models(Settings):
        for name, field in model.model_fields.items():
            said = f"{field.metadata}{field.default if isinstance(field.default, str) else ''}"
            if "://" in said:
                found[f"{model.__name__}.{name}"] = any(
                    isinstance(one, MayHoldSecret) for one in field.metadata
                )
    assert len(found) == 7
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ion.example/graphql", "https://ion.example/graphql"),
        ("https://u:p@ion.example:8443/a?b=c&d", "https://(secret)@ion.example:8443/a?b=(secret)&d=(secret)"),
        ("sqlite:////var/lib/ion-kiosk/kiosk.db", "sqlite:////var/lib/ion-kiosk/kiosk.db"),
        ("device:///dev/usb/lp0", "device:///dev/usb/lp0"),
        ("http://[half", "(secret)"),
        ("tcp://192.0.2.10:9100#frag", "tcp://192.0.2.10:9100"),
    ],
)
def test_an_address_keeps_what_is_no_secret(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


def test_a_secret_is_known_by_its_type(config: Path) -> None:
    settings = load_settings(config)
    assert isinstance(settings.ion.client_secret, SecretStr)
    assert json.loads(json.dumps(redacted(settings)))["ion"]["client_secret"] == "(secret)"
    assert set(SECRETS.values()) <= secrets_of(settings)
    assert scrubbed(f"a {SECRETS['client']} b", secrets_of(settings)) == "a (secret) b"


def test_what_is_learned_is_scrubbed_and_the_newest_are_remembered(config: Path) -> None:
    scrubber = Scrubber(load_settings(config))
    scrubber.learn("in-use")
    for number in range(500):
        scrubber.learn(f"granted-{number:03}")
        scrubber.learn("in-use")
    assert scrubber("granted-499 in-use granted-301") == "(secret) (secret) (secret)"
    assert scrubber(f"granted-000 {SECRETS['client']}") == "granted-000 (secret)"


def test_a_secret_that_is_rotated_while_the_bundle_is_made_is_not_in_it(config: Path, tmp_path: Path) -> None:
    def ask(_port: int, _path: str) -> str:
        (tmp_path / "pepper").write_text("rotated-9c41", encoding="ascii")
        return f"{SECRETS['pepper']} rotated-9c41"

    files = collected(config, a_well_machine(tmp_path), NOW, with_scans=True, tools=Tools(run=run, ask=ask))
    assert files["service/healthz.json"] == "(secret) (secret)"
