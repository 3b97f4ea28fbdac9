"""A folder that receives one file a job: `file:///folder`."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from printers.errors import PrinterNotReady, PrinterUnreachable


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Writes `job-000001.prn` and on; a file is there whole or not at all, and is never overwritten."""

    folder: Path

    @property
    def can_answer(self) -> bool:
        """A folder does not."""
        return False

    @property
    def notices_restart(self) -> bool:
        """Nothing is switched."""
        return True

    @property
    def is_closed(self) -> bool:
        """Nobody hangs up."""
        return False

    @contextmanager
    def connection(self) -> Iterator["FileTransport"]:
        """Make sure that the folder is there."""
        if not self.folder.is_dir():
            raise PrinterUnreachable(f"file://{self.folder}: expected a folder, got none")
        yield self

    def send(self, data: bytes) -> None:
        """Write one file under the next free number."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".job-", suffix=".part")
        except OSError as error:
            raise PrinterUnreachable(f"file://{self.folder}: expected to write here, got {error}") from error
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._number(part)
        except OSError as error:
            # Linking the finished file is the last step, so nothing has come out.
            raise PrinterNotReady(
                f"file://{self.folder}: expected to write {len(data)} bytes, got {error}"
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:  # noqa: ARG002 - never answers
        """Return nothing, at once."""
        return b""

    def _number(self, part: Path) -> None:
        taken = [int(path.stem[4:]) for path in self.folder.glob("job-*.prn") if path.stem[4:].isdecimal()]
        number = max(taken, default=0) + 1
        while True:
            try:
                os.link(part, self.folder / f"job-{number:06d}.prn")  # fails where rename would replace
            except FileExistsError:
                number += 1
            else:
                return
