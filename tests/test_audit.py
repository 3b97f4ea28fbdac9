"""``make check`` and known holes: pip-audit really asks, one hole fails it, and silence is said."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.checkout import ROOT

HOLED = "werkzeug"
ADVISORY = {
    "schema_version": "1.6.0",
    "id": "GHSA-aaaa-bbbb-cccc",
    "summary": "A hole that was made for this test.",
    "affected": [
        {
            "package": {"name": HOLED, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1.0"}]}],
        }
    ],
}
DEAD = "http://127.0.0.1:9/v1/query"


@dataclass
class Advisories:
    """A service that speaks OSV's API, and knows of a hole in one package or in none."""

    holed: str = ""
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, query: Mapping[str, Mapping[str, str]]) -> object:
        name = query["package"]["name"]
        self.asked.append(name)
        return {"vulns": [ADVISORY]} if name == self.holed else {}


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    service = Advisories()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(service.answer(query)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Asked) as server:
        service.url = f"http://127.0.0.1:{server.server_port}/v1/query"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield service
        server.shutdown()
        thread.join()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with the scripts, in which everything else is found to be well."""
    tools = tmp_path / ".venv/bin"
    tools.mkdir(parents=True)
    (tmp_path / ".ci").symlink_to(ROOT / ".ci")
    (tools / "python").symlink_to(sys.executable)
    (tools / "bandit").write_text("#!/bin/sh\n", encoding="ascii")
    (tools / "bandit").chmod(0o755)
    return tmp_path


def checked(clone: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run the part of ``make check`` that looks for holes, and its verdict."""
    own = {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": url, "HOME": str(clone)}
    # The tools stand in this environment, not in the one that the folder has.
    environment = {**os.environ, **own, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = ["sh", "-c", ". .ci/steps.sh; security; verdict"]
    return subprocess.run(
        words, cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


def test_a_hole_in_a_pinned_package_fails_the_check(clone: Path, advisories: Advisories) -> None:
    advisories.holed = HOLED
    done = checked(clone, advisories.url)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "FAILED: pip-audit")
    pinned = dict(
        re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / ".ci/constraints.txt").read_text(), re.MULTILINE)
    )
    version = {name.lower(): number for name, number in pinned.items()}[HOLED]
    assert f"{HOLED} {version}: GHSA-aaaa-bbbb-cccc, mended in 99.1.0" in done.stdout
    assert len(set(advisories.asked)) == len(pinned), "every version that is pinned is asked about"
    assert "NOT RUN" not in done.stdout


def test_no_known_hole_is_good(clone: Path, advisories: Advisories) -> None:
    done = checked(clone, advisories.url)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASSED")
    assert f"{len(set(advisories.asked))} packages asked about" in done.stdout
    assert "NOT RUN" not in done.stdout


def test_a_service_that_does_not_answer_is_said_twice_and_last(clone: Path) -> None:
    done = checked(clone, DEAD)
    said = "!! NOT RUN: the search for known vulnerabilities, since no advisory service answers"
    assert done.stdout.splitlines().count(said) == 2
    assert done.stdout.splitlines()[-2:] == [said, "PASSED"]
