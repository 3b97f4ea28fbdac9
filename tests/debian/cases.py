"""``systemd/install`` in a Debian of its own: twice, the kiosk runs, then ``uninstall`` leaves only the data.

Only for ``make test-install``: it needs root, debootstrap and some minutes.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

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
OUT = "/var/lib/ion-kiosk/labels"
"""Where the virtual printer puts its pictures: among what stays."""
HELP = MORE_PLAYED["home/help-home"]
TOP_PX = 64
"""The bar with the clock."""
ALIKE = 0.3
"""Of 255, on the whole: a line of text more or less is some times that."""
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


def as_service(root: Path, **settings: object) -> list[str]:
    """Return what runs a program as the service runs: its user, its groups' devices, its secrets."""
    credentials = root / "run/credentials/ion-kiosk.service"
    credentials.mkdir(parents=True, exist_ok=True)
    for name, source in (
        ("ion-secret", "ion-kiosk/ion-secret"),
        ("pin-pepper", "credstore/ion-kiosk.pin-pepper"),
    ):
        shutil.copy(root / "etc" / source, credentials / name)
    told(root, "chown", "-R", "ion-kiosk:", "/run/credentials/ion-kiosk.service")
    told(root, "install", "-d", "-o", "ion-kiosk", "-g", "ion-kiosk", "-m", "700", "/var/lib/ion-kiosk")
    user, group = (told(root, "id", kind, "ion-kiosk")[0] for kind in ("-u", "-g"))
    command = ("chroot", "--userspec", f"{user}:{group}", "--groups", group, str(root), "/usr/bin/env", "-i")
    given = [f"KIOSK_{name.upper()}={value}" for name, value in settings.items()]
    credentials_for = "CREDENTIALS_DIRECTORY=/run/credentials/ion-kiosk.service"
    return [*command, "PATH=/usr/bin:/bin", credentials_for, *given, "/opt/ion-kiosk/bin/kiosk"]


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, and end it well."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as program:
        try:
            yield program
        finally:
            program.send_signal(signal.SIGTERM)
            status = program.wait(30)
        assert status == 0


def test_the_installed_kiosk_runs_as_its_user(installed: Path, free_port: int) -> None:
    command = as_service(installed, web__port=free_port)
    with started(*command, "serve") as kiosk:
        health = first_answer(f"http://127.0.0.1:{free_port}/healthz", kiosk)
    assert health["status"] == "ok"
    user = told(installed, "id", "-u", "ion-kiosk")[0]
    assert (installed / "var/lib/ion-kiosk/kiosk.db").stat().st_uid == int(user)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listening = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in listening]


def test_the_first_label_comes_out_by_the_steps_of_the_readme(installed: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (steps,) = re.findall(r"(?ms)^## From a bare Pi to the first label\n(.*?)^## ", text)
    assert re.findall(r"`((?:sudo|git) [^`]+)`", steps) == [
        "sudo apt-get update && sudo apt-get -y full-upgrade && sudo apt-get -y install git",
        "git clone <address of this repository> ion-kiosk && cd ion-kiosk",
        "sudo ./systemd/install",
        "sudo kiosk printer find",
        "sudo nano /etc/ion-kiosk/kiosk.toml",
        "sudo ./systemd/install",
        "sudo kiosk check",
    ]
    ion, paper, shown, page = free_ports(4)
    kiosk = as_service(
        installed,
        web__port=page,
        ion__url=f"http://127.0.0.1:{ion}/graphql",
        ion__token_url=f"http://127.0.0.1:{ion}/realms/api-keys/protocol/openid-connect/token",
        ion__client_id="kiosk",
        ion__client_secret="kiosk-secret",
        scanners="[]",
        printers=json.dumps([{"name": "dock-zebra", "url": f"tcp://127.0.0.1:{paper}"}]),
    )
    sought = subprocess.run([*kiosk, "printer", "find", "--seconds", "0.1"], check=False, capture_output=True)
    assert sought.stdout.startswith(b"No printer found."), sought.stdout + sought.stderr
    simulated = [*kiosk, "simulate"]
    with (
        started(*simulated, "ion", "--port", str(ion)) as tenant,
        started(
            *simulated, "printer", "--port", str(paper), "--http-port", str(shown), "--out", OUT
        ) as printer,
    ):
        first_answer(f"http://127.0.0.1:{ion}/data", tenant)
        first_answer(f"http://127.0.0.1:{shown}/status", printer)
        found = subprocess.run([*kiosk, "check", "--json"], check=False, capture_output=True).stdout
        fine = {one["part"] for one in json.loads(found) if one["ok"]}
        assert fine >= {"disk", "journal", "ion", "labels", "printer"}, found
        with started(*kiosk, "serve") as service:
            first_answer(f"http://127.0.0.1:{page}/healthz", service)
            for scan in ("ION/PO/5001", "ORNG-2-214", "ION/CMD/QUANTITY/5", "L-2231", "ION/CMD/CONFIRM"):
                scanned(page, scan)
            labels = awaited(f"http://127.0.0.1:{shown}/labels")
            stock = first_answer(f"http://127.0.0.1:{ion}/data", tenant)["partInventories"]
    # ION has it, and the label's symbol names it.
    (received,) = (one for one in stock if one["lotNumber"] == "L-2231")
    assert [json.loads(text) for label in labels for text in label["texts"]] == [{"uid": received["uid"]}]


def scanned(port: int, text: str) -> None:
    body = json.dumps({"station": "dock-1", "text": text}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/scans", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - as above
        assert response.status in {200, 202}


def awaited(url: str) -> Sequence[Mapping[str, Any]]:
    """Return the list at an address once anything is in it."""
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - an address of this machine
            found: Sequence[Mapping[str, Any]] = json.load(response)
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{url} stays empty")


def first_answer(url: str, program: subprocess.Popen[bytes]) -> Mapping[str, Any]:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and program.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of this machine
                found: Mapping[str, Any] = json.load(response)
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
            wanted = screen.settled()
            for keys in KEYS:
                screen.types(*keys)
                assert is_like(screen.settled(), wanted), keys
            # A service that restarts: the page finds it by itself.
            kiosk.station.show("home/idle", {})
            screen.wait_until(lambda shown: not is_like(shown, wanted))
            server.stop()
            server = serve(create_app(kiosk.rooms), "127.0.0.1", free_port)
            kiosk.station.show(*HELP)
            screen.wait_until(lambda shown: is_like(shown, wanted))
            screen.kill_browser()
            assert screen.program.returncode != 0, "systemd starts it again: Restart=always"
        with devices(installed), session(installed, page) as screen:
            screen.wait_until(lambda shown: is_like(shown, wanted))
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


def is_like(shown: Image.Image, wanted: Image.Image) -> bool:
    """Return whether two pictures show the same beneath the clock, but for the edges of letters."""
    area = (0, TOP_PX, *wanted.size)
    return max(ImageStat.Stat(ImageChops.difference(shown.crop(area), wanted.crop(area))).mean) < ALIKE


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
