"""What every resolver gets beside its object: who is asking, in which dialect, from where."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.schema import Dialect
from kiosk.simulator.signing import Signer
from kiosk.simulator.world import World

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request."""

    desk: Desk
    dialect: Dialect
    signer: Signer
    """Makes the addresses of uploads and downloads."""
    check_rules: Callable[[Desk], None]
    """Lets the organisation's rules refuse what the open transaction changed."""

    @property
    def world(self) -> World:
        """The factory it is about."""
        return self.desk.world
