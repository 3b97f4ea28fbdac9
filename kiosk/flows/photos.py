"""Photos of what is on the screen: named by their digests until ION has the thing that they show."""

import re
from collections.abc import Mapping, Sequence

from kiosk.flows.flow import Outcome, stay
from kiosk.model import Json, Level, Message, Operation, Session, Submit

MOST_PHOTOS = 6
CONTENT_TYPE = "image/jpeg"
"""What every photo is kept as, whatever the phone or the camera made of it."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NOT_IN_A_FILENAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_FILENAME = 60


def photos_of(state: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the digests of the photos that were taken for the screen."""
    photos = state.get("photos")
    return tuple(str(digest) for digest in photos) if isinstance(photos, list | tuple) else ()


def photo_taken(session: Session, digest: str | None) -> Outcome:
    """Keep a photo for what is on the screen; without one, show the code for a phone.

    ``phone`` in the state counts how often the code was asked for, so that a page shows it each time.

    Args:
        session: on a screen that takes photos.
        digest: of the photo's bytes in ``FileRoom``.
    """
    photos = photos_of(session.state)
    if digest is None:
        message = Message(Level.ASK, "Take the photo here, or scan the code with a phone.")
        return stay(session, message, phone=str(int(str(session.state.get("phone") or "0")) + 1))
    if _DIGEST.fullmatch(digest) is None:
        return stay(session, Message(Level.STOP, "That was no photo of this kiosk."))
    values = {"count": str(len(photos)), "most": str(MOST_PHOTOS)}
    if digest in photos:
        return stay(session, Message(Level.ASK, "This photo is here already: {count} in all.", values))
    if len(photos) == MOST_PHOTOS:
        return stay(session, Message(Level.STOP, "{most} photos are enough for one thing.", values))
    values = {"count": str(len(photos) + 1)}
    template = "Photo {count} is kept." if photos else "The photo is kept."
    return stay(session, Message(Level.GOOD, template, values), photos=[*photos, digest])


def photo_files(photos: Sequence[str], name: str) -> list[dict[str, Json]]:
    """Return photos as an operation's arguments carry them: ``digest``, ``filename``, ``content_type``.

    Args:
        photos: their digests.
        name: what they show; becomes the beginning of the file's name.
    """
    stem = _NOT_IN_A_FILENAME.sub("-", name).strip("-.")[:_LONGEST_FILENAME] or "photo"
    return [
        {"digest": digest, "filename": f"{stem}-{number}.jpg", "content_type": CONTENT_TYPE}
        for number, digest in enumerate(photos, 1)
    ]


def photo_arguments(photos: Sequence[str], name: str) -> dict[str, Json]:
    """Return the part of an operation's arguments that carries its photos, empty where there are none."""
    return {"photos": photo_files(photos, name)} if photos else {}


def attachments(operation: Operation, entity_id: Json) -> tuple[Submit, ...]:
    """Return the uploads of the photos that were taken with an operation.

    An upload waits for nothing but itself: a large photo on a slow line does not hold up the next step.

    Args:
        operation: done.
        entity_id: what ION attaches the files to.
    """
    files = operation.arguments.get("photos")
    return tuple(
        Submit(
            "attach_file",
            f"photo/{file['digest']}",
            operation.about,
            {**file, "entity_id": entity_id, "title": _title(operation)},
        )
        for file in (files if isinstance(files, list | tuple) else ())
        if isinstance(file, Mapping)
    )


def _title(operation: Operation) -> str:
    return str(operation.arguments.get("title") or operation.subject)
