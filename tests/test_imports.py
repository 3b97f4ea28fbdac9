"""The house's floors: what may import what, and proof that a wrong import is caught."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
PYPROJECT = ROOT / "pyproject.toml"

VIOLATIONS = [
    ("kiosk-layers", "kiosk/model/stock.py", "import kiosk.flows"),
    ("kiosk-layers", "kiosk/web/planted.py", "import kiosk.simulator"),
    ("kiosk-layers", "kiosk/without_a_place.py", ""),
    ("printers-layers", "printers/media.py", "import printers.layout"),
    ("printers-layers", "printers/without_a_place.py", ""),
    ("printers-alone", "printers/media.py", "import kiosk.model"),
    ("printers-users", "kiosk/web/planted.py", "import printers.media"),
    ("printers-users", "kiosk/settings.py", "from printers import Media"),
    ("core-no-io", "kiosk/model/stock.py", "import socket"),
    ("core-no-io", "kiosk/barcodes/planted.py", "from concurrent.futures import ThreadPoolExecutor"),
    ("core-no-io", "printers/languages/planted.py", "import socket"),
    ("flows-pure", "kiosk/flows/planted.py", "import time"),
    ("flows-pure", "kiosk/flows/planted.py", "import kiosk.settings"),  # which imports os
    ("adapters", "kiosk/delivery.py", "import kiosk.ion"),
    ("adapters", "kiosk/web/planted.py", "import kiosk.scanners"),
    ("adapters", "kiosk/scanning/planted.py", "import kiosk.scanners"),
    ("flask", "kiosk/settings.py", "from flask import Flask"),
    ("sqlalchemy", "kiosk/station.py", "import sqlalchemy as sa"),
    ("httpx", "kiosk/web/planted.py", "import httpx"),
    ("symbols", "printers/layout.py", "import zxingcpp"),
    ("symbols", "kiosk/settings.py", "from barcode import Code128"),
]


@pytest.fixture
def _loggers_stay() -> Iterator[None]:
    """Switch the loggers on again that import-linter's own logging set-up switches off."""
    yield
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).disabled = False


@pytest.mark.usefixtures("_loggers_stay")
def test_import_contracts_are_kept() -> None:
    assert lint_imports(str(PYPROJECT), no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages, with the modules the violations speak of."""
    folder = tmp_path_factory.mktemp("planted")
    for package in ("kiosk", "printers"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("*.pyc", "static"))
    shutil.copy(PYPROJECT, folder)
    for name in ("web", "simulator", "ion", "scanners"):
        _touch(folder / "kiosk" / name / "__init__.py")
    for module in ("kiosk/delivery.py", "kiosk/station.py", "printers/media.py", "printers/layout.py"):
        _touch(folder / module)
    _touch(folder / "printers/languages/__init__.py")
    return folder


def _touch(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_wrong_import_is_caught(copy: Path, contract: str, module: str, line: str) -> None:
    planted = copy / module
    original = planted.read_text(encoding="utf-8") if planted.exists() else None
    planted.write_text(f"{original or ''}\n{line}\n", encoding="utf-8")
    try:
        linted = _lint(copy, contract)
    finally:
        if original is None:
            planted.unlink()
        else:
            planted.write_text(original, encoding="utf-8")
    assert "1 broken." in linted.stdout, linted.stdout + linted.stderr


def test_the_copy_itself_is_clean(copy: Path) -> None:
    linted = _lint(copy)
    assert " 0 broken." in linted.stdout, linted.stdout + linted.stderr


def _lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    lint = "import sys; from importlinter.cli import lint_imports_command as lint; lint(sys.argv[1:])"
    chosen = ["--contract", contract] if contract else []
    return subprocess.run(
        [sys.executable, "-c", lint, "--no-cache", "--no-logo", *chosen],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
