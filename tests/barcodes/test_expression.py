import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcodes.expression import Effort, ExpressionRefused, TooMuchEffort, compiled, fullmatch

PLENTY = 1_000_000


def match(expression: str, text: str, steps: int = PLENTY) -> dict[str, str] | None:
    return fullmatch(compiled(expression), text, Effort(steps))


def match_by_re(expression: str, text: str) -> dict[str, str] | None:
    found = re.compile(expression).fullmatch(text)
    return (
        None
        if found is None
        else {name: value for name, value in found.groupdict().items() if value is not None}
    )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("abc", "abc"),
        ("abc", "abcd"),
        ("", ""),
        ("", "a"),
        ("(?P<x>.*)", "any thing"),
        ("(?P<x>.*)", "two\nlines"),
        ("(?s)(?P<x>.*)", "two\nlines"),
        ("(?i)pn(?P<x>[a-c]+)", "PNaBc"),
        ("(?is)x(?P<x>.)", "X\n"),
        (r"\(01\)(?P<part>.*)\(17\).*\(10\)(?P<serial>.*)", "(01)PN-1(17)260101(10)SN-9"),
        (r"\(01\)(?P<part>.*)\(17\).*\(10\)(?P<serial>.*)", "(01)A(17)B(17)C(10)D(10)E"),
        (r"(?P<a>a*?)(?P<b>a*)", "aaa"),
        (r"(?P<a>a*)(?P<b>a*?)", "aaa"),
        (r"(?P<a>a+?)(?P<b>a??)(?P<c>a?)", "aaa"),
        (r"(?P<x>a|ab)(?P<y>c|bcd)(?P<z>d*)", "abcd"),
        (r"(?:(?P<a>a)|(?P<b>b))*", "ab"),
        (r"(?P<x>\d{3,5})(?P<y>\d{2})", "1234567"),
        (r"(?P<x>\d{3,5}?)(?P<y>\d{2,})", "1234567"),
        (r"(?P<x>\w{,2})-(?P<y>\W)", "ab-!"),
        (r"x{2}", "xx"),
        (r"x{}", "x{}"),
        (r"x{a}", "x{a}"),
        (r"x{,}", "xxx"),
        (r"a{2,3}b{0}", "aaa"),
        (r"[^a-c\d]+", "xyz"),
        (r"[^a-c\d]+", "xbz"),
        (r"[]a]+", "]a]"),
        (r"[^]a]+", "bc"),
        (r"[a\-z]+", "a-z"),
        (r"[a-]+", "a-"),
        (r"[-a]+", "a-"),
        (r"[\]\\]+", "]\\"),
        (r"[\b]", "\b"),
        (r"[\x41-\x43\u00e9]+", "ABCé"),
        (r"\x1d\t\n\r\f\v\a", "\x1d\t\n\r\f\v\a"),
        (r"^a$", "a"),
        (r"^a\Z", "a"),
        (r"\Aa$\n", "a\n"),
        (r"a$b", "ab"),
        (r"\bab\b \bcd\b", "ab cd"),
        (r"a\Bb\b", "ab"),
        (r"(?P<x>(?:a|b)*?)(?P<y>b*)", "abb"),
        (r"(?P<x>)a", "a"),
        (r"(?P<x>a)?b", "b"),
        (r"\d", "٣"),
        (r"[[]", "["),
        (r"[a||b&&~~-]+", "|-&~"),
        (r"(a)(?P<n>b)", "ab"),
        ("|a", ""),
        ("a||b", "b"),
    ],
)
def test_answers_are_those_of_re(expression: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        assert match(expression, text) == match_by_re(expression, text)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(", "has a '(' without ')' (at character 2)"),
        (")", "has a ')' without '(' (at character 1)"),
        ("a)", "has a ')' without '(' (at character 2)"),
        ("[a", "has a '[' without ']' (at character 3)"),
        ("[]", "has a '[' without ']' (at character 3)"),
        ("[z-a]", "has a range from 'z' down to 'a' (at character 5)"),
        (r"[\d-z]", r"has a range with \d (at character 6)"),
        (r"[a-\d]", r"has a range with \d (at character 6)"),
        ("a\\", "ends in a backslash (at character 3)"),
        (r"(a)\1", r"has the escape \1, which is not offered (at character 5)"),
        (r"\p", r"has the escape \p, which is not offered (at character 2)"),
        (r"[\q]", r"has the escape \q, which is not offered (at character 3)"),
        (r"\x4", r"has the escape \x, which is not offered (at character 2)"),
        ("*a", "has nothing to repeat (at character 1)"),
        ("a|*", "has nothing to repeat (at character 3)"),
        ("^*", "has nothing to repeat (at character 2)"),
        (r"\b+", "has nothing to repeat (at character 3)"),
        ("a{3,2}", "repeats at least 3 and at most 2 times (at character 2)"),
        ("a**", "repeats a repeat, or uses a possessive quantifier (at character 3)"),
        ("a*+", "repeats a repeat, or uses a possessive quantifier (at character 3)"),
        ("a{2}{3}", "repeats a repeat, or uses a possessive quantifier (at character 5)"),
        ("(?=a)", "has a group of the form '(?=a', expected (, (?: or (?P<name> (at character 1)"),
        ("(?<!a)b", "has a group of the form '(?<!', expected (, (?: or (?P<name> (at character 1)"),
        ("(?>a)", "has a group of the form '(?>a', expected (, (?: or (?P<name> (at character 1)"),
        ("(?P=x)", "has a group of the form '(?P=', expected (, (?: or (?P<name> (at character 1)"),
        ("a(?i)b", "has a group of the form '(?i)', expected (, (?: or (?P<name> (at character 2)"),
        ("(?x)a", "has the flag 'x', expected i or s (at character 1)"),
        ("(?P<a>x)(?P<a>y)", "names two groups 'a' (at character 9)"),
        ("(" * 50 + ")" * 50, "nests groups more than 40 deep (at character 41)"),
        ("a{5000}", "is too large: counted repeats are written out, up to 1000 steps"),
        ("(((a{9}){9}){9}){9}", "is too large: counted repeats are written out, up to 1000 steps"),
        ("a{999999999}", "is too large: counted repeats are written out, up to 1000 steps"),
        ("(?:a|b){0,999999999}", "is too large: counted repeats are written out, up to 1000 steps"),
        ("x" * 1001, "has 1001 characters, at most 1000 are read"),
    ],
)
def test_what_is_refused_is_told_why(expression: str, why: str) -> None:
    with pytest.raises(ExpressionRefused, match=f"^{re.escape(why)}$"):
        compiled(expression)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("(a+)+b", "a" * 3000),
        ("(a|aa)*b", "a" * 3000),
        ("(a|a)*b", "a" * 3000),
        ("(.*)*x", "a" * 3000),
        (r"(\w+\s?)*$z", "a " * 1500),
        ("(a?){100}a{100}b", "a" * 100),
        (".*.*.*.*.*.*x", "a" * 3000),
        (r"\(01\).*\(17\).*\(10\).*", "(01)" + "(17)(10)" * 400 + "\n"),
    ],
)
def test_catastrophic_expressions_are_only_as_slow_as_the_text_is_long(expression: str, text: str) -> None:
    program = compiled(expression)
    assert fullmatch(program, text, Effort(2 * len(program.steps) * (len(text) + 1))) is None


def test_the_effort_is_bounded() -> None:
    with pytest.raises(TooMuchEffort):
        match("(?P<x>.*)" + ".*" * 20 + "x", "a" * 8000, steps=10_000)


def test_the_effort_is_shared() -> None:
    effort = Effort(100)
    assert fullmatch(compiled("a*"), "aaaaa", effort) == {}
    assert effort.steps < 100


def test_counted_nothing_is_nothing() -> None:
    # Not compared with re, which dies of it.
    assert match("(?:(?:){999999999}){999999999}a", "a") == {}


LITERALS = st.sampled_from(["a", "b", "c", ".", r"\d", "[ab]", "[^a]", "1", r"\w"])


def _quantified(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # A repeat of what can be empty is left out: there ``re`` notes one empty turn more.
    return st.tuples(
        LITERALS, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{1,}"])
    ).map("".join) | st.tuples(inner, inner).map("|".join).map(lambda body: f"(?:{body})")


EXPRESSIONS = st.recursive(
    LITERALS,
    lambda inner: _quantified(inner) | st.lists(inner, min_size=1, max_size=4).map("".join),
    max_leaves=8,
)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3), st.text(alphabet="abc1", max_size=8))
def test_random_expressions_answer_like_re(parts: list[str], text: str) -> None:
    expression = "".join(f"(?P<g{number}>{part})" for number, part in enumerate(parts))
    assert match(expression, text) == match_by_re(expression, text)


@given(st.text(alphabet="ab()[]|*+?{}\\^$.,-d0123P<>:", max_size=25), st.text(alphabet="ab", max_size=10))
def test_any_text_is_an_expression_or_refused(expression: str, text: str) -> None:
    try:
        program = compiled(expression)
    except ExpressionRefused:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = re.fullmatch(expression, text)
    assert (fullmatch(program, text, Effort(PLENTY)) is None) == (found is None)
