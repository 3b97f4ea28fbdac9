"""A design with the pictures that it names, as one file to carry to another kiosk."""

import io
import re
import stat
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.errors import LabelError

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of a parcel, and of all that is in it together."""
_MOST_SOURCE: Final = 256 * 1024
_MOST_PICTURE: Final = 2 * 1024 * 1024
_MOST_MEMBERS: Final = 33
"""A design and 32 pictures."""
_DESIGN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\.toml")
_PICTURE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.png")
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The least that a zip can say, so that the same design is the same file."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A design and its pictures, by the names by which it asks for them."""

    source: str
    pictures: Mapping[str, bytes]


def is_parcel(data: bytes) -> bool:
    """Return whether a file is a zip; a design's text never begins so."""
    return data.startswith(b"PK\x03\x04")


def pictures_named(source: str) -> tuple[str, ...]:
    """Return the files that a design's image elements name; none where it is no TOML."""
    try:
        found = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    return tuple(dict.fromkeys(name for name in _files_in(found) if _PICTURE.fullmatch(name)))


def packed(name: str, source: str, read_file: Callable[[str], bytes]) -> bytes | None:
    """Return a design with its pictures as a zip, ``None`` where it names none and is whole as a text.

    Args:
        name: the design's.
        source: its text.
        read_file: gives a picture of it; raises OSError where it is not there.

    Raises:
        LabelError: a picture is not there.
    """
    names = pictures_named(source)
    if not names:
        return None
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.toml", _LONG_AGO), source.encode("utf-8"))
        for one in names:
            try:
                archive.writestr(zipfile.ZipInfo(one, _LONG_AGO), read_file(one))
            except OSError as error:
                raise LabelError(f"Cannot export {name!r}: its picture {one!r} is not there.") from error
    return file.getvalue()


def unpacked(data: bytes) -> Parcel:
    """Read a parcel that anybody may have made; nothing of it is written anywhere.

    Raises:
        LabelError: it holds anything but one design and pictures beside it, or more than they may take.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(members)
            contents = {one.filename: _content(archive, one) for one in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise LabelError("Cannot import this file: it is no whole zip.") from error
    designs = [name for name in contents if _DESIGN.fullmatch(name)]
    if len(designs) != 1:
        raise LabelError(f"Cannot import this zip: expected one design in it, got {len(designs)}.")
    try:
        source = contents.pop(designs[0]).decode("utf-8")
    except UnicodeDecodeError as error:
        raise LabelError("Cannot import this zip: expected a design in UTF-8.") from error
    return Parcel(source, contents)


def renamed(source: str, names: Mapping[str, str]) -> str:
    """Return a design that asks for its pictures by other names."""

    def replaced(match: re.Match[str]) -> str:
        name = names.get(match["name"], match["name"])
        return f"{match['key']}{match['quote']}{name}{match['quote']}"

    return re.sub(r"""(?P<key>\bfile\s*=\s*)(?P<quote>["'])(?P<name>[^"'\n]+)(?P=quote)""", replaced, source)


def _files_in(value: object, key: str = "") -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(name for inner, one in value.items() for name in _files_in(one, str(inner)))
    if isinstance(value, list):
        return tuple(name for one in value for name in _files_in(one))
    return (value,) if key == "file" and isinstance(value, str) else ()


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
        raise LabelError(
            f"Cannot import this zip: expected {_MOST_MEMBERS} files or less, "
            f"{MOST_BYTES // 1024 // 1024} MB unpacked."
        )
    names = [one.filename for one in members]
    for one in members:
        kind = stat.S_IFMT(one.external_attr >> 16)
        is_plain = kind in {0, stat.S_IFREG} and not one.flag_bits & 1
        is_known = _DESIGN.fullmatch(one.filename) or _PICTURE.fullmatch(one.filename)
        if not is_plain or not is_known or names.count(one.filename) > 1:
            raise LabelError(
                f"Cannot import this zip: expected a .toml and .png files, got {one.filename[:80]!r}."
            )


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpack one file, and no more of it than it may have: what a zip says of sizes need not be so."""
    most = _MOST_SOURCE if member.filename.endswith(".toml") else _MOST_PICTURE
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise LabelError(f"Cannot import this zip: {member.filename!r} has more than {most // 1024} KiB.")
    return content
