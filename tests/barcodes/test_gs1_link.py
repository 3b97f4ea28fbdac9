import re

import pytest

from kiosk.barcodes.gs1_elements import NotGs1
from kiosk.barcodes.gs1_link import elements_of_link, is_link

GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"https://shop.example/a/b/01/{GTIN}", (("01", GTIN),)),
        (f"https://[2001:db8::1]:8443/01/{GTIN}", (("01", GTIN),)),
        (
            f"https://e.example/01/{GTIN}/22/V/10/L/21/S",
            (("01", GTIN), ("22", "V"), ("10", "L"), ("21", "S")),
        ),
        (f"https://e.example/01/{GTIN}/21/S", (("01", GTIN), ("21", "S"))),
        (f"https://e.example/01/{GTIN}/235/T", (("01", GTIN), ("235", "T"))),
        (f"https://e.example/01/{GTIN}/10/A%2FB", (("01", GTIN), ("10", "A/B"))),
        (
            f"https://e.example/01/{GTIN}?10=A%2fB&x=1&flag;21=S#part",
            (("01", GTIN), ("10", "A/B"), ("21", "S")),
        ),
        ("https://e.example/00/faux/00/395060001343520001", (("00", "395060001343520001"),)),
        ("https://e.example/414/9506000134352/254/7", (("414", "9506000134352"), ("254", "7"))),
    ],
)
def test_links(text: str, elements: tuple[tuple[str, str], ...]) -> None:
    assert elements_of_link(text) == elements


NO_KEY = "is a web address without a GS1 key in its path; a compressed one is not read"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://e.example/01/1", "is no web address, or has characters that no web address has"),
        (f"HtTp://e.example/01/{GTIN}", "is no web address, or has characters that no web address has"),
        (f"https://e.example/01/{GTIN} x", "is no web address, or has characters that no web address has"),
        ("https://e.example", "is a web address without host or path"),
        (f"https:///01/{GTIN}", "is a web address without host or path"),
        (f"https://user@e.example/01/{GTIN}", "is a web address without host or path"),
        ("https://e.example/", NO_KEY),
        ("https://e.example/about/us", NO_KEY),
        (f"https://e.example/01/{GTIN}/", NO_KEY),
        ("https://e.example/10/A", NO_KEY),
        (f"https://e.example/01/{GTIN}/x/y", NO_KEY),
        (f"https://e.example/01/{GTIN}/²/y", "is no web address, or has characters that no web address has"),
        (
            f"https://e.example/01/{GTIN}/21/S/10/L",
            "is a web address whose key (01) is not followed by '21 10'",
        ),
        (
            f"https://e.example/01/{GTIN}/235/T/10/L",
            "is a web address whose key (01) is not followed by '235 10'",
        ),
        (
            "https://e.example/01/9506000134352",
            "AI (01) has the value '9506000134352', which does not fit its format",
        ),
        (f"https://e.example/01/{GTIN}/10/", "AI (10) has the value '', which does not fit its format"),
        (f"https://e.example/01/{GTIN}?10=", "AI (10) has the value '', which does not fit its format"),
        (
            f"https://e.example/01/{GTIN}?05=1",
            "is a web address with '05', which is no application identifier",
        ),
        (
            f"https://e.example/01/{GTIN}?101=1",
            "is a web address with '101', which is no application identifier",
        ),
        (
            f"https://e.example/01/{GTIN}/10/A?10=A",
            "is a web address that says one application identifier twice",
        ),
        (
            f"https://e.example/01/{GTIN}?10=%ff",
            "is a web address with '%ff', which is no UTF-8",
        ),
        (
            f"https://e.example/01/{GTIN}?10=A+",
            "AI (10) has the value 'A ', which does not fit its format",
        ),
        (
            f"https://e.example/01/{GTIN}?10=%00",
            "AI (10) has the value '\\x00', which does not fit its format",
        ),
    ],
)
def test_what_is_no_digital_link_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(NotGs1, match=f"^{re.escape(reason)}$"):
        elements_of_link(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("http://e.example", True), ("HTTPS://a", True), ("Http://a", False), ("httpd", False), ("", False)],
)
def test_the_beginning_of_a_link(text: str, expected: bool) -> None:
    assert is_link(text) is expected
