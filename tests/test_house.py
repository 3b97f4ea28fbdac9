"""The house rules that a program can check: sizes, names, places, and what must never be written down."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.checkout import ROOT, tracked_files

MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 80
MOST_CLASS_LINES = 300

TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "bench",
    "kiosk",
    "printers",
    "pyproject.toml",
    "systemd",
    "templates",
    "tests",
}
CATCH_ALL_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
WRAPPED_LIBRARIES = {
    "PIL",
    "alembic",
    "argon2",
    "barcode",
    "biip",
    "click",
    "evdev",
    "flask",
    "graphql",
    "httpx",
    "pydantic",
    "serial",
    "sqlalchemy",
    "waitress",
    "zxingcpp",
}
# Written in pieces, so that this file passes its own test.
FORBIDDEN_TEXTS = {
    "a path of one machine": r"(?<![\w./-])/(?:wor" + r"k|roo" + r"t|home/\w+)/",
    "a package registry": r"pypi\." + r"org|pythonhos" + r"ted|index" + r"-url|/opt/" + r"pypi",
    "a note to do something later": r"(?:#|//|<!--) *(?:TO" + r"DO|FIX" + r"ME)\b",
    "a merge conflict": r"(?m)^(?:<{7}|>{7}) ",
}


def own(*suffixes: str) -> list[str]:
    """Return the tracked files with one of these suffixes that are written here, not vendored."""
    return [
        name for name in tracked_files() if PurePosixPath(name).suffix in suffixes and "/vendor/" not in name
    ]


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of each text file that is written here."""
    for name in tracked_files():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data and "/vendor/" not in name and name != "LICENSE":
            try:
                yield name, data.decode()
            except UnicodeDecodeError:
                continue


def test_files_stay_small() -> None:
    lines = {
        name: len((ROOT / name).read_text(encoding="utf-8").splitlines())
        for name in own(".py", ".js", ".css", ".html")
    }
    assert {name: count for name, count in lines.items() if count > MOST_FILE_LINES} == {}


def test_functions_and_classes_stay_small() -> None:
    large = []
    for name in own(".py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                most = MOST_FUNCTION_LINES
            elif isinstance(node, ast.ClassDef):
                most = MOST_CLASS_LINES
            else:
                continue
            count = lines_without_docstring(node)
            if count > most:
                large.append(f"{name}: {node.name} has {count} lines, at most {most}")
    assert large == []


def lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    count = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        count -= (first.end_lineno or first.lineno) - first.lineno + 1
    return count


def test_docstrings_do_not_count() -> None:
    function = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n').body[0]
    assert isinstance(function, ast.FunctionDef)
    assert lines_without_docstring(function) == 2


def test_names_say_what_is_inside() -> None:
    faults = []
    for name in own(".py"):
        path = PurePosixPath(name)
        parts = {*path.parts[:-1], path.stem}
        faults += [f"{name}: {part!r} says nothing" for part in sorted(parts & CATCH_ALL_NAMES)]
        if path.parts[0] in {"kiosk", "printers"} and path.stem in WRAPPED_LIBRARIES:
            faults.append(f"{name}: named like the library it wraps")
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and re.search(r"(?:Manager|Helpers?|Utils?)$", node.name):
                faults.append(f"{name}: class {node.name!r} says nothing")
    assert faults == []


@pytest.mark.parametrize("what", FORBIDDEN_TEXTS)
def test_nothing_is_written_that_does_not_belong_here(what: str) -> None:
    pattern = re.compile(FORBIDDEN_TEXTS[what])
    found = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {match.group()}"
        for name, text in texts()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_the_top_level_is_the_designs() -> None:
    tops = {name.split("/")[0] for name in tracked_files()}
    assert {top for top in tops if not top.startswith(".")} - TOP_LEVEL == set()


def test_every_text_file_ends_with_one_newline() -> None:
    faults = [
        name
        for name, text in texts()
        # A golden label is the very bytes that are sent.
        if not name.startswith("tests/golden/")
        and text
        and (not text.endswith("\n") or text.endswith("\n\n"))
    ]
    assert faults == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in map(PurePosixPath, own(".py")) if path.parts[0] == "tests"}
    assert {str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()} == set()


def test_scripts_can_be_run() -> None:
    scripts = [name for name in tracked_files() if (ROOT / name).read_bytes()[:2] == b"#!"]
    assert ".ci/run" in scripts
    assert [name for name in scripts if not (ROOT / name).stat().st_mode & 0o100] == []


def test_every_requirement_has_its_tested_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in wanted}
    lines = (ROOT / ".ci/constraints.txt").read_text(encoding="utf-8").splitlines()
    locked = [line.partition("==") for line in lines if not line.startswith("#")]
    assert names - {name for name, _, version in locked if version} == set()


GUARDED = {
    "a thread that is left running": (
        "import threading as t\ndef test():\n    t.Thread(target=t.Event().wait, daemon=True).start()\n",
        "the test left threads running",
    ),
    "a socket that is not closed": (
        "def test():\n    import socket\n    socket.socket()\n",
        "ResourceWarning",
    ),
    "a setting of this machine": (
        "def test():\n    import os\n    assert os.environ['KIOSK_CONFIG']\n",
        "KeyError: 'KIOSK_CONFIG'",
    ),
}


@pytest.mark.parametrize("what", GUARDED)
def test_the_guards_catch(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, complaint = GUARDED[what]
    (tmp_path / "test_guarded.py").write_text(source, encoding="utf-8")
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests/conftest.py").read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setenv("KIOSK_CONFIG", "kiosk.toml")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_guarded.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert complaint in ran.stdout
