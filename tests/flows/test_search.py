from kiosk.barcodes import read
from kiosk.flows import awaited, is_verbatim
from kiosk.flows.asking import refusal_in
from kiosk.flows.flow import Answered
from kiosk.language import language
from kiosk.model import Asked, Question
from kiosk.words import told
from tests.flows.floor import LOT, NOW, ORDER, RUN, SHELF, UNIT, Floor
from tests.flows.test_history import said

REFUSED = told("{words} (ION's trace {trace})", words=told("ION does not permit it."), trace="9a1f")
SAID = "ION erlaubt es nicht. (Spur in ION 9a1f)"

FOUND = (UNIT, LOT, ORDER, RUN, SHELF)


def searching(text: str = "SN") -> Floor:
    at = Floor()
    at.scan("ION/CMD/SEARCH")
    at.scan(text)
    return at


def keys(at: Floor) -> list[str]:
    return [row["key"] for row in at.state["rows"]]


def test_what_is_typed_or_scanned_is_searched_for() -> None:
    at = searching(" SN \t 1 ")
    assert (at.screen, said(at)) == ("home/search", "wait: Looking for SN 1 …")
    assert awaited(at.session) == Question(Asked.SEARCH, "SN 1")
    at.answers(*FOUND)
    assert said(at) == "good: 5 found by SN 1. Choose one."
    assert keys(at) == [one.key for one in FOUND[:4]]
    at.press("NEXT")
    assert keys(at) == [SHELF.key]
    at.press("PREVIOUS")
    assert keys(at) == [one.key for one in FOUND[:4]]
    at.press("PREVIOUS")
    assert keys(at) == [SHELF.key]


def test_choosing_one_is_the_same_as_scanning_it() -> None:
    at = searching()
    at.answers(*FOUND)
    at.press("CHOOSE", "4")
    assert at.followed == ["ION/RUN/77"]
    assert at.screen == "home/idle"


def test_without_network_what_is_remembered_is_gone_on_with() -> None:
    at = searching()
    at.answers(UNIT, as_of=NOW)
    at.happens(Answered(Question(Asked.SEARCH, "SN"), is_offline=True))
    assert said(at) == "offline: ION cannot be asked now. This is what the kiosk has seen of SN: 1."
    at.press("CHOOSE", UNIT.key)
    assert (at.screen, at.state["as_of"]) == ("lookup/inventory", NOW.isoformat())
    assert at.followed == []


def test_nothing_found_is_said_and_why() -> None:
    at = searching("zz")
    at.answers()
    assert said(at) == "ask: Nothing is known by zz. Try less of it."
    at = searching("zz")
    at.answers(is_offline=True)
    assert said(at) == "offline: ION cannot be asked now, and the kiosk has seen nothing like zz."
    at.press("REPEAT")
    assert said(at) == "wait: Looking for zz …"
    at.happens(Answered(Question(Asked.SEARCH, "zz"), error="Not permitted."))
    assert said(at) == "stop: ION did not answer all of it: Not permitted."
    at.press("REPEAT")
    assert awaited(at.session) == Question(Asked.SEARCH, "zz")


def test_a_refusal_is_kept_so_that_it_can_be_said_in_any_language() -> None:
    """The state is kept as JSON, and its message is made anew of it."""
    at = searching("zz")
    at.happens(Answered(Question(Asked.SEARCH, "zz"), error=REFUSED))
    assert language("de").sentence(refusal_in(at.state)) == SAID
    at.press("REPEAT")
    at.happens(Answered(Question(Asked.SEARCH, "zz"), error=REFUSED))
    assert at.session.message is not None
    said_ = language("de").message(at.session.message.template, at.session.message.values)
    assert said_ == f"ION hat nicht alles beantwortet: {SAID}"


def test_an_answer_to_another_search_is_left_aside() -> None:
    at = searching("SN")
    at.happens(Answered(Question(Asked.SEARCH, "other"), (UNIT,)))
    assert at.state["found"] is None
    at.press("BACK")
    at.happens(Answered(Question(Asked.SEARCH, "SN"), (UNIT,)))
    assert at.screen == "home/idle"


def test_too_little_is_not_searched_for() -> None:
    at = searching("S")
    assert (said(at), awaited(at.session)) == ("ask: Type 2 characters or more.", None)
    at.press("CHOOSE", "1")
    assert said(at) == "ask: Choose one from the list."
    assert at.press("REPEAT") == "home/search"


def test_a_label_is_a_scan_on_this_page_too() -> None:
    at = searching()
    assert is_verbatim(at.session, read(b"SN-1"))
    assert not is_verbatim(at.session, read(b"ION/PI/501"))
    assert at.scan("ION/PI/501", UNIT) == "lookup/inventory"


def test_leaving_the_search_gives_back_what_was_entered() -> None:
    at = Floor()
    at.scan("PO-7", ORDER)
    at.press("CHOOSE", "order-line/1")
    at.press("QUANTITY", "4")
    before = at.session
    at.press("SEARCH")
    at.scan("SN")
    at.answers(*FOUND)
    at.press("BACK")
    assert at.session.state == before.state
    at.press("SEARCH")
    at.scan("SN")
    at.answers(UNIT, is_offline=False)
    at.happens(Answered(Question(Asked.SEARCH, "SN"), is_offline=True))
    at.press("CHOOSE", UNIT.key)
    assert at.screen == "home/switch"
