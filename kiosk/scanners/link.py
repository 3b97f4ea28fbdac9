"""An open device, as the reading loop sees it."""

import math
import os
import select
from typing import Protocol

from kiosk.words import told

_CHUNK_BYTES = 4096


class Link(Protocol):
    """An open device."""

    def receive(self, timeout_s: float) -> bytes:
        """Return what the device sent, empty when nothing came within ``timeout_s``.

        Raises:
            OSError: the device is gone.
        """

    def close(self) -> None:
        """Let the device go."""


class Descriptor(Protocol):
    """Something that is open and has a file descriptor."""

    def fileno(self) -> int:
        """Return the file descriptor."""

    def close(self) -> None:
        """Close it."""


class DescriptorLink:
    """Reads from whatever has a file descriptor."""

    def __init__(self, descriptor: Descriptor) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._descriptor.fileno()

    def receive(self, timeout_s: float) -> bytes:
        """See ``Link``; one read a wake-up, since a second one would lose the first to an unplug."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        if not poll.poll(math.ceil(timeout_s * 1000)):
            return b""
        data = os.read(self._descriptor.fileno(), _CHUNK_BYTES)
        if not data:
            # An unplugged tty does not fail: it ends.
            raise OSError(told("end of file"))
        return data

    def close(self) -> None:
        """See ``Link``."""
        self._descriptor.close()
