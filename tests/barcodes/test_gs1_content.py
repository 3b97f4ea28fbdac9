import pytest

from kiosk.barcodes.gs1_content import check_digit_fault, fault_in, is_printable_gs1
from kiosk.barcodes.gs1_elements import NotGs1, elements_of, identifier_of


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("00", "395060001343520001"),
        ("01", "09506000134352"),
        ("253", "9506000134352XYZ"),
        ("8003", "09506000134352"),
        ("8006", "095060001343520102"),
        ("410", "9506000134352"),
        ("401", "9506ABC"),
        ("422", "276"),
        ("423", "276840"),
        ("421", "27612345"),
        ("4300", "A%20B"),
        ("4307", "DE"),
        ("4309", "02790858483015297971"),
        ("4321", "1"),
        ("4324", "2801319999"),
        ("4324", "2801002359"),
        ("4326", "280131"),
        ("7003", "2801312359"),
        ("7007", "280131280228"),
        ("7007", "280131"),
        ("7011", "280131"),
        ("7011", "2801310000"),
        ("7030", "999ABC"),
        ("7040", "1AB_"),
        ("7241", "80"),
        ("7250", "19800100"),
        ("7252", "9"),
        ("7258", "1/3"),
        ("8001", "00100000100119"),
        ("8007", "DE89370400440532013000"),
        ("8008", "2801311259"),
        ("8008", "28013112"),
        ("8010", "9506A#B-C/D"),
        ("8011", "0"),
        ("8013", "1987654Ad4X4bL5ttr2310c2K"),
        ("8112", "101234561234560654321"),
        ("3932", "9781234"),
        ("11", "280229"),
        ("17", "280200"),
        ("99", "anything"),
    ],
)
def test_good_contents(ai: str, value: str) -> None:
    assert fault_in(ai, value) == ""
    assert elements_of(ai + value) == ((ai, value),)


@pytest.mark.parametrize(
    ("ai", "value", "fault"),
    [
        ("00", "395060001343520002", "its check digit is 2, expected 1"),
        ("01", "09506000134350", "its check digit is 0, expected 2"),
        ("253", "9506000134353XYZ", "its check digit is 3, expected 2"),
        ("8003", "09506000134353", "its check digit is 3, expected 2"),
        ("8006", "095060001343530102", "its check digit is 3, expected 2"),
        ("8006", "095060001343520302", "piece 3 of 2 cannot be"),
        ("8006", "095060001343520000", "piece 0 of 0 cannot be"),
        ("401", "950", "it does not begin with a company prefix of 4 digits or more"),
        ("8004", "95A6", "it does not begin with a company prefix of 4 digits or more"),
        ("422", "999", "the code '999' is not a code of a country"),
        ("423", "276999", "the code '999' is not a code of a country"),
        ("4307", "XX", "the code 'XX' is not a code of a country"),
        ("4300", "A%2", "it contains '%2', which is no percent code"),
        ("4300", "A%zz", "it contains '%zz', which is no percent code"),
        ("4309", "18000000010000000000", "the number 1800000001 is no degree of latitude"),
        ("4309", "00000000003600000001", "the number 3600000001 is no degree of longitude"),
        ("4321", "2", "the code '2' is not yes (1) or no (0)"),
        ("4324", "2801312400", "2400 is no time of day"),
        ("4324", "2801312360", "2360 is no time of day"),
        ("4326", "280100", "280100 is no date"),
        ("7003", "2801322359", "280132 is no date"),
        ("7007", "280131280230", "280230 is no date"),
        ("7011", "2801319999", "9999 is no time of day"),
        ("7040", "1AB=", "the code '=' is not an importer index"),
        ("7241", "11", "the code '11' is not a media type"),
        ("7250", "19801300", "801300 is no date"),
        ("7252", "5", "the code '5' is not a code of ISO 5218"),
        ("7258", "3/2", "position 3/2 cannot be"),
        ("7258", "0/2", "position 0/2 cannot be"),
        ("8001", "00000000100119", "it is zero"),
        ("8001", "00100000100129", "the code '2' is not a winding direction"),
        ("8007", "DE89", "it is no IBAN"),
        ("8007", "XX89370400440532013000", "'XX' is no country"),
        ("8007", "DE89370400440532013001", "its check digits are wrong"),
        ("8011", "01", "it begins with a zero"),
        ("8013", "1987654Ad4X4bL5ttr2310c2L", "its check pair is '2L', expected '2K'"),
        ("8013", "12345678901234567890123456", "it has no check pair"),
        ("8112", "1012345612345606543217", "it has 22 digits, expected 21"),
        ("8110", "7", "its length of the company prefix is 7, expected one of 0, 1, 2, 3, 4, 5, 6"),
        ("3932", "0001234", "the code '000' is not a code of a currency"),
        ("11", "281301", "281301 is no date"),
        ("17", "270229", "270229 is no date"),
    ],
)
def test_faults_are_told(ai: str, value: str, fault: str) -> None:
    assert fault_in(ai, value) == fault


def test_the_check_digit_weighs_from_the_right() -> None:
    assert check_digit_fault("036000291452") == ""
    assert check_digit_fault("95060002") == ""
    assert check_digit_fault("036000291453") == "its check digit is 3, expected 2"


def test_character_set_82() -> None:
    assert is_printable_gs1("aZ09!\"%&'()*+,-./:;<=>?_")
    assert not is_printable_gs1("a b")
    assert is_printable_gs1("A#-/")
    assert not is_printable_gs1("$")
    assert not is_printable_gs1("é")


def test_the_length_of_an_identifier_is_in_its_format() -> None:
    assert [
        (identifier_of(text).is_fixed, identifier_of(text).length) for text in ("01", "10", "4330", "7230")
    ] == [
        (True, 14),
        (False, 20),
        (False, 7),
        (False, 30),
    ]


def test_percent_codes_that_are_too_long_are_refused_at_once() -> None:
    with pytest.raises(NotGs1):
        elements_of("4302" + "%41%41" * 40 + "~")
