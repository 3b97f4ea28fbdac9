"""Scans that come as text, from the page or from a program, back into the bytes they stand for."""

import base64
import binascii
import json

from werkzeug.exceptions import BadRequest


def scan_bytes(text: str | None, escaped: str | None, encoded: str | None = None) -> bytes:
    """Return the bytes of a scan made on the page.

    Args:
        text: as typed.
        escaped: as a JSON string, the way of the scan pad: a form field would turn the line ends that a
            barcode can hold into CR LF, and HTML cannot hold every control character.
        encoded: as base64, the way of a camera, which reads bytes.

    Raises:
        BadRequest: none of them is there, or it is no JSON string, or no base64.
    """
    if encoded is not None:
        data = base64_bytes(encoded)
        if not data:
            raise BadRequest("There is nothing in that scan.")
        return data
    if escaped is not None:
        try:
            text = json.loads(escaped)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The scan is no JSON string.") from error
    if not isinstance(text, str) or not text:
        raise BadRequest("There is nothing in that scan.")
    return text_bytes(text)


def text_bytes(text: str) -> bytes:
    """Return text as UTF-8; a lone surrogate of Python's ``surrogateescape`` stands for its byte.

    Raises:
        BadRequest: another lone surrogate, which no encoding has.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise BadRequest("The scan has characters that are no text; send it as data_base64.") from error


def base64_bytes(data: str) -> bytes:
    """Return what base64 stands for.

    Raises:
        BadRequest: it is no base64.
    """
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("data_base64 is no base64 (RFC 4648, with padding, without line breaks).") from error


def shown_scan(data: bytes) -> str:
    """Return a scan as a person could type it, empty where that is not possible."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
