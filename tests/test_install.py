"""``systemd/install`` and ``systemd/uninstall`` beneath a folder: which files come, stay and go.

In a Debian of their own, with packages, program and users: ``make test-install``.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
SYSTEMD = REPOSITORY / "systemd"
SCRIPTS = ("install", "uninstall", "kiosk", "common.sh")
NOTHING = "Nothing to change: this machine is a kiosk as this version makes it."
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("systemd-tmpfiles") is None, reason="needs root and systemd's tools"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a machine with the groups of Debian's udev, and something of its own in /etc."""
    for name, text in {
        "etc/group": "root:x:0:\ndialout:x:20:\ninput:x:104:\nlp:x:7:\n",
        "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
        "etc/sysctl.d/99-own.conf": "vm.swappiness = 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(script: str, root: Path, *options: str | Path) -> list[str]:
    command = [SYSTEMD / script, "--root", root, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return what stands beneath a folder, without what shadow's tools leave beside the lists of users."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.startswith(("etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/.pwd.lock")):
            continue
        text = (
            os.fsencode(path.readlink()) if path.is_symlink() else b"" if path.is_dir() else path.read_bytes()
        )
        found[name] = (path.lstat().st_mode & 0o7777, text)
    return found


def users(root: Path) -> set[str]:
    return {line.split(":")[0] for line in (root / "etc/passwd").read_text(encoding="utf-8").splitlines()}


def test_every_file_comes_with_its_mode_and_a_second_run_changes_nothing(root: Path) -> None:
    told("install", root)
    placed = files(root)
    for source, target, mode in (
        ("ion-kiosk.service", "etc/systemd/system/ion-kiosk.service", 0o644),
        ("ion-kiosk-browser.service", "etc/systemd/system/ion-kiosk-browser.service", 0o644),
        ("70-ion-kiosk.rules", "etc/udev/rules.d/70-ion-kiosk.rules", 0o644),
        ("ion-kiosk.sysusers", "etc/sysusers.d/ion-kiosk.conf", 0o644),
        ("ion-kiosk.tmpfiles", "etc/tmpfiles.d/ion-kiosk.conf", 0o644),
        ("ion-kiosk.sysctl", "etc/sysctl.d/70-ion-kiosk.conf", 0o644),
        ("ion-kiosk.watchdog", "etc/systemd/system.conf.d/ion-kiosk.conf", 0o644),
        ("ipp-usb.conf", "etc/systemd/system/ipp-usb.service.d/ion-kiosk.conf", 0o644),
        ("kiosk", "usr/local/sbin/kiosk", 0o755),
        ("kiosk.toml", "etc/ion-kiosk/kiosk.toml", 0o640),
    ):
        assert placed[target] == (mode, (SYSTEMD / source).read_bytes()), target
    assert placed["etc/credstore/ion-kiosk.pin-pepper"][0] == 0o600
    assert len(placed["etc/credstore/ion-kiosk.pin-pepper"][1]) == 64
    for unit in ("ion-kiosk.service", "ion-kiosk-browser.service"):
        assert (root / "etc/systemd/system/multi-user.target.wants" / unit).is_symlink()
    assert {"ion-kiosk", "ion-kiosk-browser"} <= users(root)

    assert told("install", root)[0] == NOTHING
    assert files(root) == placed


def test_a_dry_run_says_everything_and_does_nothing(root: Path) -> None:
    before = files(root)
    said = told("install", root, "--dry-run")
    assert "would: Writing /etc/systemd/system/ion-kiosk.service" in said
    assert files(root) == before
    told("install", root)
    placed = files(root)
    assert "would: Removing /usr/local/sbin/kiosk" in told("uninstall", root, "--dry-run")
    assert files(root) == placed


def test_configuration_secrets_and_data_are_never_overwritten(root: Path, tmp_path: Path) -> None:
    kept = {
        "etc/ion-kiosk/kiosk.toml": b"# ours\n",
        "etc/ion-kiosk/ion-secret": b"ours\n",
        "var/lib/ion-kiosk/kiosk.db": b"scans",
    }
    for name, content in kept.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    other = tmp_path / "other"
    other.write_text("other", encoding="utf-8")
    said = told("install", root, "--config", other, "--secret", other)
    assert f"Left as it is: /etc/ion-kiosk/kiosk.toml; it differs from {other}" in said
    placed = files(root)
    assert {name: placed[name][1] for name in kept} == kept
    assert placed["etc/ion-kiosk/ion-secret"][0] == 0o600
    # PINs that were hashed without it would all be wrong.
    assert "etc/credstore/ion-kiosk.pin-pepper" not in placed


def test_a_given_configuration_and_secret_are_laid_down_and_what_is_left_to_do_is_said(root: Path) -> None:
    settings, secret = root / "given.toml", root / "given-secret"
    settings.write_text("# given\n", encoding="utf-8")
    secret.write_text("s3cret\n", encoding="utf-8")
    assert "Still to do:" in told("install", root, "--config", settings)
    assert "Still to do:" not in told("install", root, "--secret", secret)
    placed = files(root)
    assert placed["etc/ion-kiosk/kiosk.toml"] == (0o640, b"# given\n")
    assert placed["etc/ion-kiosk/ion-secret"] == (0o600, b"s3cret\n")


def test_an_upgrade_writes_what_changed_and_takes_the_touchscreen_away(root: Path) -> None:
    told("install", root)
    unit = root / "etc/systemd/system/ion-kiosk.service"
    unit.write_text("older", encoding="utf-8")
    unit.chmod(0o600)
    assert told("install", root, "--no-browser")[:3] == [
        "Writing /etc/systemd/system/ion-kiosk.service",
        "Disabling the browser",
        "Removing /etc/systemd/system/ion-kiosk-browser.service",
    ]
    assert unit.read_bytes() == (SYSTEMD / "ion-kiosk.service").read_bytes()
    assert not (root / "etc/systemd/system/multi-user.target.wants/ion-kiosk-browser.service").is_symlink()
    assert told("install", root, "--no-browser")[0] == NOTHING


def test_a_printer_behind_ipp_usb_keeps_it(root: Path) -> None:
    told("install", root)
    place = "etc/systemd/system/ipp-usb.service.d/ion-kiosk.conf"
    assert place in files(root)
    settings = root / "etc/ion-kiosk/kiosk.toml"
    settings.write_text('[[printers]]\nurl = "ipp://localhost:60000/ipp/print"\n', encoding="utf-8")
    told("install", root)
    assert place not in files(root)


def test_uninstalling_leaves_data_and_configuration_and_purging_the_data_alone(root: Path) -> None:
    before, people = files(root), users(root)
    told("install", root)
    database = root / "var/lib/ion-kiosk/kiosk.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"scans")

    told("uninstall", root)
    left = files(root).keys() - before.keys()
    configuration = {
        "etc/ion-kiosk",
        "etc/ion-kiosk/kiosk.toml",
        "etc/credstore",
        "etc/credstore/ion-kiosk.pin-pepper",
    }
    data = {"var", "var/lib", "var/lib/ion-kiosk", "var/lib/ion-kiosk/kiosk.db"}
    folders = {"etc/systemd", "etc/systemd/system", "etc/udev", "usr", "usr/local", "usr/local/sbin"}
    assert left == configuration | data | folders
    # The data are its user's.
    assert users(root) == people | {"ion-kiosk"}

    told("uninstall", root, "--purge")
    assert files(root).keys() - before.keys() == data | folders
    assert {name: files(root)[name] for name in before} == before
    assert told("uninstall", root, "--purge")[0] == "Nothing to remove: there is no kiosk here."


@pytest.mark.parametrize("script", ["install", "uninstall"])
def test_an_unknown_option_is_a_mistake_in_the_call(script: str) -> None:
    done = subprocess.run(
        [SYSTEMD / script, "--rott"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "unknown option --rott" in done.stderr


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SCRIPTS)
def test_shellcheck_has_nothing_to_say(script: str) -> None:
    done = subprocess.run(
        ["shellcheck", "-x", script], cwd=SYSTEMD, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")
