"""What the kiosk refuses a person, and why, is in the catalogues."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.checkout import ROOT
from tests.language.test_catalogues import extraction, wanted

OF_PAGES = frozenset(
    {"BadRequest", "Conflict", "Forbidden", "NotFound", "RequestEntityTooLarge", "ServiceUnavailable"}
    | {"UnprocessableEntity"}
)
SHOWN = OF_PAGES | frozenset(
    {
        "KeyReused",
        "LabelError",
        "OperatorRefused",
        "OrderRefused",
        "PhotoRefused",
        "PrintRefused",
        "SignInFailed",
    }
)
"""Errors whose texts stand on a screen or a page."""
NOT_FOR_PEOPLE = ("kiosk/artwork.py", "kiosk/cli/", "kiosk/sheets/", "kiosk/simulator/", "kiosk/web/api_")
"""Rooms whose errors stand on the command line, or are told to programs."""


def refusals(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as call) if name in SHOWN:
                module = ast.Module([ast.Expr(argument) for argument in call.args], [])
                for each in module.body:
                    yield from extraction().python_texts(f"said = {ast.unparse(each)}", in_room=True)


def rooms() -> Iterator[tuple[str, Path]]:
    for path in (ROOT / "kiosk").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(NOT_FOR_PEOPLE):
            yield name, path


def test_what_is_refused_to_a_person_is_in_the_catalogues() -> None:
    known = wanted()
    said = {(name, text) for name, path in rooms() for text in refusals(path.read_text("utf-8"))}
    assert len(said) > 50
    assert {(name, text) for name, text in said if text not in known} == set()


def test_a_refusal_that_is_not_is_found() -> None:
    source = 'raise SignInFailed("Nobody is there.")\nraise LabelError(told("No {label} here.", label=one))'
    assert list(refusals(source)) == ["Nobody is there.", "No {label} here."]
