"""The model as the API writes it."""

from collections.abc import Mapping, Sequence

from kiosk.model import Batch, DeviceState, Json, PrintJob
from kiosk.ports import Ordered, QueueView, Receipt, StationView


def view_json(view: StationView) -> dict[str, Json]:
    """Return what a station shows."""
    message: Json = None
    if view.message is not None:
        message = {"level": view.message.level.value, "text": view.message.text}
    return {
        "screen": view.screen,
        "state": plain(view.state),
        "message": message,
        "waiting": view.waiting,
        "parked": view.parked,
        "scanners": [device_json(device) for device in view.scanners],
        "printers": [device_json(device) for device in view.printers],
        "revision": view.revision,
        "ion": device_json(view.ion),
        "jobs": [job_json(job) for job in view.jobs],
        "operator": {"name": view.operator.name, "role": view.operator.role.value} if view.operator else None,
    }


def receipt_json(receipt: Receipt) -> dict[str, Json]:
    """Return the kiosk's answer to a scan or a press."""
    return {"id": receipt.id, "is_repeat": receipt.is_repeat, "is_stale": receipt.is_stale}


def device_json(device: DeviceState) -> dict[str, Json]:
    """Return a scanner, a printer or ION."""
    return {"name": device.name, "is_ready": device.is_ready, "text": device.text}


def job_json(job: PrintJob) -> dict[str, Json]:
    """Return a print job."""
    return {
        "id": job.id,
        "station": job.station,
        "printer": job.printer,
        "label": job.label,
        "fields": plain(job.fields),
        "subject": job.subject,
        "encoded": job.encoded,
        "copy": job.copy,
        "copies": job.copies,
        "state": job.state.value,
        "error": job.error,
        "created_at": job.created_at.isoformat(),
        "batch": job.batch,
        "edition": job.edition,
        "reprint_of": job.reprint_of,
        "moved_from": job.moved_from,
        "picture": f"/jobs/{job.id}.png",
    }


def batch_json(batch: Batch) -> dict[str, Json]:
    """Return a batch; its counts add up to ``issued``."""
    tally = batch.tally
    return {
        "id": batch.id,
        "station": batch.station,
        "title": batch.title,
        "by": batch.by,
        "state": batch.state.value,
        "is_done": tally.is_done,
        "priority": batch.priority,
        "created_at": batch.created_at.isoformat(),
        "reason": batch.reason.value if batch.reason else "",
        "note": batch.note,
        "issued": tally.issued,
        "confirmed": tally.confirmed,
        "voided": tally.voided,
        "unknown": tally.unknown,
        "sending": tally.sending,
        "waiting": tally.waiting,
        "as_of": batch.as_of.isoformat() if batch.as_of else None,
        "age_s": batch.age_s,
    }


def ordered_json(ordered: Ordered) -> dict[str, Json]:
    """Return the answer to an order of labels; the same each time it is asked for."""
    batch = ordered.batch
    return {
        "batch": batch.id,
        "batch_url": f"/api/v1/batches/{batch.id}",
        "events_url": f"/events/batches/{batch.id}",
        "jobs": [job.id for job in ordered.jobs],
        "job_urls": [f"/api/v1/jobs/{job.id}" for job in ordered.jobs],
        "as_of": batch.as_of.isoformat() if batch.as_of else None,
        "age_s": batch.age_s,
    }


def queue_json(queue: QueueView) -> dict[str, Json]:
    """Return a printer with its queue."""
    return {
        "printer": device_json(queue.printer),
        "since": queue.since.isoformat() if queue.since else None,
        "is_paused": queue.is_held,
        "made_for": queue.kind,
        "stations": list[Json](queue.stations),
        "waiting": queue.waiting,
        "in_flight": job_json(queue.in_flight) if queue.in_flight else None,
        "batches": [batch_json(one.batch) for one in queue.batches],
        "asked": [job_json(job) for job in queue.asked],
        "takers": list[Json](queue.takers),
    }


def printer_json(queue: QueueView) -> dict[str, Json]:
    """Return a printer with its state."""
    return {
        **device_json(queue.printer),
        "since": queue.since.isoformat() if queue.since else None,
        "is_paused": queue.is_held,
        "made_for": queue.kind,
        "waiting": queue.waiting,
        "stations": list[Json](queue.stations),
    }


def plain(value: Json) -> Json:
    """Return JSON of any mapping and sequence as the dictionaries and lists that can be written."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value
