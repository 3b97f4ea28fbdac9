"""What a technician is shown of the settings: the file's words, where each came from, what is wrong."""

import tomllib
from pathlib import Path

import pytest

from kiosk.settings import load_settings
from kiosk.settings_desk import Origin, Setting, SettingsDesk, SettingsView

FILE = """
[ion]
url = "https://u:p4ssw0rd@ion.example/graphql"
token_url = "https://ion.example/token"
client_id = "kiosk"
client_secret_file = "{folder}/ion-secret"
read_timeout_s = 2.5
[web]
port = 9090
[shift]
starts = ["06:00", "14:00"]
[[stations]]
name = "dock-1"
asks = {{ run = "pin" }}
labels = [{{ subject = "run", design = "run" }}]
[[stations]]
name = "bench"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "ion-secret").write_text("a secret of ION\n", encoding="ascii")
    path = tmp_path / "kiosk.toml"
    path.write_text(FILE.format(folder=tmp_path), encoding="utf-8")
    return path


def desk(config: Path) -> SettingsDesk:
    return SettingsDesk(load_settings(config), config)


def one(view: SettingsView, title: str, name: str) -> Setting:
    group = next(each for each in view.groups if f"{each.title} {each.name}".strip() == title)
    return next(each for each in group.settings if each.name == name)


def test_each_setting_has_its_value_and_where_it_came_from(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_ION__CLIENT_SECRET", "an even better secret")
    monkeypatch.setenv("KIOSK_WEB__PORT", "9191")
    view = desk(config).view()
    assert (view.source, view.faults, view.changed) == (str(config), (), ())
    assert one(view, "[ion]", "read_timeout_s") == Setting("read_timeout_s", "2.5", Origin.FILE)
    assert one(view, "[ion]", "dialect") == Setting("dialect", '"auto"', Origin.DEFAULT)
    assert one(view, "[ion]", "url").value == '"https://(secret)@ion.example/graphql"'
    assert one(view, "[ion]", "ca_file") == Setting("ca_file", "", Origin.DEFAULT, is_set=False)
    secret = Setting("client_secret", "", Origin.ENVIRONMENT, is_secret=True)
    assert one(view, "[ion]", "client_secret") == secret
    assert one(view, "[web]", "port") == Setting("port", "9191", Origin.ENVIRONMENT)
    assert one(view, "[journal]", "keep_days") == Setting("keep_days", "400", Origin.DEFAULT)
    assert one(view, "[[stations]] dock-1", "asks") == Setting("asks", '{ run = "pin" }', Origin.FILE)
    assert one(view, "[[stations]] bench", "labels") == Setting("labels", "[]", Origin.DEFAULT)


def test_values_read_as_toml(config: Path) -> None:
    settings = load_settings(config)
    shown = {
        each.name: tomllib.loads(f"it = {each.value}")["it"]
        for group in desk(config).view().groups
        for each in group.settings
        if group.name in {"", "dock-1"} and each.value
    }
    assert shown["starts"] == ["06:00", "14:00"]
    assert shown["labels"] == [{"subject": "run", "design": "run", "printer": ""}]
    assert shown["flows"] == list(settings.stations[0].flows)
    assert (shown["http2"], shown["port"], shown["idle_minutes"]) == (True, 9090, 5.0)


def test_every_section_is_there(config: Path) -> None:
    settings = load_settings(config)
    titles = [group.title for group in desk(config).view().groups]
    sections = [
        name for name in type(settings).model_fields if name not in {"stations", "scanners", "printers"}
    ]
    assert titles == [*(f"[{name}]" for name in sections), "[[stations]]", "[[stations]]"]


def test_stations_of_the_environment_are_of_the_environment(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_STATIONS", '[{"name": "floor", "light": "dim"}]')
    view = desk(config).view()
    assert one(view, "[[stations]] floor", "light") == Setting("light", '"dim"', Origin.ENVIRONMENT)
    assert one(view, "[[stations]] floor", "volume").origin is Origin.DEFAULT


def test_a_file_that_was_changed_or_broken_since_the_start_is_told(config: Path) -> None:
    shown = desk(config)
    config.write_text(config.read_text().replace("9090", "9191"))
    assert shown.view().changed == ("[web]",)
    assert one(shown.view(), "[web]", "port").value == "9090", "what runs, not what the file says"
    config.write_text(config.read_text().replace("9191", '"p4ssw0rd"').replace("2.5", "900"))
    head, *faults = shown.view().faults
    assert head == f"The configuration {str(config)!r} has 2 fault(s):"
    assert [fault.partition(":")[0] for fault in faults] == ["ion.read_timeout_s", "web.port"]
    assert "p4ssw0rd" not in str(shown.view())
    config.unlink()
    assert "Cannot read the configuration" in shown.view().faults[0]


def test_a_secret_that_cannot_be_read_is_told(config: Path) -> None:
    shown = desk(config)
    config.with_name("ion-secret").unlink()
    assert shown.view().faults[0].startswith("ion.client_secret_file: cannot read")


def test_the_demo_s_settings_are_its_own(config: Path) -> None:
    view = SettingsDesk(load_settings(config), None).view()
    assert (view.source, one(view, "[web]", "port").origin) == ("", Origin.DEMO)
