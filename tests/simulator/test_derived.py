from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.simulator.derived import (
    available_quantity,
    derive_order_status,
    derive_run_status,
    first_available_step,
    inventory_status,
    is_available_to_work,
)
from kiosk.simulator.rows import AbomInstallation, LineStatus, PurchaseOrderLine, StepStatus
from tests.simulator.asking import seeded


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ("", "TODO"),
        ("TODO TODO", "TODO"),
        ("COMPLETE REDLINE HOLD FAILED", "REDLINE"),
        ("COMPLETE HOLD FAILED IN_PROGRESS", "HOLD"),
        ("COMPLETE FAILED IN_PROGRESS", "FAILED"),
        ("COMPLETE COMPLETE", "COMPLETE"),
        ("CANCELED CANCELED", "CANCELED"),
        ("TODO IN_PROGRESS COMPLETE", "IN_PROGRESS"),
        ("COMPLETE CANCELED", "PARTIAL_COMPLETE"),
        ("COMPLETE TODO", "IN_PROGRESS"),
        ("COMPLETE CANCELED TODO", "IN_PROGRESS"),
        # The customer's query ends in "else complete".
        ("TODO CANCELED", "COMPLETE"),
    ],
)
def test_a_run_is_what_its_steps_are(steps: str, status: str) -> None:
    assert derive_run_status(StepStatus(step) for step in steps.split()) == status


def line(status: str, received: int = 0) -> PurchaseOrderLine:
    return PurchaseOrderLine(
        id=1,
        etag="",
        purchase_order_id=1,
        line_number=1,
        status=LineStatus(status),
        part_id=None,
        description="",
        quantity=Decimal(5),
        received_quantity=Decimal(received),
    )


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "DRAFT"),
        ([line("ORDERED"), line("REQUESTED"), line("DRAFT")], "DRAFT"),
        ([line("ORDERED"), line("APPROVED"), line("REQUESTED")], "IN_REVIEW"),
        ([line("ORDERED"), line("APPROVED")], "APPROVED"),
        ([line("ORDERED"), line("CANCELED")], "ORDERED"),
        ([line("ORDERED", 2), line("CANCELED")], "PARTIALLY_RECEIVED"),
        ([line("RECEIVED", 5), line("ORDERED")], "PARTIALLY_RECEIVED"),
        ([line("RECEIVED", 5), line("CANCELED")], "RECEIVED"),
        ([line("CANCELED"), line("CANCELED")], "CANCELED"),
    ],
)
def test_an_order_is_what_its_lines_are(lines: list[PurchaseOrderLine], status: str) -> None:
    assert derive_order_status(lines) == status


@pytest.mark.parametrize(
    ("inventory_id", "status", "available"),
    [
        (9001, "INSTALLED", 0),
        (9002, "AVAILABLE", 1),
        (9004, "UNAVAILABLE", 0),  # a place whose stock is not available
        (9005, "SCRAPPED", 0),
        (9007, "WIP", 0),  # its run is to do
        (9010, "AVAILABLE", 1),  # its run is complete
        (9011, "WIP", 0),  # its run is on hold
        (9013, "KITTED", 0),
        (9014, "UNAVAILABLE", 0),  # by the flag
        (9016, "UNAVAILABLE", 0),  # nothing there
        (9020, "AVAILABLE", 1242),  # 8 of 1250 are installed
        (9026, "ON_ORDER", 0),
    ],
)
def test_inventory_is_what_the_first_rule_says(inventory_id: int, status: str, available: int) -> None:
    world = seeded()
    row = world.part_inventories[inventory_id]
    assert inventory_status(world, row) == status
    assert available_quantity(world, row) == available


def test_an_empty_row_that_is_installed_is_installed() -> None:
    world = seeded()
    world.abom_installations.put(
        AbomInstallation(
            id=50, etag="x", build_requirement_id=603, part_inventory_id=9016, quantity=Decimal(1)
        )
    )
    assert inventory_status(world, world.part_inventories[9016]) == "INSTALLED"


def test_an_archived_run_keeps_nothing_in_work() -> None:
    world = seeded()
    world.runs.put(replace(world.runs[1201], archived=True))
    assert inventory_status(world, world.part_inventories[9007]) == "AVAILABLE"


def test_a_step_waits_for_the_steps_before_and_around_it() -> None:
    world = seeded()
    stand, pressure, proof, leak, bag = world.run_steps.where("run_id", 1204)
    assert first_available_step(world, 1204) == stand
    assert [is_available_to_work(world, step) for step in (stand, pressure, proof, leak, bag)] == [
        True,
        False,
        False,
        False,
        False,
    ]
    world.run_steps.put(replace(stand, status=StepStatus.COMPLETE))
    assert first_available_step(world, 1204) == pressure
    assert not is_available_to_work(world, proof)
    world.run_steps.put(replace(pressure, status=StepStatus.IN_PROGRESS))
    assert first_available_step(world, 1204) == proof
    assert not is_available_to_work(world, leak)
    world.run_steps.put(replace(proof, status=StepStatus.COMPLETE))
    assert first_available_step(world, 1204) == leak
