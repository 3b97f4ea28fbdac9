import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import Identity, PrinterState, Reason
from printers.snmp import printer_mib as mib
from printers.snmp.ber import Oid
from printers.snmp.message import Value
from printers.status import INCOMPLETE, Loaded, PrinterStatus, told


def said(state: Value = 3, errors: Value = b"\0", device: Value = 2, **more: int) -> dict[Oid, Value]:
    names = {"unit": mib.INPUT_UNIT, "width": mib.INPUT_WIDTH, "length": mib.INPUT_LENGTH}
    values: dict[Oid, Value] = {names[name]: value for name, value in more.items()}
    return values | {mib.PRINTER_STATUS: state, mib.ERROR_STATE: errors, mib.DEVICE_STATUS: device}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (said(), told(())),
        (said(errors=b""), told(())),
        (said(state=1), told(())),
        (said(state=4), told((), is_busy=True)),
        (said(state=5), told((), is_busy=True)),
        (said(errors=b"\x80"), told((Reason.MEDIA_LOW,))),
        (said(errors=b"\x40"), told((Reason.MEDIA_EMPTY,))),
        (said(errors=b"\x10"), told((Reason.RIBBON_EMPTY,))),
        (said(errors=b"\x08"), told((Reason.HEAD_OPEN,))),
        (said(errors=b"\x04"), told((Reason.MEDIA_JAM,))),
        (said(errors=b"\x02"), told((Reason.OFFLINE,))),
        (said(errors=b"\x01"), told((Reason.FAULT,))),
        (said(errors=b"\x00\x04"), told((Reason.MEDIA_EMPTY,))),
        (said(errors=b"\x00\x02"), told(())),
        (said(errors=b"\x48\x04\xff"), told((Reason.MEDIA_EMPTY, Reason.HEAD_OPEN))),
        (said(device=5), told((Reason.FAULT,))),
        (said(device=5, errors=b"\x40"), told((Reason.MEDIA_EMPTY,))),
        (said(device=3), told(())),
    ],
)
def test_a_status(values: dict[Oid, Value], status: PrinterStatus) -> None:
    assert mib.printer_status(values) == status


@pytest.mark.parametrize(
    "values", [{}, said(state=2), said(state=b"3"), said(state=99), said(errors=0), {mib.PRINTER_STATUS: 3}]
)
def test_what_leaves_out_how_it_is_has_not_said_it(values: dict[Oid, Value]) -> None:
    assert mib.printer_status(values) == INCOMPLETE


@pytest.mark.parametrize(
    ("more", "sizes_mm"),
    [
        ({"unit": 4, "width": 62_000, "length": 29_000}, ((62, 29),)),
        ({"unit": 3, "width": 40_000, "length": 20_000}, ((101.6, 50.8),)),
        ({"unit": 4, "width": 62_000, "length": -2}, ((62, 0),)),
        ({"unit": 4, "width": 62_000}, ((62, 0),)),
        ({"unit": 4, "width": -2, "length": 29_000}, ()),
        ({"unit": 5, "width": 62_000, "length": 29_000}, ()),
        ({"unit": 4, "width": 2**31 - 1, "length": 29_000}, ()),
        ({}, ()),
    ],
)
def test_what_is_in_it(more: dict[str, int], sizes_mm: tuple[tuple[float, float], ...]) -> None:
    loaded = mib.printer_status(said(**more)).loaded
    assert loaded == (Loaded(sizes_mm) if sizes_mm else None)


def test_what_it_is() -> None:
    values: dict[Oid, Value] = {mib.DESCRIPTION: b"Brother\x1b QL-820NWB", mib.MARKER_UNIT: 3}
    assert mib.printer_identity(values) == Identity("Brother QL-820NWB")
    assert mib.printer_identity(values | {mib.MARKER_DOTS: 203}) == Identity("Brother QL-820NWB", "", 8)
    metric = values | {mib.MARKER_UNIT: 4, mib.MARKER_DOTS: 118}
    assert mib.printer_identity(metric) == Identity("Brother QL-820NWB", "", 12)
    assert mib.printer_identity({mib.DESCRIPTION: b" \x00"}) is None
    assert mib.printer_identity({mib.DESCRIPTION: 5}) is None


VALUES = st.one_of(st.integers(-(2**63), 2**64), st.binary(max_size=40))
NAMES = st.sampled_from([*mib.STATUS_NAMES, *mib.IDENTITY_NAMES])


@given(st.dictionaries(NAMES, VALUES))
def test_any_values_are_read(values: dict[Oid, Value]) -> None:
    assert mib.printer_status(values).state in PrinterState
    mib.printer_identity(values)
