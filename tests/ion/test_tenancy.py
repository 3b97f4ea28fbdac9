import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from graphql import build_schema, introspection_from_schema

from kiosk.errors import IonUnreachable, JournalError
from kiosk.ion.client import Client
from kiosk.ion.tenancy import Tenancy, _Shared
from kiosk.ports import KeptSchema
from tests.ion.factory import settings_for

OLD = build_schema("type Query { me: User } type User { id: ID! name: String }")
NEW = build_schema("type Query { currentUser: User } type User { id: ID! name: String }")


class Room:
    def __init__(self) -> None:
        self.kept: dict[str, KeptSchema] = {}
        self.is_broken = False

    def schema(self, tenant: str) -> KeptSchema | None:
        if self.is_broken:
            raise JournalError("broken")
        return self.kept.get(tenant)

    def keep_schema(self, tenant: str, text: str, digest: str) -> None:
        if self.is_broken:
            raise JournalError("broken")
        self.kept[tenant] = KeptSchema(text, digest, datetime(2026, 11, 25, tzinfo=UTC))


class World:
    def __init__(self, room: Room | None = None) -> None:
        self.schema, self.is_online, self.asked, self.now_s = OLD, True, 0, 0.0
        self.room = room
        settings = settings_for()
        client = Client(settings, transport=httpx.MockTransport(self.answer))
        self.tenancy = Tenancy(client, settings, room=room, monotonic=lambda: self.now_s)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.is_online:
            raise httpx.ConnectError("no network", request=request)
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "token-1", "expires_in": 300})
        self.asked += 1
        data: Any = introspection_from_schema(self.schema)
        return httpx.Response(200, json={"data": data})

    def document(self) -> str | None:
        return self.tenancy.tenant().catalogue.choice("who_am_i").document


CLASSIC, DOCUMENTED = "who_am_i.classic.graphql", "who_am_i.documented-2026.graphql"


def test_the_schema_is_read_once() -> None:
    world = World()
    assert world.tenancy.known() is None
    assert [world.document(), world.document()] == [CLASSIC, CLASSIC]
    assert world.asked == 1


def test_references_to_a_type_that_say_the_same_are_one_object() -> None:
    text = json.dumps(introspection_from_schema(OLD))
    found = json.loads(text, object_hook=_Shared())
    assert found == json.loads(text)
    (user,) = (each for each in found["__schema"]["types"] if each["name"] == "User")
    (meta,) = (each for each in found["__schema"]["types"] if each["name"] == "__Field")
    types = {field["name"]: field["type"] for field in meta["fields"]}
    assert types["name"]["kind"] == types["isDeprecated"]["kind"] == "NON_NULL"
    assert types["name"] != types["isDeprecated"]
    (id_, name) = (field["type"] for field in user["fields"])
    assert name is types["description"]
    assert id_["ofType"] == {"kind": "SCALAR", "name": "ID", "ofType": None}
    assert types["name"]["ofType"] is name


def test_a_schema_is_kept_with_its_digest_and_serves_a_start_without_network() -> None:
    room = Room()
    World(room).document()
    (kept,) = room.kept.values()
    assert kept.digest == hashlib.sha256(kept.text.encode()).hexdigest()
    assert "__schema" in json.loads(kept.text)
    later = World(room)
    later.is_online = False
    assert later.document() == CLASSIC
    assert later.asked == 0


def test_a_kept_schema_is_read_again_at_the_first_chance() -> None:
    room = Room()
    World(room).document()
    later = World(room)
    later.schema, later.is_online = NEW, False
    assert later.document() == CLASSIC
    later.tenancy.renew_if_due()
    assert later.document() == CLASSIC
    later.is_online = True
    later.tenancy.renew_if_due()
    assert later.document() == CLASSIC  # it has just tried, and tries again later
    later.now_s += 301
    later.tenancy.renew_if_due()
    assert later.document() == DOCUMENTED


def test_a_schema_is_read_again_on_a_schedule_and_changes_nothing_unless_it_changed() -> None:
    world = World()
    tenant = world.tenancy.tenant()
    world.tenancy.renew_if_due()
    assert world.asked == 1
    world.now_s += 6 * 3600 + 1
    world.tenancy.renew_if_due()
    assert world.asked == 2
    assert world.tenancy.tenant() is tenant
    world.schema = NEW
    world.now_s += 6 * 3600 + 1
    world.tenancy.renew_if_due()
    assert world.document() == DOCUMENTED


def test_nothing_is_renewed_that_nobody_asked_for() -> None:
    world = World()
    world.tenancy.renew_if_due()
    assert world.asked == 0


def test_a_refused_document_makes_the_schema_be_read_again() -> None:
    world = World()
    tenant = world.tenancy.tenant()
    assert not world.tenancy.is_renewed(tenant)
    world.schema = NEW
    assert world.tenancy.is_renewed(tenant)
    assert world.document() == DOCUMENTED


def test_a_forgotten_schema_is_asked_for_though_it_is_kept() -> None:
    room = Room()
    world = World(room)
    world.document()
    world.schema = NEW
    world.tenancy.refresh()
    assert world.document() == DOCUMENTED


@pytest.mark.parametrize("text", ["", "{}", "null", '{"__schema": {"types": 5}}', "[" * 5000])
def test_a_kept_schema_that_is_none_is_asked_for(text: str) -> None:
    room = Room()
    world = World(room)
    room.keep_schema(settings_for().url, text, "0" * 64)
    assert world.document() == CLASSIC
    assert world.asked == 1


def test_a_journal_that_cannot_be_read_or_written_is_no_reason_to_stop() -> None:
    room = Room()
    room.is_broken = True
    world = World(room)
    assert world.document() == CLASSIC


def test_without_network_and_without_a_kept_schema_nothing_is_known() -> None:
    world = World(Room())
    world.is_online = False
    with pytest.raises(IonUnreachable):
        world.tenancy.tenant()
