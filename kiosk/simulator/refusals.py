"""How ION says no: the known error codes, each with the HTTP status the vendor's table gives it."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError

__all__ = ["ErrorCode", "Refusal", "not_found"]


class ErrorCode(StrEnum):
    """What stands in ``extensions.code``."""

    VALIDATION = "VALIDATION_ERROR"
    AUTHORIZATION = "AUTHORIZATION_ERROR"
    NOT_FOUND = "NOT_FOUND_ERROR"
    CONCURRENCY = "CONCURRENCY_ERROR"

    @property
    def http_status(self) -> int:
        """The status that goes with the code where GraphQL errors are not answered with 200."""
        return {
            "VALIDATION": 422,
            "AUTHORIZATION": 403,
            "NOT_FOUND": 404,
            "CONCURRENCY": 409,
        }[self.name]


class Refusal(GraphQLError):
    """A request that was understood and not carried out; nothing changed."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message, extensions={"code": code.value})


def not_found(kind: str, row_id: Any) -> Refusal:  # noqa: ANN401  whatever the caller sent
    """Return the refusal for an id that nothing has."""
    return Refusal(ErrorCode.NOT_FOUND, f"{kind} {row_id!r} was not found")
