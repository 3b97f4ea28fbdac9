"""Asks a printer's SNMP agent: `snmp://host?community=public&version=2c`."""

import re
import secrets
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from printers.errors import PrinterError
from printers.snmp.ber import Malformed, Oid
from printers.snmp.message import Response, Value, Version, get_request, read_response
from printers.snmp.printer_mib import IDENTITY_NAMES, STATUS_NAMES, printer_identity, printer_status
from printers.status import SILENT, Identity, PrinterStatus

PORT: Final = 161
_VERSIONS: Final = {"1": Version.V1, "2c": Version.V2C}
_COMMUNITY: Final = re.compile(r"[!-~]{1,64}")
_LARGEST: Final = 65535
_NO_SUCH_NAME: Final = 2
_TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """A printer's agent. Whatever it answers is taken for what it may be: made up by somebody else."""

    host: str
    port: int = PORT
    community: str = "public"
    version: Version = Version.V2C
    timeout_s: float = 1.0
    """For one answer; it is asked twice."""

    @classmethod
    def opened(cls, url: str) -> "SnmpAgent":
        """Prepare the way to an agent; nothing is sent yet.

        Raises:
            PrinterError: The URL is not one of these.
        """
        try:
            parts = urlsplit(url)
            said = {"community": "public", "version": "2c"} | dict(parse_qsl(parts.query))
            is_good = parts.scheme == "snmp" and parts.hostname and not parts.path.strip("/")
            if not is_good or set(said) != {"community", "version"}:
                raise ValueError("expected snmp://host?community=public&version=2c")  # noqa: TRY301 - as below
            if said["version"] not in _VERSIONS or not _COMMUNITY.fullmatch(said["community"]):
                raise ValueError("expected version 1 or 2c, and a community")  # noqa: TRY301 - as below
            port = parts.port or PORT
        except ValueError as error:
            raise PrinterError(f"printer status_url {url!r}: {error}") from error
        return cls(str(parts.hostname), port, said["community"], _VERSIONS[said["version"]])

    def status(self) -> PrinterStatus:
        """Ask how the printer is; silence and nonsense are no answer."""
        values = self.get(STATUS_NAMES)
        return SILENT if values is None else printer_status(values)

    def identity(self) -> Identity | None:
        """Ask what the printer is; None where it does not say."""
        values = self.get(IDENTITY_NAMES)
        return None if values is None else printer_identity(values)

    def get(self, names: Sequence[Oid]) -> dict[Oid, Value] | None:
        """Ask for values; those that the agent does not know are missing. None where no answer came."""
        wanted = list(names)
        # Version 1 answers with nothing at all when one name is unknown, and says which.
        while wanted:
            response = self._asked(wanted)
            if response is None:
                return None
            if response.error == 0:
                return {name: value for name, value in response.values.items() if name in wanted}
            if response.error != _NO_SUCH_NAME or not 1 <= response.error_index <= len(wanted):
                return None
            del wanted[response.error_index - 1]
        return {}

    def _asked(self, names: Sequence[Oid]) -> Response | None:
        request_id = secrets.randbelow(2**31)
        request = get_request(self.version, self.community.encode("ascii"), request_id, names)
        try:
            family, kind, _, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
            with socket.socket(family, kind) as line:
                line.connect(address)  # from now on nobody else is listened to
                for _ in range(_TRIES):
                    line.send(request)
                    response = self._heard(line, request_id)
                    if response is not None:
                        return response
        except (OSError, UnicodeError):
            return None
        return None

    def _heard(self, line: socket.socket, request_id: int) -> Response | None:
        end_s = time.monotonic() + self.timeout_s
        while (left_s := end_s - time.monotonic()) > 0:
            line.settimeout(left_s)
            try:
                return read_response(line.recv(_LARGEST), request_id)
            except TimeoutError:
                return None
            except Malformed:
                continue  # perhaps the answer to an earlier question; ours may still come
        return None
