"""What the code itself shows: no evaluation, no network where labels are drawn, no listener but the pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.web import payloads
from tests.checkout import ROOT

NETWORK = frozenset({"socket", "ssl", "http", "urllib", "httpx", "requests", "subprocess"})
DRAWING = ("raster", "layout", "symbols", "label", "label_toml", "element_toml", "picture", "typesetting")
EVALUATING = frozenset({"eval", "exec", "compile", "__import__"})
SHELLS = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})
UNSAFE_FORMATS = frozenset({"pickle", "marshal", "shelve", "yaml"})
LISTENING = ("kiosk/web/server.py", "kiosk/simulator/")
JUDGING = ("kiosk/api_keys.py", "kiosk/web/guards.py", "kiosk/web/photo_links.py", "kiosk/ion/sign_in.py")
"""Where what somebody sent is compared with a secret; PINs are compared by argon2."""
SECRET = frozenset({"token", "digest", "secret", "signature", "nonce"})


def parsed(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_what_draws_labels_knows_no_network() -> None:
    seen = 0
    for path, tree in parsed("printers"):
        if Path(path).stem in DRAWING or path.startswith("printers/languages/"):
            seen += 1
            assert imported(tree) & NETWORK == set(), path
    assert seen > len(DRAWING)


def test_nothing_is_evaluated() -> None:
    for folder in ("kiosk", "printers"):
        for path, tree in parsed(folder):
            called = {
                node.func.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert called & EVALUATING == set(), path
            assert imported(tree) & UNSAFE_FORMATS == set(), path


def test_no_shell_is_ever_asked() -> None:
    """OWASP ASVS 5.0, 1.2.5: what is given to another program is a list, which nothing takes apart anew."""
    programs = 0
    for folder in ("kiosk", "printers"):
        for path, tree in parsed(folder):
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call):
                    continue
                called = ast.unparse(node.func)
                assert called not in SHELLS, f"{path}:{node.lineno}"
                if not called.startswith("subprocess.") or called.endswith(("Error", "Expired")):
                    continue
                programs += 1
                assert "shell" not in {given.arg for given in node.keywords}, f"{path}:{node.lineno}"
                assert not isinstance(node.args[0], ast.JoinedStr | ast.Constant), f"{path}:{node.lineno}"
    assert programs > 1


def test_nothing_listens_but_the_pages() -> None:
    for folder in ("kiosk", "printers"):
        for path, tree in parsed(folder):
            listening = [
                node
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "socket.create_server"
            ]
            assert not listening or path.startswith(LISTENING), path


@pytest.mark.parametrize("path", JUDGING)
def test_secrets_are_compared_in_constant_time(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert "hmac.compare_digest" in called
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            names = {
                part.attr if isinstance(part, ast.Attribute) else part.id
                for part in (node.left, *node.comparators)
                if isinstance(part, ast.Attribute | ast.Name)
            }
            assert names & SECRET == set(), f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "payload",
    [
        one
        for one in vars(payloads).values()
        if isinstance(one, type) and issubclass(one, payloads.SentPayload)
    ],
)
def test_every_payload_refuses_fields_it_does_not_name(payload: type[payloads.SentPayload]) -> None:
    assert payload.model_config["extra"] == "forbid"


def test_it_is_said_where_a_network_printer_belongs() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "A printer on the network belongs into a network of its own" in told
