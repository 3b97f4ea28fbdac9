import hashlib
import tomllib

import kiosk.web
from kiosk.resources import templates_dir

VENDOR = templates_dir().parent / "kiosk" / "web" / "static" / "vendor"


def test_other_people_s_files_are_as_they_were_published() -> None:
    assert kiosk.web.__file__ == str(VENDOR.parent.parent / "__init__.py")
    listed = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))["file"]
    sums = {entry["path"]: entry["sha256"] for entry in listed}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.toml"
    }
    assert found == sums


def test_each_has_its_licence_beside_it() -> None:
    listed = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))["file"]
    assert {entry["license"] for entry in listed} == {
        "0BSD",
        "ISC",
        "MIT",
        "Apache-2.0",
        "MIT AND Apache-2.0",
        "OFL-1.1",
    }
    for entry in listed:
        assert set(entry) == {"path", "package", "version", "license", "source", "sha256"}
        assert (VENDOR / entry["path"]).parent.joinpath("LICENSE").is_file()
