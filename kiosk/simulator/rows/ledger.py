"""The ledger's lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["Effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One change that happened: a line of the ledger."""

    id: int
    operation: str
    arguments: dict[str, Any]
    at: datetime
    user_id: int | None = None
    """Who did it."""
