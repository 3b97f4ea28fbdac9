"""Every claim names tests, and each of them is there and checks something."""

import ast
import functools
import re

import pytest

from tests.checkout import ROOT
from tests.security.claims import ASVS, LESSONS, PEOPLE

ROWS = (
    *("1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "7.3.2", "7.4.2"),
    *("7.4.3", "7.4.4", "7.4.5", "8.2.2", "8.2.3", "13.3.2", "16.3.2", "16.3.3", "16.3.4"),
    *("1.2.1", "1.2.10", "1.3.7", "2.2.1", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "2.4.1", "3.3.1", "3.4.3"),
    *("3.4.4", "3.4.5", "3.4.6", "3.5.1", "4.3.1", "6.1.1", "6.5.4", "7.1.1", "7.2.3", "7.2.4", "7.3.1"),
    *("7.4.1", "8.2.1", "8.3.1", "13.3.1", "15.3.2", "15.4.2", "16.2.2", "16.3.1", "16.4.1", "16.4.2"),
    *("16.4.3", "16.5.1"),
)
"""Of the standard: those that a kiosk of this kind has to answer for."""


@functools.cache
def checking(path: str) -> frozenset[str]:
    """Return the tests of a file that assert something, by themselves or by what they call."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _checks(node))


def _checks(function: ast.FunctionDef) -> bool:
    called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or bool(
        {"pytest.raises", "expect"} & called or {name for name in called if name.startswith("check")}
    )


@pytest.mark.parametrize(
    ("claim", "test"),
    [(claim, test) for claim, tests in {**ASVS, **LESSONS, **PEOPLE}.items() for test in tests],
)
def test_a_claim_has_its_test(claim: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert name in checking(path), claim


def test_every_row_that_matters_is_claimed() -> None:
    claimed = {claim.split()[0] for claim in ASVS}
    assert set(ROWS) - claimed == set()


def test_lessons_name_what_they_are_of() -> None:
    assert all(re.match(r"CVE-\d{4}-\d{4,}", claim) for claim in LESSONS)
