"""GS1 Digital Link: element strings as a web address, read as the GS1 standard (URI syntax 1.4) says.

Stricter than biip's reader: no zero-suppressed GTINs, no identifier twice, no unknown numeric keys, no empty
values. Compressed links are not read: how they are packed is a standard of its own, and nothing tells one
from any other web address before its key is unpacked and checked.
"""

import re
from urllib.parse import unquote

from kiosk.barcodes.gs1_elements import Elements, Identifier, NotGs1, element, identifier_of
from kiosk.barcodes.payload import quoted

_SCHEME = re.compile(r"(?:https?|HTTPS?)://")
_ADDRESS = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")

_QUALIFIERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": ((),),
    "01": (("22", "10", "21"), ("235",)),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""The primary keys, and the sequences of qualifiers that may follow each in the path, in that order."""


def is_link(text: str) -> bool:
    """Return whether the text begins like a web address; its scheme is in lower or in upper case."""
    return _SCHEME.match(text) is not None


def elements_of_link(text: str) -> Elements:
    """Return the element strings of a GS1 Digital Link.

    Raises:
        NotGs1: it is not one.
    """
    scheme = _SCHEME.match(text)
    if scheme is None or _CHARACTERS.fullmatch(text) is None:
        raise NotGs1("is no web address, or has characters that no web address has")
    body, _, _ = text[scheme.end() :].partition("#")
    body, _, query = body.partition("?")
    host, slash, path = body.partition("/")
    if not slash or _ADDRESS.fullmatch(host) is None:
        raise NotGs1("is a web address without host or path")
    found = [*_path_elements(path.split("/")), *_query_elements(query)]
    names = [ai for ai, _ in found]
    if len(set(names)) < len(names):
        raise NotGs1("is a web address that says one application identifier twice")
    return tuple(found)


def _path_elements(parts: list[str]) -> list[tuple[str, str]]:
    """Search from the end for the primary key; what stands before it is the site's own."""
    found: list[tuple[str, str]] = []
    for start in range(len(parts) - 2, -1, -2):
        identifier = _known(parts[start])
        if identifier is None:
            break
        found.insert(0, element(identifier, _unescaped(parts[start + 1])))
        if identifier.ai in _QUALIFIERS:
            _check_order([ai for ai, _ in found])
            return found
    raise NotGs1("is a web address without a GS1 key in its path; a compressed one is not read")


def _check_order(names: list[str]) -> None:
    key, *qualifiers = names
    for sequence in _QUALIFIERS[key]:
        left = iter(sequence)
        if all(qualifier in left for qualifier in qualifiers):
            return
    raise NotGs1(f"is a web address whose key ({key}) is not followed by {quoted(' '.join(qualifiers))}")


def _query_elements(query: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for parameter in re.split("[&;]", query):
        key, equals, value = parameter.partition("=")
        if not equals or not key.isdigit():
            continue
        identifier = _known(key)
        if identifier is None:
            raise NotGs1(f"is a web address with {quoted(key)}, which is no application identifier")
        found.append(element(identifier, _unescaped(value.replace("+", " "))))
    return found


def _unescaped(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise NotGs1(f"is a web address with {quoted(value)}, which is no UTF-8") from error


def _known(ai: str) -> Identifier | None:
    if not ai.isdigit():
        return None
    try:
        identifier = identifier_of(ai)
    except NotGs1:
        return None
    return identifier if identifier.ai == ai else None
