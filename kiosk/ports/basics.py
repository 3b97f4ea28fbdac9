"""Time, ids and rest, which everything is given."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the time, aware and in UTC."""

Ids: TypeAlias = Callable[[], str]
"""Returns a new unique id: 32 hex digits."""

Sleep: TypeAlias = Callable[[float], None]
"""Waits that many seconds, or less when the kiosk is stopping."""
