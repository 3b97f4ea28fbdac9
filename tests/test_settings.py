import os
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk.errors import SettingsError
from kiosk.settings import (
    IonSettings,
    JournalSettings,
    PeopleSettings,
    PrinterSettings,
    ScannerSettings,
    Settings,
    ShiftSettings,
    StationSettings,
    WebSettings,
    load_settings,
)
from tests.faulty_settings import FAULTY

ION = """
[ion]
url = "http://127.0.0.1:9000/graphql"
token_url = "http://127.0.0.1:9000/token"
client_id = "kiosk"
"""
STATION = """
[[stations]]
name = "dock-1"
"""
WHOLE = (
    ION
    + """
client_secret_file = "/etc/ion-kiosk/ion-secret"
dialect = "classic"

[journal]
url = "sqlite:////tmp/kiosk.db"

[web]
host = "0.0.0.0"
port = 9090

[[stations]]
name = "dock-1"
location = "WH-Receiving"
flows = ["receive", "run"]
printer = "dock-zebra"

[[scanners]]
name = "dock-gun"
station = "dock-1"
kind = "hid-pos"
port = "1234:5678:ABC"
baud = 9600

[[printers]]
name = "dock-zebra"
url = "tcp://192.0.2.10:9100"
dpi = 300
"""
)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("KIOSK_") or name == "CREDENTIALS_DIRECTORY":
            monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(ION + STATION)
    return path


def faults_of(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    first, *lines = str(raised.value).splitlines()
    assert first == f"The configuration {str(path)!r} has {len(lines)} fault(s):"
    return [line.removeprefix("  ") for line in lines]


def test_a_whole_file_is_read(config: Path) -> None:
    config.write_text(WHOLE)
    assert load_settings(config) == Settings(
        ion=IonSettings(
            url="http://127.0.0.1:9000/graphql",
            token_url="http://127.0.0.1:9000/token",
            client_id="kiosk",
            client_secret_file=Path("/etc/ion-kiosk/ion-secret"),
            dialect="classic",
        ),
        journal=JournalSettings(url="sqlite:////tmp/kiosk.db"),
        web=WebSettings(host="0.0.0.0", port=9090),  # noqa: S104 - nothing is served here
        stations=(
            StationSettings(
                name="dock-1", location="WH-Receiving", flows=("receive", "run"), printer="dock-zebra"
            ),
        ),
        scanners=(
            ScannerSettings(
                name="dock-gun", station="dock-1", kind="hid-pos", port="1234:5678:ABC", baud=9600
            ),
        ),
        printers=(PrinterSettings(name="dock-zebra", url="tcp://192.0.2.10:9100", dpi=300),),
    )


def test_how_a_printer_treats_its_labels(config: Path) -> None:
    config.write_text(
        ION
        + STATION
        + """
        [[printers]]
        name = "brother"
        url = "device:///dev/usb/lp0"
        language = "brother_ql"
        model = "QL-820NWB"
        width_mm = 62
        tracking = "continuous"
        gap_mm = 2.5
        two_colour = true
        native = true
        speed = 4
        darkness = -3
        cut = "half"
        peel = false
        offset_x_mm = -1.5
        offset_y_mm = 2
        """
    )
    assert load_settings(config).printers == (
        PrinterSettings(
            name="brother",
            url="device:///dev/usb/lp0",
            language="brother_ql",
            model="QL-820NWB",
            width_mm=62.0,
            tracking="continuous",
            gap_mm=2.5,
            two_colour=True,
            native=True,
            speed=4,
            darkness=-3,
            cut="half",
            peel=False,
            offset_x_mm=-1.5,
            offset_y_mm=2.0,
        ),
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('tracking = "hole"', "tracking: Input should be 'gap', 'mark' or 'continuous'"),
        ('cut = "yes"', "cut: Input should be 'no', 'full' or 'half'"),
        ("gap_mm = -1", "gap_mm: Input should be greater than or equal to 0"),
        ("offset_x_mm = 21", "offset_x_mm: Input should be less than or equal to 20"),
        ("offset_y_mm = nan", "offset_y_mm: Input should be less than or equal to 20"),
        ('speed = "fast"', "speed: Input should be a valid integer, unable to parse string as an integer"),
    ],
)
def test_a_value_no_printer_has_is_told(config: Path, line: str, fault: str) -> None:
    text = f'{ION}{STATION}[[printers]]\nname = "p"\nurl = "memory://p"\n{line}\n'
    assert faults_of(config, text) == [f"printers.0.{fault}"]


def test_a_short_file_has_defaults(config: Path) -> None:
    settings = load_settings(config)
    assert (settings.journal, settings.web) == (JournalSettings(), WebSettings())
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.stations[0].flows == ("receive", "lookup", "move", "run", "label", "problem", "adjust")


def test_every_fault_is_told_at_once(config: Path) -> None:
    faults = faults_of(config, FAULTY)
    assert faults == [
        "ion.url: String should match pattern '^https?://'",
        "ion.client_id: String should have at least 1 character",
        "ion.dialect: Input should be 'auto', 'documented-2026' or 'classic'",
        "web.port: Input should be less than or equal to 65535",
        "stations.0.name: String should match pattern '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'",
        (
            "stations.0.flows.0: Input should be 'receive', 'lookup', 'move', 'run', 'label', 'problem' or "
            "'adjust'"
        ),
        "scanners.0.port: String should have at least 1 character",
        "printers.0.url: String should match pattern '^[a-z0-9+]+://'",
        "printers.0.dpi: Input should be greater than or equal to 100",
        "webb: Extra inputs are not permitted",
        "stations: name 'dock' is used 2 times",
        "scanners: 'gun' belongs to station 'nowhere', expected one of ['a b', 'dock']",
        "stations: 'a b' prints on 'nobody', expected one of ['zebra']",
    ]


def test_names_that_do_not_fit_are_faults_of_their_own(config: Path) -> None:
    text = ION + STATION + 'printer = "{x}"\n' + STATION
    assert faults_of(config, text) == [
        "stations: name 'dock-1' is used 2 times",
        "stations: 'dock-1' prints on '{x}', expected one of []",
    ]


def test_a_label_names_a_printer_of_the_settings(config: Path) -> None:
    labels = '[[stations.labels]]\nsubject = "{}"\ndesign = "traveler"\nprinter = "tall"\n'
    assert faults_of(config, ION + STATION + labels.format("run")) == [
        "stations.labels: 'traveler' is printed on 'tall', expected one of []"
    ]
    fault, *_ = faults_of(config, ION + STATION + labels.format("order"))
    assert fault.startswith("stations.0.labels.0.subject: Input should be 'inventory', 'run', ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ION, "stations: Field required"),
        (ION + "stations = []", "ion.stations: Extra inputs are not permitted"),
        ("stations = []" + ION, "stations: Tuple should have at least 1 item after validation, not 0"),
        ("stations = 5" + ION, "stations: Input should be a valid tuple"),
        (
            "stations = [5]" + ION,
            "stations.0: Input should be a valid dictionary or instance of StationSettings",
        ),
        ("stations = [{}]" + ION, "stations.0.name: Field required"),
        ("stations = [{name = 5}]" + ION, "stations.0.name: Input should be a valid string"),
        (STATION, "ion: Field required"),
    ],
)
def test_misshapen_sections_are_told(config: Path, text: str, fault: str) -> None:
    assert fault in faults_of(config, text)


def test_cross_checks_hold_for_settings_made_in_code() -> None:
    ion = IonSettings(url="http://x", token_url="http://x", client_id="k")
    with pytest.raises(ValueError, match="'dock' prints on 'nobody'"):
        Settings(ion=ion, stations=(StationSettings(name="dock", printer="nobody"),))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[ion", b'ion = "'])
def test_a_file_that_is_no_toml_is_told(config: Path, content: bytes) -> None:
    config.write_bytes(content)
    with pytest.raises(SettingsError, match=r"^The configuration '.*kiosk.toml' is no(t UTF-8| TOML \()"):
        load_settings(config)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Cannot read the configuration .*No such file"):
        load_settings(tmp_path / "none.toml")


def test_the_file_can_be_named_by_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_CONFIG", str(config))
    assert load_settings() == load_settings(config)


def test_the_environment_wins(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text(WHOLE)
    monkeypatch.setenv("KIOSK_WEB__PORT", "1234")
    monkeypatch.setenv("KIOSK_ION__CLIENT_SECRET", "hunter2")
    settings = load_settings(config)
    assert (settings.web.port, settings.web.host) == (1234, "0.0.0.0")  # noqa: S104 - nothing is served here
    assert (settings.ion.secret(), settings.ion.client_id) == ("hunter2", "kiosk")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KIOSK_WEB__PORT", "many", "web.port: Input should be a valid integer"),
        ("KIOSK_ION__COLOUR", "red", "ion.colour: Extra inputs are not permitted"),
        (
            "KIOSK_ION",
            "{bad",
            "Cannot read the configuration from the environment (its reader says: error parsing value",
        ),
    ],
)
def test_faults_of_the_environment_are_told(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings(config)
    assert said in str(raised.value)


def test_secrets_are_masked_also_in_tracebacks(config: Path) -> None:
    config.write_text(ION + 'client_secret = "hunter2"\n' + STATION)
    settings = load_settings(config)
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.ion.secret() == "hunter2"
    config.write_text(ION + 'client_secret = ["hunter2"]\nclientsecret = "hunter3"\n' + STATION)
    with pytest.raises(SettingsError) as raised:
        load_settings(config)
    assert "hunter" not in "".join(traceback.format_exception(raised.value))


def ion_settings(**more: object) -> IonSettings:
    return IonSettings.model_validate({"url": "http://x", "token_url": "http://x", "client_id": "k", **more})


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b" hunter2 \r\n")
    assert ion_settings(client_secret_file=str(path)).secret() == " hunter2 "


def test_a_secret_comes_from_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "ion-secret").write_text("hunter2\n")
    assert ion_settings().secret() == "hunter2"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ion.client_secret_file: cannot read "),
        (b"\xff", "is not UTF-8"),
        (b"\n", "is empty, expected the client secret."),
    ],
)
def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        ion_settings(client_secret_file=str(path)).secret()
    assert said in str(raised.value)


def test_a_secret_that_is_nowhere_is_told() -> None:
    with pytest.raises(SettingsError, match=r"^ion: no client secret\. Set client_secret_file, the systemd"):
        ion_settings().secret()


def test_the_pepper_comes_from_its_file_or_the_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PeopleSettings().pepper() == b""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert PeopleSettings().pepper() == b""
    (tmp_path / "pin-pepper").write_bytes(b"hot\n")
    assert PeopleSettings().pepper() == b"hot"
    (tmp_path / "own").write_bytes(b"hotter")
    assert PeopleSettings(pepper_file=tmp_path / "own").pepper() == b"hotter"


def test_a_pepper_that_cannot_be_read_is_no_pepper_at_all(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"people\.pepper_file: cannot read"):
        PeopleSettings(pepper_file=tmp_path / "none").pepper()
    (tmp_path / "empty").touch()
    with pytest.raises(SettingsError, match="is empty, expected a secret"):
        PeopleSettings(pepper_file=tmp_path / "empty").pepper()


@pytest.mark.parametrize(("days", "is_fit"), [(0, True), (31, True), (30, False), (1, False), (-1, False)])
def test_a_journal_keeps_long_enough_for_keys_that_are_sent_again(days: int, *, is_fit: bool) -> None:
    if is_fit:
        assert JournalSettings(keep_days=days).keep_days == days
    else:
        with pytest.raises(
            ValidationError, match=r"expected 0 for ever, or 31 and more|greater than or equal"
        ):
            JournalSettings(keep_days=days)


@pytest.mark.parametrize(
    "starts", [["14:00", "06:00"], ["06:00", "06:00"], ["6:00"], ["24:00"], ["06:60"], ["06:00\n"]]
)
def test_shifts_begin_one_after_the_other(starts: list[str]) -> None:
    with pytest.raises(ValidationError):
        ShiftSettings(starts=tuple(starts))


def test_the_label_of_a_shift_comes_out_at_a_station_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        """
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
[shift]
prints_at = ["dock-2"]
[[stations]]
name = "dock-1"
"""
    )
    with pytest.raises(
        SettingsError, match=r"shift.prints_at: expected stations of \['dock-1'\], got 'dock-2'"
    ):
        load_settings(path)
