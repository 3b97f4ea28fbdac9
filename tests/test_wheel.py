"""The wheel, built from the sdist and installed into a clean environment, has everything and runs."""

import os
import signal
import subprocess
import sys
import sysconfig
import tarfile
import time
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from kiosk import __version__
from tests.checkout import ROOT, tracked_files

pytestmark = pytest.mark.wheel

START_S = 60.0
STOP_S = 15.0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel in it, and the dependencies borrowed from this one."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    python = str(folder / "bin/python")
    (wheel,) = built.glob("*.whl")
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet"),
        *("--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)),
        cwd=folder,
    )
    # A .pth file inside a folder named by another one is not read: an editable install stays out.
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(*command: str, cwd: Path) -> str:
    ran = subprocess.run(
        command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def in_wheel(name: str) -> str | None:
    """Return where a file of the checkout stands in the wheel, ``None`` where it is not part of it."""
    top = name.partition("/")[0]
    if top in {"kiosk", "printers"}:
        return name
    if top == "templates":
        return f"kiosk/{name}"
    if top == "systemd":
        return f"ion_kiosk-{__version__}.data/data/share/ion-kiosk/{name}"
    return None


def test_the_wheel_has_every_file(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    expected = {place for name in tracked_files() if (place := in_wheel(name))}
    assert expected - inside == set()
    assert {name for name in inside if name.split("/")[0] not in {"kiosk", "printers"}} == {
        f"ion_kiosk-{__version__}.dist-info/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    } | {name for name in expected if ".data/" in name}


def test_the_sdist_has_every_file(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = tuple(
        place.strip("/") for place in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    )
    expected = {name for name in tracked_files() if name == "pyproject.toml" or name.startswith(included)}
    assert expected - inside == set()


def test_the_packages_come_from_the_wheel(installed: Path) -> None:
    code = (
        "import kiosk, printers; from kiosk.resources import templates_dir;"
        "print(kiosk.__file__, printers.__file__, templates_dir(), sep='\\n')"
    )
    places = run(str(installed / "bin/python"), "-c", code, cwd=installed).split("\n")[:3]
    assert [place for place in places if not place.startswith(str(installed))] == []
    templates = Path(places[2])
    expected = {name.partition("/")[2] for name in tracked_files() if name.startswith("templates/")}
    assert expected - {str(path.relative_to(templates)) for path in templates.rglob("*")} == set()


def test_the_units_stand_beside_the_program(installed: Path) -> None:
    expected = {Path(name).name for name in tracked_files() if name.startswith("systemd/")}
    assert expected
    assert {path.name for path in (installed / "share/ion-kiosk/systemd").iterdir()} == expected


def test_every_installed_screen_compiles(installed: Path) -> None:
    code = (
        "from kiosk.resources import templates_dir; from kiosk.web.screens import environment;"
        "engine = environment(templates_dir());"
        "names = engine.list_templates(extensions=['html']);"
        "[engine.get_template(name) for name in names]; print(*names, sep='\\n')"
    )
    compiled = set(run(str(installed / "bin/python"), "-c", code, cwd=installed).split("\n"))
    screens = {
        name.removeprefix("templates/") for name in tracked_files() if name.startswith("templates/screens/")
    }
    assert {name for name in screens if name.endswith(".html")} - compiled == set()


def test_the_command_tells_its_version(installed: Path) -> None:
    assert __version__ in run(str(installed / "bin/kiosk"), "--version", cwd=installed)


def test_the_demo_runs_from_the_wheel(installed: Path, free_port: int, tmp_path: Path) -> None:
    command = [
        str(installed / "bin/kiosk"),
        "demo",
        "--port",
        str(free_port),
        "--state",
        str(tmp_path / "state"),
    ]
    output = (tmp_path / "output").open("w+", encoding="utf-8")
    with (
        output,
        subprocess.Popen(
            command, cwd=tmp_path, env=clean_environment(), stdout=output, stderr=subprocess.STDOUT
        ) as demo,
    ):
        try:
            page = first_page(f"http://127.0.0.1:{free_port}/", demo)
            demo.send_signal(signal.SIGTERM)
            status = demo.wait(STOP_S)
        finally:
            demo.kill()
        output.seek(0)
        said = output.read()
    assert "</html>" in page, said
    assert status == 0, said


def first_page(url: str, program: subprocess.Popen[bytes]) -> str:
    """Return the page as soon as it is there, nothing where the program ends or takes too long."""
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and program.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of this machine
                text: str = response.read().decode()
                return text
        except urllib.error.URLError:
            time.sleep(0.2)
    return ""
