"""A canary in every place of the settings that can hold a secret; nothing that the kiosk says sings.

Each field is found by its type, so that a new one is tried by itself.
"""

import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from kiosk.cli import main
from kiosk.compose import Kiosk, assembled
from kiosk.errors import SettingsError
from kiosk.log_lines import OneLine
from kiosk.model import BadgeHolder, Pin, Role
from kiosk.redaction import Learn, Scrubber, secrets_of
from kiosk.settings import MayHoldSecret, Settings, load_settings
from kiosk.settings_desk import SettingsDesk
from kiosk.support import Tools, collected
from kiosk.web import create_app
from tests.machine.fake_machine import NOW, a_well_machine
from tests.security.test_routes import path_of

PIN = "271828"
BASE: Mapping[str, object] = {
    "ion": {
        "url": "http://127.0.0.1:9/graphql",
        "token_url": "http://127.0.0.1:9/token",
        "client_id": "kiosk",
        "personal_client_id": "people",
    },
    "journal": {"allow_volatile": True},
    "web": {"port": 9},
    "stations": [{"name": "dock-1", "asks": {"run": "pin"}}],
    "scanners": [{"name": "gun", "station": "dock-1", "port": "/dev/serial/by-id/none"}],
    "printers": [{"name": "zebra", "url": "ipp://127.0.0.1:9/ipp/print"}],
}
ADDRESSES = {
    "ion.personal_issuer": "http://127.0.0.1:9/realms/people",
    "printers.url": "ipp://127.0.0.1:9/ipp/print",
    "printers.status_url": "snmp://127.0.0.1:9",
}
QUERIES = {"printers.url": "format", "printers.status_url": "community"}
"""What may stand after the question mark, where not anything may."""
OF_A_DATABASE = "journal.url"
"""Tried apart: the kiosk that runs here keeps its journal in a file, whose address has no password."""
HOLDS_NONE = frozenset({"web.public_url"})
"""An address that is refused with a user, a password or a query."""
SOUNDS_SECRET = re.compile(r"secret|password|pass|pin\b|pepper|token|community|credential|api_?key")
NO_SECRET = frozenset({"ion.client_secret_file", "people.pepper_file", "web.api_keys"})
"""Files' names, whose content has a canary of its own, and a switch."""


def fields() -> Iterator[tuple[str, FieldInfo]]:
    """Yield every field of every section, by ``section.name``."""
    for section, outer in Settings.model_fields.items():
        model = outer.annotation
        inner = [one for one in (model, *getattr(model, "__args__", ())) if isinstance(one, type)]
        for each in inner:
            if issubclass(each, BaseModel):
                yield from ((f"{section}.{name}", field) for name, field in each.model_fields.items())


def is_secret(field: FieldInfo) -> bool:
    return SecretStr in {field.annotation, *getattr(field.annotation, "__args__", ())}


def is_address(field: FieldInfo) -> bool:
    return any(isinstance(one, MayHoldSecret) for one in field.metadata)


SECRET_FIELDS = tuple(name for name, field in fields() if is_secret(field))
ADDRESS_FIELDS = tuple(
    name for name, field in fields() if is_address(field) and name not in {OF_A_DATABASE, *HOLDS_NONE}
)


def canary(name: str) -> str:
    return f"CANARY-{name.replace('.', '-').replace('_', '-')}-9c41"


def with_canaries(folder: Path) -> Mapping[str, object]:
    """Return settings with a canary in every secret, address and file of a secret."""
    told: dict[str, object] = json.loads(json.dumps(BASE))

    def put(name: str, value: object) -> None:
        section, _, key = name.partition(".")
        held = told.setdefault(section, {})
        target = held[0] if isinstance(held, list) else held
        assert isinstance(target, dict)
        target[key] = value

    for name in SECRET_FIELDS:
        put(name, canary(name))
    for name in ADDRESS_FIELDS:
        section, _, key = name.partition(".")
        held = BASE[section]
        target = held[0] if isinstance(held, list) else held
        assert isinstance(target, dict)
        plain = target.get(key) or ADDRESSES[name]
        scheme, _, rest = str(plain).partition("://")
        query = f"{QUERIES.get(name, 'password')}={canary(name)}-query"
        user = "" if name == "printers.status_url" else f"clerk:{canary(name)}@"
        put(name, f"{scheme}://{user}{rest}?{query}")
    for name, file in (("pepper", "people.pepper_file"),):
        (folder / name).write_text(canary(file) + "\n", encoding="ascii")
        put(file, str(folder / name))
    put(OF_A_DATABASE, f"sqlite:///{folder}/kiosk.db")
    return told


def toml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {toml(one)}' for name, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    told = with_canaries(tmp_path)
    path.write_text("\n".join(f"{name} = {toml(one)}" for name, one in told.items()), encoding="utf-8")
    return path


@pytest.fixture
def kiosk(config: Path) -> Iterator[Kiosk]:
    with assembled(load_settings(config)) as made:
        holder = BadgeHolder("", "Tess", "T1", Role.TECHNICIAN)
        made.staff.register.add(holder, None, Pin(PIN), None)
        yield made


def client_of(kiosk: Kiosk, config: Path) -> FlaskClient:
    desk = SettingsDesk(kiosk.settings, config)
    app = create_app(replace(kiosk.rooms(), settings=desk, are_metrics_open=True))
    client = app.test_client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/settings").get_data(as_text=True))
    assert token is not None
    headers = {"X-CSRF-Token": token[1], "HX-Request": "true"}
    form = {"badge": "T1", "pin": PIN}
    assert "client_secret" in client.post("/settings/sign-in", data=form, headers=headers).text
    return client


def heard(text: str) -> list[str]:
    return sorted(set(re.findall(r"CANARY[-\w]*", text)))


def test_what_sounds_like_a_secret_is_marked_as_one() -> None:
    unmarked = [
        name
        for name, field in fields()
        if SOUNDS_SECRET.search(name.partition(".")[2]) and not (is_secret(field) or is_address(field))
    ]
    assert sorted(unmarked) == sorted(NO_SECRET)


def test_the_canaries_are_where_they_can_be(config: Path) -> None:
    held = secrets_of(load_settings(config))
    wanted = {canary(name) for name in (*SECRET_FIELDS, *ADDRESS_FIELDS, "people.pepper_file")}
    assert len(wanted) >= 6
    assert {one for one in wanted if not any(one in secret for secret in held)} == set()
    for name in HOLDS_NONE:
        with pytest.raises(ValidationError):
            Settings(**{**BASE, "web": {name.partition(".")[2]: "https://u:CANARY@kiosk-1.example"}})  # type: ignore[arg-type]  # as from a file


def test_no_page_no_header_and_no_error_says_one(
    kiosk: Kiosk, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(kiosk, config)
    asked = 0
    for rule in client.application.url_map.iter_rules():
        if "events" in rule.rule:
            continue  # a stream that does not end; it carries what the pages show
        for method in sorted({"GET", "POST", "DELETE"}):
            for form in ("", "?id=none&q=CANAR&code=none&act=cancel&name=none"):
                with client.open(f"{path_of(rule)}{form}", method=method) as answer:
                    asked += 1
                    body = answer.get_data().decode("utf-8", "replace")
                    assert heard(f"{answer.headers}{body}") == [], (method, rule.rule)
    assert asked > 200
    broken = create_app(replace(kiosk.rooms(), settings=_Broken(kiosk.settings, config))).test_client()
    cookie = client.get_cookie("kiosk_office")
    assert cookie is not None
    broken.set_cookie("kiosk_office", cookie.value)
    caplog.clear()
    failed = broken.get("/settings")
    assert (failed.status_code, heard(failed.get_data(as_text=True))) == (500, [])
    assert "ValueError" in caplog.text


class _Broken(SettingsDesk):
    """Fails with a secret in its words."""

    def view(self) -> None:  # type: ignore[override]  # it never returns
        raise ValueError(canary("ion.client_secret"))


def test_the_log_says_none(kiosk: Kiosk, config: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(kiosk, config)
    for path in ("/settings", "/scanners", "/printers", "/healthz", "/metrics", "/nothing"):
        client.get(path)
    kiosk.link.step()
    assert heard(caplog.text) == []


def test_a_key_that_is_rotated_after_the_start_is_learned_before_it_is_sent(
    config: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("at-the-start")
    settings = load_settings(config)
    ion = settings.ion.model_copy(update={"client_secret": None, "client_secret_file": key})
    settings = settings.model_copy(update={"ion": ion})
    scrubber = Scrubber(settings)
    with assembled(settings, scrubber.learn) as kiosk:
        key.write_text("rotated-9c41")
        kiosk.link.step()
    assert scrubber("at-the-start rotated-9c41") == "(secret) (secret)"


def test_the_service_s_log_says_nothing_that_was_learned(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(OneLine())
    root = logging.getLogger()

    def refused(_settings: Settings, learn: Learn) -> None:
        learn("rotated-9c41")
        root.warning("It is %s", "rotated-9c41")
        raise SettingsError("Not today.")

    monkeypatch.setattr("kiosk.cli.service.assembled", refused)
    root.addHandler(handler)
    try:
        CliRunner().invoke(main, ["serve", "--config", str(config)])
    finally:
        root.removeHandler(handler)
    assert "It is «(secret)»" in handler.stream.getvalue()


def test_metrics_are_there_and_say_none(kiosk: Kiosk, config: Path) -> None:
    answer = client_of(kiosk, config).get("/metrics")
    assert "ion_kiosk" in answer.text or "kiosk_" in answer.text
    assert heard(answer.text) == []


def test_neither_check_nor_the_support_bundle_says_one(config: Path, tmp_path: Path) -> None:
    machine = a_well_machine(tmp_path)
    checked = CliRunner().invoke(main, ["check", "--config", str(config)], obj=machine)
    assert ("127.0.0.1:9" in checked.output, heard(checked.output)) == (True, [])
    tools = Tools(run=lambda _: canary("ion.client_secret"), ask=lambda *_: canary("people.pepper_file"))
    files = collected(config, machine, NOW, with_scans=True, tools=tools)
    assert (len(files) > 5, heard("\n".join(files.values()))) == (True, [])


def test_a_faulty_file_says_none(config: Path, kiosk: Kiosk) -> None:
    desk = SettingsDesk(kiosk.settings, config)
    whole = config.read_text(encoding="utf-8")
    for broken in (
        whole.replace("port = 9", 'port = "CANARY"'),
        whole.replace('"ipp:', '"'),
        whole + "\n=",
        "",
    ):
        config.write_text(broken, encoding="utf-8")
        view = desk.view()
        assert (bool(view.faults), heard(str(view))) == (True, [])


def test_a_start_that_fails_says_none(config: Path) -> None:
    broken = config.read_text(encoding="utf-8").replace("?format=", "?password=")
    config.write_text(broken, encoding="utf-8")
    with pytest.raises(SettingsError) as raised, assembled(load_settings(config)):
        pass
    assert ("expected only" in str(raised.value), heard(str(raised.value))) == (True, [])


def test_a_database_s_password_is_left_out(config: Path) -> None:
    settings = load_settings(config)
    url = f"postgresql://clerk:{canary(OF_A_DATABASE)}@db.example/kiosk?password={canary(OF_A_DATABASE)}"
    journal = settings.journal.model_copy(update={"url": url})
    view = SettingsDesk(settings.model_copy(update={"journal": journal}), None).view()
    assert "db.example/kiosk" in str(view)
    assert heard(str(view)) == []
