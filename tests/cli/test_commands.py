import csv
import fcntl
import io
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from kiosk.cli import main
from kiosk.compose import opened_journal, utc_now
from kiosk.journal import Entry
from kiosk.language import language
from kiosk.model import Binding, RawScan, Session, Submit
from kiosk.resources import templates_dir
from kiosk.settings import load_settings
from kiosk.sheets import work_sheet
from kiosk.simulator.label_printer import LabelPrinter
from kiosk.simulator.seed import seed_world
from kiosk.simulator.server import IonServer
from kiosk.simulator.world import World
from printers import LANGUAGES
from tests.machine.fake_machine import a_well_machine

MACHINE = a_well_machine(Path("/nonexistent"))
UID = '{"uid":"24daeec708d84908af9beba707a5241b"}'


def run(*words: str, text: bytes = b"") -> Result:
    return CliRunner().invoke(main, list(words), input=text, obj=MACHINE)


@pytest.fixture
def ion() -> Iterator[IonServer]:
    with IonServer(seed_world(World())) as server:
        yield server


@pytest.fixture
def printer() -> Iterator[tuple[LabelPrinter, int]]:
    made = LabelPrinter(print_time_s=0.01)
    port = made.start()
    yield made, port
    made.stop()


@pytest.fixture
def config(tmp_path: Path, ion: IonServer, printer: tuple[LabelPrinter, int]) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"""
[ion]
url = "{ion.url}"
token_url = "{ion.token_url}"
client_id = "kiosk"
client_secret = "kiosk-secret"
[journal]
url = "sqlite:///{tmp_path / "kiosk.db"}"
allow_volatile = true
[[stations]]
name = "dock-1"
printer = "zebra"
[[printers]]
name = "zebra"
url = "tcp://127.0.0.1:{printer[1]}"
""")
    return path


def test_it_says_its_version() -> None:
    assert run("--version").output.startswith("kiosk, version ")


def test_decode_gives_the_readings_and_the_reasons() -> None:
    answer = json.loads(run("decode", "--json", UID).output)
    assert answer["text"] == UID
    assert answer["symbology"] is None
    assert answer["readings"][0] == {"kind": "ion-uid", "uid": "24daeec708d84908af9beba707a5241b"}
    assert "command" in {one["kind"] for one in answer["rejected"]}


def test_decode_reads_standard_input_byte_for_byte() -> None:
    answer = json.loads(run("decode", "--json", "-", text=b"]Q1ION/PO/5\x1d").output)
    assert (answer["text"], answer["symbology"]) == ("ION/PO/5\x1d", "]Q1")


def test_decode_takes_a_json_string_a_line() -> None:
    result = run("decode", "--lines", text=b'"\\ud800"\n')
    assert json.loads(result.output)["readings"] == []
    result = run("decode", "--lines", text=b'"ION/CMD/QUANTITY/5"\n"[)>\\u001e06"\n')
    first, second = (json.loads(line) for line in result.output.splitlines())
    assert first["readings"][0] == {"kind": "command", "verb": "QUANTITY", "argument": "5"}
    assert second["text"] == "[)>\x1e06"


@pytest.mark.parametrize("line", [b"not json\n", b"12\n"])
def test_decode_says_which_line_is_no_string(line: bytes) -> None:
    result = run("decode", "--lines", text=b'"a"\n' + line)
    assert (result.exit_code, "line 2: expected a JSON string" in result.output) == (1, True)


def test_decode_shows_no_control_character_to_the_terminal() -> None:
    assert "\x1b" not in run("decode", "\x1b[31mred").output


def test_label_list_names_the_field_of_the_main_symbol() -> None:
    found = {one["name"]: one for one in json.loads(run("label", "list", "--json").output)}
    assert {"part", "run", "location"} <= set(found)
    assert all(one["encodes"] in one["fields"] for one in found.values())
    assert set(found["part"]) == {"name", "title", "fields", "encodes", "width_mm", "height_mm"}
    assert found["traveler"]["tables"] == {"steps": ["position", "code", "location", "title"]}
    assert "rows of steps: position, code, location, title" in run("label", "list").output


LABELS = sorted(path.stem for path in (templates_dir() / "labels").glob("*.toml"))


@pytest.mark.parametrize("dpi", ["203", "300"])
@pytest.mark.parametrize("name", LABELS)
def test_a_rendered_label_scans_as_what_it_was_given(name: str, dpi: str, tmp_path: Path) -> None:
    (facts,) = [one for one in json.loads(run("label", "list", "--json").output) if one["name"] == name]
    values = {field: f"V-{number}" for number, field in enumerate(facts["fields"])} | {facts["encodes"]: UID}
    sets = [word for field, value in values.items() for word in ("--set", f"{field}={value}")]
    out = tmp_path / "label.png"
    result = run("label", "render", name, *sets, "--dpi", dpi, "--format", "png", "-o", str(out))
    if (name, dpi) == ("small-part", "203"):
        assert "expected a printer of at least 300 dpi, got 203" in result.output
        return
    assert result.exit_code == 0, result.output
    codes = [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(out.read_bytes())))]
    assert UID in codes


def test_a_label_is_rendered_for_a_printers_language(tmp_path: Path, config: Path) -> None:
    out = tmp_path / "label.zpl"
    words = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "--format", "zpl", "-o", str(out))
    assert run("label", "render", *words, "--printer", "zebra", "--config", str(config)).exit_code == 0
    assert out.read_bytes().startswith(b"^XA")


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("png", b"\x89PNG"),
        ("zpl", b"^XA^CI28^PW812"),
        ("epl2", b"\r\nq812\r\n"),
        ("tspl", b"\r\nSIZE 101.6 mm,50.8 mm\r\n"),
        ("escpos", b"\x1b@\x1dv0"),
        ("brother_ql", bytes(350) + b"\x1bia\x01"),
        ("pdf", b"%PDF-1.4\n"),
    ],
)
@pytest.mark.parametrize("name", ["part", "run", "location"])
def test_every_label_is_rendered_in_every_language(
    name: str, language: str, begins: bytes, tmp_path: Path
) -> None:
    assert set(LANGUAGES) == {"png", "zpl", "epl2", "tspl", "escpos", "brother_ql", "pdf"}
    (facts,) = [one for one in json.loads(run("label", "list", "--json").output) if one["name"] == name]
    sets = [word for field in facts["fields"] for word in ("--set", f"{field}=V-1")]
    out = tmp_path / "label"
    result = run("label", "render", name, *sets, "--format", language, "-o", str(out))
    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(begins)


def test_another_language_than_the_printers_gets_its_media(tmp_path: Path, config: Path) -> None:
    text = config.read_text() + "width_mm = 120.0\nheight_mm = 60.0\nspeed = 4\n"
    config.write_text(text)
    out = tmp_path / "label"
    words = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "-o", str(out))
    on = ("--printer", "zebra", "--config", str(config), "--format")
    assert run("label", "render", *words, *on, "tspl").exit_code == 0
    assert out.read_bytes().startswith(b"\r\nSIZE 120 mm,60 mm\r\nDIRECTION")
    assert run("label", "render", *words, *on, "zpl").exit_code == 0
    assert b"^PW960^LL480^LH0,0^JZN^PR4^FO0,0" in out.read_bytes()


def test_a_sheet_of_labels(tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    words = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "--format", "pdf", "-o", str(out))
    assert run("label", "render", *words, "--sheet", "2x5").exit_code == 0
    assert out.read_bytes().count(b"/L0 Do") == 10
    more = ("--sheet", "2x5", "--copies", "3", "--skip", "9", "--paper", "letter")
    assert run("label", "render", *words, *more).exit_code == 0
    assert out.read_bytes().count(b"/L0 Do") == 3
    assert b"/Count 2" in out.read_bytes()


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("--sheet", "2x5"), "expected COLUMNSxROWS with --format pdf, as in 2x5", 2),
        (("--format", "pdf", "--sheet", "2by5"), "expected COLUMNSxROWS with --format pdf, as in 2x5", 2),
        (("--format", "pdf", "--sheet", "3x5"), "expected them to fit on 210 x 297 mm", 1),
        (("--format", "pdf", "--sheet", "2x5", "--skip", "10"), "expected labels, and a first place", 1),
        (("--format", "brother_ql", "--dpi", "203"), "brother_ql: dpi=203: expected 300", 1),
    ],
)
def test_a_sheet_that_cannot_be_is_said(words: tuple[str, ...], says: str, code: int, tmp_path: Path) -> None:
    label = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "-o", str(tmp_path / "x"))
    result = run("label", "render", *label, *words)
    assert says in result.output
    assert result.exit_code == code


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("render", "nosuch", "-o", "x"), f"expected one of {LABELS}", 1),
        (("render", "kit", "--rows", "contents", "-o", "x"), "--rows 'contents': expected field=rows", 2),
        (("render", "kit", "--rows", "contents=[", "-o", "x"), "expected a JSON list of objects: ", 2),
        (
            ("render", "kit", "--rows", "contents=@none.json", "-o", "x"),
            "expected a JSON list of objects: ",
            2,
        ),
        (
            ("render", "kit", "--rows", 'contents=[{"quantity": null}]', "-o", "x"),
            'row 1: expected an object with texts, got {"quantity": null}',
            2,
        ),
        (
            ("render", "kit", "--set", "contents=x", "-o", "x"),
            "contents: expected rows, a list of objects",
            1,
        ),
        (("render", "location", "--set", "code", "-o", "x"), "expected field=value", 2),
        (("render", "location", "--set", "nosuch=1", "-o", "x"), "nosuch", 1),
        (("render", "location", "--format", "pcl", "-o", "x"), "Cannot render as 'pcl'", 78),
    ],
)
def test_what_is_wrong_with_a_label_is_said(words: tuple[str, ...], says: str, code: int) -> None:
    result = run("label", *words)
    assert says in result.output
    assert result.exit_code == code


STEPS = """[
    {"position": 10, "title": "Torque", "code": "ION/A"},
    {"position": 20.50, "title": "Test", "code": "ION/B"}
]"""


@pytest.mark.parametrize("way", ["inline", "file", "standard input"])
def test_rows_are_given_as_json(way: str, tmp_path: Path) -> None:
    file = tmp_path / "steps.json"
    file.write_text(STEPS)
    source = {"inline": STEPS, "file": f"@{file}", "standard input": "@-"}[way]
    out = tmp_path / "label.png"
    words = ("traveler", "--set", "code=ION/RUN/4", "--set", "reference=R4", "--rows", f"steps={source}")
    result = run("label", "render", *words, "-o", str(out), text=STEPS.encode())
    assert result.exit_code == 0, result.output
    codes = {one.text for one in zxingcpp.read_barcodes(Image.open(out))}
    assert codes == {"ION/RUN/4", "ION/A", "ION/B"}


def test_print_says_what_is_known_of_each_copy(config: Path, printer: tuple[LabelPrinter, int]) -> None:
    words = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "--printer", "zebra", "--copies", "2")
    result = run("print", *words, "--config", str(config))
    assert result.exit_code == 0, result.output
    assert result.output.count("confirmed") == 2
    assert len(printer[0].labels) == 2


def test_check_opens_everything_once(config: Path) -> None:
    result = run("check", "--json", "--config", str(config))
    found = json.loads(result.output)
    assert [(one["part"], one["ok"]) for one in found] == [
        ("disk", True),
        ("clock", True),
        ("journal", True),
        ("ion", True),
        ("labels", True),
        ("printer", True),
    ]
    assert found[5]["text"].endswith(": ready. KIOSK-VIRTUAL V1.0.")
    assert result.exit_code == 0


def test_check_says_that_the_printer_has_other_dots(config: Path) -> None:
    config.write_text(config.read_text() + "dpi = 300\n")
    found = json.loads(run("check", "--json", "--config", str(config)).output)[-1]
    assert not found["ok"]
    assert found["text"].endswith(
        "Wrong dpi in the settings: KIOSK-VIRTUAL has 8 dots a millimetre, labels are made for 12."
    )


def test_check_says_what_does_not_open(config: Path, printer: tuple[LabelPrinter, int]) -> None:
    printer[0].stop()
    config.write_text(config.read_text().replace("kiosk-secret", "wrong") + _SCANNER)
    result = run("check", "--json", "--config", str(config))
    assert [one["part"] for one in json.loads(result.output) if not one["ok"]] == [
        "ion",
        "printer",
        "scanner",
    ]
    assert result.exit_code == 1


def test_check_asks_where_people_sign_in(config: Path, ion: IonServer) -> None:
    text, issuer = config.read_text(), f"{ion.base_url}/realms/people"
    people = f'[ion]\npersonal_issuer = "{issuer}"\npersonal_client_id = "kiosk-people"\n'
    config.write_text(text.replace("[ion]\n", people))
    found = json.loads(run("check", "--json", "--config", str(config)).output)
    said = {one["part"]: (one["ok"], one["text"]) for one in found}
    assert said["people"] == (True, "People sign in by browser and phone.")
    config.write_text(text.replace("[ion]\n", people.replace("/realms/people", "/realms/nosuch")))
    result = run("check", "--json", "--config", str(config))
    assert [one["part"] for one in json.loads(result.output) if not one["ok"]] == ["people"]
    assert result.exit_code == 1


def test_check_opens_scanners_that_were_bound_on_the_page(config: Path) -> None:
    gun = Binding("dock-1-scanner", "dock-1", "keyboard", "0c2e:0b61:HON1", "Honeywell", utc_now())
    with opened_journal(load_settings(config)) as journal:
        journal.bindings.put(gun)
        journal.bindings.put(replace(gun, name="lost", port="0c2e:0b61:HON2", station="dock-9"))
        journal.bindings.put(replace(gun, name="odd", port="0c2e:0b61:HON3", layout="klingon"))
    result = run("check", "--json", "--config", str(config))
    found = {one["name"]: one["text"] for one in json.loads(result.output) if one["part"] == "scanner"}
    assert found["dock-1-scanner"].startswith("Cannot open scanner 'dock-1-scanner': ")
    assert found["lost"] == "bound to station 'dock-9', which is not in the settings."
    assert found["odd"].startswith("cannot be read: ")
    assert len(found) == 3
    assert result.exit_code == 1


_SCANNER = """
[[scanners]]
name = "gun"
station = "dock-1"
port = "/dev/serial/by-id/nosuch"
"""


def test_ion_check_lists_every_operation(config: Path) -> None:
    found = json.loads(run("ion", "check", "--json", "--config", str(config)).output)["operations"]
    assert set(found[0]) == {"operation", "document", "dialect", "missing", "nearest"}
    assert "receive" in {one["operation"] for one in found if one["document"]}


def test_ion_schema_is_written_in_graphqls_language(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "schema.graphql"
    assert run("ion", "schema", "--config", str(config), "-o", str(out)).exit_code == 0
    assert "type Mutation" in out.read_text()


def test_an_empty_journal_is_listed_verified_and_exported(config: Path) -> None:
    assert json.loads(run("journal", "list", "--json", "--config", str(config)).output) == []
    assert run("journal", "verify", "--config", str(config)).output == "The audit is whole.\n"
    assert run("journal", "export", "--config", str(config)).output.startswith("id,created_at,station")
    assert run("journal", "show", "nosuch", "--config", str(config)).exit_code == 1


def test_what_was_scanned_and_sent_is_exported_whole(config: Path) -> None:
    raw = b"=cmd|' /C calc'!A0\x1d\xff"
    with opened_journal(load_settings(config)) as journal:
        kept = RawScan("s1", "dock-1", "gun", raw, utc_now(), "]d1")
        journal.book.keep(kept)
        journal.book.commit(
            Entry(
                Session("s", "dock-1", "home", "idle"),
                submits=[("k", Submit("receive", "order-line/1", "order/1", {"lot": "=1\x1b"}))],
            )
        )
    words = ("journal", "export", "--config", str(config))
    (scan,) = csv.DictReader(io.StringIO(run(*words, "--what", "scans").output))
    assert bytes.fromhex(scan["data"]) == raw
    assert (scan["text"], scan["symbology"], scan["state"]) == ("'=cmd|' /C calc'!A0␝ÿ", "]d1", "waiting")
    (scan,) = json.loads(run(*words, "--what", "scans", "--format", "json").output)
    assert (bytes.fromhex(scan["data"]), scan["text"]) == (raw, raw.decode("latin-1"))
    (operation,) = csv.DictReader(io.StringIO(run(*words).output))
    assert json.loads(operation["arguments"]) == {"lot": "=1\x1b"}
    (operation,) = json.loads(run(*words, "--format", "json").output)
    assert operation["arguments"] == {"lot": "=1\x1b"}


def test_every_fault_of_the_settings_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[ion]\nurl = "ftp://x"\n[[stations]]\nname = "a b"\nprinter = "none"\n')
    result = run("serve", "--config", str(path))
    assert result.exit_code == 78
    for word in ("ion.url", "ion.token_url", "ion.client_id", "stations.0.name"):
        assert word in result.output


def test_a_second_kiosk_on_one_journal_is_refused(config: Path, tmp_path: Path) -> None:
    with (tmp_path / "kiosk.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        result = run("serve", "--config", str(config))
    assert (result.exit_code, "Another kiosk is running" in result.output) == (1, True)


@pytest.mark.parametrize("which", ["commands", "work", "scanner"])
def test_a_sheet_is_drawn_into_a_file(which: str, tmp_path: Path, config: Path) -> None:
    out = tmp_path / "sheet"
    words = ("label", "sheet", which, "-o", str(out), "--config", str(config))
    assert run(*words).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    result = run(*words, "--format", "png", "--paper", "letter", "--station", "dock-1")
    assert result.exit_code == 0, result.output
    texts = {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(out.read_bytes())))}
    assert ("ION/CMD/CONFIRM" in texts) is (which != "scanner")
    assert ("ION/CMD/FAIL" in texts) is (which == "work")


def test_a_sheet_is_drawn_in_a_language(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    assert run("label", "sheet", "work", "--language", "de", "--format", "png", "-o", str(out)).exit_code == 0
    assert out.read_bytes() == work_sheet(spoken=language("de"))


def test_a_sheet_for_no_station_is_refused(tmp_path: Path, config: Path) -> None:
    out = tmp_path / "sheet"
    result = run("label", "sheet", "commands", "--station", "x", "-o", str(out), "--config", str(config))
    assert (result.exit_code, "expected one of ['dock-1']" in result.output) == (2, True)
    assert not out.exists()


def test_all_that_is_wrong_with_devices_and_secrets_is_said_at_once(config: Path) -> None:
    text = config.read_text().replace('client_secret = "kiosk-secret"', 'client_secret_file = "/nonexistent"')
    config.write_text(text + '[[printers]]\nname = "odd"\nlanguage = "klingon"\nurl = "lpt://1"\n')
    result = run("serve", "--config", str(config))
    assert result.exit_code == 78
    for words in ("klingon", "lpt://1", "/nonexistent"):
        assert words in result.output


def test_a_port_that_is_taken_is_said(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config.write_text(config.read_text() + f"[web]\nport = {taken.getsockname()[1]}\n")
        result = run("serve", "--config", str(config))
    assert (result.exit_code, "web: cannot serve on 127.0.0.1 port" in result.output) == (78, True)


def test_a_printer_that_is_off_is_said_and_the_job_stays(
    config: Path, printer: tuple[LabelPrinter, int]
) -> None:
    printer[0].stop()
    words = ("location", "--set", "code=ION/LOC/4", "--set", "name=WH", "--printer", "zebra")
    result = run("print", *words, "--config", str(config))
    assert result.exit_code == 1
    assert "queued" in result.output


def test_data_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text("{}")
    result = run("simulate", "ion", "--port", "0", "--data", str(path))
    assert (result.exit_code, "Cannot read the simulator's data" in result.output) == (78, True)


@pytest.mark.parametrize("switch", ["fly=true", "read_lag_s=soon"])
def test_a_switch_that_is_none_is_said(switch: str) -> None:
    result = run("simulate", "ion", "--port", "0", "--switch", switch)
    assert (result.exit_code, "switch" in result.output) == (2, True)


@pytest.fixture
def site_config(config: Path, tmp_path: Path) -> Path:
    """A configuration with a design of the site's own, its own location label, and one with a fault."""
    folder = tmp_path / "designs"
    folder.mkdir()
    source = (templates_dir() / "labels" / "location.toml").read_text(encoding="utf-8")
    (folder / "gate.toml").write_text(source.replace('"Location"', '"Gate"'), encoding="utf-8")
    (folder / "part.toml").write_text("title =", encoding="utf-8")
    config.write_text(f'{config.read_text()}\n[labels]\ndesigns = "{folder}"\n')
    return config


def test_the_sites_designs_are_listed_and_their_faults_told(site_config: Path) -> None:
    found = run("label", "list", "--json", "--config", str(site_config))
    listed = {one["name"]: one["title"] for one in json.loads(found.stdout)}
    assert (listed["gate"], "part" in listed) == ("Gate", False)
    assert found.stderr.startswith("Cannot be printed: part.toml: expected TOML")
    plain = json.loads(run("label", "list", "--json").stdout)
    assert {"part"} == {one["name"] for one in plain} - listed.keys()


def test_the_sites_designs_are_rendered(site_config: Path, tmp_path: Path) -> None:
    output = tmp_path / "gate.png"
    words = ("--set", "code=ION/LOC/4", "--set", "name=Gate 4", "-o", str(output))
    assert run("label", "render", "gate", *words, "--config", str(site_config)).exit_code == 0
    (symbol,) = zxingcpp.read_barcodes(Image.open(output))
    assert symbol.text == "ION/LOC/4"
    assert "expected one of" in run("label", "render", "gate", *words).output
    fault = run("label", "render", "part", *words, "--config", str(site_config)).output
    assert "Cannot make label 'part': part.toml: expected TOML" in fault


def test_the_sites_designs_are_printed(site_config: Path, printer: tuple[LabelPrinter, int]) -> None:
    words = ("--set", "code=ION/LOC/4", "--set", "name=Gate 4", "--printer", "zebra")
    found = run("print", "gate", *words, "--config", str(site_config))
    assert found.exit_code == 0, found.output
    assert len(printer[0].labels) == 1
