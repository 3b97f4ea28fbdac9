import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

import kiosk.simulator
import kiosk.web

FOLDERS = [
    *(Path(package.__file__ or "").parent / "static" / "vendor" for package in (kiosk.web, kiosk.simulator)),
    Path(__file__).parents[1] / "browser" / "vendor",
]
LICENCES = {"0BSD", "ISC", "MIT", "Apache-2.0", "MIT AND Apache-2.0", "OFL-1.1"}
LICENCES_OF_TESTS = {"MPL-2.0"}
"""Of what is used by tests alone, and is in no wheel."""

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=["web", "simulator", "tests"])


def listed(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads((folder / "VENDORED.toml").read_text(encoding="utf-8"))[
        "file"
    ]
    return entries


@each_folder
def test_other_people_s_files_are_as_they_were_published(folder: Path) -> None:
    sums = {entry["path"]: entry["sha256"] for entry in listed(folder)}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDORED.toml"
    }
    assert found == sums


@each_folder
def test_each_has_its_licence_beside_it(folder: Path) -> None:
    for entry in listed(folder):
        assert set(entry) == {"path", "package", "version", "license", "source", "sha256"}
        assert entry["license"] in (LICENCES if "static" in folder.parts else LICENCES_OF_TESTS)
        assert (folder / entry["path"]).parent.joinpath("LICENSE").is_file()
