"""What the gateway adds to questions and changes: rest, tokens, schemas, one request for two who ask."""

import threading

import httpx
import pytest

from kiosk.errors import IonAuthFailed, IonBusy, IonRejected
from kiosk.ion import Ion
from kiosk.model import Asked, Json, Question
from kiosk.simulator.ion import Ion as SimulatedIon
from kiosk.simulator.schema import Dialect
from tests.ion.factory import Factory, Mishap, know, settings_for

RUN = Question(Asked.RUN_ID, "1202")
MOVE: dict[str, Json] = {"inventory_id": "9002", "location_id": "4", "from_location_id": "2"}


def busy(**headers: str) -> Mishap:
    def answer(_factory: Factory, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def stale_token(factory: Factory, request: httpx.Request) -> httpx.Response:
    del factory, request
    return httpx.Response(200, json={"errors": [{"message": "Token is expired."}]})


def patient(factory: Factory) -> tuple[Ion, list[float]]:
    """Return an ``Ion`` whose waiting is written down instead."""
    slept: list[float] = []
    ion = Ion(settings_for(), transport=factory.transport, sleep=slept.append)
    know(ion, factory.ion.dialect)
    return ion, slept


def test_a_question_waits_as_long_as_ion_asks_and_is_asked_again() -> None:
    factory = Factory("classic")
    ion, slept = patient(factory)
    factory.once("run", busy(retry_after="1"))
    assert len(ion.ask([RUN])[RUN]) == 1
    assert len(factory.posted) == 2
    (seconds,) = slept
    assert 0.9 < seconds < 1.3


def test_a_question_does_not_wait_longer_than_a_person() -> None:
    factory = Factory("classic")
    ion, slept = patient(factory)
    factory.once("run", busy(retry_after="60"))
    with pytest.raises(IonBusy) as caught:
        ion.ask([RUN])
    assert caught.value.retry_after_s is not None
    assert slept == []
    with pytest.raises(IonBusy, match="asked for"):
        ion.ask([RUN])
    assert len(factory.posted) == 1


def test_a_change_never_waits_and_is_never_repeated() -> None:
    factory = Factory("classic")
    ion, slept = patient(factory)
    factory.once("updatePartInventory", busy(retry_after="1"))
    with pytest.raises(IonBusy):
        ion.perform("move", MOVE, marker="k:1")
    assert slept == []
    assert factory.mutations == ["updatePartInventory"]


def test_without_a_wish_a_question_is_asked_three_times() -> None:
    factory = Factory("classic")
    ion, slept = patient(factory)
    for _ in range(3):
        factory.once("run", busy())
    with pytest.raises(IonBusy):
        ion.ask([RUN])
    assert len(factory.posted) == 3
    assert len(slept) == 2
    assert sum(slept) < 4


@pytest.mark.parametrize("is_change", [False, True])
def test_a_token_that_is_refused_in_words_is_renewed_once(is_change: bool) -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    field = "updatePartInventory" if is_change else "run"
    factory.once(field, stale_token)
    if is_change:
        ion.perform("move", MOVE, marker="k:1")
        assert factory.effects == ["updatePartInventory"]
    else:
        assert len(ion.ask([RUN])[RUN]) == 1


def test_a_token_that_is_refused_twice_is_for_a_technician() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    for _ in range(2):
        factory.once("updatePartInventory", stale_token)
    with pytest.raises(IonAuthFailed):
        ion.perform("move", MOVE, marker="k:1")
    assert factory.effects == []


def change_schema(factory: Factory, dialect: Dialect) -> None:
    factory.ion = SimulatedIon(factory.world, dialect=dialect)


def test_a_change_is_made_by_another_document_when_the_schema_has_changed() -> None:
    factory = Factory("documented-2026")
    ion = factory.gateway()
    change_schema(factory, "classic")
    ion.perform("move", MOVE, marker="k:1")
    assert factory.effects == ["updatePartInventory"]


def test_a_refused_document_of_a_schema_that_did_not_change_is_refused() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    question = {"message": "Cannot query field 'steps' on type 'Run'."}
    ion.refresh()
    ion.offers()
    for _ in range(2):
        factory.once("run", lambda *_: httpx.Response(200, json={"errors": [question]}))
    with pytest.raises(IonRejected):
        ion.ask([RUN])
    assert [fields for fields in factory.posted if "run" in fields] == [{"run"}]


def test_what_is_offered_is_known_without_asking_once_it_was_read() -> None:
    factory = Factory("classic")
    ion = factory.new_gateway()
    assert ion.known_offers() is None
    assert factory.posted == []
    offers = ion.offers()
    assert ion.known_offers() == offers
    ion.renew()
    assert len(factory.posted) == 1


def test_two_screens_that_ask_the_same_at_once_cause_one_request() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    is_asking, go_on = threading.Event(), threading.Event()

    def slowly(factory: Factory, request: httpx.Request) -> httpx.Response:
        is_asking.set()
        assert go_on.wait(5)
        return factory.answer(request)

    factory.once("run", slowly)
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(ion.ask([RUN]))) for _ in range(2)]
    threads[0].start()
    assert is_asking.wait(5)
    threads[1].start()
    while not ion._asked._under_way[0, (RUN,)]._condition._waiters and threads[1].is_alive():  # type: ignore[attr-defined]
        threads[1].join(0.001)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert len(factory.posted) == 1
    assert len(answers) == 2
    assert answers[0] == answers[1]


def test_after_a_change_an_answer_of_before_is_not_joined() -> None:
    factory = Factory("classic")
    ion = factory.gateway()
    ion.perform("move", MOVE, marker="k:1")
    assert ion._asked._changes == 1
