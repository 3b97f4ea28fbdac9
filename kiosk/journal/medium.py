"""Which folders forget: on a file system in memory nothing survives a power cut."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.errors import JournalError

_FORGETFUL: Final = {0x01021994: "tmpfs", 0x858458F6: "ramfs", 0x794C7630: "overlayfs"}
"""Magic numbers of linux/magic.h. A root that is read-only keeps what is written in an overlay in memory."""
_WORD: Final = ctypes.sizeof(ctypes.c_long)
_STATFS_BYTES: Final = 256
"""More than ``struct statfs`` has on any machine (statfs(2)); its first word is ``f_type``."""

Magic = Callable[[Path], int]
"""Gives the magic number of the file system under a folder. Raises OSError."""


def filesystem_magic(folder: Path) -> int:
    """Return ``f_type`` of statfs(2), which Python's own ``os.statvfs`` leaves out.

    Raises:
        OSError: it cannot be told.
    """
    buffer = ctypes.create_string_buffer(_STATFS_BYTES)
    if ctypes.CDLL(None, use_errno=True).statfs(os.fsencode(folder), buffer) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))
    return int.from_bytes(buffer.raw[:_WORD], "little") & 0xFFFFFFFF


def forgetful(folder: Path, magic: Magic = filesystem_magic) -> str | None:
    """Return the kind of file system where it forgets all at a power cut, ``None`` where it keeps.

    Raises:
        JournalError: it cannot be told.
    """
    try:
        return _FORGETFUL.get(magic(folder))
    except OSError as error:
        raise JournalError(f"Cannot look at the journal's folder {str(folder)!r}: {error}") from error
