"""A printer that is not what the settings say holds its queue and says why."""

from pathlib import Path

from kiosk.journal import Journal
from kiosk.printer_setup import open_printers
from kiosk.settings import PrinterSettings
from kiosk.simulator.label_printer import LabelPrinter
from kiosk.simulator.printer_answers import Make
from tests.test_printing import World, journal, printer

__all__ = ["journal", "printer"]


def test_a_printer_that_is_set_to_another_ribbon_holds_its_queue(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    settings = PrinterSettings(name="zebra", url=f"tcp://127.0.0.1:{printer.start()}", ribbon=True)
    world = World(tmp_path, journal, settings.url)
    world.desk.printer = open_printers((settings,))["zebra"]
    world.queue("label-1")
    world.step(2)
    assert world.states() == ["queued"]
    assert not world.desk.lamp.is_ready
    assert world.desk.lamp.text == (
        "Set the printer to its ribbon, or correct the settings. "
        "It prints without ribbon, the settings say with"
    )
    printer.make = Make(has_ribbon=True)
    world.until(lambda: world.states() == ["confirmed"])


def test_another_printer_at_the_same_address_holds_its_queue(
    tmp_path: Path, journal: Journal, printer: LabelPrinter
) -> None:
    settings = PrinterSettings(name="zebra", url=f"tcp://127.0.0.1:{printer.start()}", model="ZD421")
    world = World(tmp_path, journal, settings.url)
    world.desk.printer = open_printers((settings,))["zebra"]
    world.queue("label-1")
    world.step(2)
    assert world.states() == ["queued"]
    assert world.desk.lamp.text == ("Another printer: it calls itself KIOSK-VIRTUAL, the settings say ZD421.")
