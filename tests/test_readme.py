"""README.md tells of every setting, command and target, and of none that does not exist."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import click
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from kiosk.cli import main
from kiosk.scanners import SCANNERS
from kiosk.settings import Settings
from kiosk.web.openapi import document
from printers import LANGUAGES
from tests.checkout import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"(?m)^\| `([^`]+)` \| ([^|]+) \|")


def section(title: str) -> str:
    found = re.search(rf"(?ms)^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README)
    assert found, f"README.md has no section {title!r}"
    return found[1]


def described_settings(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the default of every setting, as README.md writes them."""
    for name, field in model.model_fields.items():
        if inner := model_inside(field.annotation):
            is_table_list = field.annotation is not inner
            yield from described_settings(inner, f"{place}{name}{'[]' if is_table_list else ''}.")
        else:
            yield f"{place}{name}", default_in_toml(field)


def model_inside(annotation: object) -> type[BaseModel] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def default_in_toml(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default()
    assert not isinstance(value, SecretStr)
    return "none" if value is None else f"`{json.dumps(value)}`"


def test_every_setting_is_described_with_its_default() -> None:
    described = {name: default.strip() for name, default in ROW.findall(section("Configure"))}
    assert described == dict(described_settings(Settings))


def test_every_make_target_is_described() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"(?m)^\.PHONY: (.+)$", makefile)
    described = {name for name, _ in ROW.findall(section("Develop")) if name.startswith("make ")}
    assert described == {f"make {target}" for target in targets.split()}


def commands(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child_name in command.list_commands(context):
            child = command.get_command(context, child_name)
            assert child is not None
            yield from commands(child, f"{name} {child_name}")
    else:
        yield name


def test_every_command_is_described() -> None:
    described = {name for name, _ in ROW.findall(section("Command line"))}
    assert described == set(commands(main, "kiosk"))


def test_every_label_language_is_named() -> None:
    assert [name for name in LANGUAGES if f"`{name}`" not in section("Configure")] == []


def test_every_scanner_kind_is_named() -> None:
    assert [name for name in SCANNERS if f"`{name}`" not in section("Configure")] == []


def test_every_address_for_programs_is_described() -> None:
    described = {re.sub(r"<\w+>", "{}", name) for name, _ in ROW.findall(section("HTTP API"))}
    paths: Any = document("0")["paths"]
    offered = {
        f"{method.upper()} " + re.sub(r"{\w+}", "{}", path)
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/api/v1/")
    }
    assert offered - described == set()


def test_every_link_into_the_checkout_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    inside = [link for link in links if "://" not in link and not link.startswith(".pictures/")]
    assert inside
    assert [link for link in inside if not (ROOT / link).exists()] == []
