"""The kiosk's and ION's own barcodes: uids, references, commands; read and written.

All that is written here is safe in Code 128; references and commands with upper-case contents
also fit QR's alphanumeric mode, except where an id has characters of its own.
"""

import json
import re

from kiosk.barcodes.payload import Payload, quoted
from kiosk.barcodes.reading import Command, IonRef, IonUid, Rejected

ENTITIES = ("PI", "RUN", "PO", "LOC", "PART", "OP", "KIT", "PROC", "ISSUE", "STEP")
"""What a reference can name: inventory, run, order, location, part, operator, kit, procedure, issue, step.

The id of a step is that of its run, a colon, and its own.
"""

VERBS = (
    "CONFIRM",
    "CANCEL",
    "BACK",
    "START",
    "COMPLETE",
    "PRINT",
    "REPEAT",
    "QUANTITY",
    "COPIES",
    "FLOW",
    "HOME",
    "NEXT",
    "CHOOSE",
    "UNDO",
    "ENTER",
    "VALUE",
    "KEY",
    "YES",
    "NO",
    "NOW",
    "FAIL",
    "HOLD",
    "PROBLEM",
    "PHOTO",
    "CREATE",
    "RECOUNT",
    "SCRAP",
    "PRINTED",
    "QUEUE",
    "SHIFT",
    "HEAD",
    "HISTORY",
    "PREVIOUS",
    "SEARCH",
    "HELP",
    "STATUS",
)

_ARGUMENTS = {
    "QUANTITY": (
        re.compile(r"\+?(?=[0-9.]*[1-9])[0-9]{1,12}(?:\.[0-9]{1,6})?"),
        "a number above zero such as 5 or 2.5, or +n to add",
    ),
    "PRINT": (re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"), "the name of a label, or nothing"),
    "COPIES": (re.compile(r"(?=0{0,3}[1-9])[0-9]{1,4}"), "a whole number of copies from 1 to 9999"),
    "CHOOSE": (
        re.compile(r"[1-9]|[A-Za-z][A-Za-z-]{0,31}/[A-Za-z0-9._:-]{1,64}"),
        "the number of the choice on the screen, or its name such as run/12",
    ),
    "VALUE": (re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?"), "a number such as 6.2 or -40"),
    "KEY": (re.compile(r"[0-9]|DOT|MINUS", re.IGNORECASE), "a digit, DOT or MINUS"),
    "PRINTED": (
        re.compile(r"(?:YES|NO)(?:/[0-9A-Za-z]{1,64})?", re.IGNORECASE | re.ASCII),
        "YES where the label came out, else NO",
    ),
    "HISTORY": (
        re.compile(r"(?:scan|operation|label)/[0-9a-z-]{1,64}", re.IGNORECASE | re.ASCII),
        "the name of one thing that happened such as scan/12, or nothing",
    ),
    "QUEUE": (re.compile(r"PAUSE|GO|CANCEL", re.IGNORECASE | re.ASCII), "PAUSE, GO or CANCEL"),
    "HEAD": (
        re.compile(r"[0-9]{1,15}:[0-9A-Fa-f]{64}"),
        "the head of an audit, its number, a colon and 64 hexadecimal digits",
    ),
    "FLOW": (re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}"), "the name of a flow"),
}
"""What the argument of a verb looks like, in code and in words; other verbs take none."""
_OPTIONAL = frozenset({"PRINT", "HISTORY"})
"""Verbs that mean something without their argument, too."""

_REFERENCE = re.compile(r"ION/([!-.0-~]*)/(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_COMMAND = re.compile(r"ION/CMD/([!-.0-~]*)(?:/(.*))?", re.IGNORECASE | re.ASCII | re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_STEP_ID = re.compile(r"[A-Za-z0-9._-]+:[A-Za-z0-9._-]+")
_UID = re.compile(r"[0-9A-Fa-f]{32}")
_OWN = re.compile(rf"ION/(?:CMD|{'|'.join(ENTITIES)})/", re.IGNORECASE | re.ASCII)


def is_reserved(text: str) -> bool:
    """Return whether the text begins like a barcode of the kiosk, and so is nobody's lot or serial number."""
    return _OWN.match(text) is not None


def read_uid(payload: Payload) -> IonUid | Rejected:
    """Read ION's label: a JSON object whose only key is ``uid``, 32 hex digits in any case."""
    if not payload.text.lstrip(" \t\r\n").startswith("{"):
        return Rejected(IonUid.kind, "does not begin with '{': ION's own label is JSON")
    try:
        pairs = json.loads(payload.text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return Rejected(IonUid.kind, "begins with '{' but is not JSON")
    keys = [key for key, _ in pairs]
    if keys != ["uid"]:
        return Rejected(IonUid.kind, f"its JSON keys are {_listed(keys)}, expected only 'uid'")
    uid = pairs[0][1]
    if not isinstance(uid, str):
        return Rejected(IonUid.kind, "its uid is no text, expected 32 hex digits")
    if _UID.fullmatch(uid) is None:
        return Rejected(IonUid.kind, f"its uid is {quoted(uid)}, expected 32 hex digits")
    return IonUid(uid.lower())


def read_reference(payload: Payload) -> IonRef | Rejected:
    """Read ``ION/<entity>/<id>``; the prefix may come in any case, the id is kept as it is."""
    match = _REFERENCE.fullmatch(payload.text)
    if match is None:
        return Rejected(IonRef.kind, "does not have the form ION/<entity>/<id>")
    entity, id_ = match[1].upper(), match[2]
    if entity not in ENTITIES:
        return Rejected(IonRef.kind, f"its entity is {quoted(entity)}, expected one of {', '.join(ENTITIES)}")
    if _ID.fullmatch(id_) is None:
        return Rejected(
            IonRef.kind, f"its id is {quoted(id_)}, expected 1 to 64 letters, digits or any of . _ : -"
        )
    if entity == "STEP" and _STEP_ID.fullmatch(id_) is None:
        return Rejected(IonRef.kind, f"its id is {quoted(id_)}, expected <run>:<step>")
    return IonRef(entity, id_)


def read_command(payload: Payload) -> Command | Rejected:
    """Read ``ION/CMD/<verb>[/<argument>]``; names of flows and labels become lower case."""
    match = _COMMAND.fullmatch(payload.text)
    if match is None:
        return Rejected(Command.kind, "does not have the form ION/CMD/<verb>[/<argument>]")
    verb, argument = match[1].upper(), match[2]
    if verb not in VERBS:
        return Rejected(Command.kind, f"its verb is {quoted(verb)}, expected one of {', '.join(VERBS)}")
    fault = _argument_fault(verb, argument)
    if fault:
        return Rejected(Command.kind, fault)
    return Command(verb, _as_meant(verb, argument))


def _as_meant(verb: str, argument: str | None) -> str | None:
    """Return an argument as it was before it was written in upper case, as far as that can be known."""
    if argument is not None and verb == "KEY":
        return argument.upper()
    if argument is not None and verb == "HISTORY":
        return argument.lower()
    if argument is None or verb not in {"FLOW", "CHOOSE", "PRINT"}:
        return argument
    name, slash, id_ = argument.partition("/")
    return f"{name.lower()}{slash}{id_}"


def uid_json(uid: str) -> str:
    """Return the text of ION's own label.

    Raises:
        ValueError: ``uid`` is not 32 hex digits.
    """
    if _UID.fullmatch(uid) is None:
        raise ValueError(f"Cannot write the uid {uid!r} as a barcode: expected 32 hex digits")
    return json.dumps({"uid": uid.lower()}, separators=(",", ":"))


def reference(entity: str, id: str) -> str:  # noqa: A002 - the field's term
    """Return ``ION/<entity>/<id>``.

    Raises:
        ValueError: the entity is unknown, or the id would not be read back.
    """
    text = f"ION/{entity}/{id}"
    reading = read_reference(Payload(text))
    if isinstance(reading, Rejected):
        raise ValueError(  # noqa: TRY004 - the value is wrong, not its type
            f"Cannot write a reference to {entity!r} {id!r} as a barcode: {reading.reason}"
        )
    return f"ION/{reading.entity}/{reading.id}"


def command(verb: str, argument: str | None = None) -> str:
    """Return ``ION/CMD/<verb>[/<argument>]`` in upper case.

    Raises:
        ValueError: the verb is unknown, or its argument would not be read back.
    """
    text = f"ION/CMD/{verb}" if argument is None else f"ION/CMD/{verb}/{argument}"
    reading = read_command(Payload(text))
    if isinstance(reading, Rejected):
        raise ValueError(  # noqa: TRY004 - the value is wrong, not its type
            f"Cannot write the command {verb!r} {argument!r} as a barcode: {reading.reason}"
        )
    return text.upper()


def _argument_fault(verb: str, argument: str | None) -> str:
    if verb not in _ARGUMENTS:
        return "" if argument is None else f"{verb} takes no argument, it has {quoted(argument)}"
    pattern, expected = _ARGUMENTS[verb]
    if argument is None and verb in _OPTIONAL:
        return ""
    if argument is None:
        return f"{verb} has no argument, expected {expected}"
    if pattern.fullmatch(argument) is None:
        return f"the argument of {verb} is {quoted(argument)}, expected {expected}"
    return ""


def _listed(keys: list[str]) -> str:
    shown = ", ".join(quoted(key) for key in keys[:5])
    return (shown if len(keys) <= 5 else f"{shown}, {len(keys) - 5} more") or "none"  # noqa: PLR2004
