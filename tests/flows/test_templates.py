"""What comes from barcodes or ION is a value of a message, never part of its template."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk.flows

FILES = sorted(Path(kiosk.flows.__file__).parent.glob("*.py"))


def templates_of(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield each expression that makes a template: what messages are given, what ``template`` is set to."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("Message"), args=[_, template, *_]):
                yield template
            case ast.Call(func=ast.Attribute(attr="_refused"), args=[template, *_]):
                yield template
            case ast.Assign(targets=[ast.Name("template")], value=template):
                yield template


def is_constant(template: ast.expr) -> bool:
    """Return whether an expression is text that stands in the source, or a name for it."""
    match template:
        case ast.Constant(str()) | ast.Name("template"):
            return True
        case ast.Name(name):
            return name.isupper()
        case ast.BinOp(left, ast.Add(), right) | ast.IfExp(body=left, orelse=right):
            return is_constant(left) and is_constant(right)
        case ast.Subscript(ast.Name(table)) | ast.Call(ast.Attribute(ast.Name(table), "get")):
            return table.isupper()
        case _:
            return False


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_templates_are_constants(file: Path) -> None:
    templates = list(templates_of(ast.parse(file.read_text(encoding="utf-8"))))
    assert [ast.unparse(template) for template in templates if not is_constant(template)] == []


@pytest.mark.parametrize(
    "source",
    [
        "Message(level, f'{name} is gone')",
        "Message(level, name)",
        "Message(level, 'a' + name)",
        "template = title(subject)",
        "template = 'a' if is_so else name",
        "Message(level, words[name])",
        "self._refused(given, given)",
    ],
)
def test_a_template_that_is_made_is_found(source: str) -> None:
    (template,) = templates_of(ast.parse(source))
    assert not is_constant(template)
