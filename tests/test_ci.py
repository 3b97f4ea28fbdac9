"""The scripts behind make: what they say when something is missing, and that one failure hides no other."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT

TOOLS = ("awk", "basename", "cat", "cksum", "dirname", "env", "id", "make", "mkdir", "rm", "sh")
WITHOUT_ENSUREPIP = '[ "$2" = venv ] && echo "ensurepip is not available"; exit 1'
INSTALL_VENV = (
    "python3 cannot make a virtual environment: install its venv module "
    "(Debian: sudo apt-get install python3-venv), then run the same command again."
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with what a clone has for setting up, and no .venv."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the only folder of programs: a few tools, no Python, no apt-get, no sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def add_program(path: Path, name: str, body: str) -> None:
    (path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (path / name).chmod(0o755)


def call(folder: Path, *command: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": str(path), "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_venv_one_sentence_says_what_to_install(clone: Path, path: Path) -> None:
    add_program(
        path, "python3", f'case "$*" in *ensurepip*|*venv*) {WITHOUT_ENSUREPIP};; *version*) exit 0;; esac'
    )
    ran = call(clone, "make", "demo", path=path)
    assert ran.stderr.splitlines()[0] == INSTALL_VENV
    assert ran.returncode == 2
    assert not (clone / ".venv").exists()


def test_as_root_the_missing_package_is_installed(clone: Path, path: Path) -> None:
    add_program(path, "id", "echo 0")
    add_program(path, "apt-get", 'echo "$*" >>"$HOME/apt"')
    add_program(
        path, "python3", f'case "$*" in *ensurepip*|*venv*) {WITHOUT_ENSUREPIP};; *version*) exit 0;; esac'
    )
    ran = call(clone, ".ci/setup", "runtime", path=path)
    lock = "-q -q -o DPkg::Lock::Timeout=300 update"
    install = "-q -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends python3-venv"
    assert (clone / "apt").read_text(encoding="utf-8").splitlines() == [lock, install]
    assert ran.stderr.strip() == INSTALL_VENV


def test_an_old_python_is_named(clone: Path, path: Path) -> None:
    add_program(path, "python3", '[ "$1" = -V ] && echo "Python 3.9.2" || exit 1')
    ran = call(clone, ".ci/setup", "runtime", path=path)
    assert ran.returncode == 1
    assert ran.stderr == (
        "Python 3.9.2 is too old: ION Kiosk needs Python 3.11 or newer. "
        "Choose another with: make demo PYTHON=python3.12\n"
    )


def test_no_python_at_all_is_named(clone: Path, path: Path) -> None:
    ran = call(clone, ".ci/setup", "runtime", path=path)
    assert ran.returncode == 1
    assert ran.stderr.startswith("There is no python3 here: install Python 3.11 or newer")


def test_an_up_to_date_environment_is_left_alone(clone: Path, path: Path) -> None:
    add_program(path, "python3", 'case "$*" in *venv*) exit 1;; *base_prefix*) echo /usr;; esac')
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(path / "python3")
    (clone / ".venv/made-for").write_text(f"{clone} /usr\n", encoding="utf-8")
    sum_of = "cat pyproject.toml .ci/constraints.txt .ci/setup | cksum >.venv/installed-dev"
    call(clone, "sh", "-c", sum_of, path=path)
    ran = call(clone, ".ci/setup", "runtime", path=path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_every_step_runs_and_the_verdict_names_what_failed(clone: Path, path: Path) -> None:
    steps = "leave_out 'the browser tests'; step one false; step two echo done; step three false; verdict"
    ran = call(clone, "sh", "-c", f". .ci/steps.sh; {steps}", path=path)
    assert ran.returncode == 1
    assert "\n== two\ndone\n" in ran.stdout
    assert ran.stdout.endswith("\n!! NOT RUN: the browser tests\nFAILED: one, three\n")


def test_what_ran_beside_others_is_said_after_them(clone: Path, path: Path) -> None:
    (clone / ".venv").mkdir()
    others = "others() { step one false; step two echo done; }"
    steps = "beside others; step three echo first; step four false; catch_up; verdict"
    ran = call(clone, "sh", "-c", f". .ci/steps.sh; {others}; {steps}", path=path)
    assert ran.returncode == 1
    assert ran.stdout.startswith("\n== three\nfirst\n\n== four\n\n== one\n\n== two\ndone\n")
    assert ran.stdout.endswith("\nFAILED: one, four\n")


def test_steps_beside_that_do_not_end_are_no_success(clone: Path, path: Path) -> None:
    (clone / ".venv").mkdir()
    steps = "killed() { exit 3; }; beside killed; step one true; catch_up; verdict"
    ran = call(clone, "sh", "-c", f". .ci/steps.sh; {steps}", path=path)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (1, "FAILED: killed")


def test_a_good_run_says_so(clone: Path, path: Path) -> None:
    ran = call(clone, "sh", "-c", ". .ci/steps.sh; step one true; verdict", path=path)
    assert ran.returncode == 0
    assert ran.stdout.endswith("\nPASSED\n")


BENCHES = {
    "kept": "def main():\n    print('3 ms')\n",
    "late": "def main():\n    return 1\n",
    "broken": "def main():\n    raise ValueError('no such thing')\n",
    "shared": "LIMIT_MS = 3\n",
}


@pytest.mark.parametrize(
    ("wanted", "status", "verdict"),
    [
        ((), 1, "Budget missed: broken, late"),
        (("kept",), 0, "Every budget kept."),
        (("late", "kept"), 1, "Budget missed: late"),
    ],
)
def test_every_bench_runs_and_the_verdict_names_what_missed(
    tmp_path: Path, wanted: tuple[str, ...], status: int, verdict: str
) -> None:
    (tmp_path / "bench").mkdir()
    shutil.copy(ROOT / "bench/__main__.py", tmp_path / "bench")
    for name, source in BENCHES.items():
        (tmp_path / "bench" / f"{name}.py").write_text(source, encoding="utf-8")
    ran = call(tmp_path, sys.executable, "-m", "bench", *wanted, path=tmp_path)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (status, verdict)
    assert ("3 ms" in ran.stdout) == (not wanted or "kept" in wanted)


def test_a_bench_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    shutil.copy(ROOT / "bench/__main__.py", tmp_path / "bench")
    ran = call(tmp_path, sys.executable, "-m", "bench", "decode", path=tmp_path)
    assert (ran.returncode, ran.stderr) == (1, "bench: no file named decode, expected some of none\n")


def audited(found: dict[str, Any] | None) -> tuple[int, list[str]]:
    verdict: tuple[int, list[str]] = runpy.run_path(str(ROOT / ".ci/audit.py"))["judged"](found)
    return verdict


def test_a_known_hole_is_told_with_the_version_that_mends_it() -> None:
    hole = {"id": "GHSA-1", "fix_versions": ["3.1.4"], "aliases": [], "description": ""}
    packages = [
        {"name": "flask", "version": "3.1.3", "vulns": [hole]},
        {"name": "click", "version": "8.5.1", "vulns": []},
        {"name": "zplkit", "skip_reason": "not found"},
    ]
    code, lines = audited({"dependencies": packages, "fixes": []})
    assert code == 1
    assert lines == ["flask 3.1.3: GHSA-1, mended in 3.1.4", "2 packages asked about, 1 not known there"]
    assert audited({"dependencies": packages[1:]})[0] == 0


def test_where_nobody_knows_of_holes_that_is_not_taken_for_none() -> None:
    assert audited(None)[0] == 3
    assert audited({"dependencies": [{"name": "flask", "skip_reason": "not found"}]})[0] == 3
