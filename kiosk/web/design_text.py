"""The text of a design, as pages and actions ask for it."""

from werkzeug.exceptions import NotFound, UnprocessableEntity

from kiosk.errors import LabelError
from kiosk.ports import DesignRoom


def text_of(room: DesignRoom, name: str, version: int | None = None) -> str:
    """Return the TOML of a design, or of one of its versions.

    Raises:
        NotFound: there is none.
        UnprocessableEntity: it cannot be read.
    """
    try:
        source = room.source(name, version)
    except LabelError as error:
        raise UnprocessableEntity(str(error)) from error
    if source is None:
        raise NotFound("There is no such design.")
    return source
