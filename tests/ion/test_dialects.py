from pathlib import Path

import httpx
import pytest

from kiosk.errors import IonUnreachable, IonUnsupported
from kiosk.ion import OPERATIONS, Catalogue, Client, Ion
from kiosk.ion.tenancy import Tenancy
from kiosk.model import Asked, Location, Question
from tests.ion.factory import Factory, catalogue_of, schema_of, settings_for

ONLY_DOCUMENTED = {"set_run_status", "move_part"}


def test_classic_wins_where_both_fit() -> None:
    choices = catalogue_of("both").choices
    assert {name: choice.dialect for name, choice in choices.items()} == {
        name: "documented-2026" if name in ONLY_DOCUMENTED else "classic" for name in OPERATIONS
    }


def test_a_tenant_without_uids_is_told_what_was_left_out() -> None:
    choice = catalogue_of("documented-2026").choices["inventory_by_id"]
    assert choice.document == "inventory_by_id.classic.graphql"
    assert set(choice.missing) == {
        "PartInventory.uid",
        "PartInventory.entityId",
        "PartInventory.entity",
        "Location.uid",
    }


def site(tmp_path: Path, **documents: str) -> Catalogue:
    for name, text in documents.items():
        (tmp_path / f"{name}.graphql").write_text(text, encoding="utf-8")
    return Catalogue(schema_of("classic"), site=tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "query {",
        "query A { me { id } } query B { me { id } }",
        "{ me { id } }",
        "",
        "query A { me { shoeSize } }",
        "query A { ...Nowhere }",
    ],
)
def test_a_site_document_that_does_not_fit_is_passed_over(tmp_path: Path, text: str) -> None:
    choice = site(tmp_path, who_am_i=text).choices["who_am_i"]
    assert (choice.document, choice.dialect) == ("who_am_i.classic.graphql", "classic")


def test_a_site_document_must_hold_the_operations_that_are_needed(tmp_path: Path) -> None:
    catalogue = Catalogue(schema_of("classic"), dialect="documented-2026", site=tmp_path)
    assert not catalogue.offers("set_step_status")
    catalogue = Catalogue(
        schema_of("classic"),
        dialect="documented-2026",
        site=_folder(tmp_path, set_step_status="query Other { me { id } }"),
    )
    choice = catalogue.choices["set_step_status"]
    assert choice.document is None
    assert choice.missing == (
        "set_step_status.graphql: expected the operations ChangeStep, RunOf, got Other",
    )


def _folder(path: Path, **documents: str) -> Path:
    for name, text in documents.items():
        (path / f"{name}.graphql").write_text(text, encoding="utf-8")
    return path


def test_a_site_document_and_its_fragments_are_used(tmp_path: Path) -> None:
    _folder(
        tmp_path,
        location_by_name="query Ours($value: String!) "
        "{ locations(filters: {name: {eq: $value}}) { edges { node { ...Mine } } } }",
        fragments="fragment Mine on Location { id name }",
    )
    factory = Factory("classic")
    ion = Ion(settings_for(documents=tmp_path), transport=factory.transport)
    question = Question(Asked.LOCATION_NAME, "WH-Receiving")
    assert ion.ask([question])[question] == (Location("4", "WH-Receiving"),)
    (choice,) = (choice for choice in ion.choices() if choice.operation == "location_by_name")
    assert (choice.document, choice.dialect) == ("location_by_name.graphql", "site")


def test_a_site_document_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "who_am_i.graphql").write_bytes(b"\xff\xfe")
    assert (
        Catalogue(schema_of("classic"), site=tmp_path).choices["who_am_i"].document
        == "who_am_i.classic.graphql"
    )


def test_what_is_not_offered_cannot_be_called() -> None:
    catalogue = catalogue_of("classic")
    with pytest.raises(IonUnsupported, match=r"'set_run_status': .* it has no Mutation\.updateRun"):
        catalogue.calls("set_run_status")
    with pytest.raises(IonUnsupported, match="Operation 'dance': expected one of inventory_by_id"):
        catalogue.calls("dance")
    assert not catalogue.offers("dance")


@pytest.mark.parametrize("data", [{}, {"__schema": {}}, {"__schema": None}, {"__schema": {"types": [5]}}])
def test_a_schema_that_is_none_is_said(data: object) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t"})
        return httpx.Response(200, json={"data": data})

    client = Client(settings_for(), transport=httpx.MockTransport(answer))
    with pytest.raises(IonUnreachable, match="got one that does not hold together"):
        Tenancy(client, settings_for(), room=None).tenant()
