"""What every resolver gets beside its object: who is asking, and in which dialect."""

from dataclasses import dataclass

from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.schema import Dialect
from kiosk.simulator.world import World

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request."""

    desk: Desk
    dialect: Dialect

    @property
    def world(self) -> World:
        """The factory it is about."""
        return self.desk.world
