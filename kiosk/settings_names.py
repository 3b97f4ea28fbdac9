"""Whether the names in a configuration fit together: used once, and naming what is there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel
from pydantic_core import PydanticCustomError


def misfits(data: object) -> Iterator[PydanticCustomError]:
    """Yield names that are used twice, or name nothing; entries that are not readable are left out.

    Args:
        data: the configuration, before anything in it was checked.
    """
    stations, scanners, printers = (_entries(data, what) for what in ("stations", "scanners", "printers"))
    for what, entries in (("stations", stations), ("scanners", scanners), ("printers", printers)):
        names = Counter(entry["name"] for entry in entries)
        for name in sorted(name for name, count in names.items() if count > 1):
            yield _misfit(f"{what}: name {name!r} is used {names[name]} times")
    station_names = sorted({entry["name"] for entry in stations})
    for scanner in scanners:
        if scanner.get("station") not in {*station_names, None}:
            wanted = f"{scanner['name']!r} belongs to station {scanner['station']!r}"
            yield _misfit(f"scanners: {wanted}, expected one of {station_names}")
    printer_names = sorted({entry["name"] for entry in printers})
    for station in stations:
        if station.get("printer") not in {*printer_names, None, ""}:
            wanted = f"{station['name']!r} prints on {station['printer']!r}"
            yield _misfit(f"stations: {wanted}, expected one of {printer_names}")
    yield from _label_misfits(data, printer_names)
    shift = data.get("shift") if isinstance(data, Mapping) else None
    entry = shift.model_dump() if isinstance(shift, BaseModel) else shift
    named = entry.get("prints_at") if isinstance(entry, Mapping) else None
    for name in named if isinstance(named, list | tuple) else ():
        if name not in station_names:
            yield _misfit(f"shift.prints_at: expected stations of {station_names}, got {name!r}")


def _label_misfits(data: object, printer_names: Sequence[str]) -> Iterator[PydanticCustomError]:
    stations = data.get("stations") if isinstance(data, Mapping) else None
    for station in stations if isinstance(stations, Sequence) else ():
        entry = station.model_dump() if isinstance(station, BaseModel) else station
        for label in _entries(entry, "labels", named_by="design"):
            if label.get("printer") not in {*printer_names, None, ""}:
                wanted = f"{label['design']!r} is printed on {label['printer']!r}"
                yield _misfit(f"stations.labels: {wanted}, expected one of {list(printer_names)}")


def _misfit(words: str) -> PydanticCustomError:
    return PydanticCustomError("misfit", "{words}", {"words": words})


def _entries(data: object, what: str, *, named_by: str = "name") -> list[dict[str, str]]:
    """Return the texts of each named entry of a section, before anything in it was checked."""
    section = data.get(what) if isinstance(data, Mapping) else None
    entries = (
        entry.model_dump() if isinstance(entry, BaseModel) else entry
        for entry in (section if isinstance(section, Sequence) else ())
    )
    texts = (
        {key: value for key, value in entry.items() if isinstance(value, str)}
        for entry in entries
        if isinstance(entry, Mapping)
    )
    return [entry for entry in texts if named_by in entry]
