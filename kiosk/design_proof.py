"""Proves the label designs once the kiosk is up: one that cannot become a good label is told, and refused."""

import logging
from collections import deque
from collections.abc import Callable

from kiosk.ports import Sleep
from kiosk.printing import LabelShop
from printers import LabelInvalid, prove

_LOG = logging.getLogger(__name__)
_PAUSE_S = 0.1
"""Between two designs, so that a scan does not wait for them."""
_IDLE_S = 1.0


class DesignProof:
    """Proves one design a step, the site's own first; what is saved later is proved by who saves it."""

    def __init__(
        self, shop: LabelShop, is_of_site: Callable[[str], bool], sleep: Sleep, on_fault: Callable[[], None]
    ) -> None:
        self._shop = shop
        self._sleep = sleep
        self._on_fault = on_fault
        names = sorted(shop.designs.good, key=lambda name: (not is_of_site(name), name))
        self._waiting = deque(shop.designs.good[name] for name in names)

    def step(self) -> None:
        """Prove the next design, or rest when all are."""
        if not self._waiting:
            self._sleep(_IDLE_S)
            return
        design = self._waiting[0]
        try:
            prove(design, where=f"{design.name}.toml")
        except LabelInvalid as error:
            fault = str(error)
            _LOG.error("A label design cannot be printed: %s", fault)
            self._shop.change(lambda designs: designs.refusing(design, fault))
            self._on_fault()
        self._waiting.popleft()
        self._sleep(_PAUSE_S)
