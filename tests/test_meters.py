from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from prometheus_client.parser import text_string_to_metric_families

from kiosk.errors import JournalError
from kiosk.journal import Counts
from kiosk.meters import Meters, Watched
from kiosk.model import DeviceState, JobState, Operation, OperationState, PrintJob

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
COUNTS = Counts(7, 3, 4, 2, {"queued": 2, "parked": 1}, {("zebra", "queued"): 2}, NOW - timedelta(seconds=90))
OPERATION = Operation(
    *("1f", "s/1", "dock-1", "receive", "receive", "order-line/1", "order/1"),
    {"lot": "SECRET-LOT"},
    OperationState.DONE,
    NOW - timedelta(seconds=2),
)
JOB = PrintJob(
    *("2e", "s/1/label", "dock-1", "zebra", "part", "d", {"code": "SECRET-CODE"}, "SECRET", "SECRET", 1, 1),
    JobState.CONFIRMED,
    NOW,
)


def watched(folder: Path | None = None, **changes: object) -> Watched:
    made = Watched(
        counts=lambda: COUNTS,
        journal=folder / "kiosk.db" if folder else None,
        threads=lambda: {"delivery": "ok", "printer zebra": "hung", "audit": "failing"},
        printers=lambda: [DeviceState("zebra", is_ready=False, text="SECRET-TEXT")],
        scanners=lambda: [DeviceState("gun", is_ready=True, text="")],
        ion=lambda: DeviceState("ION", is_ready=True, text=""),
        clock=lambda: NOW,
        version="1.2.3",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def read(meters: Meters, what: Watched) -> Mapping[tuple[str, ...], float]:
    text = meters.page(what).decode()
    assert "SECRET" not in text
    return {
        (one.name, *sorted(f"{name}={value}" for name, value in one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_everything_that_is_looked_at_has_a_number(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").write_bytes(b"12345")
    found = read(Meters(lambda: NOW), watched(tmp_path))
    ours = {key: value for key, value in found.items() if key[0].startswith("kiosk_")}
    python = ours.pop(next(key for key in ours if key[0] == "kiosk_build_info")) or None
    assert python == 1
    assert ours == {
        ("kiosk_ion_up",): 1,
        ("kiosk_printer_up", "printer=zebra"): 0,
        ("kiosk_scanner_up", "scanner=gun"): 1,
        ("kiosk_thread_up", "thread=delivery"): 1,
        ("kiosk_thread_up", "thread=printer zebra"): 0,
        ("kiosk_thread_up", "thread=audit"): 0,
        ("kiosk_journal_bytes", "file=database"): 5,
        ("kiosk_journal_up",): 1,
        ("kiosk_scans_total",): 7,
        ("kiosk_presses_total",): 3,
        ("kiosk_changes_total",): 4,
        ("kiosk_labels_queued_total",): 2,
        ("kiosk_operations", "state=queued"): 2,
        ("kiosk_operations", "state=in_flight"): 0,
        ("kiosk_operations", "state=unknown"): 0,
        ("kiosk_operations", "state=parked"): 1,
        ("kiosk_operations", "state=rejected"): 0,
        ("kiosk_labels_pending", "printer=zebra", "state=queued"): 2,
        ("kiosk_oldest_waiting_seconds",): 90,
    }


def test_deliveries_and_labels_are_counted_as_they_end() -> None:
    meters = Meters(lambda: NOW)
    meters.settled(OPERATION)
    meters.settled(replace(OPERATION, state=OperationState.PARKED))
    meters.settled(replace(OPERATION, created_at=NOW + timedelta(hours=1)))
    meters.printed(JOB)
    meters.printed(replace(JOB, state=JobState.SENDING))
    meters.printed(None)
    found = read(meters, watched())
    assert found["kiosk_deliveries_total", "change=receive", "state=done"] == 2
    assert found["kiosk_deliveries_total", "change=receive", "state=parked"] == 1
    assert found["kiosk_delivery_seconds_count", "change=receive"] == 2
    # A clock that went back makes no time before the beginning.
    assert found["kiosk_delivery_seconds_sum", "change=receive"] == 2
    assert found["kiosk_delivery_seconds_bucket", "change=receive", "le=1.0"] == 1
    assert found["kiosk_labels_total", "printer=zebra", "state=confirmed"] == 1
    assert ("kiosk_labels_total", "printer=zebra", "state=sending") not in found


def test_a_journal_that_cannot_be_read_takes_nothing_else_away() -> None:
    def broken() -> NoReturn:
        raise JournalError("disk I/O error")

    found = read(Meters(lambda: NOW), watched(counts=broken))
    assert found["kiosk_journal_up",] == 0
    assert found["kiosk_ion_up",] == 1
    assert ("kiosk_scans_total",) not in found


def test_nothing_waits_for_no_time() -> None:
    found = read(Meters(lambda: NOW), watched(counts=lambda: replace(COUNTS, oldest_waiting=None)))
    assert found["kiosk_oldest_waiting_seconds",] == 0


def test_two_kiosks_in_one_process_count_apart() -> None:
    one, other = Meters(lambda: NOW), Meters(lambda: NOW)
    one.settled(OPERATION)
    assert ("kiosk_deliveries_total", "change=receive", "state=done") not in read(other, watched())
