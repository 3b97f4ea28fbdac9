"""The configuration file ``kiosk.toml``, checked whole: every fault is reported at once.

Values come, strongest first, from ``KIOSK_ION__CLIENT_SECRET``-style environment variables, from the
file, and from the defaults below. Secrets may stand in a file of their own (``client_secret_file``) or
in systemd's credential directory under the name ``ion-secret``.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableVariable

from kiosk.errors import SettingsError
from kiosk.settings_names import misfits

CONFIG_VARIABLE = "KIOSK_CONFIG"
_LEAST_KEPT_DAYS = 31
"""Shorter would forget idempotency keys while a browser or a program may still send them again."""
DEFAULT_PATH = Path("/etc/ion-kiosk/kiosk.toml")
_NETWORK_PORT = re.compile(r"(socket|rfc2217)://([^/:@?#]+|\[[0-9A-Fa-f:.%]+\]):[0-9]{1,5}")
_TOML_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)\)")
FlowName = Literal["receive", "lookup", "move", "run", "label", "problem", "adjust"]


@dataclass(frozen=True, slots=True)
class MayHoldSecret:
    """Marks the type of an address, in which a user's password or an agent's community may stand."""


_Address = Annotated[str, MayHoldSecret()]
_MaybeAddress = Annotated[str | None, MayHoldSecret()]
_LOW_SCREEN_PX = 480
"""Has room for four lines of a list between its bars."""
_LINE_PX = 112
"""Of a line, and the gap to the next, where type is largest."""
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class IonSettings(_Section):
    """How to reach the tenant."""

    url: _Address = Field(pattern=r"^https?://")
    token_url: _Address = Field(pattern=r"^https?://")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    audience: str | None = None
    header: Literal["Bearer", "Token", "bare"] = "Bearer"
    dialect: Literal["auto", "documented-2026", "classic"] = "auto"
    ca_file: Path | None = None
    """Certificates (PEM) of the site's own authorities; they are trusted beside the system's."""
    http2: bool = True
    """Whether HTTP/2 is spoken where the server offers it; off where something in between breaks it."""
    documents: Path | None = None
    """A folder with the site's own GraphQL documents, ``<operation>.graphql``; they come first."""
    personal_issuer: _MaybeAddress = Field(default=None, pattern=r"^https?://")
    """Where people sign in with their own account: the OpenID Connect issuer, ``https://.../realms/<realm>``."""
    personal_client_id: str | None = Field(default=None, min_length=1)
    """This kiosk's name there: a public client with PKCE; absent, nobody signs in with ION."""
    personal_scopes: tuple[Annotated[str, StringConstraints(pattern=r"^[!#-\[\]-~]+$")], ...] = ("openid",)
    marker_attribute: str | None = Field(default=None, min_length=1, max_length=100)
    """An attribute of the tenant's issues, runs and inventory that may carry an operation's name."""
    works_alone: bool = False
    """Whether nobody else receives or scraps the same of the same within minutes.

    Where ION has no lock and carries no marker, what appears late is then taken for the kiosk's own.
    """
    connect_timeout_s: float = Field(default=3.0, gt=0, le=60)
    read_timeout_s: float = Field(default=4.0, gt=0, le=60)
    """A look-up that a person waits for."""
    write_timeout_s: float = Field(default=30.0, gt=0, le=300)
    """A change; longer, since giving up early leaves its outcome unknown."""
    request_life_s: float = Field(default=120.0, ge=0, le=3600)
    """How long a change that was given up may live on in ION, or in what stands before it.

    Where ION has no lock against its coming late, it is not sent again earlier.
    """
    upload_timeout_s: float = Field(default=120.0, gt=0, le=600)
    """Silence while a photo is sent to ION's storage."""
    read_ahead_minutes: float = Field(default=10.0, ge=0, le=1440)
    """How often what is needed without network is read anew; 0 for never."""

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Self:
        if (self.personal_issuer is None) != (self.personal_client_id is None):
            raise ValueError("personal_issuer and personal_client_id are set together, or neither of them")
        return self

    def secret(self) -> str:
        """Return the client secret.

        Raises:
            SettingsError: its file cannot be read, or it is given nowhere.
        """
        if self.client_secret is not None:
            return self.client_secret.get_secret_value()
        path = self.client_secret_file
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        if path is None and credentials:
            path = Path(credentials) / "ion-secret"
        if path is None:
            raise SettingsError(
                "ion: no client secret. Set client_secret_file, the systemd credential 'ion-secret' "
                "or KIOSK_ION__CLIENT_SECRET."
            )
        try:
            secret = path.read_text(encoding="utf-8").strip("\r\n")
        except OSError as error:
            raise SettingsError(
                f"ion.client_secret_file: cannot read {str(path)!r} (the system says: {error.strerror})"
            ) from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"ion.client_secret_file: {str(path)!r} is not UTF-8") from error
        if not secret:
            raise SettingsError(
                f"ion.client_secret_file: {str(path)!r} is empty, expected the client secret."
            )
        return secret


class JournalSettings(_Section):
    """Where everything that was scanned and decided is kept."""

    url: _Address = "sqlite:////var/lib/ion-kiosk/kiosk.db"
    allow_volatile: bool = False
    """Take a folder in memory (tmpfs, overlay), where all is gone with the power; for tests and the demo."""
    second_copy: Path | None = None
    """A file on another medium that gets every scan once more."""
    keep_days: int = Field(default=400, ge=0)
    """Days of work after which what came to an end is removed; 0 for never. What is open always stays."""

    @field_validator("keep_days")
    @classmethod
    def _keeps_long_enough(cls, days: int) -> int:
        if 0 < days < _LEAST_KEPT_DAYS:
            raise ValueError(f"expected 0 for ever, or {_LEAST_KEPT_DAYS} and more")
        return days


class LabelSettings(_Section):
    """The site's own label designs, and who prints labels once more."""

    designs: Path | None = None
    """The folder that keeps them and their versions; made when the first is saved."""
    reprint_serialized: Literal["operator", "lead", "technician"] = "lead"
    """The least role that may print a label with a serial number once more."""


class WebSettings(_Section):
    """Where the page is served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: _MaybeAddress = Field(default=None, pattern=r"^https?://[A-Za-z0-9.\[\]:-]+$")
    """Under which other machines reach the page, such as ``https://kiosk-1.example``; else it is detected."""
    language: Literal["en", "de", "es", "fr"] = "en"
    """What every station speaks that names no other language."""
    clock: Literal["", "12", "24"] = ""
    """The hours of the clock by which pages tell times; empty for that of the language."""
    others: Literal["all", "photos"] = "all"
    """What other machines may ask for: everything, signed in; or only what a phone needs for its photos."""
    metrics: Literal["here", "all"] = "here"
    """Who may read ``/metrics``: this machine, or others too."""
    remote_port: int | None = Field(default=None, ge=1, le=65535)
    """A port of this machine alone, where a proxy hands over what other machines ask over TLS."""
    without_tls: bool = False
    """Let people and programs of other machines in without TLS; who listens reads their PINs and keys."""
    api_keys: bool = False
    """Whether programs on this machine need an API key too; those on other machines always do."""


class LogSettings(_Section):
    """How the service tells what happens, on standard error."""

    form: Literal["text", "json"] = "text"
    """Lines for people, or a JSON object a line for a program that collects them."""


class ShiftSettings(_Section):
    """When people work, and where the label of their shift comes out by itself."""

    starts: tuple[Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")], ...] = ()
    """When shifts begin by the wall clock, ascending, such as ``06:00``; none, and a day is one shift."""
    prints_at: tuple[str, ...] = ()
    """Stations whose printer gives the label of each shift that ended, if anything was done in it."""

    @field_validator("starts")
    @classmethod
    def _ascend(cls, starts: tuple[str, ...]) -> tuple[str, ...]:
        if list(starts) != sorted(set(starts)):
            raise ValueError("expected times of one day, each later than the one before")
        return starts

    @property
    def times(self) -> tuple[time, ...]:
        """Return when shifts begin."""
        return tuple(map(time.fromisoformat, self.starts))


class PeopleSettings(_Section):
    """How long a person stays signed in."""

    idle_minutes: float = Field(default=5.0, gt=0, le=480)
    """Without a scan or a touch at their station."""
    longest_hours: float = Field(default=12.0, gt=0, le=48)
    """In any case."""
    unsigned: Literal["operator", "lead", "technician"] = "operator"
    """What somebody who is not signed in counts as, and a program."""
    sign_minutes: float = Field(default=2.0, gt=0, le=60)
    """How long a PIN counts for what is signed."""
    pepper_file: Path | None = None
    """A file with a secret that goes into every hash of a PIN; kept apart from the journal."""

    def pepper(self) -> bytes:
        """Return the secret of the hashes, else systemd's credential ``pin-pepper``, else nothing.

        Raises:
            SettingsError: its file cannot be read, or is empty.
        """
        path, credentials = self.pepper_file, os.environ.get("CREDENTIALS_DIRECTORY")
        if path is None and credentials and (Path(credentials) / "pin-pepper").exists():
            path = Path(credentials) / "pin-pepper"
        if path is None:
            return b""
        try:
            pepper = path.read_bytes().strip()
        except OSError as error:
            raise SettingsError(
                f"people.pepper_file: cannot read {str(path)!r} (the system says: {error.strerror})"
            ) from error
        if not pepper:
            raise SettingsError(f"people.pepper_file: {str(path)!r} is empty, expected a secret.")
        return pepper


class StationLabelSettings(_Section):
    """One label that a station prints; of several for one subject the first is printed unasked."""

    subject: Literal["inventory", "run", "location", "kit", "receive"]
    """Of what; ``receive``: of what was just received."""
    design: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
    printer: str = ""
    """Empty for the station's own."""


class StationSettings(_Section):
    """One place where a person works."""

    name: Name
    location: str = ""
    language: Literal["", "en", "de", "es", "fr"] = ""
    """What it speaks while nobody is there who has a language of their own; empty for that of ``[web]``."""
    flows: tuple[FlowName, ...] = ("receive", "lookup", "move", "run", "label", "problem", "adjust")
    printer: str = ""
    sign_in: tuple[Literal["phone", "browser"], ...] = ("phone",)
    """How people sign in with ION here: with their phone, or, at a desk, in the page's own browser."""
    light: Literal["auto", "bright", "dim"] = "auto"
    """The light where it stands; ``auto``: as the browser is set. A person may choose another there."""
    volume: Literal["off", "low", "middle", "high"] = "middle"
    """Of the sounds of its page; a person may choose another there."""
    distance: Literal["near", "far"] = "near"
    """From where its page is read: ``far`` shows each answer in large letters; a person may choose there."""
    screen: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$")] = "800x480"
    """Width and height of its screen in pixels, of the lowest where it has several."""
    labels: tuple[StationLabelSettings, ...] = ()
    """In place of the usual ones; of a subject that is not named the usual ones stay."""
    asks: Mapping[FlowName, Literal["none", "badge", "pin"]] = Field(default={})
    """What a flow asks of who works there; one that is not named asks nothing."""

    @property
    def lines(self) -> int:
        """Return how many lines of a list fit its screen: a key each on the command sheet, nine at most."""
        height = int(self.screen.partition("x")[2])
        return min(9, 4 + max(0, height - _LOW_SCREEN_PX) // _LINE_PX)


class ScannerSettings(_Section):
    """One scanner, by a path that stays the same when it is plugged in again."""

    name: Name
    station: str
    kind: Literal["serial", "keyboard", "hid-pos", "network"] = "serial"
    port: str = Field(min_length=1)
    baud: int = Field(default=115200, gt=0)
    silence_ms: int | None = Field(default=None, ge=5, le=5000)
    """A scan without a suffix ends after this silence; ``None``: what suits the kind."""
    tab_ends: bool = False
    """Tab ends a scan too, instead of being data."""
    blank_ms: int = Field(default=0, ge=0, le=10_000)
    """The same code again within this time is one scan; 0: every scan counts."""
    layout: Literal["us", "uk", "de", "fr"] = "us"
    """The keyboard layout that a ``keyboard`` scanner is set to."""
    gs_key: str | None = Field(default=None, pattern=r"^F([1-9]|1[0-9]|2[0-4])$")
    """The function key by which a ``keyboard`` scanner sends GS."""

    @property
    def silence_s(self) -> float:
        """Return the silence that ends a scan without a suffix, in seconds.

        Longer than the device's own pauses: 16 ms of an FTDI adapter's latency timer, two times 8 to 10 ms
        for a key of a slow keyboard, 200 ms until TCP repeats a lost packet. A HID-POS scanner says itself
        when a scan ends, so that silence only means that the rest was lost.
        """
        by_kind = {"keyboard": 100, "network": 300, "hid-pos": 500}
        return (self.silence_ms or by_kind.get(self.kind, 50)) / 1000

    @model_validator(mode="after")
    def _port_fits_kind(self) -> Self:
        if self.kind == "network" and not _NETWORK_PORT.fullmatch(self.port):
            raise ValueError(
                f"a network scanner has a port like 'socket://scanner-1:4001' or 'rfc2217://192.0.2.7:4001', "
                f"got {self.port!r}"
            )
        return self


class PrinterSettings(_Section):
    """One label printer and the label in it."""

    name: Name
    url: _Address = Field(pattern=r"^[a-z0-9+]+://")
    status_url: _MaybeAddress = Field(default=None, pattern=r"^snmp://")
    """Where to ask how it is, for a printer whose language cannot say: ``snmp://host?community=public``."""
    language: str = "zpl"
    model: str = Field(default="", max_length=40)
    """As printed on it; ``brother_ql`` needs it, and ``escpos`` asks more of Epson's ``TM-`` models."""
    dpi: int = Field(default=203, ge=100, le=1200)
    width_mm: float = Field(default=101.6, ge=3, le=300)
    height_mm: float = Field(default=50.8, ge=3, le=1000)
    tracking: Literal["gap", "mark", "continuous"] | None = None
    """How the printer finds where a label begins; ``None``, here and below: as it is set on the printer."""
    gap_mm: float = Field(default=3.0, ge=0, le=100)
    two_colour: bool = False
    ribbon: bool | None = None
    native: bool = False
    speed: int | None = None
    darkness: int | None = None
    cut: Literal["no", "full", "half"] | None = None
    peel: bool | None = None
    offset_x_mm: float = Field(default=0.0, ge=-20, le=20)
    offset_y_mm: float = Field(default=0.0, ge=-20, le=20)


class Settings(BaseSettings):
    """Everything a kiosk is told."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_prefix="KIOSK_",
        env_nested_delimiter="__",
    )

    ion: IonSettings
    journal: JournalSettings = JournalSettings()
    labels: LabelSettings = LabelSettings()
    web: WebSettings = WebSettings()
    people: PeopleSettings = PeopleSettings()
    shift: ShiftSettings = ShiftSettings()
    log: LogSettings = LogSettings()
    stations: tuple[StationSettings, ...] = Field(min_length=1)
    scanners: tuple[ScannerSettings, ...] = ()
    printers: tuple[PrinterSettings, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file's values, which arrive as arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def languages(self) -> Mapping[str, str]:
        """Return the language of each station by its name."""
        return {one.name: one.language or self.web.language for one in self.stations}

    def asks_pin(self, station: str, flow: str | None = None) -> bool:
        """Return whether a flow of a station asks for a PIN, or any of them where none is named."""
        asks = next((one.asks for one in self.stations if one.name == station), {})
        return any(asked == "pin" for name, asked in asks.items() if flow in {name, None})

    @model_validator(mode="wrap")
    @classmethod
    def _names_fit_together(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check names across the sections, also while a section has faults of its own."""
        misfitting = [InitErrorDetails(type=fault, loc=(), input=None) for fault in misfits(data)]
        try:
            settings = handler(data)
        except ValidationError as error:
            own = [
                InitErrorDetails(
                    type=PydanticCustomError("fault", "{words}", {"words": fault["msg"]}),
                    loc=fault["loc"],
                    input=None,
                )
                for fault in error.errors(include_url=False, include_input=False)
            ]
            raise ValidationError.from_exception_data(cls.__name__, own + misfitting) from None
        if misfitting:
            raise ValidationError.from_exception_data(cls.__name__, misfitting)
        return settings


def settings_path(path: Path | None = None) -> Path:
    """Return the configuration file: that one; else ``KIOSK_CONFIG``, else ``/etc/ion-kiosk/kiosk.toml``."""
    return path or Path(os.environ.get(CONFIG_VARIABLE, str(DEFAULT_PATH)))


def load_settings(path: Path | None = None) -> Settings:
    """Read and check the configuration.

    Args:
        path: the file, else the one of ``settings_path``.

    Raises:
        SettingsError: the file cannot be read, or something in it is wrong; the text lists every fault.
    """
    chosen = settings_path(path)
    try:
        values = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"Cannot read the configuration {str(chosen)!r} (the system says: {error.strerror})"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The configuration {str(chosen)!r} is not UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(_no_toml(str(chosen), str(error))) from error
    try:
        return Settings(**values)
    except ValidationError as error:
        lines = [f"  {_placed(fault['loc'])}{fault['msg']}" for fault in error.errors(include_input=False)]
        raise SettingsError(
            f"The configuration {str(chosen)!r} has {len(lines)} fault(s):\n" + "\n".join(lines)
        ) from error
    except UnreadableVariable as error:
        raise SettingsError(
            f"Cannot read the configuration from the environment (its reader says: {error})"
        ) from error


def _no_toml(file: str, said: str) -> str:
    """Return where a configuration is no TOML, and what the reader says, named as its words."""
    words, _, place = said.partition(" (at ")
    found = _TOML_PLACE.match(place)
    if found is None:
        return f"The configuration {file!r} is no TOML (the TOML reader says: {words})"
    line, column = found.groups()
    return (
        f"The configuration {file!r} is no TOML in line {line}, column {column} "
        f"(the TOML reader says: {words})"
    )


def _placed(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) + ": " if location else ""
