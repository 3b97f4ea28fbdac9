"""Settings that can be shown to anybody: what is secret is known by its type, never by its name.

A ``SecretStr`` is left out; of an address (``MayHoldSecret``) the user, the password and its query's values.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from kiosk.errors import SettingsError
from kiosk.settings import MayHoldSecret, Settings
from kiosk.visible import visible

HIDDEN: Final = "(secret)"
Learn: TypeAlias = Callable[[str], None]
"""Told of each secret as it is read or granted, before it is used."""
_SHORTEST: Final = 4
"""Shorter ones stand in any text by chance."""
_MOST_LEARNED: Final = 200
"""The newest are remembered: tokens come and go, and one that has expired is no secret any more."""
_PLAIN: Final = re.compile(r"[0-9.]+|none|xonxoff|rtscts|public")


def redacted(settings: Settings) -> Mapping[str, object]:
    """Return the settings as JSON without anything secret."""
    return _shown(settings)


def _shown(model: BaseModel) -> dict[str, object]:
    return {
        name: _value(getattr(model, name), is_address=_is_address(field))
        for name, field in type(model).model_fields.items()
    }


def _is_address(field: FieldInfo) -> bool:
    return any(isinstance(one, MayHoldSecret) for one in field.metadata)


def _value(value: object, *, is_address: bool) -> object:
    match value:
        case SecretStr():
            return HIDDEN
        case BaseModel():
            return _shown(value)
        case str() if is_address:
            return without_secrets(value)
        case None | bool() | int() | float() | str():
            return value
        case Path():
            return str(value)
        case Mapping():
            return {str(name): _value(one, is_address=is_address) for name, one in value.items()}
        case Sequence():
            return [_value(one, is_address=is_address) for one in value]
        case _:
            return HIDDEN


def without_secrets(address: str) -> str:
    """Return an address without its user and password, and without the values of its query."""
    parts = _split(address)
    if parts is None:
        return HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    query = "&".join(f"{name}={HIDDEN}" for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    # urlunsplit drops the slashes of an address without a host, as sqlite:////folder has none.
    begin = address[: address.index("://") + 3] if "://" in address else ""
    return f"{begin}{HIDDEN + at if user else ''}{host}{parts.path}{'?' + query if query else ''}"


def secrets_of(settings: Settings) -> frozenset[str]:
    """Return every secret of the settings, and those that they say where to read, as each may be written."""
    found = set(_within(settings))
    for read in (settings.ion.secret, lambda: settings.people.pepper().decode("utf-8", "replace")):
        try:
            found.add(read())
        except SettingsError:
            continue  # there is none that could be told
    return _as_written(found)


def _within(model: BaseModel) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _within(value)
        elif isinstance(value, str) and _is_address(field):
            yield from _of_address(value)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, BaseModel):
                    yield from _within(one)


def secrets_in(address: str) -> frozenset[str]:
    """Return the secrets of one address, as each may be written."""
    return _as_written(_of_address(address))


def _as_written(found: Iterable[str]) -> frozenset[str]:
    r"""Return secrets with all that texts make of them.

    ``"ä`` is ``\"\u00e4`` in JSON, ``%22%C3%A4`` in a URL.
    """
    plain = {one for one in found if len(one) >= _SHORTEST}
    told = {form for one in plain for form in (one, visible(one), repr(one)[1:-1], quote(one, safe=""))}
    return frozenset(
        told | {json.dumps(one, ensure_ascii=is_ascii)[1:-1] for one in told for is_ascii in (True, False)}
    )


def _of_address(address: str) -> Iterator[str]:
    parts = _split(address)
    if parts is None:
        return
    user, _, _ = parts.netloc.rpartition("@")
    # A name before a password is no secret; one that stands alone may be a token.
    for one in (user, user.partition(":")[2]):
        yield from (one, unquote(one))
    for _, value in parse_qsl(parts.query):
        if not _PLAIN.fullmatch(value):
            yield value


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


class Scrubber:
    """Takes secrets out of texts: those of the settings, and each that it learns of. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        """Learn what the settings hold, and what they say where to read."""
        self._of_settings = secrets_of(settings)
        self._learned: dict[str, None] = {}
        self._lock = threading.Lock()
        self._secrets = self._of_settings

    def learn(self, secret: str) -> None:
        """Take this secret out of every text from now on."""
        with self._lock:
            self._learned.pop(secret, None)
            self._learned[secret] = None
            while len(self._learned) > _MOST_LEARNED:
                del self._learned[next(iter(self._learned))]
            self._secrets = self._of_settings | _as_written(self._learned)

    def __call__(self, text: str) -> str:
        """Return a text without any of the secrets."""
        return scrubbed(text, self._secrets)


def unlearned(_secret: str) -> None:
    """Learn nothing: for who writes nothing down."""


def scrubbed(text: str, secrets: frozenset[str]) -> str:
    """Return a text without any of the secrets, wherever they came from."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
