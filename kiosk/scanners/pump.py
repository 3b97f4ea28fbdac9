"""Empties a device into a pipe by a process of its own: the device never has to wait for this program.

The kernel keeps 64 events of a keyboard, ten characters of a scan, and then drops them all. A fast scanner
sends those in 20 ms: less than a commit to a memory card takes, or a turn of Python's other threads. The
pipe keeps the longest scan.
"""

import fcntl
import os
import subprocess
from contextlib import suppress
from io import FileIO

from kiosk.scanners.link import DescriptorLink
from kiosk.words import system_says, told

_PIPE_BYTES = 1 << 20
"""Six events of 24 bytes a character: some 7000 characters; also the most that a user may ask for."""
_EXIT_S = 2.0
_PUMP = ("cat",)
"""It needs nothing that the service's sandbox refuses. Where this program is killed, systemd ends it as well;
elsewhere it keeps the device until the next key, and ends then since nobody reads the pipe.
"""


class Pump:
    """A ``Link`` to a device through a pipe."""

    def __init__(self, device: FileIO) -> None:
        """Take over an open device; closed with the pump, or when that cannot be started.

        Raises:
            ValueError: the pump cannot be started.
        """
        self._device = device
        try:
            fcntl.fcntl(device, fcntl.F_SETFL, os.O_RDONLY)
            self._process = subprocess.Popen(
                _PUMP, bufsize=0, stdin=device, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            device.close()
            raise ValueError(
                told(
                    "one that {program} cannot be started for ({detail})",
                    program=repr(_PUMP[0]),
                    detail=system_says(error),
                )
            ) from error
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        self._pipe = self._process.stdout
        with suppress(OSError):
            # Refused where this user's pipes are many already; then it keeps 455 characters.
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._link = DescriptorLink(self._pipe)

    def receive(self, timeout_s: float) -> bytes:
        """See ``Link``."""
        return self._link.receive(timeout_s)

    def close(self) -> None:
        """See ``Link``."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_EXIT_S)
        self._pipe.close()
        self._device.close()
