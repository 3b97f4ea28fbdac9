import json
import re

import pytest

from kiosk.barcodes import Command, IonRef, IonUid, Rejected
from kiosk.barcodes.ion import (
    ENTITIES,
    VERBS,
    command,
    is_reserved,
    read_command,
    read_reference,
    read_uid,
    reference,
    uid_json,
)
from kiosk.barcodes.payload import Payload

UID = "0123456789abcdef0123456789abcdef"
WITH_ARGUMENT = {"QUANTITY", "COPIES", "FLOW", "CHOOSE", "PRINTED", "VALUE", "KEY", "QUEUE", "HEAD"}


@pytest.mark.parametrize(
    "text",
    [
        f'{{"uid":"{UID}"}}',
        f'{{"uid":"{UID.upper()}"}}',
        f'  {{ "uid" :\t"{UID}" }} ',
        f'{{"\\u0075id":"{UID}"}}',
    ],
)
def test_ions_label_is_read_in_any_case(text: str) -> None:
    assert read_uid(Payload(text)) == IonUid(UID)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ABC", "does not begin with '{': ION's own label is JSON"),
        ("", "does not begin with '{': ION's own label is JSON"),
        ('["uid"]', "does not begin with '{': ION's own label is JSON"),
        ("{pbn:PICK1,on:SO1}", "begins with '{' but is not JSON"),
        ('{"a":' * 3000, "begins with '{' but is not JSON"),
        ('{"uid":[' + "[" * 8000, "begins with '{' but is not JSON"),
        (f'{{"uid":"{UID}"}} x', "begins with '{' but is not JSON"),
        ("{}", "its JSON keys are none, expected only 'uid'"),
        ('{"pn":1,"lot":2}', "its JSON keys are 'pn', 'lot', expected only 'uid'"),
        (
            '{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0}',
            "its JSON keys are '1', '2', '3', '4', '5', 2 more, expected only 'uid'",
        ),
        (f'{{"uid":"{UID}","uid":"{UID}"}}', "its JSON keys are 'uid', 'uid', expected only 'uid'"),
        (f'{{"UID":"{UID}"}}', "its JSON keys are 'UID', expected only 'uid'"),
        ('{"uid":"12"}', "its uid is '12', expected 32 hex digits"),
        (f'{{"uid":"{UID[:-1]}٣"}}', f"its uid is '{UID[:-1]}٣', expected 32 hex digits"),
        (f'{{"uid":"{UID}\\n"}}', f"its uid is '{UID}\\n', expected 32 hex digits"),
        ('{"uid":12}', "its uid is no text, expected 32 hex digits"),
        ('{"uid":null}', "its uid is no text, expected 32 hex digits"),
    ],
)
def test_what_is_not_ions_label_is_told_why(text: str, reason: str) -> None:
    assert read_uid(Payload(text)) == Rejected("ion-uid", reason)


@pytest.mark.parametrize("entity", ENTITIES)
def test_references_are_read_and_written(entity: str) -> None:
    id_ = "317:4711" if entity == "STEP" else "4711"
    assert reference(entity, id_) == f"ION/{entity}/{id_}"
    assert read_reference(Payload(f"ION/{entity}/{id_}")) == IonRef(entity, id_)
    assert read_reference(Payload(f"ion/{entity.lower()}/{id_}")) == IonRef(entity, id_)


@pytest.mark.parametrize("id_", ["a", "A.b_C:d-9", "x" * 64])
def test_the_id_of_a_reference_is_opaque(id_: str) -> None:
    assert read_reference(Payload(reference("PI", id_))) == IonRef("PI", id_)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4711", "does not have the form ION/<entity>/<id>"),
        ("ION/PI", "does not have the form ION/<entity>/<id>"),
        (" ION/PI/1", "does not have the form ION/<entity>/<id>"),
        ("\u0131ON/PI/1", "does not have the form ION/<entity>/<id>"),
        (
            "ION/TOOL/1",
            "its entity is 'TOOL', expected one of PI, RUN, PO, LOC, PART, OP, KIT, PROC, ISSUE, STEP",
        ),
        ("ION/STEP/4711", "its id is '4711', expected <run>:<step>"),
        ("ION/STEP/1:2:3", "its id is '1:2:3', expected <run>:<step>"),
        ("ION/STEP/:3", "its id is ':3', expected <run>:<step>"),
        ("ION/PI/", "its id is '', expected 1 to 64 letters, digits or any of . _ : -"),
        ("ION/PI/1/2", "its id is '1/2', expected 1 to 64 letters, digits or any of . _ : -"),
        ("ION/PI/1\n", "its id is '1\\n', expected 1 to 64 letters, digits or any of . _ : -"),
        (
            "ION/PI/" + "9" * 65,
            f"its id is '{'9' * 40}…', expected 1 to 64 letters, digits or any of . _ : -",
        ),
    ],
)
def test_a_reference_with_a_fault_is_told_why(text: str, reason: str) -> None:
    assert read_reference(Payload(text)) == Rejected("ion-ref", reason)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in WITH_ARGUMENT])
def test_commands_without_argument(verb: str) -> None:
    assert read_command(Payload(command(verb))) == Command(verb)
    assert read_command(Payload(f"ion/cmd/{verb.lower()}")) == Command(verb)


@pytest.mark.parametrize(
    ("verb", "argument"),
    [
        ("QUANTITY", "5"),
        ("QUANTITY", "0.25"),
        ("QUANTITY", "+1"),
        ("QUANTITY", "+0.5"),
        ("QUANTITY", "010"),
        ("QUANTITY", "999999999999.999999"),
        ("COPIES", "1"),
        ("COPIES", "9999"),
        ("FLOW", "receive"),
        ("CHOOSE", "2"),
        ("HISTORY", "operation/8f3a"),
        ("CHOOSE", "order-line/7001"),
        ("VALUE", "6.2"),
        ("VALUE", "-40"),
        ("VALUE", "202611201003"),
        ("KEY", "7"),
        ("KEY", "DOT"),
        ("KEY", "MINUS"),
        ("PRINTED", "YES"),
        ("PRINTED", "NO"),
        ("QUEUE", "PAUSE"),
        ("HEAD", f"4711:{'0A' * 32}"),
    ],
)
def test_commands_with_argument(verb: str, argument: str) -> None:
    assert command(verb, argument) == f"ION/CMD/{verb}/{argument}".upper()
    assert read_command(Payload(command(verb, argument))) == Command(verb, argument)


def test_the_word_for_a_label_may_name_it() -> None:
    assert read_command(Payload("ion/cmd/printed/no/00ff")) == Command("PRINTED", "no/00ff")
    assert read_command(Payload("ION/CMD/PRINTED/YES/00FF")) == Command("PRINTED", "YES/00FF")


@pytest.mark.parametrize("argument", ["", "1", f"1:{'0' * 63}", f":{'0' * 64}", f"1:{'G' * 64}"])
def test_a_head_is_a_number_and_a_hash(argument: str) -> None:
    with pytest.raises(ValueError, match="expected the head of an audit"):
        command("HEAD", argument)


@pytest.mark.parametrize(
    "argument",
    ["0", "0.0", "+0", "-1", "1,5", "1e3", ".5", "5.", "1.2.3", "", " 5", "٣", "5\n", "NaN", "++1"],
)
def test_a_quantity_is_a_number_above_zero(argument: str) -> None:
    assert read_command(Payload(f"ION/CMD/QUANTITY/{argument}")) == Rejected(
        "command",
        f"the argument of QUANTITY is {argument!r}, "
        "expected a number above zero such as 5 or 2.5, or +n to add",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CONFIRM", "does not have the form ION/CMD/<verb>[/<argument>]"),
        ("ION/CMD", "does not have the form ION/CMD/<verb>[/<argument>]"),
        ("ION/CMD/", f"its verb is '', expected one of {', '.join(VERBS)}"),
        ("ION/CMD/DELETE", f"its verb is 'DELETE', expected one of {', '.join(VERBS)}"),
        ("ION/CMD/CONFIRM/", "CONFIRM takes no argument, it has ''"),
        ("ION/CMD/START/5", "START takes no argument, it has '5'"),
        (
            "ION/CMD/QUANTITY",
            "QUANTITY has no argument, expected a number above zero such as 5 or 2.5, or +n to add",
        ),
        (
            "ION/CMD/COPIES/0",
            "the argument of COPIES is '0', expected a whole number of copies from 1 to 9999",
        ),
        (
            "ION/CMD/COPIES/1.5",
            "the argument of COPIES is '1.5', expected a whole number of copies from 1 to 9999",
        ),
        ("ION/CMD/VALUE/+5", "the argument of VALUE is '+5', expected a number such as 6.2 or -40"),
        ("ION/CMD/VALUE/1e5", "the argument of VALUE is '1e5', expected a number such as 6.2 or -40"),
        ("ION/CMD/KEY/12", "the argument of KEY is '12', expected a digit, DOT or MINUS"),
        (
            "ION/CMD/PRINTED/MAYBE",
            "the argument of PRINTED is 'MAYBE', expected YES where the label came out, else NO",
        ),
        ("ION/CMD/FLOW/../x", "the argument of FLOW is '../x', expected the name of a flow"),
    ],
)
def test_a_command_with_a_fault_is_told_why(text: str, reason: str) -> None:
    assert read_command(Payload(text)) == Rejected("command", reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ION/CMD/", True),
        ("ion/cmd/bogus", True),
        ("ION/PI/x y", True),
        ("ION/PI", False),
        ("ION/WIRE/3", False),
        ("LION/PI/3", False),
        ("\u0131on/cmd/confirm", False),
    ],
)
def test_the_kiosks_own_prefixes_are_reserved(text: str, expected: bool) -> None:
    assert is_reserved(text) is expected


def test_what_would_not_be_read_back_is_not_written() -> None:
    with pytest.raises(ValueError, match=re.escape("Cannot write the uid 'xyz' as a barcode")):
        uid_json("xyz")
    with pytest.raises(
        ValueError, match=re.escape("Cannot write a reference to 'PI' '1 2' as a barcode: its id")
    ):
        reference("PI", "1 2")
    with pytest.raises(
        ValueError, match=re.escape("Cannot write a reference to 'PI' '12\\n' as a barcode: its")
    ):
        reference("PI", "12\n")
    with pytest.raises(ValueError, match=re.escape("Cannot write the command 'QUANTITY' '0' as a barcode")):
        command("QUANTITY", "0")


def test_a_written_uid_is_ions_own_form() -> None:
    assert uid_json(UID.upper()) == f'{{"uid":"{UID}"}}'
    assert json.loads(uid_json(UID)) == {"uid": UID}
