"""Between the journal's rows and the model's values."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.engine import RowMapping

from kiosk.model import (
    JobState,
    Json,
    KeptScan,
    Message,
    Operation,
    OperationState,
    Operator,
    PrintJob,
    RawScan,
    Role,
    ScanState,
    Session,
)
from kiosk.wire import made_of_each, message_from_json, message_json, to_json, told_again


def written(value: Mapping[str, Json] | object) -> str:
    """Return a value as the JSON text that the journal keeps."""
    return json.dumps(to_json(value), separators=(",", ":"), ensure_ascii=True)


def message_text(message: Message | None) -> str | None:
    """Return a message as the journal keeps it: its template and values, not its words."""
    return None if message is None else written(message_json(message))


def wording_text(**texts: str) -> str:
    """Return what these texts are made of, as the journal keeps it beside them; empty where nobody knows."""
    made_of = made_of_each(texts)
    return written(made_of) if made_of else ""


def session_of(row: RowMapping) -> Session:
    """Read a session."""
    return Session(
        id=row["id"],
        station=row["station"],
        flow=row["flow"],
        step=row["step"],
        state=json.loads(row["state"]),
        message=message_from_json(json.loads(row["message"] or "null")),
        turn=row["turn"],
        revision=row["revision"],
    )


def scan_of(row: RowMapping) -> RawScan:
    """Read a scan."""
    return RawScan(
        id=row["id"],
        station=row["station"],
        scanner=row["scanner"],
        data=row["raw"],
        at=datetime.fromisoformat(row["at"]),
        symbology=row["symbology"],
    )


def kept_scan_of(row: RowMapping) -> KeptScan:
    """Read a scan and what became of it."""
    return KeptScan(scan_of(row), ScanState(row["state"]), row["screen"])


def operation_of(row: RowMapping) -> Operation:
    """Read an operation."""
    made_of = json.loads(row["wording"]) if row["wording"] else {}
    return Operation(
        id=row["id"],
        key=row["key"],
        station=row["station"],
        flow=row["flow"],
        operation=row["operation"],
        subject=row["subject"],
        about=row["about"],
        arguments=json.loads(row["arguments"]),
        state=OperationState(row["state"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        attempts=row["attempts"],
        is_doubtful=row["is_doubtful"],
        result=json.loads(row["result"]) if row["result"] else None,
        error=told_again(row["error"], made_of.get("error")),
        facts=told_again(row["facts"], made_of.get("facts")),
        serves=row["serves"],
        needs=row["needs"],
        actor=_actor(row["actor"]),
        event=row["event"],
        undoes=row["undoes"],
        settled_at=datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
        trace=row["trace"],
    )


def job_of(row: RowMapping) -> PrintJob:
    """Read a print job."""
    return PrintJob(
        id=row["id"],
        key=row["key"],
        station=row["station"],
        printer=row["printer"],
        label=row["label"],
        design_digest=row["design_digest"],
        fields=json.loads(row["fields"]),
        subject=row["subject"],
        encoded=row["encoded"],
        copy=row["copy"],
        copies=row["copies"],
        state=JobState(row["state"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        error=row["error"],
        batch=row["batch"],
        edition=row["edition"],
        reprint_of=row["reprint_of"],
        moved_from=row["moved_from"],
        made_for=row["made_for"],
        event=row["event"],
    )


def _actor(text: str | None) -> Operator | None:
    if text is None:
        return None
    data: Any = json.loads(text)
    return Operator(data["id"], data["name"], Role(data["role"]))
