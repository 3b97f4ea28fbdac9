"""A design and its pictures in one file; what a hostile zip holds is refused before anything is written."""

import io
import stat
import zipfile

import pytest

from kiosk.design_parcel import Parcel, is_parcel, packed, pictures_named, renamed, unpacked
from kiosk.errors import LabelError

SOURCE = """title = "Logo"
[[image]]
file = "logo.png"
[[table]]
[[table.image]]
file = 'row.png'
[[text]]
value = "file = a.png"
"""
PICTURES = {"logo.png": b"one", "row.png": b"two"}


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def test_there_and_back() -> None:
    data = packed("logo", SOURCE, PICTURES.__getitem__)
    assert data is not None
    assert is_parcel(data)
    assert unpacked(data) == Parcel(SOURCE, PICTURES)
    assert data == packed("logo", SOURCE, PICTURES.__getitem__), "the same design is the same file"


def test_a_design_without_pictures_is_a_text() -> None:
    assert packed("plain", 'title = "x"', PICTURES.__getitem__) is None
    assert not is_parcel(SOURCE.encode())
    assert pictures_named("not = [toml") == ()
    assert pictures_named('[[image]]\nfile = "../x.png"') == ()


def test_a_picture_that_is_gone_is_named() -> None:
    def gone(_name: str) -> bytes:
        raise FileNotFoundError

    with pytest.raises(LabelError, match=r"its picture 'logo\.png' is not there"):
        packed("logo", SOURCE, gone)


def test_pictures_that_got_another_name_are_asked_for_by_it() -> None:
    assert renamed(SOURCE, {"logo.png": "logo-2.png"}) == SOURCE.replace('"logo.png"', '"logo-2.png"')


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("logo.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


DESIGN = ("a.toml", b"title = 1")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ((DESIGN, ("../logo.png", b"")), "got '../logo.png'"),
        ((DESIGN, ("/etc/logo.png", b"")), "got '/etc/logo.png'"),
        ((DESIGN, ("x/logo.png", b"")), "got 'x/logo.png'"),
        ((DESIGN, ("x/", b"")), "got 'x/'"),
        ((DESIGN, ("a.exe", b"")), "got 'a.exe'"),
        ((DESIGN, (link(), b"/etc/passwd")), "got 'logo.png'"),
        ((DESIGN, ("b.toml", b"")), "expected one design in it, got 2"),
        ((("logo.png", b""),), "expected one design in it, got 0"),
        ((DESIGN, ("big.png", b"0" * (2 * 1024 * 1024 + 1))), "'big.png' has more than 2048 KiB"),
        ((("a.toml", b"#" * (256 * 1024 + 1)),), "'a.toml' has more than 256 KiB"),
        ((DESIGN, *((f"{n}.png", b"") for n in range(33))), "expected 33 files or less"),
        ((("a.toml", b"\xff"),), "expected a design in UTF-8"),
    ],
)
def test_anything_else_is_refused(members: tuple[tuple[str, bytes], ...], said: str) -> None:
    with pytest.raises(LabelError) as refused:
        unpacked(zipped(*members))
    assert said in str(refused.value)


def test_a_zip_that_lies_about_sizes_or_is_torn_is_refused() -> None:
    whole = zipped(DESIGN, ("logo.png", b"0" * 1000))
    lying = bytearray(whole)
    entry = whole.rindex(b"PK\x01\x02")
    lying[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    for data in (bytes(lying), whole[:-30], whole[: len(whole) // 2], b"PK\x03\x04"):
        with pytest.raises(LabelError, match="Cannot import this file: it is no whole zip"):
            unpacked(data)
