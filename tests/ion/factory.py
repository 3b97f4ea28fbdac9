"""A simulated tenant without sockets: what ``Ion`` posts is answered by the simulator in this process."""

import json
import time
from collections.abc import Callable
from copy import copy
from functools import cache

import httpx
from graphql import GraphQLSchema, build_client_schema, introspection_from_schema

from kiosk.ion import Catalogue, Ion
from kiosk.ion.tenant import Tenant
from kiosk.ports import Absent, NoteRoom
from kiosk.settings import IonSettings
from kiosk.simulator.ion import Ion as SimulatedIon
from kiosk.simulator.ion import Question as Posted
from kiosk.simulator.ion import root_fields
from kiosk.simulator.schema import Dialect, build
from kiosk.simulator.seed import seed_world
from kiosk.simulator.switches import Switches
from kiosk.simulator.world import World

LATE = Absent(late_s=120)
"""Not there, and without a lock: as the settings have it, a late copy may arrive for two minutes."""
FENCED = Absent(is_new=True)
"""Not there, and older copies were made stale just now."""
Mishap = Callable[["Factory", httpx.Request], httpx.Response]


def settings_for(url: str = "http://ion.test", /, **changes: object) -> IonSettings:
    return IonSettings.model_validate(
        {
            "url": f"{url}/graphql",
            "token_url": f"{url}/token",
            "client_id": "kiosk",
            "client_secret": "kiosk-secret",
            **changes,
        }
    )


@cache
def schema_of(dialect: Dialect) -> GraphQLSchema:
    """Return the simulated tenant's schema as a kiosk has it from introspection."""
    return build_client_schema(introspection_from_schema(build(dialect)))


@cache
def catalogue_of(dialect: Dialect, *, is_marked: bool = False) -> Catalogue:
    return Catalogue(
        schema_of(dialect), unused=frozenset() if is_marked else frozenset({"marker", "marker_key"})
    )


@cache
def _simulated(dialect: Dialect, switches: Switches) -> SimulatedIon:
    return SimulatedIon(World(), dialect=dialect, switches=switches)


def know(ion: Ion, dialect: Dialect) -> None:
    """Let an ``Ion`` know the tenant's schema, as if it had read it."""
    is_marked = ion._settings.marker_attribute is not None
    ion._tenancy._tenant = Tenant(ion._client, catalogue_of(dialect, is_marked=is_marked))


class Factory:
    """A world, the transport that reaches it, and everything that was posted."""

    def __init__(
        self, dialect: Dialect, *, switches: Switches | None = None, world: World | None = None
    ) -> None:
        self.world = seed_world(world or World())
        self.ion = copy(_simulated(dialect, switches or Switches()))
        self.ion.world = self.world
        self.posted: list[frozenset[str]] = []
        self.held: list[httpx.Request] = []
        self._mishaps: list[tuple[str, Mishap]] = []
        self._user = next(user for user in self.world.users if user.id == 40)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    @property
    def mutations(self) -> list[str]:
        return [name for posted in self.posted for name in posted & self._mutation_fields]

    @property
    def _mutation_fields(self) -> frozenset[str]:
        return frozenset(self.ion._schema.mutation_type.fields)  # type: ignore[union-attr]

    @property
    def effects(self) -> list[str]:
        return [effect.operation for effect in self.world.ledger]

    def gateway(
        self,
        *,
        through: httpx.BaseTransport | None = None,
        notes: NoteRoom | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        **changes: object,
    ) -> Ion:
        """Return an ``Ion`` that knows this tenant's schema already."""
        ion = Ion(
            settings_for(**changes),
            notes=notes,
            transport=through or self.transport,
            monotonic_s=monotonic_s,
        )
        know(ion, self.ion.dialect)
        return ion

    def new_gateway(self, **changes: object) -> Ion:
        """Return an ``Ion`` that has asked for nothing yet."""
        return Ion(settings_for(**changes), transport=self.transport)

    def answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        answer = self.ion.ask(Posted(body["query"], body["variables"]), self._user)
        return httpx.Response(answer.status, json=answer.body)

    def changes_in(self, request: httpx.Request) -> frozenset[str]:
        """Return the mutations that a request asks for."""
        return root_fields(Posted(json.loads(request.content)["query"], None)) & self._mutation_fields

    def once(self, field: str, mishap: Mishap) -> None:
        """Let this happen to the next request that asks for ``field``."""
        self._mishaps.append((field, mishap))

    def release(self) -> None:
        """Let the held requests arrive now."""
        for request in self.held:
            self.answer(request)
        self.held.clear()

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "token-1", "expires_in": 300})
        fields = root_fields(Posted(json.loads(request.content)["query"], None))
        self.posted.append(fields)
        for index, (field, mishap) in enumerate(self._mishaps):
            if field in fields:
                del self._mishaps[index]
                return mishap(self, request)
        return self.answer(request)


def lose_the_answer(factory: Factory, request: httpx.Request) -> httpx.Response:
    factory.answer(request)
    raise httpx.ReadTimeout("too late", request=request)


def lose_the_request(_factory: Factory, request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too late", request=request)


def hold(factory: Factory, request: httpx.Request) -> httpx.Response:
    factory.held.append(request)
    raise httpx.ReadTimeout("too late", request=request)


def refuse_the_connection(_factory: Factory, request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("[Errno 111] Connection refused", request=request)


def gateway_page(factory: Factory, request: httpx.Request) -> httpx.Response:
    factory.answer(request)
    return httpx.Response(502, html="<h1>502 Bad Gateway</h1>")


def twice(factory: Factory, request: httpx.Request) -> httpx.Response:
    answer = factory.answer(request)
    factory.answer(request)
    return answer
