"""Roles, teams and API keys: the documents of sections 8.1 and 4.3, as they are published."""

import pytest

from kiosk.simulator.derived import permissions_of
from kiosk.simulator.ion import Ion, Question
from kiosk.simulator.schema import Dialect
from kiosk.simulator.tokens import BadTokenError, TokenRequestError, Tokens
from tests.simulator.asking import Caller, rows

USERS = """query GetUsers($filters: UserInputFilters, $sort: [UserSortEnum]) {
  users(sort: $sort, filters: $filters) { edges { node { id name organizationId roles { id name } } } } }"""
TEAMS = """query GetTeams($filters: TeamsInputFilters) { teams(filters: $filters) { edges { node {
  id name roles { id name } supervisorId users { id } } } } }"""
ROLES = """query GetRoles($filters: RolesInputFilters) { roles(filters: $filters) {
  edges { node { id name } } } }"""
GROUPS = """query GetPermissionGroups($filters: PermissionGroupsInputFilters, $sort:
    [PermissionGroupSortEnum]) {
  permissionGroups(sort: $sort, filters: $filters) { edges { node { id name family } } } }"""
CREATE_ROLE = """mutation CreateRole($input: CreateRoleInput!) {
  createRole(input: $input) { role { id name } } }"""
ATTACH = """mutation AttachPermissionGroupToRole($input: PermissionGroupToRoleInput!) {
  attachPermissionGroupToRole(input: $input) { role { id name } } }"""
ADD_USER = """mutation AddUserToTeam($input: TeamToUserInput!) {
  addUserToTeam(input: $input) { teamId userId } }"""
CREATE_KEY = "mutation CreateAPIKey { createApiKey { apikey { clientId clientSecret } } }"
KEYS = "query APIKeys { apiKeys { edges { node { clientId clientSecret id _etag } } } }"
UPDATE_KEY = """mutation UpdateAPIKey($input: APIKeyInput!) { updateApiKey(input: $input) {
  apikey { clientId clientSecret enabled } } }"""
DELETE_KEY = """mutation DeleteAPIKey($input: APIKeyInput!) { deleteApiKey(input: $input) {
  apikey { clientId } } }"""

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


@both_dialects
def test_people_are_listed_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    (ada,) = rows(caller.ask(USERS, filters={"email": {"eq": "ada.okafor@halyard.example"}}))
    assert ada == {
        "id": 42,
        "name": "Ada Okafor",
        "organizationId": 7,
        "roles": [{"id": 3, "name": "Lead Operator"}, {"id": 6, "name": "Buyer/Planner"}],
    }
    assert rows(caller.ask(TEAMS)) == [
        {"id": 1, "name": "Gimbal Cell", "roles": [], "supervisorId": 42, "users": [{"id": 42}]}
    ]
    assert rows(caller.ask(ROLES, filters={"name": {"eq": "Admin"}})) == [{"id": 1, "name": "Admin"}]
    (group,) = rows(caller.ask(GROUPS, filters={"name": {"eq": "UpdateAPIKey"}}, sort=["FAMILY_ASC"]))
    assert (group["name"], group["family"]) == ("UpdateAPIKey", "APIKeyObject")


@both_dialects
def test_a_permission_reaches_somebody_through_role_and_team(dialect: Dialect) -> None:
    caller = Caller(dialect)
    role = caller.ask(CREATE_ROLE, input={"name": "Label clerk"})["createRole"]["role"]
    (group,) = rows(caller.ask(GROUPS, filters={"name": {"eq": "CreateBarcodeTemplate"}}))
    caller.ask(ATTACH, input={"roleId": role["id"], "permissionGroupId": group["id"]})
    payload = caller.ask(ADD_USER, input={"userId": 43, "teamId": 1})
    assert payload == {"addUserToTeam": {"teamId": 1, "userId": 43}}
    jonas = caller.world.users[43]
    assert permissions_of(caller.world, jonas) == ()
    caller.do("addRoleToTeam", "team { roles { name } }", roleId=role["id"], teamId=1)
    assert permissions_of(caller.world, jonas) == ("CreateBarcodeTemplate",)
    caller.do("removeUserFromTeam", "teamId", userId=43, teamId=1)
    caller.do("addRoleToUser", "user { id }", roleId=role["id"], userId=43)
    assert permissions_of(caller.world, jonas := caller.world.users[43]) == ("CreateBarcodeTemplate",)
    caller.do(
        "detachPermissionGroupFromRole", "role { id }", roleId=role["id"], permissionGroupId=group["id"]
    )
    assert permissions_of(caller.world, jonas) == ()


def test_who_reads_only_may_read_and_nothing_else() -> None:
    caller = Caller(user_id=43)
    assert caller.ask("{ me { permissionGroups { name } } }") == {"me": {"permissionGroups": []}}
    for mutation, given in [
        ("createRole", {"name": "x"}),
        ("createPart", {"partNumber": "x"}),
        ("createReview", {"procedureId": 16, "status": "APPROVED"}),
    ]:
        code, message = caller.refusal(mutation, "__typename", **given)  # type: ignore[arg-type]
        assert code == "AUTHORIZATION_ERROR"
        assert message.endswith(f"{mutation[0].upper()}{mutation[1:]} is missing")


@both_dialects
def test_api_keys_are_made_listed_changed_and_deleted_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    tokens = Tokens(caller.world)
    made = caller.ask(CREATE_KEY)["createApiKey"]["apikey"]
    form = {
        "grant_type": "client_credentials",
        "client_id": made["clientId"],
        "client_secret": made["clientSecret"],
    }
    token = tokens.issue(form)["access_token"]
    assert tokens.user_of(token).id == 40
    (listed,) = [key for key in rows(caller.ask(KEYS)) if key["clientId"] == made["clientId"]]
    assert listed["clientSecret"] == made["clientSecret"]
    given = {"clientId": made["clientId"], "enabled": True, "regenerateSecret": False}
    assert caller.ask(UPDATE_KEY, input=given)["updateApiKey"]["apikey"] == made | {"enabled": True}
    renewed = caller.ask(UPDATE_KEY, input=given | {"regenerateSecret": True})["updateApiKey"]["apikey"]
    assert renewed["clientSecret"] != made["clientSecret"]
    with pytest.raises(TokenRequestError):
        tokens.issue(form)
    caller.ask(UPDATE_KEY, input={"clientId": made["clientId"], "enabled": False})
    with pytest.raises(BadTokenError, match="Unable to validate"):
        tokens.user_of(token)
    assert caller.ask(DELETE_KEY, input={"clientId": made["clientId"]}) == {
        "deleteApiKey": {"apikey": {"clientId": made["clientId"]}}
    }
    assert caller.refusal("deleteApiKey", "apikey { id }", clientId=made["clientId"])[0] == "NOT_FOUND_ERROR"


def test_a_key_keeps_the_permissions_of_its_making_and_dies_with_its_user() -> None:
    caller = Caller()
    tokens = Tokens(caller.world)
    form = {"grant_type": "client_credentials", "client_id": "planner", "client_secret": "planner-secret"}
    token = tokens.issue(form)["access_token"]
    before = tokens.identity_of(token).permissions
    assert "CreatePurchaseOrder" in before
    caller.do("removeRoleFromUser", "user { id }", roleId=6, userId=42)
    assert "CreatePurchaseOrder" not in permissions_of(caller.world, caller.world.users[42])
    assert tokens.identity_of(token).permissions == before
    etag = caller.world.users[42].etag
    caller.do("updateUser", "user { active }", id=42, etag=etag, active=False)
    with pytest.raises(BadTokenError, match="Unable to validate"):
        tokens.identity_of(token)
    with pytest.raises(TokenRequestError):
        tokens.issue(form)


def test_a_caller_sees_the_permissions_of_the_token_that_was_sent() -> None:
    caller = Caller()
    ion = Ion(caller.world, dialect="classic")
    answer = ion.ask(Question("{ me { permissionGroups { name } } }"), caller.user, permissions=("CheckIn",))
    assert answer.body["data"]["me"]["permissionGroups"] == [{"name": "CheckIn"}]
    refused = ion.ask(Question(CREATE_KEY), caller.user, permissions=("CheckIn",))
    assert refused.body["errors"][0]["message"].endswith("CreateAPIKey is missing")
