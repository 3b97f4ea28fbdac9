"""Numbers, days and times read as the language of the page has them; what programs take stays neutral."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from kiosk.language import language
from kiosk.model import JobState, LabelAccount, Tally
from kiosk.resources import templates_dir
from kiosk.web import create_app
from kiosk.web.screens import environment
from kiosk.web.speech import speech_of
from tests.web.fakes import NOW, print_job
from tests.web.markup import Markup
from tests.web.office_world import OfficeDesk, office_desk
from tests.web.print_samples import queue

SAID = {
    "en": ("1,234", "Nov 21, 2026", "Nov 21 9:30 AM", "101.6 × 50.8 mm", "4.0 ms"),
    "de": ("1.234", "21. Nov. 2026", "21. Nov. 09:30", "101,6 × 50,8 mm", "4,0 ms"),
    "es": ("1.234", "21 nov 2026", "21 nov 9:30", "101,6 × 50,8 mm", "4,0 ms"),
    "fr": ("1 234", "21 nov. 2026", "21 nov. 09:30", "101,6 × 50,8 mm", "4,0 ms"),
}
"""A count, a day, a moment, a size and a time in each language."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeDesk]:
    with office_desk(tmp_path_factory.mktemp("office")) as desk:
        account = LabelAccount(NOW.date(), "dock-zebra", "part", Tally({JobState.CONFIRMED: 1234}), 0)
        desk.kiosk.prints.table = (account,)
        job = replace(print_job(5), created_at=NOW)
        desk.kiosk.prints.views = (queue(printed=(job,)),)
        yield desk


@pytest.mark.parametrize("tag", SAID)
def test_pages_show_numbers_days_and_times_by_locale(desk: OfficeDesk, tag: str) -> None:
    count, day, moment, size, time = SAID[tag]

    def shown(path: str) -> str:
        answer = desk.client.get(path, headers={"Accept-Language": tag})
        return Markup(answer.get_data(as_text=True)).text

    account = shown("/print/reconciliation?first=2026-11-15&last=2026-11-21")
    assert count in account
    assert day in account
    printers = shown("/printers")
    assert size in printers
    assert moment in printers
    assert time in shown("/scanners")


@pytest.mark.parametrize(
    ("hours", "tag", "moment", "pattern"),
    [("24", "en", "Nov 21 09:30", "HH:mm"), ("12", "de", "21. Nov. 9:30 AM", "h:mm a")],
)
def test_pages_tell_times_by_the_site_s_own_clock(
    desk: OfficeDesk, hours: str, tag: str, moment: str, pattern: str
) -> None:
    rooms = replace(desk.kiosk.rooms, hours=hours, languages={"dock-1": tag})
    client = create_app(rooms).test_client()
    printers = client.get("/printers", headers={"Accept-Language": tag}).get_data(as_text=True)
    assert moment in Markup(printers).text
    assert f'data-clock="{pattern}"' in client.get("/station/dock-1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "shown", "said"),
    [
        ("number", "1234.5 mm", "1.234,5 mm"),
        ("yesno", "yes", "ja"),
        ("sign", "signed", "unterschrieben"),
        ("photo", "photo on the way", "Foto unterwegs"),
        ("time", "2026-03-02 14:05", "2. März 2026 14:05"),
        ("time", "1405", "1405"),
        ("text", "signed", "signed"),
        ("one", "yes", "yes"),
        ("number", "", ""),
    ],
)
def test_a_field_s_value_reads_as_its_kind_does_and_what_was_written_stays(
    kind: str, shown: str, said: str
) -> None:
    filled = environment(templates_dir()).from_string("{{ shown|entered(kind) }}")
    german = speech_of(language("de"))
    assert unescape(filled.render({**german, "shown": shown, "kind": kind})) == said


def test_what_a_spreadsheet_reads_is_the_same_in_every_language(desk: OfficeDesk) -> None:
    def csv(tag: str) -> str:
        path = "/print/reconciliation.csv?first=2026-11-15&last=2026-11-21"
        return desk.client.get(path, headers={"Accept-Language": tag}).get_data(as_text=True)

    assert "2026-11-21" in csv("de")
    assert "1234" in csv("de")
    assert csv("de") == csv("en") == csv("fr")
