"""Whom the kiosk believes to be ION: the authorities of the system, and one of the site's own."""

import ssl
from functools import lru_cache
from pathlib import Path

from kiosk.errors import SettingsError
from kiosk.settings import IonSettings

__all__ = ["NOBODY", "trusted"]

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Checks certificates and knows no authority, so that it believes none: for lines that are not encrypted.

Reading the system's authorities costs a Pi hundreds of milliseconds, which a plain line need not wait for.
"""


def trusted(settings: IonSettings, *urls: str) -> ssl.SSLContext:
    """Return what checks the certificates of these addresses; nobody's where none of them is encrypted.

    Raises:
        SettingsError: ``ion.ca_file`` cannot be used.
    """
    if not any(url.startswith("https:") for url in urls):
        return NOBODY
    return _authorities(settings.ca_file)


@lru_cache(maxsize=4)
def _authorities(ca_file: Path | None) -> ssl.SSLContext:
    """Return the system's authorities and the site's own.

    All lines share it. The HTTP library notes the protocols that it offers in it each time it connects; it
    speaks whichever of them was agreed on, so that it does no harm if one line offers what another would not.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"ion.ca_file: cannot read {str(ca_file)!r} as certificates in PEM: {error}"
            ) from error
    return context
