"""Roles, teams, users, and the keys that programs act with."""

from dataclasses import replace
from typing import Any

from kiosk.simulator.refusals import not_found
from kiosk.simulator.rows import ApiClient, Role, Team, User
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up

__all__ = [
    "add_role_to_team",
    "add_role_to_user",
    "attach_permission",
    "change_user_in_team",
    "create_api_key",
    "create_role",
    "create_team",
    "delete_api_key",
    "update_api_key",
    "update_user",
]

Id = str | int


def create_role(desk: Desk, name: str) -> Role:
    """Make a role that allows nothing yet."""
    world = desk.world
    if any(role.name == name for role in world.roles):
        raise invalid(f"Role {name!r} already exists")
    return world.roles.put(Role(id=world.roles.new_id(), etag=world.new_hex(), name=name))


def attach_permission(desk: Desk, role_id: Id, group_id: Id, *, attached: bool) -> Role:
    """Let a role allow a permission, or no longer."""
    world = desk.world
    role = look_up(world.roles, "Role", role_id)
    group = look_up(world.permission_groups, "PermissionGroup", group_id)
    ids = _with(role.permission_group_ids, group.id, attached=attached)
    return world.roles.put(replace(role, etag=world.new_hex(), permission_group_ids=ids))


def add_role_to_user(desk: Desk, role_id: Id, user_id: Id, *, added: bool) -> User:
    """Give a user a role, or take it."""
    world = desk.world
    role, user = look_up(world.roles, "Role", role_id), look_up(world.users, "User", user_id)
    ids = _with(user.role_ids, role.id, attached=added)
    return world.users.put(replace(user, etag=world.new_hex(), role_ids=ids))


def create_team(desk: Desk, name: str, supervisor_id: Id | None) -> Team:
    """Make a team without members."""
    world = desk.world
    supervisor = None if supervisor_id is None else look_up(world.users, "User", supervisor_id).id
    team = Team(id=world.teams.new_id(), etag=world.new_hex(), name=name, supervisor_id=supervisor)
    return world.teams.put(team)


def change_user_in_team(desk: Desk, team_id: Id, user_id: Id, *, added: bool) -> Team:
    """Take a user into a team, or out of it."""
    world = desk.world
    team, user = look_up(world.teams, "Team", team_id), look_up(world.users, "User", user_id)
    ids = _with(team.user_ids, user.id, attached=added)
    return world.teams.put(replace(team, etag=world.new_hex(), user_ids=ids))


def add_role_to_team(desk: Desk, role_id: Id, team_id: Id) -> Team:
    """Give every member of a team a role."""
    world = desk.world
    team, role = look_up(world.teams, "Team", team_id), look_up(world.roles, "Role", role_id)
    ids = _with(team.role_ids, role.id, attached=True)
    return world.teams.put(replace(team, etag=world.new_hex(), role_ids=ids))


def update_user(desk: Desk, user_id: Id, etag: str, changes: dict[str, Any]) -> User:
    """Rename a user, or let them in or not; keys of somebody who is not active are good for nothing."""
    user = look_up(desk.world.users, "User", user_id)
    check_etag("the user", user.etag, etag)
    return desk.world.users.put(replace(user, etag=desk.world.new_hex(), **changes))


def create_api_key(desk: Desk) -> ApiClient:
    """Make a key that acts as the caller, with what the caller may do now."""
    world = desk.world
    return world.api_clients.put(
        ApiClient(
            id=world.api_clients.new_id(),
            etag=world.new_hex(),
            client_id=f"api-key-{world.new_hex()[:12]}",
            client_secret=world.new_hex(),
            user_id=desk.user.id,
            permissions=tuple(sorted(desk.permissions)),
        )
    )


def update_api_key(desk: Desk, client_id: str, *, enabled: bool | None, regenerate: bool) -> ApiClient:
    """Switch a key on or off, or give it another secret; tokens of the old one die with it."""
    key = _api_key(desk, client_id)
    return desk.world.api_clients.put(
        replace(
            key,
            etag=desk.world.new_hex(),
            enabled=key.enabled if enabled is None else enabled,
            client_secret=desk.world.new_hex() if regenerate else key.client_secret,
        )
    )


def delete_api_key(desk: Desk, client_id: str) -> ApiClient:
    """Remove a key, and return what it was."""
    key = _api_key(desk, client_id)
    desk.world.api_clients.remove(key.id)
    return key


def _api_key(desk: Desk, client_id: str) -> ApiClient:
    for key in desk.world.api_clients:
        if key.client_id == client_id:
            return key
    raise not_found("ApiKey", client_id)


def _with(ids: tuple[int, ...], row_id: int, *, attached: bool) -> tuple[int, ...]:
    others = tuple(each for each in ids if each != row_id)
    return (*others, row_id) if attached else others
