import dataclasses

import pytest

from printers import LabelInvalid, LabelUnreadable, Media, lay_out, render
from printers.layout import Ink
from printers.proof import check_readable
from tests.printers.material import HEAD, NAME, design

MEDIA = Media(50, 30, 203)


def test_a_good_label_passes() -> None:
    layout = lay_out(design(), {"code": "x", "name": "Bolt"}, MEDIA)
    check_readable(render(layout), layout)


@pytest.mark.parametrize(
    "ink",
    [
        Ink(30, 30, 3, 3),
        Ink(11, 11, 1, 1),  # the outermost corner of the quiet zone
        Ink(0, 40, 400, 1),
    ],
)
def test_anything_on_symbol_or_quiet_zone_is_refused(ink: Ink) -> None:
    layout = dataclasses.replace(lay_out(design(), {"code": "ION/PI/123"}, MEDIA), ink=(ink,))
    with pytest.raises(LabelUnreadable) as caught:
        check_readable(render(layout), layout)
    assert isinstance(caught.value, LabelInvalid)
    assert str(caught.value) == (
        "label 'test': datamatrix 'ION/PI/123': expected nothing else on the symbol and its quiet zone"
    )


def test_a_symbol_that_holds_something_else_is_refused() -> None:
    layout = lay_out(design(HEAD + NAME), {"code": "ION/PI/123"}, MEDIA)
    (symbol,) = layout.symbols
    lying = dataclasses.replace(symbol, matrix=dataclasses.replace(symbol.matrix, text="ION/PI/124"))
    layout = dataclasses.replace(layout, symbols=(lying,))
    with pytest.raises(LabelUnreadable, match=r"expected to read .*ION/PI/124.*, got .*ION/PI/123"):
        check_readable(render(layout), layout)


def test_a_damaged_symbol_is_refused() -> None:
    layout = lay_out(design(), {"code": "ION/PI/123"}, MEDIA)
    (symbol,) = layout.symbols
    blank = dataclasses.replace(symbol.matrix, modules=bytes(len(symbol.matrix.modules)))
    layout = dataclasses.replace(layout, symbols=(dataclasses.replace(symbol, matrix=blank),))
    with pytest.raises(LabelUnreadable, match=r"got \[\]$"):
        check_readable(render(layout), layout)
