"""Mutations about roles, teams, users and API keys."""

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.simulator.resolvers.given import Given, Payload, columns
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import people

__all__ = ["MUTATIONS"]


def _attach(request: Request, given: Given, *, attached: bool) -> Payload:
    role = people.attach_permission(
        request.desk, given["roleId"], given["permissionGroupId"], attached=attached
    )
    return {"role": role}


def _role_to_user(request: Request, given: Given, *, added: bool) -> Payload:
    return {"user": people.add_role_to_user(request.desk, given["roleId"], given["userId"], added=added)}


def _user_to_team(request: Request, given: Given, *, added: bool) -> Payload:
    team = people.change_user_in_team(request.desk, given["teamId"], given["userId"], added=added)
    return {"teamId": team.id, "userId": int(given["userId"])}


def _update_user(request: Request, given: Given) -> Payload:
    changes = {name: value for name, value in columns(given, "name", "active").items() if value is not None}
    return {"user": people.update_user(request.desk, given["id"], given["etag"], changes)}


def _update_api_key(request: Request, given: Given) -> Payload:
    key = people.update_api_key(
        request.desk,
        given["clientId"],
        enabled=given.get("enabled"),
        regenerate=bool(given.get("regenerateSecret")),
    )
    return {"apikey": key}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createRole": lambda request, given: {"role": people.create_role(request.desk, given["name"])},
    "attachPermissionGroupToRole": lambda request, given: _attach(request, given, attached=True),
    "detachPermissionGroupFromRole": lambda request, given: _attach(request, given, attached=False),
    "addRoleToUser": lambda request, given: _role_to_user(request, given, added=True),
    "removeRoleFromUser": lambda request, given: _role_to_user(request, given, added=False),
    "createTeam": lambda request, given: {
        "team": people.create_team(request.desk, given["name"], given.get("supervisorId"))
    },
    "addUserToTeam": lambda request, given: _user_to_team(request, given, added=True),
    "removeUserFromTeam": lambda request, given: _user_to_team(request, given, added=False),
    "addRoleToTeam": lambda request, given: {
        "team": people.add_role_to_team(request.desk, given["roleId"], given["teamId"])
    },
    "updateUser": _update_user,
    "createApiKey": lambda request, _given: {"apikey": people.create_api_key(request.desk)},
    "updateApiKey": _update_api_key,
    "deleteApiKey": lambda request, given: {"apikey": people.delete_api_key(request.desk, given["clientId"])},
}
