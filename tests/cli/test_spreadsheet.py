import csv
import io

import pytest

from kiosk.spreadsheet import csv_text


def cells(*values: object) -> list[str]:
    head, row = csv.reader(io.StringIO(csv_text(["x"] * len(values), [values])))
    assert head == ["x"] * len(values)
    return row


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("PN-100", "PN-100"),
        (None, ""),
        (3, "3"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'␉=1"),
        ("\r=1", "'␍=1"),
        ("\n=1", "'␊=1"),
        ("＝1", "'＝1"),  # noqa: RUF001 - a wide sign is the point
        ("a,b", "a,b"),
        ('a"b', 'a"b'),
        ("a\r\nb", "a␍␊b"),
        ("a\x00b\x1b[31m", "a␀b␛[31m"),
        ("'=1", "'=1"),
    ],
)
def test_a_cell_is_text_on_one_line(value: object, cell: str) -> None:
    assert cells(value) == [cell]


def test_commas_and_quotes_do_not_make_cells() -> None:
    assert cells('","=1', "x") == ['","=1', "x"]
