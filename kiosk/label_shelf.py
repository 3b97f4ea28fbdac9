"""The label designs a kiosk has: those that come with it, and the site's own, with all their versions.

The site's folder holds `<name>.toml`, and under `.versions/<name>/` every text that was ever saved, so that
an older one can be compared and brought back, also after the design was taken away. Pictures of image
elements stand beside the designs. No text is lost, and nothing is written over in place.
"""

import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.errors import LabelError
from kiosk.model import DesignVersion
from kiosk.words import system_says, told
from printers import Design, LabelInvalid, parse_design, prove

DESIGN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOST_BYTES: Final = 256 * 1024
_VERSIONS: Final = ".versions"
_VERSION_FILE: Final = re.compile(r"([0-9]{6})-([0-9]{8}T[0-9]{6}Z)\.toml")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_MOST_OF_A_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Designs:
    """Every design by name, all of one moment."""

    good: Mapping[str, Design]
    faults: Mapping[str, str] = field(default_factory=dict)
    """Designs of the site that cannot be printed, and why; the packaged one does not stand in for them."""
    packaged: Mapping[str, Design] = field(default_factory=dict)
    """What comes with the kiosk, also where the site has its own of that name."""

    def having(self, design: Design) -> "Designs":
        """Return the same with one that is new, or takes the place of that of its name."""
        faults = {name: fault for name, fault in self.faults.items() if name != design.name}
        return Designs({**self.good, design.name: design}, faults, self.packaged)

    def without(self, name: str) -> "Designs":
        """Return the same without the site's design of that name; the packaged one takes its place."""
        others = {key: one for key, one in self.good.items() if key != name}
        faults = {key: fault for key, fault in self.faults.items() if key != name}
        packaged = {name: self.packaged[name]} if name in self.packaged else {}
        return Designs({**others, **packaged}, faults, self.packaged)

    def refusing(self, design: Design, fault: str) -> "Designs":
        """Return the same without a design that was found not to be good, if it is still there."""
        if self.good.get(design.name) is not design:
            return self
        good = {name: one for name, one in self.good.items() if name != design.name}
        return Designs(good, {**self.faults, design.name: fault}, self.packaged)


def read_designs(packaged: Path, site: Path | None = None) -> Designs:
    """Return the designs of both folders; see ``LabelShelf.load``."""
    return LabelShelf(packaged, site, lambda: datetime.now(UTC)).load()


class LabelShelf:
    """Finds, reads and keeps the texts of designs."""

    def __init__(self, packaged: Path, site: Path | None, clock: Callable[[], datetime]) -> None:
        self._packaged = packaged
        self._site = site
        self._clock = clock
        self._lock = threading.Lock()

    @property
    def is_writable(self) -> bool:
        """Whether the site has a folder."""
        return self._site is not None

    def load(self, *, is_proved: bool = True) -> Designs:
        """Read every design.

        Args:
            is_proved: each is drawn with its samples and read back, too; that takes longer than reading. Of
                a label that is printed, that is done in any case.

        Raises:
            LabelError: one that comes with the kiosk has a fault.
        """
        if not self._packaged.is_dir():
            raise LabelError(f"label designs: expected a folder, got {str(self._packaged)!r}")
        names = sorted(path.stem for path in self._packaged.glob("*.toml"))
        packaged = {name: self._packaged_design(name, is_proved=is_proved) for name in names}
        good, faults = dict(packaged), {}
        for name in self._site_names():
            try:
                good[name] = self._load(name, is_proved=is_proved)
            except LabelInvalid as error:
                good.pop(name, None)
                faults[name] = str(error)
        return Designs(good, faults, packaged)

    def design(self, name: str) -> Design:
        """Read and prove one design.

        Raises:
            LabelError: there is none of that name, or it has a fault.
        """
        if name not in self.names():
            raise LabelError(f"Cannot make label {name!r}: expected one of {list(self.names())}.")
        try:
            return self._load(name)
        except LabelInvalid as fault:
            raise LabelError(f"Cannot make label {name!r}: {fault}") from fault

    def _packaged_design(self, name: str, *, is_proved: bool) -> Design:
        where = f"{name}.toml"
        path = self._packaged / where
        try:
            source = path.read_text(encoding="utf-8")
            zpl = _beside(path)
            design = parse_design(name, source, where=where, read_file=self._reader(self._packaged), zpl=zpl)
            if is_proved:
                prove(design, where=where)
        except (OSError, UnicodeDecodeError, LabelInvalid) as error:
            raise LabelError(str(error)) from error
        return design

    def names(self) -> tuple[str, ...]:
        """Return the names of all designs, in alphabetical order."""
        return tuple(sorted({*self._site_names(), *(path.stem for path in self._packaged.glob("*.toml"))}))

    def is_of_site(self, name: str) -> bool:
        """Tell whether the site has its own design of that name."""
        return name in self._site_names()

    def is_packaged(self, name: str) -> bool:
        """Tell whether a design of that name comes with the kiosk."""
        return _fits(name) and (self._packaged / f"{name}.toml").is_file()

    def source(self, name: str, version: int | None = None) -> str | None:
        """Return the TOML of a design, ``None`` where there is none.

        Args:
            name: the design's.
            version: one that was saved; 0 for the packaged one; without it the one that is used.

        Raises:
            LabelError: the file cannot be read.
        """
        path = self._path(name) if version is None else self._version_path(name, version)
        if path is None or not path.is_file():
            return None
        try:
            return path.read_bytes().decode("utf-8")
        except OSError as error:
            text = told("{file}: cannot be read. ({detail})", file=path.name, detail=system_says(error))
            raise LabelError(text) from error
        except UnicodeDecodeError as error:
            raise LabelError(told("{file}: expected a file in UTF-8", file=path.name)) from error

    def beside(self, name: str) -> Callable[[str], bytes]:
        """Return what reads a picture beside a design: from the site's folder, else from the packaged one."""
        del name
        return self._reader(*([self._packaged] if self._site is None else [self._site, self._packaged]))

    def _reader(self, *folders: Path) -> Callable[[str], bytes]:
        def read(file: str) -> bytes:
            found = [folder / file for folder in folders if (folder / file).is_file()]
            if not found:
                raise FileNotFoundError(f"there is no {file!r}")
            return found[0].read_bytes()

        return read

    def zpl(self, name: str) -> str:
        """Return what stands beside a design for ZPL printers, empty where there is nothing."""
        path = self._path(name)
        return _beside(path) if path is not None else ""

    def versions(self, name: str) -> tuple[DesignVersion, ...]:
        """Return what was saved, newest first; the packaged one, where there is one, comes last as 0."""
        found = sorted(self._saved(name), reverse=True)
        packaged = [DesignVersion(0, None)] if self.is_packaged(name) else []
        return (*(DesignVersion(number, at) for number, at, _ in found), *packaged)

    def save(self, name: str, source: str) -> DesignVersion:
        """Keep a design as the site's own; a text that is already in use is not kept twice.

        Raises:
            LabelError: the name cannot be a file's, there is no folder, or it cannot be written.
        """
        if not _fits(name):
            raise LabelError(
                "Cannot save this design: expected a name of letters, digits, '-' and '_', "
                f"64 at most, got {name[:80]!r}."
            )
        if self._site is None:
            raise LabelError("Cannot save designs: the setting labels.designs names no folder.")
        with self._lock:
            try:
                return self._save(self._site, name, source.encode("utf-8"))
            except OSError as error:
                raise LabelError(f"Cannot save design {name!r}: {error.strerror or error}.") from error

    def _save(self, site: Path, name: str, data: bytes) -> DesignVersion:
        target, folder = site / f"{name}.toml", site / _VERSIONS / name
        saved = sorted(self._saved(name))
        if saved and target.is_file() and target.read_bytes() == data == saved[-1][2].read_bytes():
            return DesignVersion(saved[-1][0], saved[-1][1])
        folder.mkdir(parents=True, exist_ok=True)
        if target.is_file() and (not saved or saved[-1][2].read_bytes() != target.read_bytes()):
            # Somebody put it there by hand: it is a version as well.
            saved.append(self._write_version(folder, len(saved) and saved[-1][0], target.read_bytes()))
        number, at, _ = self._write_version(folder, saved[-1][0] if saved else 0, data)
        _write(target, data)
        return DesignVersion(number, at)

    def delete(self, name: str) -> None:
        """Take the site's design of that name away; what it says stays as a version.

        Raises:
            LabelError: the site has none, or it cannot be taken away.
        """
        if self._site is None or not self.is_of_site(name):
            raise LabelError(f"Cannot delete design {name!r}: this site has none of that name.")
        target, folder = self._site / f"{name}.toml", self._site / _VERSIONS / name
        with self._lock:
            try:
                saved, data = sorted(self._saved(name)), target.read_bytes()
                if not saved or saved[-1][2].read_bytes() != data:
                    folder.mkdir(parents=True, exist_ok=True)
                    self._write_version(folder, saved[-1][0] if saved else 0, data)
                target.unlink()
                _sync(self._site)
            except OSError as error:
                raise LabelError(f"Cannot delete design {name!r}: {error.strerror or error}.") from error

    def deleted(self) -> tuple[str, ...]:
        """Return the names of which the site has nothing but versions, in alphabetical order."""
        if self._site is None:
            return ()
        folders = (path.name for path in (self._site / _VERSIONS).glob("*") if path.is_dir())
        names = {*self.names()}
        return tuple(sorted(name for name in folders if name not in names and self._saved(name)))

    def keep_file(self, stem: str, ending: str, data: bytes) -> str:
        """Write a file beside the designs under a name that is free; the same bytes are not kept twice.

        Raises:
            LabelError: there is no folder, or it cannot be written.
        """
        if self._site is None:
            raise LabelError("Cannot keep pictures: the setting labels.designs names no folder.")
        with self._lock:
            try:
                self._site.mkdir(parents=True, exist_ok=True)
                for number in range(1, _MOST_OF_A_NAME):
                    name = f"{stem}{f'-{number}' if number > 1 else ''}{ending}"
                    path = self._site / name
                    if path.is_file() and path.read_bytes() == data:
                        return name
                    if not path.exists() and not (self._packaged / name).exists():
                        _write(path, data)
                        return name
            except OSError as error:
                raise LabelError(f"Cannot keep picture {stem!r}: {error.strerror or error}.") from error
        raise LabelError(f"Cannot keep picture {stem!r}: there are too many of that name.")

    def _write_version(self, folder: Path, last: int, data: bytes) -> tuple[int, datetime, Path]:
        at = self._clock().astimezone(UTC).replace(microsecond=0)
        path = folder / f"{last + 1:06}-{at.strftime(_STAMP)}.toml"
        _write(path, data)
        return last + 1, at, path

    def _saved(self, name: str) -> list[tuple[int, datetime, Path]]:
        if self._site is None or not _fits(name):
            return []
        found = []
        for path in (self._site / _VERSIONS / name).glob("*.toml"):
            if match := _VERSION_FILE.fullmatch(path.name):
                at = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
                found.append((int(match[1]), at, path))
        return found

    def _version_path(self, name: str, version: int) -> Path | None:
        if version == 0:
            return self._packaged / f"{name}.toml" if self.is_packaged(name) else None
        return next((path for number, _, path in self._saved(name) if number == version), None)

    def _path(self, name: str) -> Path | None:
        if self._site is not None and self.is_of_site(name):
            return self._site / f"{name}.toml"
        return self._packaged / f"{name}.toml" if self.is_packaged(name) else None

    def _site_names(self) -> frozenset[str]:
        if self._site is None:
            return frozenset()
        return frozenset(path.stem for path in self._site.glob("*.toml") if _fits(path.stem))

    def _load(self, name: str, *, is_proved: bool = True) -> Design:
        where = f"{name}.toml"
        try:
            source, zpl = self.source(name), self.zpl(name)
        except (LabelError, OSError, UnicodeDecodeError) as error:
            raise LabelInvalid(f"{where}: {error}") from error
        design = parse_design(name, source or "", where=where, read_file=self.beside(name), zpl=zpl)
        if is_proved:
            prove(design, where=where)
        return design


def _beside(path: Path) -> str:
    zpl = path.with_suffix(".zpl")
    return zpl.read_text(encoding="utf-8") if zpl.is_file() else ""


def _fits(name: str) -> bool:
    return DESIGN_NAME.fullmatch(name) is not None


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, also when the power goes."""
    unready = path.with_name(f".{path.name}.new")
    with unready.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unready.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
