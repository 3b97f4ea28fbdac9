import re

import pytest

from printers import LANGUAGES, LabelInvalid, prepare_ready_made
from printers.languages.zpl_text import LARGEST, check_ready_made

FROM_ION = (
    b"^XA^PW400^LL200\n^FO20,20^A0N,40,40^FDPN-4711^FS\n"
    b'^FO20,80^BY2,3,1^BQN,2,3^FDMA,{"uid":"0123456789abcdef0123456789abcdef"}^FS\n^PQ2^XZ\n'
)


def test_what_others_made_is_sent_as_it_is() -> None:
    label = prepare_ready_made(FROM_ION, LANGUAGES["zpl"], encoded="PN-4711")
    assert label.payload == FROM_ION
    assert (label.png, label.encoded, label.is_exact) == (b"", "PN-4711", False)
    assert len(label.digest) == 64


def test_several_labels_are_as_good_as_one() -> None:
    check_ready_made(FROM_ION * 3)
    check_ready_made(b"~SD10\r\n" + FROM_ION)


@pytest.mark.parametrize(
    ("zpl", "counted"),
    [
        (b"", "0 ^XA and 0 ^XZ"),
        (b"hello", "0 ^XA and 0 ^XZ"),
        (FROM_ION[:-10], "1 ^XA and 0 ^XZ"),
        (FROM_ION + b"^XA^FO1,1", "2 ^XA and 1 ^XZ"),
        (b"^XZ" + FROM_ION[:-5], "1 ^XA and 1 ^XZ"),
        (FROM_ION + b"^FO1,1^FDlate^FS", "1 ^XA and 1 ^XZ"),
        (b"^XA^XA^XZ^XZ", "2 ^XA and 2 ^XZ"),
        (b"<html>502</html>", "0 ^XA and 0 ^XZ"),
    ],
)
def test_a_label_with_an_open_end_is_refused(zpl: bytes, counted: str) -> None:
    with pytest.raises(
        LabelInvalid, match=rf"expected whole labels, \^XA to \^XZ, got {re.escape(counted)}$"
    ):
        check_ready_made(zpl)


def test_a_label_that_never_ends_is_refused() -> None:
    with pytest.raises(LabelInvalid, match=f"^zpl: expected at most {LARGEST} bytes, got {LARGEST + 1}$"):
        check_ready_made(b"^XA" + b"0" * (LARGEST - 5) + b"^XZ")


@pytest.mark.parametrize("name", sorted(set(LANGUAGES) - {"zpl"}))
def test_other_printers_take_no_zpl(name: str) -> None:
    with pytest.raises(
        LabelInvalid, match=f"^{name}: expected a design, got a label that is already encoded$"
    ):
        prepare_ready_made(FROM_ION, LANGUAGES[name], encoded="")
