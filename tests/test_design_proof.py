"""Designs are proved after the start, one a step; one that is not good is told and refused."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.design_proof import DesignProof
from kiosk.errors import LabelError
from kiosk.label_shelf import LabelShelf
from kiosk.model import Print
from kiosk.printer_setup import open_printers
from kiosk.printing import LabelShop
from tests.fakes.designs import NOW, PACKAGED, PRINTERS, STATIONS

FINE = (PACKAGED / "location.toml").read_text(encoding="utf-8")
TOO_SMALL = FINE.replace("size_mm = 29.2", "size_mm = 6")
"""Reads as TOML, and its symbol's modules would be finer than a head prints."""
VALUES = {"code": "ION/LOC/4", "name": "Dock"}


def shop_of(site: Path) -> tuple[LabelShop, LabelShelf]:
    shelf = LabelShelf(PACKAGED, site, lambda: NOW)
    return LabelShop(shelf.load(is_proved=False), STATIONS, open_printers(PRINTERS)), shelf


def test_a_design_that_is_not_good_is_told_and_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "gate.toml").write_text(TOO_SMALL, encoding="utf-8")
    (tmp_path / "rack.toml").write_text(FINE, encoding="utf-8")
    shop, shelf = shop_of(tmp_path)
    assert {"gate", "rack", "location"} <= shop.designs.good.keys()
    pauses: list[float] = []
    told: list[str] = []
    proof = DesignProof(shop, shelf.is_of_site, pauses.append, lambda: told.append("told"))
    count = len(shop.designs.good)
    with caplog.at_level(logging.ERROR):
        proof.step()
        assert told == ["told"]
        for _ in range(count):
            proof.step()
    (record,) = caplog.records
    assert "A label design cannot be printed: gate.toml: with its samples at 203 dpi: " in record.getMessage()
    assert (set(shop.designs.faults), told) == ({"gate"}, ["told"])
    assert "rack" in shop.designs.good
    assert len(pauses) == count + 1
    with pytest.raises(LabelError, match=r"Cannot make label 'gate': gate\.toml: with its samples"):
        shop.prepare("dock-1", Print("gate", VALUES, "x"))


def test_a_label_that_comes_before_its_design_is_proved_is_read_back_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(TOO_SMALL, encoding="utf-8")
    shop, _ = shop_of(tmp_path)
    uid = {**VALUES, "code": '{"uid":"' + "0" * 32 + '"}'}
    with pytest.raises(LabelError, match="gate"):
        shop.prepare("dock-1", Print("gate", uid, "x"))


def test_what_was_saved_meanwhile_is_not_refused(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(TOO_SMALL, encoding="utf-8")
    shop, shelf = shop_of(tmp_path)
    proof = DesignProof(shop, shelf.is_of_site, lambda _s: None, lambda: None)
    mended = replace(shop.designs.good["location"], name="gate")
    shop.change(lambda designs: designs.having(mended))
    proof.step()
    assert (shop.designs.good["gate"], dict(shop.designs.faults)) == (mended, {})
