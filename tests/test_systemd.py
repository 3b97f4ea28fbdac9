"""The files that make a Pi a kiosk, judged by systemd's own tools where they are installed."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import Settings, load_settings

SYSTEMD = Path(__file__).parent.parent / "systemd"
UNITS = sorted(path.name for path in SYSTEMD.glob("*.service"))
VENDORS = "0c2e|05e0|05f9|23d0"
LARGEST_EXPOSURE_TENTHS = 15


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


class Unit:
    """A unit file: sections of keys, each with all its values."""

    def __init__(self, name: str) -> None:
        self.values: dict[tuple[str, str], list[str]] = {}
        section = ""
        text = (SYSTEMD / name).read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and not line.startswith("#"):
                key, separator, value = line.partition("=")
                assert separator, f"{name}: {line!r} is no setting"
                self.values.setdefault((section, key), []).append(value)

    def all(self, key: str, section: str = "Service") -> list[str]:
        return self.values[section, key]

    def one(self, key: str, section: str = "Service") -> str:
        (value,) = self.all(key, section)
        return value


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@needs("systemd-analyze")
def test_the_service_is_hardened() -> None:
    judged = run(
        "systemd-analyze",
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={LARGEST_EXPOSURE_TENTHS}",
        SYSTEMD / "ion-kiosk.service",
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


@needs("systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_every_line(name: str, tmp_path: Path) -> None:
    for unit in UNITS:
        # The programs themselves are not installed where the tests run.
        text = (SYSTEMD / unit).read_text(encoding="utf-8")
        runnable = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
        (tmp_path / unit).write_text(runnable, encoding="utf-8")
    judged = run("systemd-analyze", "verify", "--man=no", tmp_path / name)
    assert (judged.returncode, judged.stdout + judged.stderr) == (0, "")


def test_the_service_says_when_it_is_ready_and_is_watched() -> None:
    unit = Unit("ion-kiosk.service")
    assert unit.one("ExecStart") == "/opt/ion-kiosk/bin/kiosk serve --config /etc/ion-kiosk/kiosk.toml"
    assert [unit.one(key) for key in ("Type", "NotifyAccess", "WatchdogSec")] == ["notify", "main", "30"]
    assert [unit.one(key) for key in ("Restart", "RestartSec")] == ["always", "2"]
    assert unit.one("StartLimitIntervalSec", "Unit") == "0"


def test_the_service_reaches_its_devices_and_no_others() -> None:
    unit = Unit("ion-kiosk.service")
    assert unit.one("DevicePolicy") == "closed"
    assert unit.all("DeviceAllow") == [
        "char-ttyACM rw",
        "char-ttyUSB rw",
        "char-input r",
        "char-hidraw rw",
        "char-usb rw",
    ]
    assert unit.one("SupplementaryGroups") == "dialout input lp"


def test_the_drivers_of_its_devices_are_there_before_it_is_confined_to_them() -> None:
    """systemd looks a group of devices up in /proc/devices as a unit starts, and leaves out what is not."""
    unit = Unit("ion-kiosk.service")
    # Part of every kernel of Debian's and of the Pi's: input. Each of the others may be a module.
    drivers = {"ttyACM": "cdc_acm", "ttyUSB": "usbserial", "hidraw": "hid", "usb": "usblp"}
    groups = {each.split()[0].removeprefix("char-") for each in unit.all("DeviceAllow")}
    assert groups == {*drivers, "input"}
    loaded = {f"modprobe@{driver}.service" for driver in drivers.values()}
    assert set(unit.one("Wants", "Unit").split()) == loaded
    assert loaded <= {name for each in unit.all("After", "Unit") for name in each.split()}


def test_the_service_writes_only_its_own_folder() -> None:
    unit = Unit("ion-kiosk.service")
    assert unit.one("ProtectSystem") == "strict"
    assert unit.one("StateDirectory") == "ion-kiosk"
    assert ("Service", "ReadWritePaths") not in unit.values


def test_the_secrets_are_credentials_and_nothing_else() -> None:
    unit = Unit("ion-kiosk.service")
    # The second has no path of its own: systemd looks in /etc/credstore, and does without.
    assert unit.all("LoadCredential") == [
        "ion-secret:/etc/ion-kiosk/ion-secret",
        "pin-pepper:ion-kiosk.pin-pepper",
    ]
    assert unit.all("Environment") == ["BOOT_ID=%b"]


def test_the_browser_waits_for_the_page_and_cannot_leave_it() -> None:
    unit = Unit("ion-kiosk-browser.service")
    assert "ion-kiosk.service" in unit.one("After", "Unit").split()
    assert unit.one("User") != Unit("ion-kiosk.service").one("User")
    command = unit.one("ExecStart").split()
    assert command[2:6] == ["/usr/bin/cage", "-d", "--", "/usr/bin/chromium"]
    assert "--kiosk" in command
    assert command[-1] == "$PAGE"


def test_the_browser_has_a_place_for_its_sockets_that_it_may_write() -> None:
    """PAM's is /run/user/<number>: ``ProtectHome=`` hides it, ``ProtectSystem=strict`` makes it read-only."""
    unit = Unit("ion-kiosk-browser.service")
    assert (unit.one("ProtectHome"), unit.one("ProtectSystem")) == ("tmpfs", "strict")
    place = f"/run/{unit.one('RuntimeDirectory')}"
    assert unit.one("RuntimeDirectoryMode") == "0700"
    assert unit.one("ExecStart").split()[:2] == ["/usr/bin/env", f"XDG_RUNTIME_DIR={place}"]


def test_the_browser_the_policy_and_the_example_name_one_page() -> None:
    web = load_settings(SYSTEMD / "kiosk.toml").web
    policy = json.loads((SYSTEMD / "chromium-policy.json").read_text(encoding="utf-8"))
    assert policy["URLBlocklist"] == ["*", "chrome://*", "chrome-untrusted://*", "devtools://*"]
    assert policy["URLAllowlist"] == [f"{web.host}:{web.port}"]
    assert policy["NewTabPageLocation"] == policy["HomepageLocation"] == f"http://{web.host}:{web.port}/"
    assert policy["VideoCaptureAllowedUrls"] == [f"http://{web.host}:{web.port}"]
    assert f"PAGE=http://{web.host}:{web.port}/" in Unit("ion-kiosk-browser.service").all("Environment")


def test_the_policy_closes_the_ways_out() -> None:
    policy = json.loads((SYSTEMD / "chromium-policy.json").read_text(encoding="utf-8"))
    assert {
        "DeveloperToolsAvailability": 2,
        "DownloadRestrictions": 3,
        "AlwaysOpenPdfExternally": True,
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": False,
        "VideoCaptureAllowed": False,
        "AudioCaptureAllowed": False,
        "PrintingEnabled": False,
        "AllowFileSelectionDialogs": False,
        "ExtensionInstallBlocklist": ["*"],
    }.items() <= policy.items()


def test_the_example_configuration_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(SYSTEMD / "kiosk.toml")
    assert [station.name for station in settings.stations] == ["dock-1", "floor-1"]
    assert settings.journal == Settings.model_fields["journal"].default
    monkeypatch.setenv("KIOSK_WEB__PORT", "9090")
    assert load_settings(SYSTEMD / "kiosk.toml").web.port == 9090


UDEV_PAIR = re.compile(r'([A-Z_]+(?:\{[^}]+\})?)(==|!=|\+=|:=|=)"([^"]*)"')
UDEV_MATCHES = {"ACTION", "KERNEL", "SUBSYSTEM", "SUBSYSTEMS", "DRIVER", "ATTRS{}"}
UDEV_ASSIGNMENTS = {"GROUP", "MODE", "SYMLINK", "GOTO", "LABEL"}
UDEV_BOTH = {"ENV{}", "ATTR{}"}


def udev_rules() -> Iterator[list[tuple[str, str, str]]]:
    for line in (SYSTEMD / "70-ion-kiosk.rules").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pairs = [part.strip() for part in line.split(", ")]
            matches = [UDEV_PAIR.fullmatch(pair) for pair in pairs]
            assert None not in matches, f"not a udev rule: {line!r}"
            yield [(match[1], match[2], match[3]) for match in matches if match]


def test_every_udev_rule_is_well_formed() -> None:
    labels, jumps = set(), set()
    for rule in udev_rules():
        for key, operator, value in rule:
            kind = re.sub(r"\{.*\}", "{}", key)
            is_match = operator in {"==", "!="}
            assert kind in UDEV_BOTH | (UDEV_MATCHES if is_match else UDEV_ASSIGNMENTS), (key, operator)
            if key == "MODE":
                assert re.fullmatch(r"0[0-7]{3}", value)
            labels |= {value} if key == "LABEL" else set()
            jumps |= {value} if key == "GOTO" else set()
    assert labels == jumps


def test_every_scanner_rule_names_the_same_makes() -> None:
    named = [
        value
        for rule in udev_rules()
        for key, _, value in rule
        if key in {"ENV{ID_VENDOR_ID}", "ATTRS{idVendor}", "ATTR{idVendor}"} and value != "?*"
    ]
    assert named == [VENDORS] * 3


def test_keyboard_scanners_are_kept_from_the_compositor() -> None:
    (rule,) = [rule for rule in udev_rules() if ("ENV{LIBINPUT_IGNORE_DEVICE}", "=", "1") in rule]
    assert ("ENV{ID_VENDOR_ID}", "==", VENDORS) in rule
    assert ("GROUP", "=", "input") in rule


@needs("systemd-sysusers")
def test_the_users_are_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/group").write_text("dialout:x:20:\ninput:x:104:\nlp:x:7:\n", encoding="utf-8")
    made = run("systemd-sysusers", f"--root={tmp_path}", SYSTEMD / "ion-kiosk.sysusers")
    assert made.returncode == 0, made.stderr
    users = [
        line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(users) == sorted(Unit(name).one("User") for name in UNITS)
    groups = (tmp_path / "etc/group").read_text(encoding="utf-8")
    for group in Unit("ion-kiosk.service").one("SupplementaryGroups").split():
        assert re.search(rf"(?m)^{group}:.*:ion-kiosk$", groups), group


@needs("systemd-tmpfiles")
def test_the_folders_are_made(tmp_path: Path) -> None:
    secret, settings = tmp_path / "etc/ion-kiosk/ion-secret", tmp_path / "etc/ion-kiosk/kiosk.toml"
    secret.parent.mkdir(parents=True)
    for file in (secret, settings):
        file.write_text("x", encoding="utf-8")
        file.chmod(0o644)
    (tmp_path / "etc/passwd").write_text("ion-kiosk:x:999:999::/:/usr/sbin/nologin\n", encoding="utf-8")
    (tmp_path / "etc/group").write_text("ion-kiosk:x:999:\n", encoding="utf-8")
    made = run("systemd-tmpfiles", "--create", f"--root={tmp_path}", SYSTEMD / "ion-kiosk.tmpfiles")
    assert made.returncode == 0, made.stderr
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (settings.stat().st_mode & 0o777, settings.stat().st_gid) == (0o640, 999)
    policy = tmp_path / "etc/chromium/policies/managed/ion-kiosk.json"
    assert str(policy.readlink()) == "/opt/ion-kiosk/share/ion-kiosk/systemd/chromium-policy.json"
