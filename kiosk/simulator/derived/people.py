"""What somebody may do: own permissions, roles and teams added up."""

from kiosk.simulator.rows import Role, User
from kiosk.simulator.world import World

__all__ = ["is_engineer", "permissions_of", "roles_of"]


def roles_of(world: World, user: User) -> list[Role]:
    """Return a user's roles: their own first, then those of their teams."""
    teams = [team for team in world.teams if user.id in team.user_ids]
    ids = dict.fromkeys([*user.role_ids, *(role_id for team in teams for role_id in team.role_ids)])
    return [world.roles[role_id] for role_id in ids]


def permissions_of(world: World, user: User) -> tuple[str, ...]:
    """Return the names of everything a user may do, in the order of the permissions' ids."""
    ids = {*user.permission_group_ids}
    for role in roles_of(world, user):
        ids.update(role.permission_group_ids)
    return tuple(world.permission_groups[each].name for each in sorted(ids))


def is_engineer(world: World, user: User) -> bool:
    """Return whether a user has an engineer's role, which redlines and assets need."""
    return any("engineer" in role.name.lower() for role in roles_of(world, user))
