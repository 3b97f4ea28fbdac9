"""Procedures: drawn up, reviewed, released; and the steps they consist of."""

from dataclasses import replace
from typing import Any, Final

from kiosk.simulator.rows import Label, Procedure, ProcedureStatus, Step, StepEdge, StepField
from kiosk.simulator.rules.attributes import with_attributes
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.world import World

__all__ = [
    "add_edge",
    "check_editable",
    "create_label",
    "create_procedure",
    "create_step",
    "create_step_field",
    "label_family",
    "remove_edge",
    "update_procedure",
    "update_step",
]

Id = str | int

_DRAFT, _IN_REVIEW = ProcedureStatus.DRAFT, ProcedureStatus.IN_REVIEW
_RELEASED, _ARCHIVED = ProcedureStatus.RELEASED, ProcedureStatus.ARCHIVED
_TRANSITIONS: Final = {
    _DRAFT: {_IN_REVIEW, _ARCHIVED},
    _IN_REVIEW: {_DRAFT, _RELEASED},
    _RELEASED: {_ARCHIVED},
    _ARCHIVED: {_RELEASED},
}


def check_editable(procedure: Procedure) -> None:
    """Refuse a procedure that is under review, released or put away."""
    if procedure.status is not _DRAFT:
        raise invalid(f"Procedure {procedure.title!r} is {procedure.status}; only a DRAFT can be edited")


def create_procedure(desk: Desk, title: str, columns: dict[str, Any]) -> Procedure:
    """Begin a procedure and its family; ``columns`` by their names in ``Procedure``."""
    world = desk.world
    row_id = world.procedures.new_id()
    if not title.strip():
        raise invalid("A procedure needs a title")
    return world.procedures.put(
        Procedure(
            id=row_id,
            etag=world.new_hex(),
            family_id=row_id,
            title=title,
            status=_DRAFT,
            created_by_id=desk.user.id,
            **{name: value for name, value in columns.items() if value is not None},
        )
    )


def update_procedure(
    desk: Desk, procedure_id: Id, etag: str, status: str | None, columns: dict[str, Any]
) -> Procedure:
    """Edit a draft, or move it on; a review freezes it, and releases it only with the approvals it needs."""
    world = desk.world
    procedure = look_up(world.procedures, "Procedure", procedure_id)
    check_etag("the procedure", procedure.etag, etag)
    new = dict(columns)
    if new:
        check_editable(procedure)
    if "attributes" in new:
        new["attributes"] = with_attributes(desk, procedure.attributes, new["attributes"])
    if status is not None and status != procedure.status:
        wanted = ProcedureStatus(status)
        if wanted not in _TRANSITIONS[procedure.status]:
            raise invalid(f"Procedure {procedure.title!r} cannot go from {procedure.status} to {wanted}")
        if (
            procedure.status is _IN_REVIEW
            and wanted is _RELEASED
            and desk.switches.procedure_approvals_needed
        ):
            raise invalid(f"Procedure {procedure.title!r} lacks approvals: it is released with the last one")
        new["status"] = wanted
    return world.procedures.put(replace(procedure, etag=world.new_hex(), **new))


def create_step(desk: Desk, procedure_id: Id, title: str, columns: dict[str, Any]) -> Step:
    """Add a step to a draft; ``columns`` by their names in ``Step``."""
    world = desk.world
    procedure = look_up(world.procedures, "Procedure", procedure_id)
    check_editable(procedure)
    new = _checked(desk, columns)
    if new.get("parent_id") is not None:
        parent = look_up(world.steps, "Step", new["parent_id"])
        if parent.procedure_id != procedure.id:
            raise invalid("The parent step is not of this procedure")
        new["parent_id"] = parent.id
    if new.get("position") is None:
        siblings = world.steps.where("procedure_id", procedure.id)
        new["position"] = max((step.position for step in siblings), default=0) + 1
    _touch(world, procedure)
    return world.steps.put(
        Step(
            id=world.steps.new_id(),
            etag=world.new_hex(),
            procedure_id=procedure.id,
            title=title,
            **({"content": None} | new),
        )
    )


def update_step(desk: Desk, step_id: Id, etag: str, columns: dict[str, Any]) -> Step:
    """Edit a step of a draft."""
    world = desk.world
    step = look_up(world.steps, "Step", step_id)
    check_etag("the step", step.etag, etag)
    procedure = world.procedures[step.procedure_id]
    check_editable(procedure)
    _touch(world, procedure)
    return world.steps.put(replace(step, etag=world.new_hex(), **_checked(desk, columns)))


def _checked(desk: Desk, columns: dict[str, Any]) -> dict[str, Any]:
    new = {name: value for name, value in columns.items() if value is not None}
    if "location_id" in new:
        new["location_id"] = look_up(desk.world.locations, "Location", new["location_id"]).id
    return new


def create_step_field(desk: Desk, step_id: Id, columns: dict[str, Any]) -> StepField:
    """Add a field to a step of a draft; ``columns`` by their names in ``StepField``."""
    world, new = desk.world, {name: value for name, value in columns.items() if value is not None}
    step = look_up(world.steps, "Step", step_id)
    check_editable(world.procedures[step.procedure_id])
    if new.get("signoff_role_id") is not None:
        new["signoff_role_id"] = look_up(world.roles, "Role", new["signoff_role_id"]).id
    if any(each.name == new["name"] for each in world.step_fields.where("step_id", step.id)):
        raise invalid(f"Field {new['name']!r} already exists on the step")
    if new["type"] in ("SELECT", "MULTISELECT") and not new.get("options"):
        raise invalid(f"A {new['type']} needs options")
    field = StepField(id=world.step_fields.new_id(), etag=world.new_hex(), step_id=step.id, **new)
    return world.step_fields.put(field)


def add_edge(desk: Desk, step_id: Id, upstream_step_id: Id) -> StepEdge:
    """Let a step of a draft wait for another one."""
    world = desk.world
    step = look_up(world.steps, "Step", step_id)
    upstream = look_up(world.steps, "Step", upstream_step_id)
    check_editable(world.procedures[step.procedure_id])
    if step.procedure_id != upstream.procedure_id:
        raise invalid("An edge joins two steps of one procedure")
    if any(each.upstream_step_id == upstream.id for each in world.step_edges.where("step_id", step.id)):
        raise invalid("The edge already exists")
    if step.id == upstream.id or step.id in _upstream(world, upstream.id):
        raise invalid(f"Step {step.title!r} cannot wait for itself")
    return world.step_edges.put(
        StepEdge(
            id=world.step_edges.new_id(),
            etag=world.new_hex(),
            step_id=step.id,
            upstream_step_id=upstream.id,
        )
    )


def remove_edge(desk: Desk, edge_id: Id, etag: str) -> int:
    """Let a step of a draft no longer wait for another one."""
    edge = look_up(desk.world.step_edges, "StepEdge", edge_id)
    check_etag("the edge", edge.etag, etag)
    check_editable(desk.world.procedures[desk.world.steps[edge.step_id].procedure_id])
    desk.world.step_edges.remove(edge.id)
    return edge.id


def _upstream(world: World, step_id: int) -> set[int]:
    found = {edge.upstream_step_id for edge in world.step_edges.where("step_id", step_id)}
    return found.union(*(_upstream(world, each) for each in found))


def create_label(desk: Desk, value: str) -> Label:
    """Make a word to find procedures by."""
    world = desk.world
    if any(label.value == value for label in world.labels):
        raise invalid(f"Label {value!r} already exists")
    return world.labels.put(Label(id=world.labels.new_id(), etag=world.new_hex(), value=value))


def label_family(desk: Desk, label_id: Id, family_id: Id) -> Label:
    """Put a label on all versions of a procedure."""
    world = desk.world
    label = look_up(world.labels, "Label", label_id)
    family = next(
        (each.family_id for each in world.procedures if str(each.family_id) == str(family_id)), None
    )
    if family is None:
        raise invalid(f"There is no procedure of family {family_id}")
    ids = tuple(dict.fromkeys((*label.family_ids, family)))
    return world.labels.put(replace(label, etag=world.new_hex(), family_ids=ids))


def _touch(world: World, procedure: Procedure) -> None:
    world.procedures.put(replace(procedure, etag=world.new_hex()))
