"""Style sheets, scripts and drawings are sent packed, to browsers that unpack them.

Pages are not: what is in them beside the anti-forgery token would show in how well they pack (BREACH).
"""

import gzip
from collections.abc import Callable

from flask import Request, Response

_PACKED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml", "font/ttf"})

_MOST_KNOWN = 100
"""Files that are kept packed; a page has some thirty, and anybody may make up names."""


def packer() -> Callable[[Request, Response], Response]:
    """Return what packs a file of the pages, once for all who ask for it under the name of its content."""
    known: dict[str, bytes] = {}

    def pack(request: Request, response: Response) -> Response:
        is_file = request.endpoint == "static" and response.status_code == 200  # noqa: PLR2004 - OK
        if not is_file or response.mimetype not in _PACKED or "v" not in request.args:
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings["gzip"]:
            return response
        response.direct_passthrough = False
        name, data = request.full_path, response.get_data()
        if name not in known:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[name] = gzip.compress(data, mtime=0)
        response.set_data(known[name])
        response.content_encoding = "gzip"
        del response.headers["ETag"]  # that of the file as it is
        return response

    return pack
