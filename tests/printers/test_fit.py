"""Whether a printer, and what is in it, are what labels are made for."""

import pytest

from printers import Handling, Identity, Media, PrinterState, PrinterStatus, Reason
from printers.fit import compared, misfit
from printers.status import Loaded, told

TAPE = Media(62, 29, 300)


@pytest.mark.parametrize(
    ("sizes_mm", "words"),
    [
        ((), ""),
        (((62, 0),), ""),
        (((62, 29),), ""),
        (((61.2, 28.1),), ""),
        (((62, 100), (62, 29)), ""),
        (((29, 0),), "It holds 29 mm, labels are made for 62 x 29 mm"),
        (((62, 100),), "It holds 62 x 100 mm, labels are made for 62 x 29 mm"),
        (((29, 90), (17, 54)), "It holds 29 x 90, 17 x 54 mm, labels are made for 62 x 29 mm"),
    ],
)
def test_stock(sizes_mm: tuple[tuple[float, float], ...], words: str) -> None:
    found = compared(told((), loaded=Loaded(sizes_mm)), TAPE)
    assert found.details == words
    assert found.state is (PrinterState.TROUBLE if words else PrinterState.READY)
    assert found.reasons == ((Reason.MEDIA_WRONG,) if words else ())


@pytest.mark.parametrize(
    ("said", "wanted", "words"),
    [
        (True, None, ""),
        (None, True, ""),
        (True, True, ""),
        (False, True, "It prints without ribbon, the settings say with"),
        (True, False, "It prints with ribbon, the settings say without"),
    ],
)
def test_ribbon(said: bool | None, wanted: bool | None, words: str) -> None:
    media = Media(62, 29, 300, has_ribbon=wanted)
    found = compared(told((), loaded=Loaded(has_ribbon=said)), media)
    assert (found.details, found.reasons) == (words, (Reason.RIBBON_WRONG,) if words else ())
    assert found.remedy == (
        f"Set the printer to its ribbon, or correct the settings. {words}" if words else ""
    )


def test_what_is_wrong_comes_to_what_was_wrong_before() -> None:
    before = told((Reason.HEAD_OPEN, Reason.MEDIA_WRONG), loaded=Loaded(((29, 0),), has_ribbon=True))
    after = compared(before, Media(62, 29, 300, has_ribbon=False))
    assert after.reasons == (Reason.HEAD_OPEN, Reason.MEDIA_WRONG, Reason.RIBBON_WRONG)
    assert after.details == (
        "It holds 29 mm, labels are made for 62 x 29 mm. It prints with ribbon, the settings say without"
    )


def test_a_printer_that_says_nothing_of_its_stock_is_not_judged() -> None:
    for status in (PrinterStatus(PrinterState.READY), PrinterStatus(PrinterState.SILENT)):
        assert compared(status, TAPE) is status


@pytest.mark.parametrize(
    ("identity", "handling", "words"),
    [
        (Identity("ZD421", "V93", 12), Handling(), ""),
        (Identity("ZD421", "V93", None), Handling(), ""),
        (Identity("Zebra ZD421-300dpi", "V93", 12), Handling(model="zd421"), ""),
        (Identity("", "", 12), Handling(model="ZD421"), ""),
        (
            Identity("GK420d", "", 12),
            Handling(model="ZD421"),
            "Another printer: it calls itself GK420d, the settings say ZD421",
        ),
        (
            Identity("ZD421", "V93", 8),
            Handling(),
            "Wrong dpi in the settings: ZD421 has 8 dots a millimetre, labels are made for 12",
        ),
    ],
)
def test_identity(identity: Identity, handling: Handling, words: str) -> None:
    assert misfit(identity, TAPE, handling, has_own_size=False) == words


def test_a_label_that_says_how_large_it_is_fits_any_dots() -> None:
    assert misfit(Identity("Office", "", 24), TAPE, Handling(), has_own_size=True) == ""
