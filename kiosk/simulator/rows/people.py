"""Organisation, people, what they may do, and the keys programs act with."""

from dataclasses import dataclass

__all__ = ["ApiClient", "OAuthClient", "Organization", "PermissionGroup", "Role", "Team", "User"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The tenant."""

    id: int
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGroup:
    """One permission: the name of a mutation in PascalCase, as ION spells it."""

    id: int
    name: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Permissions under one name."""

    id: int
    etag: str
    name: str
    permission_group_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who share roles."""

    id: int
    etag: str
    name: str
    supervisor_id: int | None = None
    role_ids: tuple[int, ...] = ()
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a service account."""

    id: int
    etag: str
    name: str
    email: str
    active: bool = True
    password: str | None = None
    """In clear: nobody real signs in here. None: cannot sign in."""
    role_ids: tuple[int, ...] = ()
    permission_group_ids: tuple[int, ...] = ()
    """What the user may beside what roles and teams allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """An API key: acts as its user, with the permissions that user had when it was made."""

    id: int
    etag: str
    client_id: str
    client_secret: str
    user_id: int
    permissions: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """A program by which people sign in; it has no secret."""

    id: int
    client_id: str
    redirect_uris: tuple[str, ...] = ()
    """A ``*`` at the end of one stands for anything."""
