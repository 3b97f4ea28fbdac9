"""What the design page's scripts send, and how they are told what went wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import request
from pydantic import BaseModel
from werkzeug.exceptions import Conflict, ServiceUnavailable, UnprocessableEntity

from kiosk.errors import DesignChanged, IonError, LabelError
from kiosk.web.context import Web
from kiosk.web.guards import check_origin
from kiosk.web.payloads import read_sent

Payload = TypeVar("Payload", bound=BaseModel)


def sent_by_page(web: Web, kind: type[Payload]) -> Payload:
    """Return what a page of this kiosk sent.

    Raises:
        Forbidden: no page of this kiosk sent it.
        HTTPException: it does not fit.
    """
    check_origin(request)
    web.tokens.check(request)
    return read_sent(request, kind)[0]


@contextmanager
def said() -> Iterator[None]:
    """Turn what went wrong into an answer with its sentence."""
    try:
        yield
    except DesignChanged as error:
        raise Conflict(str(error)) from error
    except LabelError as error:
        raise UnprocessableEntity(str(error)) from error
    except IonError as error:
        raise ServiceUnavailable("ION could not be asked. Type the values instead.") from error
