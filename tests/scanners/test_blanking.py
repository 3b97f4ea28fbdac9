from kiosk.scanners.blanking import Blanking


def test_off_by_default_every_scan_counts() -> None:
    blanking = Blanking(0)
    assert [blanking.is_repeat(b"A", 1.0) for _ in range(3)] == [False, False, False]


def test_the_same_code_within_the_time_is_a_repeat() -> None:
    blanking = Blanking(0.3)
    scans = [(b"A", 1.0), (b"A", 1.2), (b"B", 1.25), (b"A", 1.3), (b"A", 1.7), (b"B", 1.7)]
    assert [blanking.is_repeat(scan, at_s) for scan, at_s in scans] == [
        False,
        True,
        False,
        True,
        False,
        False,
    ]


def test_a_burst_is_one_scan_however_long_it_lasts() -> None:
    blanking = Blanking(0.3)
    assert [blanking.is_repeat(b"A", number / 10) for number in range(50)] == [False] + [True] * 49


def test_at_the_end_of_the_time_it_counts_again() -> None:
    blanking = Blanking(0.5)
    assert [blanking.is_repeat(b"A", at_s) for at_s in (1.0, 1.5, 1.75, 2.25)] == [False, False, True, False]


def test_what_is_long_past_is_not_kept() -> None:
    blanking = Blanking(0.5)
    for number in range(1000):
        blanking.is_repeat(b"%d" % number, float(number))
    assert len(blanking._seen_at_s) == 1
