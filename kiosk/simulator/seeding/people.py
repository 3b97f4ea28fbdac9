"""Permissions, roles, users, teams and keys of a seed file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kiosk.simulator.derived import permissions_of
from kiosk.simulator.rows import ApiClient, OAuthClient, PermissionGroup, Role, Team, User
from kiosk.simulator.rules.desk import permission_for
from kiosk.simulator.schema import mutation_names
from kiosk.simulator.seeding.names import Entry, find, find_id
from kiosk.simulator.world import World

__all__ = [
    "plant_api_client",
    "plant_oauth_client",
    "plant_permission_groups",
    "plant_role",
    "plant_team",
    "plant_user",
]

_EVERYTHING: Final = "*"
_VERB: Final = re.compile("^[A-Z][a-z]+")
_FAMILIES: Final = {"APIKey": "APIKeyObject"}


def plant_permission_groups(world: World) -> None:
    """Give every mutation of the schemas its permission."""
    for number, name in enumerate(sorted(map(permission_for, mutation_names())), start=1):
        subject = _VERB.sub("", name) or name
        family = _FAMILIES.get(subject, subject)
        world.permission_groups.put(PermissionGroup(id=number, name=name, family=family))


def _groups(world: World, sets: Mapping[str, Sequence[str]], names: Iterable[str]) -> tuple[int, ...]:
    """Return the permissions of some sets."""
    known = {group.name: group.id for group in world.permission_groups}
    found: dict[int, None] = {}
    for name in names:
        for permission in sets[name]:
            if permission == _EVERYTHING:
                found |= dict.fromkeys(known.values())
            elif permission not in known:
                raise LookupError(f"no mutation for permission {permission!r} in set {name!r}")
            else:
                found[known[permission]] = None
    return tuple(sorted(found))


def plant_role(world: World, sets: Mapping[str, Sequence[str]], entry: Entry) -> None:
    """Plant a role and what it allows."""
    world.roles.put(
        Role(
            id=entry["id"],
            etag=world.new_hex(),
            name=entry["name"],
            permission_group_ids=_groups(world, sets, entry.get("may", ())),
        )
    )


def plant_user(world: World, sets: Mapping[str, Sequence[str]], entry: Entry) -> None:
    """Plant a person; a role that the file does not describe allows nothing by itself."""
    for name in entry.get("roles", ()):
        if all(role.name != name for role in world.roles):
            world.roles.put(Role(id=world.roles.new_id(), etag=world.new_hex(), name=name))
    world.users.put(
        User(
            id=entry["id"],
            etag=world.new_hex(),
            name=entry["name"],
            email=entry["email"],
            active=entry.get("active", True),
            password=entry.get("password"),
            role_ids=tuple(find(world.roles, "name", name).id for name in entry.get("roles", ())),
            permission_group_ids=_groups(world, sets, entry.get("may", ())),
        )
    )


def plant_team(world: World, entry: Entry) -> None:
    """Plant a team."""
    world.teams.put(
        Team(
            id=entry["id"],
            etag=world.new_hex(),
            name=entry["name"],
            supervisor_id=find_id(world.users, "email", entry.get("supervisor")),
            role_ids=tuple(find(world.roles, "name", name).id for name in entry.get("roles", ())),
            user_ids=tuple(find(world.users, "email", name).id for name in entry.get("users", ())),
        )
    )


def plant_api_client(world: World, entry: Entry) -> None:
    """Plant an API key with what its user may."""
    user = find(world.users, "email", entry["user"])
    world.api_clients.put(
        ApiClient(
            id=world.api_clients.new_id(),
            etag=world.new_hex(),
            client_id=entry["clientId"],
            client_secret=entry["clientSecret"],
            user_id=user.id,
            permissions=permissions_of(world, user),
        )
    )


def plant_oauth_client(world: World, entry: Entry) -> None:
    """Plant a program that people sign in with."""
    world.oauth_clients.put(
        OAuthClient(
            id=world.oauth_clients.new_id(),
            client_id=entry["clientId"],
            redirect_uris=tuple(entry["redirectUris"]),
        )
    )
