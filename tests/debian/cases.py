"""``systemd/install`` in a Debian of its own: twice, the kiosk runs, then ``uninstall`` leaves only the data.

Only for ``make test-install``: it needs root, debootstrap and some minutes.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from kiosk.web import create_app, serve
from tests.checkout import ROOT
from tests.debian.root import SUITE, run, unpacked, wheels
from tests.debian.screen import PACKAGES, POLICY, devices, session
from tests.web.fakes import world
from tests.web.played import MORE_PLAYED

HAS_BROWSER = bool(os.environ.get("KIOSK_TEST_BROWSER"))
HEADLESS = () if HAS_BROWSER else ("--no-browser",)
NOTHING = "Nothing to change: this machine is a kiosk as this version makes it."
LEFT_BY_OTHERS = re.compile(
    r"""(dev|proc|sys|run|tmp|src)(/.*)?
    | var/(cache|log|lib/(apt|dpkg|systemd|pam|ucf))(/.*)?
    | etc/(passwd|group|shadow|gshadow|subuid|subgid)-?
    | etc/(\.pwd\.lock|ld\.so\.cache|mailcap)
    | .*/__pycache__(/.*)?""",
    re.VERBOSE,
)
"""What apt, dpkg, shadow, the linker and Python keep for themselves."""
START_S = 120.0
HELP = MORE_PLAYED["home/help-home"]
TOP_PX = 64
"""The bar with the clock."""
KEYS = (
    *(("-k", key) for key in ("F1", "F11", "F12")),
    *(("-M", "ctrl", key) for key in "nthlopsuw"),
    *(("-M", "ctrl", "-M", "shift", key) for key in "nijt"),
    ("-M", "alt", "-k", "F4"),
    ("-M", "alt", "-k", "Left"),
)
"""What leads out of a browser: windows, tabs, addresses, files, printing, DevTools, the end."""


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("debian")
    with unpacked(folder) as root:
        version = run("chroot", root, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
        shutil.copytree(ROOT / "systemd", root / "src/systemd")
        shutil.copytree(wheels(folder, version.strip()), root / "src/wheels")
        settings = (ROOT / "systemd/kiosk.toml").read_text(encoding="utf-8")
        # The simulated ION of nobody: refused at once, so that the kiosk begins without it.
        settings = re.sub(r"https://[a-z.]+/", "http://127.0.0.1:9/", settings)
        (root / "src/kiosk.toml").write_text(settings, encoding="utf-8")
        (root / "src/secret").write_text("a secret\n", encoding="ascii")
        yield root


def listed(root: Path) -> Mapping[str, tuple[int, ...]]:
    """Return every file with its mode, owner, size and time of change."""
    found = {}
    for place, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(place, name)
            inside = str(path.relative_to(root))
            if LEFT_BY_OTHERS.fullmatch(inside):
                continue
            facts = path.lstat()
            times = () if path.is_dir() else (facts.st_size, facts.st_mtime_ns)
            found[inside] = (facts.st_mode, facts.st_uid, facts.st_gid, *times)
    return found


def told(root: Path, *command: str) -> list[str]:
    return run("chroot", root, *command).splitlines()


def install(root: Path, *options: str) -> list[str]:
    return told(root, "/src/systemd/install", "--wheels", "/src/wheels", *HEADLESS, *options)


@pytest.fixture(scope="module")
def before(debian: Path) -> Mapping[str, tuple[int, ...]]:
    return listed(debian)


@pytest.fixture(scope="module")
def installed(debian: Path, before: Mapping[str, tuple[int, ...]]) -> Path:
    assert before
    # A kiosk of the time when the environment was made by hand.
    run("chroot", debian, "python3", "-c", "import os; os.makedirs('/opt/ion-kiosk/bin')")
    said = install(debian, "--config", "/src/kiosk.toml", "--secret", "/src/secret")
    assert "Enabling ion-kiosk.service" in said
    assert said[-1] == "Next: sudo kiosk check"
    return debian


def test_a_second_call_changes_nothing(installed: Path) -> None:
    first = listed(installed)
    assert install(installed)[0] == NOTHING
    assert listed(installed) == first


def test_every_part_is_there(installed: Path) -> None:
    assert told(installed, "/opt/ion-kiosk/bin/kiosk", "--version")[0].startswith("kiosk, version ")
    assert (installed / "opt/ion-kiosk").is_symlink()
    assert told(installed, "systemctl", "is-enabled", "ion-kiosk.service") == ["enabled"]
    groups = told(installed, "id", "-nG", "ion-kiosk")[0].split()
    assert {"ion-kiosk", "dialout", "input", "lp"} == set(groups)
    assert (installed / "etc/ion-kiosk/ion-secret").stat().st_mode & 0o777 == 0o600
    told(installed, "systemd-analyze", "verify", "--man=no", "/etc/systemd/system/ion-kiosk.service")
    policy = told(installed, "cat", "/etc/chromium/policies/managed/ion-kiosk.json")
    assert "URLAllowlist" in "".join(policy)
    if HAS_BROWSER:
        assert told(installed, "systemctl", "is-enabled", "ion-kiosk-browser.service") == ["enabled"]
        assert told(installed, "test", "-x", "/usr/bin/cage", "-a", "-x", "/usr/bin/chromium") == []


def test_the_installed_kiosk_runs_as_its_user(installed: Path, free_port: int) -> None:
    credentials = installed / "run/credentials/ion-kiosk.service"
    credentials.mkdir(parents=True)
    for name, source in (
        ("ion-secret", "ion-kiosk/ion-secret"),
        ("pin-pepper", "credstore/ion-kiosk.pin-pepper"),
    ):
        shutil.copy(installed / "etc" / source, credentials / name)
    told(installed, "chown", "-R", "ion-kiosk:", "/run/credentials/ion-kiosk.service")
    told(installed, "install", "-d", "-o", "ion-kiosk", "-g", "ion-kiosk", "-m", "700", "/var/lib/ion-kiosk")
    user, group = (told(installed, "id", kind, "ion-kiosk")[0] for kind in ("-u", "-g"))
    command = ("chroot", "--userspec", f"{user}:{group}", "--groups", group, installed, "/usr/bin/env", "-i")
    environment = (
        "PATH=/usr/bin:/bin",
        "CREDENTIALS_DIRECTORY=/run/credentials/ion-kiosk.service",
        f"KIOSK_WEB__PORT={free_port}",
    )
    with subprocess.Popen(
        [*command, *environment, "/opt/ion-kiosk/bin/kiosk", "serve"], stdin=subprocess.DEVNULL
    ) as kiosk:
        try:
            health = first_answer(f"http://127.0.0.1:{free_port}/healthz", kiosk)
        finally:
            kiosk.send_signal(signal.SIGTERM)
            status = kiosk.wait(30)
    assert (health["status"], status) == ("ok", 0)
    assert (installed / "var/lib/ion-kiosk/kiosk.db").stat().st_uid == int(user)


def first_answer(url: str, program: subprocess.Popen[bytes]) -> Mapping[str, object]:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and program.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of this machine
                found: Mapping[str, object] = json.load(response)
                return found
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer: {program.poll()}")


@pytest.mark.skipif(not HAS_BROWSER, reason="KIOSK_TEST_BROWSER=1 installs cage and Chromium too")
@pytest.mark.skipif(
    SUITE == "bookworm", reason="wlroots 0.15 draws no window anew that grew, on a headless screen"
)
def test_the_touchscreen_shows_the_page_and_nothing_leads_out_of_it(installed: Path, free_port: int) -> None:
    told(installed, "apt-get", "-q", "-q", "-y", "install", "--no-install-recommends", *PACKAGES)
    kept = (installed / POLICY).readlink()
    own = (ROOT / "systemd/chromium-policy.json").read_text(encoding="utf-8")
    (installed / POLICY).unlink()
    (installed / POLICY).write_text(own.replace("8080", str(free_port)), encoding="utf-8")
    page = f"http://127.0.0.1:{free_port}/station/dock-1"
    kiosk = world(is_demo=True)
    server = serve(create_app(kiosk.rooms), "127.0.0.1", free_port)
    try:
        with devices(installed), session(installed, page) as screen:
            kiosk.station.show(*HELP)
            screen.wait_until(is_page)
            wanted = beneath_the_clock(screen.settled())
            for keys in KEYS:
                screen.types(*keys)
                assert beneath_the_clock(screen.settled()) == wanted, keys
            # A service that restarts: the page finds it by itself.
            kiosk.station.show("home/idle", {})
            screen.wait_until(lambda shown: beneath_the_clock(shown) != wanted)
            server.stop()
            server = serve(create_app(kiosk.rooms), "127.0.0.1", free_port)
            kiosk.station.show(*HELP)
            screen.wait_until(lambda shown: beneath_the_clock(shown) == wanted)
            screen.kill_browser()
            assert screen.program.returncode != 0, "systemd starts it again: Restart=always"
        with devices(installed), session(installed, page) as screen:
            screen.wait_until(lambda shown: beneath_the_clock(shown) == wanted)
    finally:
        server.stop()
        (installed / POLICY).unlink()
        (installed / POLICY).symlink_to(kept)
        told(installed, "apt-get", "-q", "-q", "-y", "purge", "--auto-remove", *PACKAGES)


def is_page(shown: Image.Image) -> bool:
    """Return whether a station's dark bar stands over its light page."""
    bar, body = shown.getpixel((shown.width // 2, 4)), shown.getpixel((shown.width // 2, shown.height - 4))
    assert isinstance(bar, tuple)
    assert isinstance(body, tuple)
    return max(bar) < 64 and min(body) > 192


def beneath_the_clock(picture: Image.Image) -> bytes:
    return picture.crop((0, TOP_PX, *picture.size)).tobytes()


def test_uninstalling_leaves_nothing_but_the_data(
    installed: Path, before: Mapping[str, tuple[int, ...]]
) -> None:
    said = told(installed, "/opt/ion-kiosk/share/ion-kiosk/systemd/uninstall")
    (purge,) = (line.partition("sudo ")[2] for line in said if "apt-get purge" in line)
    assert (installed / "etc/ion-kiosk/kiosk.toml").exists()
    told(installed, "/src/systemd/uninstall", "--purge")
    told(installed, *purge.split(), "-y", "-q", "-q")
    after = listed(installed)
    left = {name for name in after.keys() - before.keys() if not name.startswith("var/lib/ion-kiosk")}
    gone = before.keys() - after.keys()
    assert (left, gone) == (set(), set())
    # Debian's own packages write some of their files anew, as PAM's: the same, but later.
    assert {name: facts[:4] for name, facts in after.items() if name in before} == {
        name: facts[:4] for name, facts in before.items()
    }
    assert any(name.startswith("var/lib/ion-kiosk/kiosk.db") for name in after)
    assert told(installed, "id", "-un", str(after["var/lib/ion-kiosk"][1])) == ["ion-kiosk"]


def test_a_proxy_is_set_up_by_the_words_of_the_readme(debian: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = (each for each in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "ion-kiosk.nginx" in each)
    script = block.replace("sudo ", "").replace("/kiosk-1.example/' ", "/kiosk-7.factory/' ")
    # systemd does not run here.
    script = script.replace(" && systemctl reload-or-restart nginx", "")
    script = script.replace("CN=kiosk-1.example", "CN=kiosk-7.factory").replace(
        "DNS:kiosk-1.", "DNS:kiosk-7."
    )
    (debian / "src/proxy.sh").write_text(f"set -eux\ncd /src\n{script}", encoding="utf-8")
    told(debian, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "/src/proxy.sh")
    shown = run("chroot", debian, "nginx", "-T")
    assert "server_name kiosk-7.factory;" in shown
    assert re.search(r"^\s*listen (\S*:)?80\b", shown, re.MULTILINE) is None
    assert (debian / "etc/ssl/private/ion-kiosk.key").stat().st_mode & 0o077 == 0
