"""The tables of steps: columns, rows and cells, on a procedure's step or on a run's."""

from dataclasses import dataclass, replace
from typing import Any

from kiosk.simulator.rows import (
    DatagridColumn,
    DatagridRow,
    DatagridValue,
    FieldValue,
    RunStepField,
    StepStatus,
)
from kiosk.simulator.rules.desk import Desk, check_engineer, invalid, look_up
from kiosk.simulator.rules.fields import check_signer, check_value, is_filled
from kiosk.simulator.rules.procedures import check_editable
from kiosk.simulator.world import World

__all__ = ["Owner", "copy_table", "create_column", "create_row", "empty_rows", "owner_of", "set_value"]

Id = str | int


@dataclass(frozen=True, slots=True)
class Owner:
    """The step a table belongs to: one of a procedure, or one of a run."""

    step_id: int | None = None
    run_step_id: int | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """Column and value by which its columns and rows are found."""
        return ("run_step_id", self.run_step_id) if self.step_id is None else ("step_id", self.step_id)


def owner_of(desk: Desk, step_id: Id | None, run_step_id: Id | None) -> Owner:
    """Return the step that is named, which must be open to changes of its table."""
    world = desk.world
    if (step_id is None) == (run_step_id is None):
        raise invalid("Exactly one of stepId and runStepId must be named")
    if step_id is not None:
        step = look_up(world.steps, "Step", step_id)
        check_editable(world.procedures[step.procedure_id])
        return Owner(step_id=step.id)
    run_step = look_up(world.run_steps, "RunStep", run_step_id or "")
    check_engineer(desk, "a redline")
    if run_step.status is not StepStatus.REDLINE:
        raise invalid(f"Step {run_step.title!r} is {run_step.status}; only in REDLINE it can be edited")
    return Owner(run_step_id=run_step.id)


def create_column(desk: Desk, owner: Owner, columns: dict[str, Any]) -> DatagridColumn:
    """Add a column; ``columns`` by their names in ``DatagridColumn``."""
    world, given = desk.world, dict(columns)
    if given.get("index") is None:
        given["index"] = len(world.datagrid_columns.where(*owner.key))
    if given.get("signoff_role_id") is not None:
        given["signoff_role_id"] = look_up(world.roles, "Role", given["signoff_role_id"]).id
    return world.datagrid_columns.put(
        DatagridColumn(
            id=world.datagrid_columns.new_id(),
            etag=world.new_hex(),
            step_id=owner.step_id,
            run_step_id=owner.run_step_id,
            **given,
        )
    )


def create_row(
    desk: Desk, owner: Owner, index: int | None, *, required: bool, allow_not_applicable: bool
) -> DatagridRow:
    """Add an empty row."""
    world = desk.world
    return world.datagrid_rows.put(
        DatagridRow(
            id=world.datagrid_rows.new_id(),
            etag=world.new_hex(),
            step_id=owner.step_id,
            run_step_id=owner.run_step_id,
            index=len(world.datagrid_rows.where(*owner.key)) if index is None else index,
            required=required,
            allow_not_applicable=allow_not_applicable,
        )
    )


def set_value(
    desk: Desk, column_id: Id, row_id: Id, value: FieldValue, file_attachment_id: Id | None
) -> DatagridRow:
    """Fill a cell, or clear it."""
    world = desk.world
    column = look_up(world.datagrid_columns, "DatagridColumn", column_id)
    row = look_up(world.datagrid_rows, "DatagridRow", row_id)
    if (column.step_id, column.run_step_id) != (row.step_id, row.run_step_id):
        raise invalid("Column and row are not of one table")
    _check_open(desk, row)
    _check_cell(desk, column, row, value)
    file_id = None
    if file_attachment_id is not None:
        file_id = look_up(world.file_attachments, "FileAttachment", file_attachment_id).id
    others = tuple(each for each in row.values if each.column_id != column.id)
    cell = DatagridValue(column_id=column.id, value=value, file_attachment_id=file_id)
    if row.run_step_id is not None:
        last = max((each.id for each in world.sessions.where("run_step_id", row.run_step_id)), default=None)
        world.datagrid_columns.put(replace(column, etag=world.new_hex(), last_session_id=last))
    return world.datagrid_rows.put(replace(row, etag=world.new_hex(), values=(*others, cell)))


def _check_open(desk: Desk, row: DatagridRow) -> None:
    world = desk.world
    if row.step_id is not None:
        check_editable(world.procedures[world.steps[row.step_id].procedure_id])
        return
    step = world.run_steps[row.run_step_id or 0]
    if step.status in (StepStatus.COMPLETE, StepStatus.CANCELED):
        raise invalid(f"Step {step.title!r} is {step.status}: its table can no longer be changed")


def _check_cell(desk: Desk, column: DatagridColumn, row: DatagridRow, value: FieldValue) -> None:
    if row.allow_not_applicable and value == "N/A":
        return
    like_a_field = RunStepField(
        id=column.id, etag="", run_step_id=0, name=column.header, type=column.type, options=column.options
    )
    check_value(like_a_field, value)
    if column.type == "SIGNOFF" and is_filled(value):
        check_signer(desk, column.signoff_role_id)


def empty_rows(world: World, run_step_id: int) -> list[int]:
    """Return the indexes of the required rows of a run step that have an empty cell."""
    columns = world.datagrid_columns.where("run_step_id", run_step_id)
    empty = []
    for row in world.datagrid_rows.where("run_step_id", run_step_id):
        cells = {cell.column_id: cell for cell in row.values}
        filled = [
            column.id in cells
            and (is_filled(cells[column.id].value) or cells[column.id].file_attachment_id is not None)
            for column in columns
        ]
        if row.required and not all(filled):
            empty.append(row.index)
    return empty


def copy_table(world: World, source: Owner, target: Owner) -> None:
    """Copy columns, rows and what is filled in from one step to another."""
    ids: dict[int, int] = {}
    for column in world.datagrid_columns.where(*source.key):
        ids[column.id] = world.datagrid_columns.new_id()
        world.datagrid_columns.put(
            replace(
                column,
                id=ids[column.id],
                etag=world.new_hex(),
                step_id=target.step_id,
                run_step_id=target.run_step_id,
            )
        )
    for row in world.datagrid_rows.where(*source.key):
        world.datagrid_rows.put(
            replace(
                row,
                id=world.datagrid_rows.new_id(),
                etag=world.new_hex(),
                step_id=target.step_id,
                run_step_id=target.run_step_id,
                values=tuple(replace(cell, column_id=ids[cell.column_id]) for cell in row.values),
            )
        )
