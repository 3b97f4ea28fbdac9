"""What the kiosk was told, for a technician to look at: every setting, where it came from, and no secret."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from kiosk.errors import SettingsError
from kiosk.redaction import redacted, scrubbed, secrets_of
from kiosk.settings import Settings, load_settings

MESSAGES: Final = (
    "Field required",
    "Extra inputs are not permitted",
    "Value error, {error}",
    "Input should be {expected}",
    "Input should be a valid string",
    "Input should be a valid integer",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid integer, got a number with a fractional part",
    "Input should be a valid number",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a finite number",
    "Input should be a valid boolean",
    "Input should be a valid boolean, unable to interpret input",
    "Input should be a valid list",
    "Input should be a valid tuple",
    "Input should be a valid dictionary",
    "Input should be a valid dictionary or instance of {class_name}",
    "Input should be greater than {gt}",
    "Input should be greater than or equal to {ge}",
    "Input should be less than {lt}",
    "Input should be less than or equal to {le}",
    "String should match pattern '{pattern}'",
    "String should have at least {min_length} character",
    "String should have at least {min_length} characters",
    "String should have at most {max_length} characters",
    "Tuple should have at least {min_length} item after validation, not {actual_length}",
)
"""What pydantic says of a value of the kinds that settings have (pydantic-core, its list of errors)."""


class Origin(StrEnum):
    """Where a value came from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, in the words of ``kiosk.toml``."""

    name: str
    value: str
    """As TOML has it; empty where nothing is set, and of a secret."""
    origin: Origin
    is_secret: bool = False
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class SettingsGroup:
    """A section, or one of the things that a section lists."""

    title: str
    """As it stands in the file, such as ``[ion]`` or ``[[stations]]``."""
    name: str
    """Of one that has a name, else empty."""
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What the kiosk runs with."""

    source: str
    """The file, empty where there is none."""
    groups: tuple[SettingsGroup, ...]
    faults: tuple[str, ...]
    """What is wrong: with the file as it is now, and with the secrets that are read from elsewhere."""
    changed: tuple[str, ...]
    """The sections that are otherwise in the file since the start."""


class SettingsDesk:
    """Tells what the kiosk runs with, and whether the file still says the same."""

    def __init__(self, settings: Settings, source: Path | None) -> None:
        """Keep what the kiosk runs with.

        Args:
            settings: as they were read at the start.
            source: the file they were read from, ``None`` for those of the demo.
        """
        self._settings = settings
        self._source = source

    def view(self) -> SettingsView:
        """Return everything as it is now; the file is read once more."""
        faults: list[str] = []
        changed: tuple[str, ...] = ()
        for read in (self._settings.ion.secret, self._settings.people.pepper):
            try:
                read()
            except SettingsError as error:
                faults.append(str(error))
        if self._source is not None:
            try:
                changed = _differing(self._settings, load_settings(self._source))
            except SettingsError as error:
                faults += [line.strip() for line in str(error).splitlines()]
        secrets = secrets_of(self._settings)
        return SettingsView(
            source=str(self._source or ""),
            groups=tuple(_groups(self._settings, given=Origin.FILE if self._source else Origin.DEMO)),
            faults=tuple(scrubbed(fault, secrets) for fault in faults),
            changed=changed,
        )


def _differing(running: Settings, now: Settings) -> tuple[str, ...]:
    return tuple(
        f"[{name}]" for name in Settings.model_fields if getattr(running, name) != getattr(now, name)
    )


def _groups(settings: Settings, given: Origin) -> Iterator[SettingsGroup]:
    # The same variables as at the start: nobody changes those of a running process.
    shown, environment = redacted(settings), EnvSettingsSource(Settings)()
    for name in Settings.model_fields:
        value, told, outside = getattr(settings, name), shown[name], environment.get(name)
        if isinstance(value, BaseModel):
            over = frozenset(outside) if isinstance(outside, Mapping) else frozenset()
            yield SettingsGroup(f"[{name}]", "", _rows(value, _mapping(told), given, over))
        else:
            origin = Origin.ENVIRONMENT if outside is not None else given
            for one, told_one in zip(value, _sequence(told), strict=True):
                rows = _rows(one, _mapping(told_one), origin, frozenset())
                yield SettingsGroup(f"[[{name}]]", one.name, rows)


def _rows(
    model: BaseModel, told: Mapping[str, object], given: Origin, outside: frozenset[str]
) -> tuple[Setting, ...]:
    """Return a section's settings.

    Args:
        model: the section.
        told: the same without secrets.
        given: where what is set came from.
        outside: the settings that the environment has.
    """
    rows = []
    for name, field in type(model).model_fields.items():
        is_secret = _is_secret(field)
        origin = given if name in model.model_fields_set else Origin.DEFAULT
        rows.append(
            Setting(
                name,
                "" if is_secret or told[name] is None else _toml(told[name]),
                Origin.ENVIRONMENT if name in outside else origin,
                is_secret=is_secret,
                is_set=told[name] is not None,
            )
        )
    return tuple(rows)


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in {field.annotation, *get_args(field.annotation)}


def _toml(value: object) -> str:
    """Return a value as it may stand in the file, on one line."""
    if isinstance(value, Mapping):
        pairs = [f"{name} = {_toml(one)}" for name, one in value.items() if one is not None]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()
